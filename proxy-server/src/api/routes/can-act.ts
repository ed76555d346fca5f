/** What somebody may do, before it is asked for: a control that would be refused is shown so, with the reason and the line that is missing. */
import { Router } from 'express';
import { z } from 'zod';
import type { CanAct, MayAct } from '../../contract/actions.ts';
import type { ActionKind } from '../../domain/action.ts';
import { OPS_SCOPE } from '../../domain/identity.ts';
import { mayAct, missingHubLine, REFUSAL_WORDS } from '../../domain/permissions.ts';
import { mayRunDoctor } from '../doctor-right.ts';
import { refusalOf, selectApplications } from '../action-selection.ts';
import { parse } from '../problem.ts';
import type { Asker } from '../request-context.ts';
import { sendJson } from '../send-json.ts';
import type { ActionRouteOptions } from './actions.ts';
import { DnsLabel, ObjectName } from './list-request.ts';

const Question = z
  .object({ edge: DnsLabel.optional(), namespace: DnsLabel.optional(), application: ObjectName.optional() })
  .refine(({ edge, namespace, application }) => (edge === undefined) === (namespace === undefined || application === undefined), 'Name edge, namespace and application, or none of them'); // prettier-ignore

type Options = Pick<ActionRouteOptions, 'fleet' | 'objects' | 'rights' | 'store' | 'contexts'>;

const ALLOWED: MayAct = { allowed: true };

const everyKind = (decide: (kind: ActionKind) => MayAct): CanAct['actions'] => ({
  refresh: decide('refresh'), hardRefresh: decide('hardRefresh'), sync: decide('sync'), terminate: decide('terminate'), rollback: decide('rollback'),
  autoSyncOn: decide('autoSyncOn'),
}); // prettier-ignore

/** Nothing is named yet: only whether the hub lets this user act at all can be said. */
function throughOps({ identity }: Asker): MayAct {
  return mayAct(identity)
    ? ALLOWED
    : { allowed: false, reason: REFUSAL_WORDS.notThroughOps, missingLine: missingHubLine(identity.subject, OPS_SCOPE) };
}

export function canActRoutes({ fleet, objects, rights, store, contexts }: Options): Router {
  return Router().get('/can-act', async (req, res) => {
    const asker = contexts.asker(req);
    const { edge, namespace, application } = parse(Question, req.query);
    const doctor = mayRunDoctor(rights, asker);
    if (edge === undefined || namespace === undefined || application === undefined) {
      const decision = throughOps(asker);
      const answer: CanAct = { actions: everyKind(() => decision), doctor };
      return sendJson(req, res, answer);
    }
    const selection = { action: { kind: 'refresh' }, targets: [{ edge, namespace, name: application }] } as const;
    const [found] = selectApplications(fleet, asker, selection);
    const refuse = refusalOf(objects, rights, asker.identity);
    const decide = (kind: ActionKind): MayAct => {
      const refusal = found === undefined ? undefined : refuse(kind, found);
      return refusal === undefined ? ALLOWED : { allowed: false, ...refusal };
    };
    const off = await store.autoSyncOff(edge, namespace, application);
    const answer: CanAct = {
      actions: everyKind(decide),
      doctor,
      ...(off === undefined ? {} : { autoSyncOff: { run: off.run.id, username: off.run.by.username, at: off.at, reason: off.run.reason } }),
    };
    return sendJson(req, res, answer);
  });
}
