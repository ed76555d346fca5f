import { expect, test } from '@jest/globals';
import { fleetTiles } from '../extension/src/features/fleet/fleet-tiles.ts';
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
