import { describe, expect, test } from '@jest/globals';
import type { Application, Operation } from './edge.ts';
import { automatedOperation } from './application.ts';
import { createWorldClock } from './clock.ts';
import { beginOperation, create, isAtRest, refresh, release, remove, terminateOperation, trouble } from './operations.ts';
import { createWorld, type World } from './world.ts';

function aWorld(): { world: World; application: Application; seen: string[]; pass: (ms: number) => void } {
  const world = createWorld({
    seed: 5,
    edges: 1,
    applications: 4,
    clock: createWorldClock({ startAt: Date.UTC(2026, 10, 23), speed: 0, machineNow: () => 0 }),
  });
  const edge = world.edges[0]!;
  for (const each of edge.applications) trouble(world, each, 'none');
  const seen: string[] = [];
  world.listen(edge, (type, { operation, operationState, sync, health, imagesSeen }) =>
    seen.push(
      [type, operation === undefined ? '-' : 'op', operationState?.phase ?? '-', sync, health, imagesSeen ? 'images' : '-'].join(' '),
    ),
  );
  const pass = (ms: number): void => {
    world.clock.advance(ms);
    world.runDue();
  };
  return { world, application: edge.applications[0]!, seen, pass };
}
const MINUTE = 60_000;
const anOperation = (application: Application, over: Partial<Operation>): Operation => ({
  ...automatedOperation(application, application.desired),
  ...over,
});

describe('an operation', () => {
  test('of a new version goes through every chapter that a watcher of a real one saw', () => {
    const { world, application, seen, pass } = aWorld();
    release(world, application, '9.9.9');
    pass(MINUTE);
    expect(seen).toEqual([
      'MODIFIED - Succeeded OutOfSync Healthy images',
      'MODIFIED op - OutOfSync Healthy images',
      'MODIFIED op Running OutOfSync Healthy images',
      'MODIFIED - Succeeded OutOfSync Healthy -',
      'MODIFIED - Succeeded Synced Progressing -',
      'MODIFIED - Succeeded Synced Progressing images',
      'MODIFIED - Succeeded Synced Healthy images',
    ]);
    expect(application.live).toBe('9.9.9');
    expect(isAtRest(application)).toBe(true);
  });

  test('writes one history entry with who began it, and none for a dry run or a part', () => {
    const { world, application, pass } = aWorld();
    const before = application.deployments;
    beginOperation(world, application, anOperation(application, { dryRun: true }));
    pass(MINUTE);
    beginOperation(world, application, anOperation(application, { resources: [{ kind: 'Deployment', name: 'x' }] }));
    pass(MINUTE);
    expect(application.deployments).toBe(before);
    beginOperation(world, application, anOperation(application, { username: 'operator', infos: [{ name: 'why', value: 'because' }] }));
    pass(MINUTE);
    expect(application.deployments).toBe(before + 1);
    expect(application.records.at(-1)).toMatchObject({ id: before, username: 'operator' });
    expect(application.operationState?.operation.infos).toEqual([{ name: 'why', value: 'because' }]);
  });

  test('keeps no more records than the history shows', () => {
    const { world, application, pass } = aWorld();
    for (let count = 0; count < 14; count += 1) {
      beginOperation(world, application, anOperation(application, {}));
      pass(MINUTE);
    }
    expect(application.records).toHaveLength(10);
  });

  test('that can never succeed stays Running with a retry count until its budget is spent', () => {
    const { world, application, pass } = aWorld();
    trouble(world, application, 'unsyncable');
    beginOperation(world, application, anOperation(application, { retry: { limit: 2 } }));
    pass(1000);
    expect(application.operationState).toMatchObject({ phase: 'Running', retryCount: 1 });
    pass(10 * MINUTE);
    expect(application.operationState).toMatchObject({ phase: 'Failed', retryCount: 2 });
    expect(application.operation).toBeUndefined();
  });

  test('that is refused by the cluster fails and leaves what runs', () => {
    const { world, application, pass } = aWorld();
    const { live } = application;
    trouble(world, application, 'syncFailed');
    beginOperation(world, application, anOperation(application, { version: '9.9.9' }));
    pass(MINUTE);
    expect(application.operationState).toMatchObject({ phase: 'Failed' });
    expect(application.live).toBe(live);
  });

  test('that is terminated ends as Failed and does nothing more', () => {
    const { world, application, pass } = aWorld();
    expect(terminateOperation(world, application)).toBe(false);
    beginOperation(world, application, anOperation(application, { version: '9.9.9' }));
    expect(terminateOperation(world, application)).toBe(false);
    pass(20);
    expect(terminateOperation(world, application)).toBe(true);
    expect(application.operationState?.phase).toBe('Terminating');
    pass(MINUTE);
    expect(application.operationState).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    expect(application.live).not.toBe('9.9.9');
  });

  test('waits while the controller stands still', () => {
    const { world, application, pass } = aWorld();
    application.edge.controllerStopped = true;
    beginOperation(world, application, anOperation(application, {}));
    pass(MINUTE);
    expect(application.operationState).toBeUndefined();
    application.edge.controllerStopped = false;
    pass(2 * MINUTE);
    expect(application.operationState?.phase).toBe('Succeeded');
  });
});

describe('a refresh', () => {
  test('shows its annotation, compares, and tells when it is done', () => {
    const { world, application, pass } = aWorld();
    let done = false;
    refresh(world, application, () => (done = true));
    expect(application.refreshing).toBe(true);
    pass(1000);
    expect(done).toBe(true);
    expect(application.refreshing).toBe(false);
  });

  test('never ends while the controller stands still', () => {
    const { world, application, pass } = aWorld();
    application.edge.controllerStopped = true;
    let done = false;
    refresh(world, application, () => (done = true));
    pass(10 * MINUTE);
    expect(done).toBe(false);
  });
});

describe('an Application', () => {
  test('that is made has no sync and no health at first, and is then deployed by auto-sync', () => {
    const { world, application, pass, seen } = aWorld();
    const { component, edge } = application;
    remove(world, application);
    pass(1000);
    const made = create(world, edge, component)!;
    expect([made.sync, made.health]).toEqual(['', '']);
    pass(2 * MINUTE);
    expect(isAtRest(made)).toBe(true);
    expect(made.deployments).toBe(1);
    expect(seen[0]).toMatch(/^MODIFIED/);
    expect(seen[1]).toMatch(/^DELETED/);
    expect(create(world, edge, component)).toBeUndefined();
  });
});
