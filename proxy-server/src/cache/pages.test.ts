import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anApplication } from '../../../test/application-builder.ts';
import { anEdge, anEdgeId } from '../../../test/edge-builders.ts';
import { fleetStateHarness, type FleetStateHarness } from '../../../test/fleet-state-harness.ts';
import { HEALTH_STATUSES } from '../domain/health.ts';
import { SEES_EVERYTHING } from '../domain/visibility.ts';

const names = Array.from({ length: 12 }, (_unused, index) => `store-${index + 1}`);
const regions = ['north', 'south', ''];
const SORTS = [
  'name',
  '-name',
  'label:region',
  '-region',
  'look',
  '-look',
  'applications',
  'read-age',
  'connection',
  'version:pos',
  'argocd-version',
  'state',
];

async function aFleet(edges: readonly string[]): Promise<FleetStateHarness> {
  const harness = fleetStateHarness();
  await harness.state.start();
  for (const [index, name] of edges.entries()) {
    const region = regions[index % 3]!;
    harness.state.sink.putEdge(anEdge(name, 'https://x', { labels: region === '' ? {} : { region } }));
    harness.state.sink.putApplications(anEdgeId(name), [
      anApplication({ health: HEALTH_STATUSES[index % 6]! }),
      anApplication({ name: `app-${index % 4}` }),
    ]);
  }
  await harness.settle(5);
  return harness;
}

type Ask = (cursor: string | undefined) => {
  readonly items: readonly string[];
  readonly cursor?: string | undefined;
  readonly total: number;
};

const asking =
  ({ state }: FleetStateHarness, list: 'edges' | 'applications', sort: readonly string[], limit: number): Ask =>
  (cursor) => {
    const request = { query: '', sort, limit, ...(cursor === undefined ? {} : { cursor }) };
    const page = list === 'edges' ? state.reader.edges(SEES_EVERYTHING, request) : state.reader.applications(SEES_EVERYTHING, request);
    if (!page.ok) throw new Error(page.error.message);
    const items = page.value.items.map((item) => ('edge' in item ? `${item.edge}/${item.name}` : item.name));
    return { items, cursor: page.value.cursor, total: page.value.total };
  };

describe('a walk through all pages', () => {
  test.each(['edges', 'applications'] as const)('of %s sees every row once, whatever it is sorted by', async (list) => {
    const harness = await aFleet(names);
    for (const sort of SORTS) {
      const ask = asking(harness, list, [sort], 5);
      const seen: string[] = [];
      for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
        const page = ask(cursor);
        seen.push(...page.items);
        cursor = page.cursor;
      }
      expect(seen).toHaveLength(ask(undefined).total);
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  test('sees every edge that stays exactly once while others come and go', async () => {
    const change = fc.record({
      name: fc.constantFrom(...Array.from({ length: 30 }, (_unused, index) => `guest-${index}`), 'a', 'zz'),
      comes: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SORTS),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 15 }),
        async (sort, limit, changes) => {
          const harness = await aFleet(names);
          const ask = asking(harness, 'edges', [sort], limit);
          const seen: string[] = [];
          let cursor: string | undefined;
          for (let pages = 0; pages < 60; pages += 1) {
            const page = ask(cursor);
            seen.push(...page.items.filter((name) => names.includes(name)));
            cursor = page.cursor;
            if (cursor === undefined) break;
            for (const { name, comes } of changes[pages] ?? []) {
              if (comes) harness.state.sink.putEdge(anEdge(name, 'https://x'));
              else harness.state.sink.dropEdge(anEdgeId(name));
            }
            await harness.settle(2);
          }
          expect(seen.toSorted()).toEqual(names.toSorted());
          await harness.state.close();
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('order', () => {
  test('of names counts numbers in them as numbers', async () => {
    const harness = await aFleet(['store-10', 'store-9', 'store-100']);
    expect(asking(harness, 'edges', [], 10)(undefined).items).toEqual(['store-9', 'store-10', 'store-100']);
    expect(asking(harness, 'edges', ['-name'], 10)(undefined).items).toEqual(['store-100', 'store-10', 'store-9']);
  });

  test('of looks is by how bad they are, and absent labels come last', async () => {
    const harness = await aFleet(names.slice(0, 6));
    const request = { query: '', sort: ['look'], limit: 6 };
    const page = harness.state.reader.edges(SEES_EVERYTHING, request);
    expect(page.ok && page.value.items.map(({ look }) => look)).toEqual([
      'Degraded',
      'Missing',
      'Unjudged',
      'Progressing',
      'Suspended',
      'Healthy',
    ]);
    const byRegion = harness.state.reader.edges(SEES_EVERYTHING, { ...request, sort: ['region'] });
    expect(byRegion.ok && byRegion.value.items.map(({ labels }) => labels['region'])).toEqual([
      'north',
      'north',
      'south',
      'south',
      undefined,
      undefined,
    ]);
  });

  test('by a field that is none is an error that names the nearest', async () => {
    const harness = await aFleet(names);
    const page = harness.state.reader.edges(SEES_EVERYTHING, { query: '', sort: ['loook'], limit: 1 });
    expect(page).toMatchObject({ ok: false, error: { nearest: 'look' } });
  });

  test.each(['', 'x', '%5B%5D', '%E0%A4%A', encodeURIComponent('[["name"],[{}]]')])(
    'with a cursor that is none of ours (%j) begins anew',
    async (cursor) => {
      const harness = await aFleet(names);
      const page = harness.state.reader.edges(SEES_EVERYTHING, { query: '', sort: ['name'], limit: 2, cursor });
      expect(page.ok && page.value.items.map(({ name }) => name)).toEqual(['store-1', 'store-2']);
    },
  );
});
