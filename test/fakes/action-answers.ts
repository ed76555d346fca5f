/** What proxy-server would answer about actions, the audit and doctor of the invented fleet. */
import type { ActionPreview, ActionRunAnswer, ActionRunsAnswer, CanAct } from '../../proxy-server/src/contract/actions.ts';
import type { DoctorAnswer } from '../../proxy-server/src/contract/doctor.ts';
import type { ActionRun, ActionSight, ActionTarget, TargetState } from '../../proxy-server/src/domain/action.ts';
import type { StoredAuditEntry } from '../../proxy-server/src/domain/audit.ts';
import { NOW } from './fleet-answers.ts';

export const INVENTED_RUN = '00000000-0000-4000-8000-000000000001';
const MAY = { allowed: true } as const;

/** Whoever asks the invented fleet may do everything. */
const CAN_ACT: CanAct = {
  actions: { refresh: MAY, hardRefresh: MAY, sync: MAY, terminate: MAY, rollback: MAY, autoSyncOn: MAY },
  doctor: MAY,
};

const run: ActionRun = {
  id: INVENTED_RUN, spec: { kind: 'sync', prune: false, dryRun: true, force: false, resources: [] }, reason: 'price rounding', width: 10,
  by: { subject: 'ann', username: 'ann', scopes: [] }, createdAt: NOW - 60_000, expiresAt: NOW + 86_400_000,
}; // prettier-ignore
const states: readonly TargetState[] = ['Waiting', 'Deferred', 'Sent', 'Running', 'Succeeded', 'Failed', 'Refused', 'Stopped', 'Expired'];
const targets = states.map((state, index): ActionTarget => ({
  run: INVENTED_RUN, index, edge: 'store-00001', namespace: 'argocd', name: `app-${index}`, project: 'default', state, message: 'In words', updatedAt: NOW,
})); // prettier-ignore
const counts = Object.fromEntries(states.map((state) => [state, 1]));

const sight = (autoSync: boolean): ActionSight => ({ uid: '1', autoSync, history: [], sync: 'Synced', health: 'Healthy', deleting: false });
const line: StoredAuditEntry = {
  id: 7, at: NOW - 60_000, subject: 'ann', username: 'ann', claimedGroups: ['board'], action: 'rollback', outcome: 'succeeded', edge: 'store-00001',
  namespace: 'argocd', application: 'pos', project: 'default', reason: 'prints twice', run: INVENTED_RUN, message: '', before: sight(true), after: sight(false),
}; // prettier-ignore

const DOCTOR: DoctorAnswer = {
  now: NOW,
  running: { startedAt: NOW - 1_000, username: 'ann', done: 40, edges: 600 },
  latest: {
    startedAt: NOW - 70_000, finishedAt: NOW - 60_000, username: 'ann', edges: 2, shownEdges: 2, edgesBy: { ok: 1, warning: 0, failed: 1, notChecked: 0 },
    checks: [
      { id: 'anchor', result: 'failed', message: 'There is no anchor', remedy: 'kubectl apply -k manifests/hub/anchor' },
      { id: 'network-policy', result: 'notChecked', message: 'may not be read' },
      { id: 'rbac-ops', result: 'warning', message: 'Admins have no line', remedy: 'p, role:admin, extensions, invoke, edge-fleet-ops, allow' },
      { id: 'config', result: 'ok', message: 'Every object can be used' },
      { id: 'tunnel', edge: 'store-00001', result: 'failed', message: 'Tunnel not connected', remedy: 'Check power and uplink' },
      { id: 'dns', edge: 'store-00002', result: 'ok', message: 'passed' },
    ],
  },
}; // prettier-ignore

const PREVIEW: ActionPreview = {
  applications: 37, edges: 12, notHeard: 2, away: ['ship-00009'], refused: 1, confirm: true,
  refusals: [{ edge: 'store-00002', namespace: 'argocd', name: 'pos', reason: 'No line of the policy allows it', missingLine: 'p, ann, x, y, z, allow' }],
}; // prettier-ignore

/** By path below `api/v1/`, without its query; undefined: none of these. */
export function answerAction(path: string): unknown {
  const runs: ActionRunsAnswer = { items: [{ run, counts }], before: 1, now: NOW };
  const whole: ActionRunAnswer = { run, counts, targets, now: NOW };
  const answers: Readonly<Record<string, unknown>> = {
    'can-act': CAN_ACT, actions: runs, [`actions/${INVENTED_RUN}`]: whole, 'actions/preview': PREVIEW, audit: { items: [line], before: 7 }, doctor: DOCTOR,
    'doctor/through': { checks: [{ id: 'hub-version', result: 'ok', message: 'The hub is Argo CD 3.5.1' }] },
  }; // prettier-ignore
  return answers[path];
}
