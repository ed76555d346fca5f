import { describe, expect, test } from '@jest/globals';
import { createMemoryObjectStore } from '../../../test/fakes/memory-object-store.ts';
import { createSteppedRuntime, type SteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import type { EdgeDetail, FailureView } from '../domain/fleet-view.ts';
import { err, ok } from '../domain/result.ts';
import type { FleetReader, Published } from '../ports/fleet-reader.ts';
import type { ConfigProblem, ObjectStore } from '../ports/object-store.ts';
import type { KindStatus, StatusStore, StoredKind } from '../ports/status-writer.ts';
import { createKindStatusController, STATUS_LIMITS, type RunningController } from './kind-status-controller.ts';

const failure = { reason: 'EdgeOffline', title: 'The site is offline', remedy: 'Wait' } as FailureView;

interface World {
  readonly runtime: SteppedRuntime;
  readonly controller: RunningController;
  readonly writes: { readonly name: string; readonly status: KindStatus }[];
  /** Names of the objects that a write was tried for. */
  readonly tries: string[];
  readonly edges: Map<string, Partial<EdgeDetail>>;
  readonly stored: Map<string, StoredKind>;
  problems: ConfigProblem[];
  failures: number;
  identity: { identity?: string; acceptedGeneration?: number } | undefined;
  publish(...edges: readonly string[]): void;
  settle(): Promise<void>;
}

function aWorld(): World {
  const runtime = createSteppedRuntime();
  const writes: World['writes'] = [];
  const edges: World['edges'] = new Map([['store-1', { connection: 'Reachable', lifecycle: 'Active' }]]);
  const stored: World['stored'] = new Map([
    ['Edge store-1', { kind: 'Edge', name: 'store-1', generation: 3, version: '1', status: undefined }],
  ]);
  let listener: (published: Published) => void = () => undefined;
  const store: StatusStore = {
    objects: () => [...stored.values()],
    object: (kind, name) => stored.get(`${kind} ${name}`),
    subscribe: () => () => undefined,
    apply: (kind, name, status) => {
      world.tries.push(name);
      if (world.failures > 0) {
        world.failures -= 1;
        return Promise.resolve(err({ kind: 'failed', message: 'away' }));
      }
      writes.push({ name, status });
      const before = stored.get(`${kind} ${name}`)!;
      stored.set(`${kind} ${name}`, { ...before, status, version: `${before.version}1` });
      return Promise.resolve(ok(undefined));
    },
  };
  const fleet = {
    edge: (_who: unknown, name: string) => edges.get(name),
    subscribe: (onPublished: typeof listener) => {
      listener = onPublished;
      return () => undefined;
    },
  } as unknown as FleetReader;
  const memory = createMemoryObjectStore();
  const objects: ObjectStore = { ...memory, current: () => ({ ...memory.current(), problems: world.problems }) };
  const controller = createKindStatusController({ objects, fleet, store, identityOf: () => world.identity }, runtime);
  const world: World = {
    runtime, controller, writes, tries: [], edges, stored, problems: [], failures: 0, identity: undefined,
    publish: (...names) => listener({ revision: 1, membershipChanged: false, edges: names }),
    settle: async () => {
      for (let turn = 0; turn < 5; turn += 1) {
        runtime.advance(STATUS_LIMITS.settleMs + STATUS_LIMITS.retryMs);
        await runtime.until(() => true);
        await new Promise(setImmediate);
      }
    },
  }; // prettier-ignore
  return world;
}

const last = (world: World, type: string) => world.writes.at(-1)?.status.conditions.find((condition) => condition.type === type);

describe('the status of an Edge', () => {
  test('is written once, and not again while nothing changes', async () => {
    const world = aWorld();
    world.controller.start();
    await world.settle();
    expect(world.writes).toHaveLength(1);
    expect(last(world, 'Ready')).toMatchObject({ status: 'True', reason: 'Accepted', observedGeneration: 3 });
    expect(last(world, 'Reachable')).toMatchObject({ status: 'True', reason: 'Reachable' });
    world.publish('store-1');
    world.runtime.advance(3 * STATUS_LIMITS.allEveryMs);
    await world.settle();
    expect(world.writes).toHaveLength(1);
  });

  test('after a restart the status that is there already is not written a second time', async () => {
    const world = aWorld();
    world.controller.start();
    await world.settle();
    const again = aWorld();
    again.stored.set('Edge store-1', world.stored.get('Edge store-1')!);
    again.runtime.advance(3_600_000);
    again.controller.start();
    await again.settle();
    expect(again.writes).toHaveLength(0);
  });

  test.each<[what: string, edge: Partial<EdgeDetail>, expected: object]>([
    [
      'out of reach',
      { connection: 'OutOfReach', lifecycle: 'Active', failure },
      { status: 'False', reason: 'EdgeOffline', message: 'The site is offline. Wait' },
    ],
    ['refused', { connection: 'Refused', lifecycle: 'Active' }, { status: 'False', reason: 'Refused' }],
    ['never reached', { connection: 'NeverReached', lifecycle: 'Enrolling' }, { status: 'Unknown', reason: 'NeverReached' }],
    ['retired', { connection: 'Reachable', lifecycle: 'Retired' }, { status: 'Unknown', reason: 'Retired' }],
  ])('%s says so with the class of the failure', async (_what, edge, expected) => {
    const world = aWorld();
    world.edges.set('store-1', edge);
    world.controller.start();
    await world.settle();
    expect(last(world, 'Reachable')).toMatchObject(expected);
  });

  test('the time of transition moves with status and not with reason', async () => {
    const world = aWorld();
    world.edges.set('store-1', { connection: 'OutOfReach', lifecycle: 'Active', failure });
    world.controller.start();
    await world.settle();
    const first = last(world, 'Reachable')?.lastTransitionTime;
    world.runtime.advance(60_000);
    world.edges.set('store-1', { connection: 'OutOfReach', lifecycle: 'Active', failure: { ...failure, reason: 'EdgeDns' } });
    world.publish('store-1');
    await world.settle();
    expect(last(world, 'Reachable')).toMatchObject({ reason: 'EdgeDns', lastTransitionTime: first });
    world.edges.set('store-1', { connection: 'Reachable', lifecycle: 'Active' });
    world.publish('store-1');
    await world.settle();
    expect(last(world, 'Reachable')?.lastTransitionTime).not.toBe(first);
  });

  test('a flapping connection within the settling time costs one write', async () => {
    const world = aWorld();
    world.controller.start();
    await world.settle();
    for (let turn = 0; turn < 20; turn += 1) {
      world.edges.set('store-1', { connection: turn % 2 === 0 ? 'OutOfReach' : 'Reachable', lifecycle: 'Active' });
      world.publish('store-1');
      world.runtime.advance(50);
    }
    await world.settle();
    expect(world.writes.length).toBeLessThanOrEqual(2);
  });

  test('problems of the configuration make it not Ready, with what to do', async () => {
    const world = aWorld();
    world.problems = [{ where: 'x', object: 'Edge store-1', field: 'spec.url', remedy: 'Write a URL', severity: 'error' }];
    world.controller.start();
    await world.settle();
    expect(last(world, 'Ready')).toMatchObject({ status: 'False', reason: 'Misconfigured', message: 'spec.url: Write a URL' });
  });

  test('records the Argo CD that AcceptNext accepted, once', async () => {
    const world = aWorld();
    world.identity = { identity: 'abc' };
    world.controller.start();
    await world.settle();
    expect(world.writes.at(-1)?.status.identity).toBeUndefined();
    world.identity = { identity: 'def', acceptedGeneration: 3 };
    world.publish('store-1');
    await world.settle();
    expect(world.writes.at(-1)?.status.identity).toEqual({ id: 'def', acceptedGeneration: 3 });
    expect(world.writes).toHaveLength(2);
  });

  test('a failed write is tried again by itself', async () => {
    const world = aWorld();
    world.failures = 2;
    world.controller.start();
    await world.settle();
    await world.settle();
    expect(world.writes).toHaveLength(1);
    expect(world.runtime.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn Writing status failed, trying again',
      'info Writing status works again',
    ]);
  });

  test('what is refused is tried less and less often, whatever moves meanwhile, and said once for all objects', async () => {
    const world = aWorld();
    for (let n = 2; n <= 40; n += 1) {
      world.edges.set(`store-${n}`, { connection: 'Reachable', lifecycle: 'Active' });
      world.stored.set(`Edge store-${n}`, { kind: 'Edge', name: `store-${n}`, generation: 1, version: '1', status: undefined });
    }
    world.failures = Infinity;
    world.controller.start();
    const triesIn = async (seconds: number): Promise<number> => {
      const before = world.tries.length;
      for (let second = 0; second < seconds; second += 1) {
        world.publish('store-1');
        world.runtime.advance(1_000);
        await new Promise(setImmediate);
      }
      return world.tries.slice(before).filter((name) => name === 'store-1').length;
    };
    const [first, later] = [await triesIn(60), await triesIn(3_600)];
    // Tries at 2 s, then after 3.75, 7.5, 15 and 30 s; then one in 225 s: three quarters of each step, with the chance of the test.
    expect(first).toBe(5);
    expect(later).toBeLessThanOrEqual(19);
    expect(later).toBeGreaterThanOrEqual(12);
    expect(world.runtime.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    world.failures = 0;
    await triesIn(STATUS_LIMITS.maxRetryMs / 1_000);
    expect(new Set(world.writes.map(({ name }) => name)).size).toBe(40);
    expect(world.runtime.lines.at(-1)).toMatchObject({ level: 'info', message: 'Writing status works again' });
    await world.controller.stop();
  });

  test('an object whose write was refused shows what is true when it can be written again', async () => {
    const world = aWorld();
    world.failures = 3;
    world.controller.start();
    world.runtime.advance(STATUS_LIMITS.settleMs);
    await new Promise(setImmediate);
    world.edges.set('store-1', { connection: 'OutOfReach', lifecycle: 'Active', failure });
    world.publish('store-1');
    await world.settle();
    await world.settle();
    expect(last(world, 'Reachable')).toMatchObject({ status: 'False', reason: 'EdgeOffline' });
    expect(world.writes).toHaveLength(1);
  });

  test('an object that is gone is left alone', async () => {
    const world = aWorld();
    world.stored.clear();
    world.controller.start();
    world.publish('store-1');
    await world.settle();
    expect(world.writes).toHaveLength(0);
    await world.controller.stop();
  });
});
