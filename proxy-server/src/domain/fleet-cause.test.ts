import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { CAUSE_LIMITS, findFleetCauses, type FailingEdge, type FleetTotals } from './fleet-cause.ts';
import { failureRow } from './failure-table.ts';
import type { FailureRow } from './failure.ts';
import { parseQuery } from './query.ts';

const AT = Date.parse('2026-11-23T14:02:00Z');

interface Place {
  readonly connector: string;
  readonly region: string;
}
const placeOf = (index: number, fleet: number): Place => ({
  connector: index < fleet / 2 ? 'retail-north' : 'retail-south',
  region: ['north', 'east', 'south', 'west', 'islands'][Math.floor((index * 5) / fleet)]!,
});

const failing = (index: number, fleet: number, over: Partial<FailingEdge> = {}, row: FailureRow = 1): FailingEdge => {
  const { connector, region } = placeOf(index, fleet);
  return {
    edge: `store-${index}`, connector, connectorKind: 'cloudflare', labels: { region, ring: String(index % 4), store: String(index) },
    connection: failureRow(row).effect === 'refusedAtOnce' ? 'Refused' : 'OutOfReach', kind: failureRow(row).kind, row, since: AT + (index % 20) * 1_000, ...over,
  }; // prettier-ignore
};

function totalsOf(fleet: number): FleetTotals {
  const byConnector = new Map<string, number>();
  const regions = new Map<string, number>();
  for (let index = 0; index < fleet; index += 1) {
    const { connector, region } = placeOf(index, fleet);
    byConnector.set(connector, (byConnector.get(connector) ?? 0) + 1);
    regions.set(region, (regions.get(region) ?? 0) + 1);
  }
  return { edges: fleet, byConnector, byLabel: new Map([['region', regions], ['ring', new Map(['0', '1', '2', '3'].map((ring) => [ring, fleet / 4]))]]) }; // prettier-ignore
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_unused, index) => from + index);

describe('a mass outage', () => {
  test('north: 212 edges, one connector, since 14:02', () => {
    const causes = findFleetCauses(
      range(0, 212).map((index) => failing(index, 1_060)),
      totalsOf(1_060),
    );
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({
      edges: 212, connector: 'retail-north', connectors: 1, label: { key: 'region', value: 'north' }, massOutage: true, since: AT, reason: 'EdgeOffline', acts: 'site',
      sentence: 'north: 212 edges, one connector: tunnel not connected',
      query: 'connector:retail-north connection:OutOfReach reason:EdgeOffline label:region:north',
    }); // prettier-ignore
  });

  test('1,000 of 10,000 cut at once, all over the place, are one fact', () => {
    const causes = findFleetCauses(
      range(0, 1_000).map((index) => failing(index * 10, 10_000)),
      totalsOf(10_000),
    );
    expect(causes).toMatchObject([{ edges: 1_000, connectors: 2, connector: undefined, label: undefined, massOutage: true }]);
  });

  test('that shows as several failures, because some edges were asked as it happened, is one fact', () => {
    const edges = range(0, 1_000).map((index) => failing(index, 10_000, {}, index % 5 === 0 ? 36 : 1));
    const causes = findFleetCauses(edges, totalsOf(10_000));
    expect(causes).toMatchObject([{ edges: 1_000, row: 1, massOutage: true }]);
    expect(causes[0]!.query).not.toContain('reason:');
  });

  test('edges that went one by one over days have nothing in common', () => {
    const edges = range(0, 200).map((index) => failing(index * 50, 10_000, { since: AT - index * 900_000 }));
    expect(findFleetCauses(edges, totalsOf(10_000))).toEqual([]);
  });

  test('flapping of a third of the fleet is one fact', () => {
    const edges = range(0, 900).map((index) => failing(index, 3_000, { since: AT + (index % 300) * 1_000 }));
    expect(findFleetCauses(edges, totalsOf(3_000))).toMatchObject([{ edges: 900, massOutage: true }]);
  });
});

describe('below five percent', () => {
  test('all edges of one label are a cause; a few strays of the same minute are none', () => {
    const totals: FleetTotals = { ...totalsOf(10_000), byLabel: new Map([['ship', new Map([['aurora', 40]])]]) };
    const edges = range(0, 40).map((index) => failing(index * 7, 10_000, { labels: { ship: 'aurora' } }));
    const strays = range(0, 5).map((index) => failing(9_000 + index, 10_000, { labels: { ship: `other-${index}` } }));
    expect(findFleetCauses([...edges, ...strays], totals)).toMatchObject([
      { edges: 40, label: { key: 'ship', value: 'aurora' }, massOutage: false },
    ]);
  });

  test('a service token that expired shows on every edge of its Connector, whenever each was asked', () => {
    const totals: FleetTotals = { edges: 10_000, byConnector: new Map([['small', 60]]), byLabel: new Map() };
    const edges = range(0, 60).map((index) => failing(index, 10_000, { connector: 'small', labels: {}, since: AT + index * 300_000 }, 15));
    expect(findFleetCauses(edges, totals)).toMatchObject([{ edges: 60, connector: 'small', kind: 'accessDenied', acts: 'platform team', query: 'connector:small connection:Refused reason:AccessDenied' }]); // prettier-ignore
  });

  test('two edges are two edges', () => {
    const totals: FleetTotals = { edges: 2, byConnector: new Map([['retail-north', 2]]), byLabel: new Map() };
    expect(findFleetCauses([failing(0, 2), failing(1, 2)], totals)).toEqual([]);
  });
});

describe('rows of the whole fleet', () => {
  test.each<[FailureRow, string, string]>([
    [11, 'providerOutage', 'wait'],
    [24, 'rateLimited', 'network team'],
    [29, 'hubNetwork', 'network team'],
    [32, 'hubNetwork', 'network team'],
  ])('row %i is confirmed by many edges that fail alike within a minute: %s', (row, kind, acts) => {
    const edges = range(0, 600).map((index) => failing(index, 1_000, { suspectedRow: row }, row));
    expect(findFleetCauses(edges, totalsOf(1_000))).toMatchObject([{ row, kind, acts, edges: 600 }]);
  });

  test('sites without a route blame the hub only when most of the fleet says so', () => {
    const direct = (index: number): FailingEdge => failing(index, 1_000, { connectorKind: 'direct', suspectedRow: 32 });
    expect(findFleetCauses(range(0, 600).map(direct), totalsOf(1_000))[0]).toMatchObject({ row: 32, kind: 'hubNetwork' });
    expect(findFleetCauses(range(0, 100).map(direct), totalsOf(1_000))[0]).toMatchObject({ row: 1, kind: 'edgeOffline' });
  });
});

describe('laws', () => {
  const anyFailing = fc.array(
    fc.record({ index: fc.nat(299), row: fc.constantFrom<FailureRow>(1, 4, 13, 15, 22, 29, 33, 36, 42), agoMs: fc.nat(600_000) }),
    { maxLength: 300 },
  );
  const toEdges = (story: readonly { index: number; row: FailureRow; agoMs: number }[]): FailingEdge[] => [
    ...new Map(story.map(({ index, row, agoMs }) => [index, failing(index, 300, { since: AT - agoMs }, row)])).values(),
  ];

  test('no edge is counted twice, silent rows never, and causes are few', () => {
    fc.assert(
      fc.property(anyFailing, (story) => {
        const edges = toEdges(story);
        const causes = findFleetCauses(edges, totalsOf(300));
        const counted = causes.reduce((sum, cause) => sum + cause.edges, 0);
        expect(counted).toBeLessThanOrEqual(edges.filter(({ row }) => row !== 13 && row !== 33).length);
        expect(causes.length).toBeLessThanOrEqual(CAUSE_LIMITS.maxCauses);
        for (const cause of causes) expect(cause.edges).toBeGreaterThanOrEqual(CAUSE_LIMITS.minEdges);
      }),
    );
  });

  test('the order of the edges does not matter', () => {
    fc.assert(
      fc.property(anyFailing, (story) => {
        const edges = toEdges(story);
        expect(findFleetCauses([...edges].reverse(), totalsOf(300))).toEqual(findFleetCauses(edges, totalsOf(300)));
      }),
    );
  });

  test('every query is one that the query language understands', () => {
    const odd = range(0, 50).map((index) => failing(index, 100, { labels: { 'topology.kubernetes.io/zone': 'a "b" c' } }));
    const totals: FleetTotals = { edges: 100, byConnector: new Map([['retail-north', 500]]), byLabel: new Map() };
    const [cause] = findFleetCauses(odd, totals);
    expect(cause?.label?.value).toBe('a "b" c');
    expect(parseQuery(cause!.query)).toMatchObject({ ok: true });
  });

  test('10,000 failing edges are looked through in some milliseconds', () => {
    const edges = range(0, 10_000).map((index) => failing(index, 10_000));
    const totals = totalsOf(10_000);
    const times = range(0, 15).map(() => {
      const started = performance.now();
      findFleetCauses(edges, totals);
      return performance.now() - started;
    });
    const best = Math.min(...times);
    expect(best).toBeLessThan(50); // 5 ms on an idle core; the bound is for a busy one
  });
});
