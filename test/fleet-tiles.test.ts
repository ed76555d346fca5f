import { expect, test } from '@jest/globals';
import { fleetTiles } from '../extension/src/features/fleet/fleet-tiles.ts';
import { withValues } from '../extension/src/query/query-terms.ts';
import type { Application } from '../proxy-server/src/domain/application.ts';
import type { Edge } from '../proxy-server/src/domain/edge.ts';
import { parseProductId } from '../proxy-server/src/domain/ids.ts';
import { SEES_EVERYTHING } from '../proxy-server/src/domain/visibility.ts';
import { anApplication } from './application-builder.ts';
import { anEdge } from './edge-builders.ts';
import { fleetStateHarness } from './fleet-state-harness.ts';

const HOUR = 3_600_000;

test('the change that a tile shows is what happened to its figure since yesterday, over a restart too', async () => {
  const before = fleetStateHarness();
  const store1 = anEdge('store-1', 'https://x');
  await before.state.start();
  before.state.sink.putEdge(store1);
  before.state.sink.putApplications(store1.id, [anApplication()]);
  before.state.sink.putConnection(store1.id, { connection: 'Reachable', since: 0, attempts: 0 });
  before.state.sink.heard(store1.id, before.runtime.clock.now());
  await before.settle(5);
  before.runtime.advance(HOUR);
  await before.settle(5);
  await before.state.close();

  const after = fleetStateHarness({ disk: before.store.disk, startAt: before.runtime.clock.now() + 23 * HOUR });
  await after.state.start();
  for (const name of ['store-1', 'store-2']) {
    const edge = anEdge(name, 'https://x');
    after.state.sink.putEdge(edge);
    after.state.sink.putApplications(edge.id, [anApplication({ health: 'Degraded' })]);
    after.state.sink.putConnection(edge.id, { connection: 'Reachable', since: 0, attempts: 0 });
    after.state.sink.heard(edge.id, after.runtime.clock.now());
  }
  after.runtime.advance(HOUR);
  await after.settle(5);
  for (const name of ['store-1', 'store-2']) after.state.sink.heard(anEdge(name, 'https://x').id, after.runtime.clock.now());
  await after.settle(5);
  const { counts, deltas24h } = after.state.reader.overview(SEES_EVERYTHING);
  const changes = Object.fromEntries(fleetTiles({ counts, deltas24h }).map(({ id, change }) => [id, change]));
  expect(changes).toMatchObject({ edges: 1, degraded: 2, healthy: 0, outOfSync: 0, behind: 0 });
});

test('what a tile shows when it is pressed are as many edges as it counts, last known ones under "not heard" alone', async () => {
  const OUT_OF_SYNC = anApplication({ name: 'kds', sync: 'OutOfSync' });
  const versioned = (version: string, over: Partial<Application> = {}): Application =>
    anApplication({ labels: { part: 'pos' }, images: [`r/pos:${version}`], ...over });
  const HEARD: readonly (readonly [name: string, applications: readonly Application[], over?: Partial<Edge>])[] = [
    ['fine', [versioned('4.12.0')]],
    ['behind', [versioned('4.11.0')]],
    ['drifts', [versioned('4.12.0'), OUT_OF_SYNC]],
    ['drifts-and-cannot-compare', [OUT_OF_SYNC, anApplication({ sync: 'Unknown' })]],
    ['degraded', [versioned('4.12.0', { health: 'Degraded' })]],
    ['missing', [anApplication({ health: 'Missing' })]],
    ['parked', [versioned('4.11.0'), OUT_OF_SYNC], { lifecycle: 'Parked' }],
    ['empty', []],
  ];
  const { state, runtime, settle } = fleetStateHarness();
  state.setProducts([{ id: parseProductId('pos')!, matchLabels: { part: 'pos' }, version: [{ kind: 'image', image: 'r/pos' }] }]);
  await state.start();
  const put = (name: string, applications: readonly Application[], over: Partial<Edge> = {}): void => {
    const edge = anEdge(name, 'https://x', over);
    state.sink.putEdge(edge);
    state.sink.putApplications(edge.id, applications);
    state.sink.heard(edge.id, runtime.clock.now());
    state.sink.putConnection(edge.id, { connection: 'Reachable', since: 1, attempts: 0 });
  };
  put('silent', [versioned('4.11.0', { health: 'Degraded' }), OUT_OF_SYNC]);
  state.sink.putEdge(anEdge('never', 'https://x'));
  await settle();
  runtime.advance(HOUR);
  for (const [name, applications, over] of HEARD) put(name, applications, over);
  await settle();

  const { counts } = state.reader.overview(SEES_EVERYTHING);
  const figures = fleetTiles({ counts, deltas24h: undefined }).map(({ id, value, field, values }) => {
    const rows = state.reader.matchingRows(SEES_EVERYTHING, field === undefined ? '' : withValues('', field, values));
    return [id, value, rows.ok ? rows.value.length : rows.error.message];
  });
  expect(figures).toEqual([
    ['edges', 10, 10],
    ['healthy', 3, 3],
    ['degraded', 2, 2],
    ['outOfSync', 2, 2],
    ['behind', 1, 1],
    ['notHeard', 2, 2],
  ]);
});
