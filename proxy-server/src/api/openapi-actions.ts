/** Actions, audit and doctor in the OpenAPI document: by path below `/api/v1` and method. docs/api.md is rendered from it too. */
import { z } from 'zod';
import { ActionPreview, ActionRunAnswer, ActionRunsAnswer, AuditAnswer, CanAct, DoctorAnswer, StartedAction, StoppedAction, ThroughChecks } from '../contract/action-answers.ts'; // prettier-ignore
import { AskedThrough } from '../contract/doctor.ts';
import { ActionPath, AuditPage, PreviewAction, RunsPage, StartAction, StopAction, TargetsPage } from '../contract/actions.ts';

export interface ActionOperation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  readonly answer: z.ZodType;
  readonly mediaType?: string;
  readonly pathParameters?: z.ZodRawShape;
  readonly query?: z.ZodRawShape;
  readonly body?: z.ZodType;
  /** The refusals that it has beside those that every question has. */
  readonly refusals?: readonly (403 | 409 | 413)[];
}

const text = z.string();
const run = ActionPath.shape;

export const ACTION_OPERATIONS: readonly ActionOperation[] = [
  {
    method: 'get',
    path: '/can-act',
    summary: 'What this user may do there, and for each thing they may not the reason and the line that is missing',
    answer: CanAct,
    query: { edge: text.optional(), namespace: text.optional(), application: text.optional() },
  },
  {
    method: 'post',
    path: '/actions/preview',
    summary: 'How many Applications an action would touch, which edges are away, what would be refused; writes nothing',
    answer: ActionPreview,
    body: PreviewAction,
    refusals: [413],
  },
  {
    method: 'post',
    path: '/actions',
    summary: 'Starts an action on targets, on all Applications of edges, or on what a query selects: one of the three',
    answer: StartedAction,
    body: StartAction,
    refusals: [403, 409, 413],
  },
  {
    method: 'post',
    path: '/actions/{run}/stop',
    summary: 'Nothing more is begun, of the whole run or of the numbered targets; what an edge has taken is followed to its end',
    answer: StoppedAction,
    pathParameters: run,
    body: StopAction,
    refusals: [403],
  },
  { method: 'get', path: '/actions', summary: 'Runs with their counts, newest first', answer: ActionRunsAnswer, query: RunsPage.shape },
  {
    method: 'get',
    path: '/actions/{run}',
    summary: 'One run with its targets',
    answer: ActionRunAnswer,
    pathParameters: run,
    query: TargetsPage.shape,
  },
  { method: 'get', path: '/audit', summary: 'The audit, newest first', answer: AuditAnswer, query: AuditPage.shape },
  { method: 'get', path: '/audit.csv', summary: 'The audit as a file', answer: text, mediaType: 'text/csv', query: AuditPage.shape },
  {
    method: 'get',
    path: '/doctor',
    summary: 'The latest result of doctor, and the run under way',
    answer: DoctorAnswer,
    refusals: [403],
  },
  {
    method: 'post',
    path: '/doctor',
    summary: 'Starts doctor, or joins the run under way. Wants p, <user>, edges, doctor, *, allow',
    answer: DoctorAnswer,
    refusals: [403],
  },
  {
    method: 'post',
    path: '/doctor/through',
    summary:
      'Reads for anybody what their own browser found when it asked the hub: does the call arrive, as what, and may they act. Kept nowhere',
    answer: ThroughChecks,
    body: AskedThrough,
  },
];
