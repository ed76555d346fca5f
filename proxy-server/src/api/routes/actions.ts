/** Asking for actions, their progress, and stopping them. Every answer about an Application is one that the asker may see. */
import express, { Router } from 'express';
import { ACTION_REQUEST_LIMITS, ActionPath, PreviewAction, RunsPage, StartAction, StopAction, TargetsPage, type ActionPreview, type ActionRunAnswer, type ActionRunsAnswer, type StartedAction, type StateCounts, type StoppedAction } from '../../contract/actions.ts'; // prettier-ignore
import type { ActionRun, ActionTarget, TargetState } from '../../domain/action.ts';
import type { AuditEntry, AuditOutcome } from '../../domain/audit.ts';
import type { Identity } from '../../domain/identity.ts';
import type { FleetReader } from '../../ports/fleet-reader.ts';
import { isVisibleTarget, refusalOf, selectApplications, type Refusal, type SelectedApplication } from '../action-selection.ts';
import { ActionStops, type ActionStopOptions } from '../action-stop.ts';
import { needJson } from '../need-json.ts';
import { isProblem, notFound, parse, RequestProblem } from '../problem.ts';
import type { Asker, RequestContexts } from '../request-context.ts';
import { sendJson } from '../send-json.ts';

export interface ActionRouteOptions extends ActionStopOptions {
  readonly fleet: FleetReader;
  readonly contexts: RequestContexts;
  readonly newId: () => string;
}

/** So many are named in a preview; the rest is counted. */
const NAMED = 20;

interface Judged {
  readonly application: SelectedApplication;
  readonly refusal: Refusal | undefined;
}

class ActionHandlers {
  readonly options: ActionRouteOptions;

  constructor(options: ActionRouteOptions) {
    this.options = options;
  }

  judge(asker: Asker, selection: Parameters<typeof selectApplications>[2]): readonly Judged[] {
    const { fleet, objects, rights } = this.options;
    const refuse = refusalOf(objects, rights, asker.identity);
    return selectApplications(fleet, asker, selection).map((application) => ({
      application,
      refusal: refuse(selection.action.kind, application),
    }));
  }

  /** What was named and may not be seen, or is not there: for who asks the two are one, for the audit it is a refusal. */
  async judgeOrRecord(asker: Asker, asked: StartAction): Promise<readonly Judged[]> {
    try {
      return this.judge(asker, asked);
    } catch (thrown) {
      if (isProblem(thrown, 'NotFound')) await this.options.audit.record([this.unseen(asker.identity, asked, thrown.message)]);
      throw thrown;
    }
  }

  unseen({ subject, username, claimedGroups }: Identity, { action, targets, reason }: StartAction, message: string): AuditEntry {
    const [only, other] = targets ?? [];
    const { edge = '', namespace = '', name = '' } = other === undefined ? (only ?? {}) : {};
    return {
      at: this.options.now(), outcome: 'refused', subject, username, claimedGroups, action: action.kind, edge, namespace, application: name, project: '',
      reason, run: '', message,
    }; // prettier-ignore
  }

  entry(run: ActionRun, identity: Identity, target: ActionTarget): AuditEntry {
    const outcome: AuditOutcome = target.state === 'Refused' ? 'refused' : 'asked';
    return {
      at: run.createdAt, outcome, subject: identity.subject, username: identity.username, claimedGroups: identity.claimedGroups, action: run.spec.kind,
      edge: target.edge, namespace: target.namespace, application: target.name, project: target.project, reason: run.reason, run: run.id, message: target.message,
    }; // prettier-ignore
  }

  /** Every target is written with its refusal, and audited, before anything else; a run in which nothing is allowed is answered as a refusal. */
  async start(asker: Asker, asked: StartAction): Promise<{ readonly run: ActionRun; readonly targets: readonly ActionTarget[] }> {
    const { store, newId, now, wake } = this.options;
    const judged = await this.judgeOrRecord(asker, asked);
    this.confirm(judged.length, asked.confirm);
    const { identity } = asker;
    const createdAt = now();
    const run: ActionRun = {
      id: newId(), spec: asked.action, reason: asked.reason, createdAt, expiresAt: createdAt + asked.expiresInMs, width: asked.width,
      by: { subject: identity.subject, username: identity.username, scopes: [...identity.scopes] },
    }; // prettier-ignore
    const targets = judged.map(({ application: { edge, namespace, name, project }, refusal }, index): ActionTarget => ({
      run: run.id, index, edge, namespace, name, project, updatedAt: createdAt,
      ...(refusal === undefined ? { state: 'Waiting', message: 'Waiting for its turn' } : { state: 'Refused', message: refusal.reason }),
    })); // prettier-ignore
    const written = await store.create(run, targets, (target) => this.entry(run, identity, target));
    const first = judged.find(({ refusal }) => refusal !== undefined)?.refusal;
    if (first !== undefined && written.every(({ state }) => state === 'Refused')) {
      throw new RequestProblem('NotAllowed', first.reason, first.missingLine === '' ? {} : { missingLine: first.missingLine });
    }
    await wake(run.id);
    return { run, targets: written };
  }

  confirm(count: number, typed: number | undefined): void {
    if (count === 0) throw new RequestProblem('InvalidRequest', 'Nothing is selected');
    if (count > ACTION_REQUEST_LIMITS.confirmAbove && typed !== count) {
      throw new RequestProblem('Conflict', `This acts on ${count} Applications: send confirm: ${count} to say that this is meant`);
    }
  }

  /** How many targets are in which state, of those the asker may see; who asked for all of them has seen them. */
  async counts(asker: Asker, run: ActionRun): Promise<StateCounts> {
    const { store } = this.options;
    if (asker.visibility.all || run.by.subject === asker.identity.subject) return store.counts(run.id);
    const counts: Partial<Record<TargetState, number>> = {};
    for (const target of await store.targets(run.id, { limit: ACTION_REQUEST_LIMITS.targets })) {
      if (isVisibleTarget(this.options.objects, asker.visibility, target)) counts[target.state] = (counts[target.state] ?? 0) + 1;
    }
    return counts;
  }

  preview(asker: Asker, selection: Parameters<typeof selectApplications>[2]): ActionPreview {
    const judged = this.judge(asker, selection);
    const refused = judged.flatMap(({ application, refusal }) => (refusal === undefined ? [] : [{ ...application, ...refusal }]));
    const away = judged.filter(({ application, refusal }) => application.notHeard && refusal === undefined);
    return {
      applications: judged.length,
      edges: new Set(judged.map(({ application }) => application.edge)).size,
      notHeard: away.length,
      away: [...new Set(away.map(({ application }) => application.edge))].slice(0, NAMED),
      refused: refused.length,
      refusals: refused.slice(0, NAMED),
      confirm: judged.length > ACTION_REQUEST_LIMITS.confirmAbove,
    };
  }
}

export function actionRoutes(options: ActionRouteOptions): Router {
  const { contexts, store } = options;
  const handlers = new ActionHandlers(options);
  const stops = new ActionStops(options);
  const body = express.json({ limit: '4mb' });
  return Router()
    .post('/actions/preview', body, (req, res) => {
      needJson(req);
      return sendJson(req, res, handlers.preview(contexts.asker(req), parse(PreviewAction, req.body)));
    })
    .post('/actions', body, async (req, res) => {
      needJson(req);
      const { run, targets } = await handlers.start(contexts.asker(req), parse(StartAction, req.body));
      const refused = targets.filter(({ state }) => state === 'Refused').length;
      const answer: StartedAction = { id: run.id, targets: targets.length, refused, expiresAt: run.expiresAt };
      return sendJson(req, res, answer);
    })
    .get('/actions', async (req, res) => {
      const { limit, before } = parse(RunsPage, req.query);
      const asker = contexts.asker(req);
      const page = await store.runs(limit, before);
      const items = [];
      for (const { run } of page) {
        const counts = await handlers.counts(asker, run);
        if (Object.keys(counts).length > 0) items.push({ run, counts });
      }
      const last = page.length < limit ? undefined : page.at(-1)?.run.createdAt;
      const answer: ActionRunsAnswer = { items, ...(last === undefined ? {} : { before: last }), now: options.now() };
      return sendJson(req, res, answer);
    })
    .get('/actions/:run', async (req, res) => {
      const run = await store.run(parse(ActionPath, req.params).run);
      const page = parse(TargetsPage, req.query);
      const asker = contexts.asker(req);
      const counts = run === undefined ? {} : await handlers.counts(asker, run);
      if (run === undefined || Object.keys(counts).length === 0) throw notFound('such action');
      const targets = (await store.targets(run.id, page)).filter((target) => isVisibleTarget(options.objects, asker.visibility, target));
      const answer: ActionRunAnswer = { run, counts, targets, now: options.now() };
      return sendJson(req, res, answer);
    })
    .post('/actions/:run/stop', body, async (req, res) => {
      needJson(req);
      const { run } = parse(ActionPath, req.params);
      const { targets } = parse(StopAction, req.body);
      const asker = contexts.asker(req);
      if (targets === undefined) return sendJson(req, res, { stopped: await stops.stop(asker, run) } satisfies StoppedAction);
      const ended = await stops.cancel(asker, run, targets);
      return sendJson(req, res, { stopped: ended > 0, targets: ended } satisfies StoppedAction);
    });
}
