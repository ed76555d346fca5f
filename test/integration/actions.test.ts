import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionTarget } from '../../proxy-server/src/domain/action.ts';
import type { StoredAuditEntry } from '../../proxy-server/src/domain/audit.ts';
import type { ApplicationRow, EdgeRow, FleetOverview, Page } from '../../proxy-server/src/domain/fleet-view.ts';
import { OPS_SECRET, throughHub } from '../api-harness.ts';
import { runFleet, SCOPES, type RunningFleet } from './running-fleet.ts';

const EDGES = 4;
/** Time of the world in which an operation has begun and not ended. */
const ON_ITS_WAY_MS = 20;
const POLICY = `apiVersion: v1
kind: ConfigMap
metadata: {name: edge-fleet-policy}
data:
  hubVersion: "3.5.1"
  policy.csv: |
    p, ann, applications, *, */*/*, allow
`;
const ann = throughHub('ann', OPS_SECRET);
let fleet: RunningFleet;
let edge = '';
let application: ApplicationRow;

beforeAll(async () => {
  fleet = await runFleet(EDGES);
  await fleet.put('hub.yaml', `${SCOPES}---\n${POLICY}`);
  await fleet.until<FleetOverview>('/api/v1/overview', ({ counts }) => counts.edges === EDGES && counts.notHeard === 0);
  const edges = (await fleet.get('/api/v1/edges')).body as Page<EdgeRow>;
  edge = edges.items.find(({ access }) => access === 'Operate')!.name;
  const listed = await fleet.until<Page<ApplicationRow>>(`/api/v1/edges/${edge}/applications`, ({ items }) => items.length > 0);
  application = listed.items.find(({ autoSync }) => !autoSync) ?? listed.items[0]!;
  const asked = `/api/v1/can-i?action=sync&resource=applications&edge=${edge}&project=${application.project}&namespace=${application.namespace}&application=${application.name}`;
  for (let turn = 0; turn < 200; turn += 1) {
    const { body } = await fleet.get(asked, ann);
    if ((body as { decision?: { allowed: boolean } }).decision?.allowed === true) return;
    await fleet.pass(50);
  }
  throw new Error('the policy never came into force');
}, 120_000);
afterAll(() => fleet.close());

async function post(path: string, body: object, headers = ann): Promise<{ readonly status: number; readonly body: { readonly id: string; readonly missingLine?: string; readonly detail?: string } }> {
  const answering = fetch(`http://127.0.0.1:${fleet.program.port}/api/v1${path}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  let done = false;
  void answering.finally(() => (done = true));
  while (!done) await fleet.pass(1);
  const answer = await answering;
  return { status: answer.status, body: (await answer.json()) as { id: string } };
} // prettier-ignore

const targets = () => [{ edge, namespace: application.namespace, name: application.name }];
const ended = async (run: string): Promise<ActionTarget> => {
  for (let turn = 0; turn < 400; turn += 1) {
    const { body } = await fleet.get(`/api/v1/actions/${run}`, ann);
    const [target] = (body as { targets: readonly ActionTarget[] }).targets;
    if (target !== undefined && ['Succeeded', 'Failed', 'Refused', 'Expired', 'Stopped'].includes(target.state)) return target;
    if (turn % 10 === 0) await fleet.order('advance', { ms: 5_000 });
    await fleet.pass(200);
  }
  throw new Error('the action never ended');
};

const audited = async (run: string): Promise<readonly (readonly [outcome: string, username: string])[]> => {
  const { body } = await fleet.get(`/api/v1/audit?run=${run}`, ann);
  return (body as { items: readonly StoredAuditEntry[] }).items.map(({ outcome, username }) => [outcome, username]);
};

interface OnEdge {
  readonly spec: { readonly syncPolicy?: { readonly automated?: object } };
  readonly status: {
    readonly history: readonly { readonly id: number }[];
    readonly operationState: {
      readonly operation: { readonly info?: readonly { name: string; value: string }[]; readonly initiatedBy: { username?: string } };
    };
  };
}

/** The whole Application, as the edge's own API shows it. */
const onEdge = async (): Promise<OnEdge> => {
  const path = `/api/v1/edges/${edge}/argocd/api/v1/applications/${application.name}?appNamespace=${application.namespace}`;
  const asking = fleet.get(path, ann);
  let done = false;
  void asking.finally(() => (done = true));
  while (!done) await fleet.pass(1);
  return (await asking).body as OnEdge;
};

describe('actions on an edge', () => {
  test('a sync runs on the edge under the name of who asked, and the audit tells of it', async () => {
    const { status, body } = await post('/actions', { action: { kind: 'sync' }, targets: targets(), reason: 'price rounding' });
    expect({ status, detail: body.detail }).toEqual({ status: 200 });
    const target = await ended(body.id);
    expect(target).toMatchObject({ state: 'Succeeded', after: { operation: { runId: `${body.id}/0` } } });
    const audit = (await fleet.get(`/api/v1/audit?run=${body.id}`, ann)).body as { items: readonly StoredAuditEntry[] };
    expect(audit.items.map(({ outcome, username }) => [outcome, username])).toEqual([['succeeded', 'ann'], ['sent', 'ann'], ['asked', 'ann']]); // prettier-ignore
    expect((await onEdge()).status.operationState.operation.info).toContainEqual({ name: 'edge-fleet-user', value: 'ann' });
  }, 120_000);

  test('a refresh is answered by the edge, and the audit names who asked', async () => {
    const { body } = await post('/actions', { action: { kind: 'refresh' }, targets: targets(), reason: 'look again' });
    expect(await ended(body.id)).toMatchObject({ state: 'Succeeded' });
    expect(await audited(body.id)).toEqual([['succeeded', 'ann'], ['sent', 'ann'], ['asked', 'ann']]); // prettier-ignore
  }, 120_000);

  test('a rollback turns auto-sync off and leaves it off; the edge knows our account alone, the audit knows who', async () => {
    const whole = await onEdge();
    const [older] = whole.status.history;
    await fleet.order('advance', { ms: 60_000 });
    const action = { kind: 'rollback', to: older!.id, turnAutoSyncOff: true };
    const { body } = await post('/actions', { action, targets: targets(), reason: 'the till prints twice' });
    expect(await ended(body.id)).toMatchObject({ state: 'Succeeded', after: { autoSync: false } });
    expect((await audited(body.id)).at(0)).toEqual(['succeeded', 'ann']);
    expect((await audited(body.id)).every(([, username]) => username === 'ann')).toBe(true);
    const after = await onEdge();
    expect(after.spec.syncPolicy?.automated).toBeUndefined();
    expect(after.status.operationState.operation.initiatedBy.username).toBe('operator');
    expect(JSON.stringify(after.status.operationState.operation)).not.toContain('"ann"');
  }, 120_000);

  test('a terminate ends the operation that is under way, and the audit names who asked', async () => {
    await fleet.order('advance', { ms: 60_000 });
    await fleet.order('speed', { speed: 0 }); // the operation waits for us
    const running = await post('/actions', { action: { kind: 'sync' }, targets: targets(), reason: 'to be ended' });
    await fleet.until<{ targets: readonly ActionTarget[] }>(
      `/api/v1/actions/${running.body.id}`,
      (run) => run.targets[0]?.state === 'Running',
    );
    await fleet.order('advance', { ms: ON_ITS_WAY_MS });
    const { body } = await post('/actions', { action: { kind: 'terminate' }, targets: targets(), reason: 'wrong version' });
    const asked = `/api/v1/actions/${body.id}`;
    await fleet.until<{ targets: readonly ActionTarget[] }>(asked, ({ targets: [target] }) => !['Waiting', 'Sent'].includes(target!.state));
    await fleet.order('speed', { speed: 1 });
    expect(await ended(body.id)).toMatchObject({ state: 'Succeeded', message: 'The operation has ended' });
    expect((await audited(body.id)).map(([, username]) => username)).toEqual(['ann', 'ann', 'ann']);
    expect(await ended(running.body.id)).toMatchObject({ state: 'Failed', message: expect.stringMatching(/terminated/i) });
  }, 120_000);

  test('somebody without a line is refused with the line to paste', async () => {
    const { status, body } = await post(
      '/actions',
      { action: { kind: 'sync' }, targets: targets(), reason: 'x' },
      throughHub('bob', OPS_SECRET),
    );
    expect(status).toBe(403);
    expect(body.missingLine).toMatch(/^p, bob, applications, sync, /);
  }, 60_000);

  test('after a restart the audit is there, and what was done is not done again', async () => {
    const before = (await fleet.get('/api/v1/audit', ann)).body as { items: readonly StoredAuditEntry[] };
    await fleet.restart();
    const after = (await fleet.get('/api/v1/audit', ann)).body as { items: readonly StoredAuditEntry[] };
    expect(after.items).toEqual(before.items);
  }, 60_000);
});
