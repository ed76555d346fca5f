import { beforeAll, describe, expect, test } from '@jest/globals';
import { anApplication } from '../../../test/application-builder.ts';
import { anEdge } from '../../../test/edge-builders.ts';
import { fleetStateHarness, type FleetStateHarness } from '../../../test/fleet-state-harness.ts';
import { codeAt } from '../domain/column-codec.ts';
import type { Application } from '../domain/application.ts';
import type { Edge } from '../domain/edge.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import { parseConnectorId, parseProductId } from '../domain/ids.ts';
import { NO_OPERATION } from '../domain/operation.ts';
import { SEES_EVERYTHING, type Visibility } from '../domain/visibility.ts';
import { GROUP_FIELDS } from '../ports/fleet-reader.ts';

const MINUTE = 60_000;
const OFFLINE: EdgeFailure = { kind: 'edgeOffline', row: 1, sign: 'error code: 1033', status: 530, cfRay: '8a-OSL' };
const pos = (version: string, over: Partial<Application> = {}): Application =>
  anApplication({ labels: { part: 'pos' }, images: [`r/pos:${version}`], project: 'retail', ...over });

interface Site {
  readonly edge: Edge;
  readonly applications: readonly Application[];
  readonly away?: boolean;
  readonly skewMs?: number;
}
const site = (name: string, over: Partial<Edge>, applications: readonly Application[], more: Partial<Site> = {}): Site => ({
  edge: anEdge(name, 'https://x', over),
  applications,
  ...more,
});

const FLEET: readonly Site[] = [
  site(
    'store-1',
    { labels: { region: 'north', ring: '0' }, displayName: 'Harbour Street' },
    [pos('4.10.3', { health: 'Degraded', healthMessage: 'printer 17 is gone' }), anApplication({ name: 'kds' })],
    { skewMs: -90_000 },
  ),
  site('store-2', { labels: { region: 'north' } }, [
    pos('4.11.0'),
    anApplication({ name: 'kds', sync: 'OutOfSync', operation: { ...NO_OPERATION, state: 'Failed', message: 'hook failed' } }),
  ]),
  site('store-3', { labels: { region: 'south' }, connector: parseConnectorId('retail')! }, [
    pos('v4.11.0', { health: 'Degraded', healthMessage: 'printer 4 is gone' }),
  ]),
  site('ship-1', { labels: { region: 'sea' }, lifecycle: 'Parked' }, [pos('main')], { away: true }),
  site('hidden', { labels: { region: 'sea' }, access: 'CountsOnly' }, [
    pos('1.0', { health: 'Degraded', healthMessage: 'printer 9 is gone' }),
  ]),
  site('empty', {}, []),
];

let harness: FleetStateHarness;
beforeAll(async () => {
  harness = fleetStateHarness({ requestsLastMinute: () => 7, yamlOf: (name) => `name: ${name}` });
  const { sink } = harness.state;
  harness.state.setProducts([{ id: parseProductId('pos')!, matchLabels: { part: 'pos' }, version: [{ kind: 'image', image: 'r/pos' }] }]);
  await harness.state.start();
  for (const { edge, applications, away = false, skewMs } of FLEET) {
    sink.putEdge(edge);
    sink.putApplications(edge.id, applications);
    sink.putFacts(edge.id, {
      argocdVersion: edge.id === 'store-1' ? 'v2.10.4' : 'v3.5.1',
      ...(skewMs === undefined ? {} : { clockSkewMs: skewMs }),
    });
    sink.heard(edge.id, harness.runtime.clock.now());
    sink.putConnection(
      edge.id,
      away ? { connection: 'OutOfReach', since: 1, attempts: 3, failure: OFFLINE } : { connection: 'Reachable', since: 1, attempts: 0 },
    );
  }
  await harness.settle();
  harness.runtime.advance(2 * MINUTE);
  await harness.settle();
});

const edges = (query: string, who: Visibility = SEES_EVERYTHING): readonly string[] | string => {
  const page = harness.state.reader.edges(who, { query, sort: [], limit: 50 });
  return page.ok ? page.value.items.map(({ name }) => name) : page.error.message;
};
const applications = (query: string, who: Visibility = SEES_EVERYTHING): readonly string[] | string => {
  const page = harness.state.reader.applications(who, { query, sort: [], limit: 50 });
  return page.ok ? page.value.items.map(({ edge, name }) => `${edge}/${name}`) : page.error.message;
};

test.each<[query: string, expected: readonly string[]]>([
  ['region:north', ['store-1', 'store-2']],
  ['region:NO*,sea', ['hidden', 'ship-1', 'store-1', 'store-2']],
  ['!region:north !lifecycle:parked', ['empty', 'hidden', 'store-3']],
  ['region:""', ['empty']],
  ['label:ring', ['store-1']],
  ['harbour', ['store-1']],
  ['"south"', ['store-3']],
  ['display-name:street', ['store-1']],
  ['look:degraded', ['hidden', 'store-1', 'store-3']],
  ['state:Failing,Empty', ['empty', 'store-2']],
  ['connection:OutOfReach reason:EdgeOffline', ['ship-1']],
  ['reason:""', ['empty', 'hidden', 'store-1', 'store-2', 'store-3']],
  ['sync:outofsync', ['store-2']],
  ['applications>1', ['store-1', 'store-2']],
  ['applications=0', ['empty']],
  ['clock-skew>1m', ['store-1']],
  ['read-age>1m read-age<3m region:south', ['store-3']],
  ['read-age>1h', []],
  ['argocd-version<3', ['store-1']],
  ['argocd-version:3.5.*', ['empty', 'ship-1', 'store-2', 'store-3']],
  ['version:pos<4.11', ['store-1']],
  ['version:pos:4.11.0,V4.11.0', ['store-2', 'store-3']],
  ['version:pos>=4', ['store-1', 'store-2', 'store-3']],
  ['version:pos:main', ['ship-1']],
  ['version:pos', ['ship-1', 'store-1', 'store-2', 'store-3']],
  ['!version:pos<4.11 product:pos', ['ship-1', 'store-2', 'store-3']],
  ['behind:true', ['store-1']],
  ['sync:""', ['empty']],
  ['out-of-sync:true', ['store-2']],
  ['application:kds', ['store-1', 'store-2']],
  ['application:kds health:degraded', []],
  ['application:pos health:degraded', ['store-1', 'store-3']],
  ['!health:healthy', ['store-1', 'store-3']],
  ['message:"printer * is gone"', ['store-1', 'store-3']],
  ['operation:failed', ['store-2']],
  ['image:r/pos project:retail', ['ship-1', 'store-1', 'store-2', 'store-3']],
  ['auto-sync:true', []],
  ['freshness:Fresh connector:retail', ['store-3']],
])('edges where %s', (query, expected) => {
  expect(edges(query)).toEqual(expected);
  const rows = harness.state.reader.matchingRows(SEES_EVERYTHING, query);
  const { names } = harness.state.reader.members(SEES_EVERYTHING);
  expect(rows.ok && rows.value.map((row) => names[row])).toEqual(expected);
});

test.each<[query: string, expected: readonly string[]]>([
  ['', ['ship-1/pos', 'store-1/kds', 'store-1/pos', 'store-2/kds', 'store-2/pos', 'store-3/pos']],
  ['look:degraded', ['store-1/pos', 'store-3/pos']],
  ['look:failing', ['store-2/kds']],
  ['region:north kds', ['store-1/kds', 'store-2/kds']],
  ['harbour', ['store-1/kds', 'store-1/pos']],
  ['version:pos<4.11', ['store-1/pos']],
  ['product:""', ['store-1/kds', 'store-2/kds']],
  ['state:degraded health:healthy', ['store-1/kds']],
  ['lifecycle:parked', ['ship-1/pos']],
])('Applications where %s', (query, expected) => {
  expect(applications(query)).toEqual(expected);
});

test('an edge of which only counts may leave has counts, and no Application, version, message or group', () => {
  const { reader } = harness.state;
  expect(reader.edge(SEES_EVERYTHING, 'hidden')).toMatchObject({
    applications: 1,
    byLook: { Degraded: 1 },
    versions: {},
    state: 'Degraded',
  });
  expect(edges('message:printer region:sea')).toEqual([]);
  expect(reader.application(SEES_EVERYTHING, 'hidden', 'argocd', 'pos')).toBeUndefined();
  expect(JSON.stringify(reader.overview(SEES_EVERYTHING).causes)).not.toContain('3 edges');
  for (const by of GROUP_FIELDS) {
    const groups = reader.groups(SEES_EVERYTHING, by, 'region:sea !lifecycle:Parked');
    expect(groups.ok && groups.value).toEqual([]);
  }
});

describe('restricted rights', () => {
  const who: Visibility = {
    key: 'kds-north',
    all: false,
    edge: (_edge, labels) => labels['region'] === 'north',
    application: (...[, labels, , , name]) => labels['region'] === 'north' && name === 'kds',
  };
  test('see their edges by what they see on them', () => {
    const { counts, status, causes, facets } = harness.state.reader.overview(who);
    expect(counts).toMatchObject({ edges: 2, applications: 2, byState: { Healthy: 1, Failing: 1, Degraded: 0 }, behind: 0, outOfSync: 1 });
    expect(status.state).toHaveLength(2);
    expect(JSON.stringify({ causes, facets })).not.toMatch(/printer|south|sea|pos/);
    expect(harness.state.reader.members(who)).toMatchObject({ names: ['store-1', 'store-2'], labels: { region: { values: ['north'] } } });
    expect(harness.state.reader.overview(who).membership).not.toBe(harness.state.reader.overview(SEES_EVERYTHING).membership);
    expect(edges('', who)).toEqual(['store-1', 'store-2']);
    expect(edges('health:degraded', who)).toEqual([]);
    expect(applications('', who)).toEqual(['store-1/kds', 'store-2/kds']);
  });

  test('learn nothing of the rest: no edge, no Application, no name in an error', () => {
    const { reader } = harness.state;
    expect(reader.edge(who, 'store-3')).toBeUndefined();
    expect(reader.application(who, 'store-1', 'argocd', 'pos')).toBeUndefined();
    expect(reader.edge(who, 'store-1')?.versions).toEqual({});
    const onlySouth: Visibility = { ...who, key: 'south', edge: (edge) => edge === 'store-3' };
    expect(edges('rin:0', onlySouth)).toBe('There is no field or label rin; put it in quotes to search for the text');
    expect(reader.column(onlySouth, 'ring')).toBeUndefined();
    expect(reader.overview(who).deltas24h).toBeUndefined();
  });
});

describe('groups', () => {
  test.each([
    ['name', '', [['pos', 4, 4], ['kds', 2, 2]]],
    ['product', '', [['pos', 4, 4]]],
    ['version', 'region:north', [['pos 4.10.3', 1, 1], ['pos 4.11.0', 1, 1]]],
    ['message', '', [['printer * is gone', 2, 2], ['hook failed', 1, 1]]],
  ] as const)('by %s where "%s" are counted, and their query selects them', (by, query, expected) => {
    const groups = harness.state.reader.groups(SEES_EVERYTHING, by, query);
    if (!groups.ok) throw new Error(groups.error.message);
    expect(groups.value.map((group) => [group.value, group.applications, group.edges])).toEqual(expected);
    for (const group of groups.value) expect(applications(group.query)).toHaveLength(group.applications);
    for (const { notHeard, edges, oldestReadAt } of groups.value) {
      expect(notHeard).toBeLessThanOrEqual(edges);
      expect(notHeard < edges).toBe(oldestReadAt !== undefined);
    }
  }); // prettier-ignore
});

test('facets count the edges of a query, and with each value its query finds as many', () => {
  const facets = harness.state.reader.facets(SEES_EVERYTHING, 'connection:Reachable');
  if (!facets.ok) throw new Error(facets.error.message);
  expect(facets.value.find(({ field }) => field === 'region')?.values).toEqual([{ value: 'north', edges: 2 }, { value: '', edges: 1 }, { value: 'sea', edges: 1 }, { value: 'south', edges: 1 }]); // prettier-ignore
  expect(facets.value.map(({ field }) => field)).toContain('version:pos');
  for (const { field, values } of facets.value) {
    for (const { value, edges: count } of values) expect(edges(`connection:Reachable ${field}:"${value}"`)).toHaveLength(count);
  }
});

test('columns by any field name every edge, in row order', () => {
  const { reader } = harness.state;
  const { names } = reader.members(SEES_EVERYTHING);
  const valuesOf = (field: string): unknown => {
    const column = reader.column(SEES_EVERYTHING, field);
    return column === undefined
      ? undefined
      : Object.fromEntries(names.map((name, row) => [name, column.values[codeAt(column.codes, row)]]));
  };
  expect(valuesOf('version:pos')).toEqual({ 'empty': '', 'hidden': '', 'ship-1': 'main', 'store-1': '4.10.3', 'store-2': '4.11.0', 'store-3': 'v4.11.0' }); // prettier-ignore
  expect(valuesOf('ring')).toEqual(valuesOf('label:ring'));
  expect(valuesOf('argocd-version')).toMatchObject({ 'store-1': 'v2.10.4' });
  expect([valuesOf('nothing'), valuesOf('health'), valuesOf('read-age')]).toEqual([undefined, undefined, undefined]);
});

test('causes name what edges share, worst first, and their query selects them', () => {
  const { causes } = harness.state.reader.overview(SEES_EVERYTHING);
  expect(causes.map(({ kind, sentence, edges: count }) => [kind, sentence, count])).toEqual([
    ['message', '2 edges fail with the same message: printer … is gone', 2],
    ['message', 'store-2 fails with the message: hook failed', 1],
  ]);
  for (const cause of causes) expect(edges(cause.query)).toHaveLength(cause.edges);
});

test('an edge in detail: words for its failure, its strip, its YAML', () => {
  const detail = harness.state.reader.edge(SEES_EVERYTHING, 'ship-1');
  expect(detail).toMatchObject({
    state: 'Parked', connection: 'OutOfReach', reason: 'EdgeOffline', attempts: 3, requestsLastMinute: 7, yaml: 'name: ship-1',
    failure: { row: 1, reason: 'EdgeOffline', codes: ['530', '8a-OSL', 'error code: 1033'] },
  }); // prettier-ignore
  expect(detail?.failure?.sentence).toContain('ship-1');
  expect(detail?.day.codes).toHaveLength(1440);
  expect(detail?.month.codes).toHaveLength(720);
  expect(harness.state.reader.edge(SEES_EVERYTHING, 'nobody')).toBeUndefined();
});

test('an Application in detail carries both times and what makes it up', () => {
  expect(harness.state.reader.application(SEES_EVERYTHING, 'store-1', 'argocd', 'pos')).toMatchObject({
    product: 'pos', version: '4.10.3', look: 'Degraded', judged: true, message: 'printer 17 is gone', images: ['r/pos:4.10.3'], labels: { part: 'pos' },
  }); // prettier-ignore
});
