import { describe, expect, test } from '@jest/globals';
import { anEdge } from '../../../test/edge-builders.ts';
import { fleetStateHarness, type FleetStateHarness } from '../../../test/fleet-state-harness.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import type { Cause } from '../domain/fleet-view.ts';
import { parseConnectorId } from '../domain/ids.ts';
import { SEES_EVERYTHING } from '../domain/visibility.ts';

const OFFLINE: EdgeFailure = { kind: 'edgeOffline', row: 1, sign: 'error code: 1033', status: 530 };

interface Group {
  readonly connector: string;
  readonly edges: number;
  readonly failing: number;
  /** Time between the failures of two edges, ms. */
  readonly everyMs: number;
}

async function fleetOf(groups: readonly Group[]): Promise<FleetStateHarness> {
  const harness = fleetStateHarness({ startAt: 1_000_000_000 });
  const { sink } = harness.state;
  await harness.state.start();
  for (const { connector, edges, failing, everyMs } of groups) {
    for (let index = 0; index < edges; index += 1) {
      const edge = anEdge(`${connector}-${index}`, 'https://x', { connector: parseConnectorId(connector)! });
      sink.putEdge(edge);
      sink.putApplications(edge.id, []);
      sink.heard(edge.id, harness.runtime.clock.now());
      const since = 1_000 + index * everyMs;
      sink.putConnection(
        edge.id,
        index < failing
          ? { connection: 'OutOfReach', since, attempts: 2, failure: OFFLINE }
          : { connection: 'Reachable', since: 1, attempts: 0 },
      );
    }
  }
  await harness.settle(10);
  return harness;
}

const lines = (causes: readonly Cause[]): unknown => causes.map(({ sentence, edges, banner }) => [sentence.split(':')[0], edges, banner]);
const selected = ({ state }: FleetStateHarness, { query }: Cause): number => {
  const page = state.reader.edges(SEES_EVERYTHING, { query, sort: [], limit: 1_000 });
  return page.ok ? page.value.total : -1;
};

describe('edges that fail alike', () => {
  test('one by one, in a smaller part of each Connector, are a line for each Connector with many and one for the others', async () => {
    const fleet = await fleetOf([
      { connector: 'west', edges: 40, failing: 15, everyMs: 90_000 },
      { connector: 'ships', edges: 30, failing: 9, everyMs: 90_000 },
      { connector: 'cells', edges: 20, failing: 2, everyMs: 90_000 },
    ]);
    const { causes } = fleet.state.reader.overview(SEES_EVERYTHING);
    expect(lines(causes)).toEqual([
      ['west', 15, false],
      ['ships', 9, false],
      ['2 edges', 2, false],
    ]);
    for (const cause of causes) expect(selected(fleet, cause)).toBe(cause.edges);
  });

  test('within a minute, more than one in twenty of the fleet, are one cause and the banner', async () => {
    const fleet = await fleetOf([
      { connector: 'west', edges: 50, failing: 9, everyMs: 10 },
      { connector: 'east', edges: 50, failing: 0, everyMs: 10 },
    ]);
    const { causes } = fleet.state.reader.overview(SEES_EVERYTHING);
    expect(lines(causes)).toEqual([['west', 9, true]]);
    expect(selected(fleet, causes[0]!)).toBe(9);
  });
});
