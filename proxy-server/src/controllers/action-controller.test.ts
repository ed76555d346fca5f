import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ActionHub, ROLLBACK, SYNC } from '../../../test/fakes/action-hub.ts';
import { FakeActionEdge } from '../../../test/fakes/fake-action-edge.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ef-actions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function aHub(name = 'hub'): Promise<ActionHub> {
  const hub = new ActionHub(folder, name);
  await hub.start();
  return hub;
}

describe('a sync', () => {
  test('is sent once, carries user and reason to the edge, is followed to its end, and is audited', async () => {
    const hub = await aHub();
    await hub.ask({ ...SYNC, prune: true }, ['store-1']);
    await hub.settle();
    const edge = hub.edge('store-1');
    expect(await hub.target()).toMatchObject({ state: 'Succeeded', before: { history: [{ id: 0 }, { id: 1 }] }, after: { history: [{ id: 0 }, { id: 1 }, { id: 2 }] } });
    expect(edge.world.starts).toBe(1);
    expect(edge.calls.find(({ method }) => method === 'POST')?.body).toMatchObject({
      prune: true,
      infos: [{ name: 'edge-fleet-user', value: 'ann@example.com' }, { name: 'edge-fleet-reason', value: 'price rounding' }, { name: 'edge-fleet-run', value: 'run-1/0' }],
    });
    const audit = await hub.journal.audit.list({ limit: 10 });
    expect(audit.map(({ outcome }) => outcome)).toEqual(['succeeded', 'sent', 'asked']);
    expect(audit[0]).toMatchObject({ username: 'ann@example.com', edge: 'store-1', application: 'pos', reason: 'price rounding', before: { sync: 'Synced' }, after: { sync: 'Synced' } });
  }); // prettier-ignore

  test('that the edge carries out and that fails is Failed, with its words', async () => {
    const hub = await aHub();
    hub.edge('store-1').fails = true;
    await hub.ask(SYNC, ['store-1']);
    await hub.settle();
    expect(await hub.target()).toMatchObject({ state: 'Failed' });
  });

  test('does not queue behind another operation', async () => {
    const hub = await aHub();
    hub.edge('store-1').other();
    hub.edge('store-1').step = () => undefined;
    await hub.ask(SYNC, ['store-1']);
    await hub.settle(5);
    expect(await hub.target()).toMatchObject({ state: 'Failed', message: expect.stringContaining('started by jane') });
    expect(hub.edge('store-1').calls.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });

  test('one writer per Application: a second run is refused while the first is under way', async () => {
    const hub = await aHub();
    hub.away.add('store-1');
    await hub.ask(SYNC, ['store-1']);
    const [second] = await hub.ask(SYNC, ['store-1'], { id: 'run-2' });
    expect(second).toMatchObject({ state: 'Refused', message: expect.stringContaining('under way') });
    expect((await hub.journal.audit.list({ limit: 1 }))[0]).toMatchObject({ outcome: 'refused', run: 'run-2' });
  });

  test('a refusal by rights or access ends it before anything is sent', async () => {
    const hub = await aHub();
    hub.refusal = 'The Edge says access: ReadOnly';
    await hub.ask(SYNC, ['store-1']);
    await hub.settle(3);
    expect(await hub.target()).toMatchObject({ state: 'Refused', message: 'The Edge says access: ReadOnly' });
    expect(hub.edge('store-1').calls).toHaveLength(0);
  });

  test('an answer that was lost is not repeated: the edge is looked at, and the operation is known again', async () => {
    const hub = await aHub();
    let lost = false;
    hub.edge('store-1').after = ({ method }) => {
      if (method !== 'POST' || lost) return;
      lost = true;
      throw new Error('cut');
    };
    await hub.ask(SYNC, ['store-1']);
    await hub.settle();
    expect(await hub.target()).toMatchObject({ state: 'Succeeded' });
    expect(hub.edge('store-1').world.starts).toBe(1);
  });

  test('a request that was lost on the way is repeated, at most three times', async () => {
    const hub = await aHub();
    hub.edge('store-1').before = ({ method }) => {
      if (method === 'POST') throw new Error('cut');
    };
    await hub.ask(SYNC, ['store-1']);
    await hub.settle();
    expect(await hub.target()).toMatchObject({ state: 'Failed', message: expect.stringContaining('3 tries') });
    expect(hub.edge('store-1').calls.filter(({ method }) => method === 'POST')).toHaveLength(3);
    expect(hub.edge('store-1').world.starts).toBe(0);
  });

  test('where somebody else started something meanwhile it is not repeated, and says that it is not known', async () => {
    const hub = await aHub();
    const edge = hub.edge('store-1');
    edge.before = ({ method }) => {
      if (method !== 'POST') return;
      edge.other();
      throw new Error('cut');
    };
    await hub.ask(SYNC, ['store-1']);
    await hub.settle();
    expect(await hub.target()).toMatchObject({ state: 'Failed', message: expect.stringContaining('not known') });
    expect(edge.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('offline edges', () => {
  test('are deferred, named, and acted on when they return', async () => {
    const hub = await aHub();
    hub.away.add('store-2');
    await hub.ask(SYNC, ['store-1', 'store-2']);
    await hub.settle();
    expect(await hub.target(0)).toMatchObject({ state: 'Succeeded' });
    expect(await hub.target(1)).toMatchObject({ state: 'Deferred', message: expect.stringContaining('out of reach') });
    expect(hub.edge('store-2').calls).toHaveLength(0);
    hub.comesBack('store-2');
    await hub.settle();
    expect(await hub.target(1)).toMatchObject({ state: 'Succeeded' });
  });

  test('that stay away until the action expires are Expired and never asked', async () => {
    const hub = await aHub();
    hub.away.add('store-1');
    await hub.ask(SYNC, ['store-1'], { expiresAt: hub.runtime.clock.now() + 60_000 });
    await hub.settle();
    hub.comesBack('store-1');
    await hub.settle();
    expect(await hub.target()).toMatchObject({ state: 'Expired' });
    expect(hub.edge('store-1').calls).toHaveLength(0);
  });

  test('can be let go: stopping a run stops what was not begun', async () => {
    const hub = await aHub();
    hub.away.add('store-1');
    await hub.ask(SYNC, ['store-1']);
    await hub.settle(3);
    const [line] = await hub.journal.audit.list({ limit: 1 });
    expect(await hub.journal.actions.stop('run-1', 'bob', 5, { ...line!, action: 'stop', outcome: 'stopped', username: 'bob' })).toBe(true);
    await hub.controller.wake('run-1');
    await hub.settle(3);
    expect(await hub.target()).toMatchObject({ state: 'Stopped', message: expect.stringContaining('bob') });
  });

  test('can be let go one by one: the others are still waited for, and what was let go is never asked', async () => {
    const hub = await aHub();
    for (const edge of ['store-1', 'store-2']) hub.away.add(edge);
    await hub.ask(SYNC, ['store-1', 'store-2']);
    await hub.settle(3);
    await hub.giveUp(0);
    for (const edge of ['store-1', 'store-2']) hub.comesBack(edge);
    await hub.settle();
    expect(await hub.target(0)).toMatchObject({ state: 'Stopped' });
    expect(await hub.target(1)).toMatchObject({ state: 'Succeeded' });
    expect(hub.edge('store-1').calls).toHaveLength(0);
  });

  test('that are let go while they are being looked at are not written to', async () => {
    const hub = await aHub();
    hub.edge('store-1').before = ({ method }) => {
      if (method === 'GET') void hub.giveUp(0);
    };
    await hub.ask(SYNC, ['store-1']);
    await hub.settle();
    expect(await hub.target()).toMatchObject({ state: 'Stopped' });
    expect(hub.edge('store-1').calls.every(({ method }) => method === 'GET')).toBe(true);
    expect((await hub.journal.audit.list({ limit: 5 })).map(({ outcome }) => outcome)).toEqual(['stopped', 'asked']);
  });

  test('stop in the middle: what runs is followed, what waits is stopped', async () => {
    const hub = await aHub();
    await hub.ask(SYNC, ['store-1', 'store-2', 'store-3'], { width: 1 });
    hub.edge('store-1').step = () => undefined;
    await hub.settle(3);
    const [line] = await hub.journal.audit.list({ limit: 1 });
    await hub.journal.actions.stop('run-1', 'bob', 5, { ...line!, action: 'stop', outcome: 'stopped' });
    await hub.controller.wake('run-1');
    hub.edge('store-1').step = FakeActionEdge.prototype.step;
    await hub.settle();
    expect((await hub.journal.actions.targets('run-1', { limit: 10 })).map(({ state }) => state)).toEqual([
      'Succeeded',
      'Stopped',
      'Stopped',
    ]);
    expect([...hub.edges.values()].map(({ world }) => world.starts)).toEqual([1]);
  });
});

describe('a bulk run', () => {
  test('keeps to its width, and every target is acted on once', async () => {
    const hub = await aHub();
    const names = Array.from({ length: 60 }, (_, n) => `store-${n}`);
    let most = 0;
    for (const name of names) {
      hub.edge(name).before = () => {
        const running = [...hub.edges.values()].filter(
          ({ world }) => world.queued !== undefined || world.state?.phase === 'Running',
        ).length;
        most = Math.max(most, running);
      };
    }
    await hub.ask(SYNC, names, { width: 7 });
    await hub.settle(150);
    expect((await hub.journal.actions.runs(1))[0]?.counts).toEqual({ Succeeded: 60 });
    expect(most).toBeLessThanOrEqual(7);
    expect([...hub.edges.values()].every(({ world }) => world.starts === 1)).toBe(true);
  });
});

describe('a rollback', () => {
  test('turns auto-sync off first, stays off, and auto-sync comes back as it was when asked for', async () => {
    const hub = await aHub();
    const edge = hub.edge('store-1');
    edge.world.automated = { prune: true, selfHeal: true };
    await hub.ask(ROLLBACK, ['store-1']);
    await hub.settle();
    expect(await hub.target()).toMatchObject({ state: 'Succeeded', before: { autoSync: true }, after: { autoSync: false } });
    expect(edge.world.history.at(-1)).toMatchObject({ id: 2, revision: 'aaa' });
    expect(edge.world.automated).toBeUndefined();
    await hub.ask({ kind: 'autoSyncOn' }, ['store-1'], { id: 'run-2' });
    await hub.settle();
    expect(await hub.target(0, 'run-2')).toMatchObject({ state: 'Succeeded', message: expect.stringContaining('syncs forward') });
    expect(edge.world.automated).toEqual({ prune: true, selfHeal: true });
  });

  test('is refused where auto-sync is on and the person did not say to turn it off', async () => {
    const hub = await aHub();
    hub.edge('store-1').world.automated = {};
    await hub.ask({ ...ROLLBACK, turnAutoSyncOff: false }, ['store-1']);
    await hub.settle(5);
    expect(await hub.target()).toMatchObject({ state: 'Refused', message: expect.stringContaining('Auto-sync is on') });
    expect(hub.edge('store-1').calls.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('to the entry before the latest, on several Applications', async () => {
    const hub = await aHub();
    hub.edge('store-2').world.history.push({ id: 2, revision: 'ddd' });
    await hub.ask({ ...ROLLBACK, to: 'previous' }, ['store-1', 'store-2']);
    await hub.settle();
    expect(hub.edge('store-1').world.history.at(-1)?.revision).toBe('aaa');
    expect(hub.edge('store-2').world.history.at(-1)?.revision).toBe('bbb');
  });

  test('to an entry that is not there any more is Failed in words', async () => {
    const hub = await aHub();
    await hub.ask({ ...ROLLBACK, to: 77 }, ['store-1']);
    await hub.settle(5);
    expect(await hub.target()).toMatchObject({ state: 'Failed', message: expect.stringContaining('no such entry') });
  });
});

describe('the others', () => {
  test('terminate ends the operation that was seen', async () => {
    const hub = await aHub();
    const edge = hub.edge('store-1');
    edge.other();
    edge.step();
    await hub.ask({ kind: 'terminate' }, ['store-1']);
    hub.runtime.advance(10);
    for (let n = 0; n < 10; n += 1) await new Promise(setImmediate);
    expect(edge.world.state?.phase).toBe('Terminating');
    await hub.settle();
    expect(await hub.target()).toMatchObject({ state: 'Succeeded' });
  });
  test('terminate of what ends by itself in between is seen as ended', async () => {
    const hub = await aHub();
    const edge = hub.edge('store-1');
    edge.other();
    edge.step();
    edge.before = ({ method }) => method === 'DELETE' && edge.step();
    await hub.ask({ kind: 'terminate' }, ['store-1']);
    await hub.settle();
    expect(edge.world.state?.phase).toBe('Succeeded');
    expect(await hub.target()).toMatchObject({ state: 'Succeeded', message: 'The operation has ended' });
  });
  test('terminate without an operation says so', async () => {
    const hub = await aHub();
    await hub.ask({ kind: 'terminate' }, ['store-1']);
    await hub.settle(5);
    expect(await hub.target()).toMatchObject({ state: 'Failed', message: 'No operation is under way there' });
  });
  test.each(['refresh', 'hardRefresh'] as const)('%s asks with the right parameter', async (kind) => {
    const hub = await aHub();
    await hub.ask({ kind }, ['store-1']);
    await hub.settle(5);
    expect(await hub.target()).toMatchObject({ state: 'Succeeded' });
    expect(hub.edge('store-1').calls.at(-1)?.path).toBe(
      `/api/v1/applications/pos?appNamespace=argocd&project=default&refresh=${kind === 'refresh' ? 'normal' : 'hard'}`,
    );
  });
});
