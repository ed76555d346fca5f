import { describe, expect, test } from '@jest/globals';
import { anApplication } from '../../../test/application-builder.ts';
import { anEdge, anEdgeId } from '../../../test/edge-builders.ts';
import { emptyDisk } from '../../../test/fakes/memory-last-known-store.ts';
import { fleetStateHarness, type FleetStateHarness } from '../../../test/fleet-state-harness.ts';
import { SEES_EVERYTHING } from '../domain/visibility.ts';
import type { ConnectionReport } from '../ports/fleet-sink.ts';
import type { ListRequest, Published } from '../ports/fleet-reader.ts';

const store1 = anEdge('store-1', 'https://store-1.example.com');
const REACHABLE: ConnectionReport = { connection: 'Reachable', since: 0, attempts: 0 };
const all = (over: Partial<ListRequest> = {}): ListRequest => ({ query: '', sort: [], limit: 100, ...over });
const MINUTE = 60_000;

async function aHeardEdge(harness: FleetStateHarness, edge = store1): Promise<void> {
  harness.state.sink.putEdge(edge);
  harness.state.sink.putConnection(edge.id, REACHABLE);
  harness.state.sink.heard(edge.id, harness.runtime.clock.now());
  await harness.settle();
}

const edgesOf = ({ state }: FleetStateHarness, query = '') => {
  const page = state.reader.edges(SEES_EVERYTHING, all({ query }));
  return page.ok ? page.value.items : page.error;
};
const applicationsOf = ({ state }: FleetStateHarness, query = '') => {
  const page = state.reader.applications(SEES_EVERYTHING, all({ query }));
  return page.ok ? page.value.items : page.error;
};

describe('what an edge tells', () => {
  test('is not shown before the store has it, and is shown once it has', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    const release = harness.store.hold();
    harness.state.sink.putApplications(store1.id, [anApplication({ health: 'Degraded' })]);
    await harness.settle();
    expect(applicationsOf(harness)).toEqual([]);
    expect(harness.state.sink.known(store1.id).applications).toHaveLength(1);
    release();
    await harness.settle();
    expect(applicationsOf(harness)).toMatchObject([{ edge: 'store-1', name: 'pos', look: 'Degraded', edgeState: 'Degraded' }]);
    expect(edgesOf(harness)).toMatchObject([{ state: 'Degraded', applications: 1, byLook: { Degraded: 1 } }]);
  });

  test('is not shown while the disk is full, is not lost, and is said once', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    harness.store.failNext(3);
    const { counts } = harness.runtime;
    const written = counts.get('history_rows ok') ?? 0;
    harness.state.sink.putApplications(store1.id, [anApplication({ health: 'Progressing' })]);
    await harness.settle();
    expect([counts.get('history_rows ok'), counts.get('history_rows failed')]).toEqual([written, 1]);
    harness.state.sink.putApplications(store1.id, [anApplication({ health: 'Missing' }), anApplication({ name: 'kds' })]);
    await harness.settle();
    expect(applicationsOf(harness)).toEqual([]);
    expect(harness.state.notices).toEqual([expect.stringContaining('cannot be written')]);
    for (let second = 0; second < 10; second += 1) {
      harness.runtime.advance(1_000);
      await harness.settle(1);
    }
    expect(applicationsOf(harness)).toMatchObject([{ name: 'kds', look: 'Healthy' }, { name: 'pos', look: 'Missing' }]); // prettier-ignore
    expect(harness.state.notices).toEqual([]);
    expect(harness.runtime.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(harness.runtime.lines.map(({ message }) => message)).toContain('The last known fleet is written again');
  });

  test('again and unchanged: nothing is written and no revision is published', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    const application = anApplication({ labels: { a: '1', b: '2' }, images: ['x:1'] });
    harness.state.sink.putApplications(store1.id, [application]);
    await harness.settle();
    const { revision } = harness.state.reader;
    const { length } = harness.store.writes;
    harness.state.sink.putApplications(store1.id, [{ ...application, labels: { b: '2', a: '1' } }]);
    harness.state.sink.putFacts(store1.id, {});
    await harness.settle();
    expect(harness.state.reader.revision).toBe(revision);
    expect(harness.store.writes).toHaveLength(length);
  });

  test('dropped and told again in one breath: it is there as told last', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    harness.state.sink.putApplications(store1.id, [anApplication(), anApplication({ name: 'kds' })]);
    await harness.settle();
    harness.state.sink.dropEdge(store1.id);
    harness.state.sink.putEdge(store1);
    harness.state.sink.putApplications(store1.id, [anApplication({ name: 'kds', health: 'Suspended' })]);
    expect(harness.state.sink.known(store1.id).applications.map(({ name }) => name)).toEqual(['kds']);
    await harness.settle();
    expect(applicationsOf(harness)).toMatchObject([{ name: 'kds', look: 'Suspended' }]);
    expect([...harness.store.disk.applications.values()].map(({ record }) => record.texts.name)).toEqual(['kds']);
  });

  test('a controller that stopped comparing makes its Applications unjudged, and a new reading judged again', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    harness.state.sink.putApplications(store1.id, [anApplication()]);
    const edgeClock = harness.runtime.clock.now();
    const key = { namespace: 'argocd', name: 'pos' };
    harness.state.sink.putObserved(store1.id, { edgeClock, observedAt: [{ key, observedAt: edgeClock - 31 * MINUTE }] });
    await harness.settle();
    expect(applicationsOf(harness)).toMatchObject([
      { look: 'Unjudged', judged: false, unjudgedReason: 'ControllerSilent', health: 'Healthy' },
    ]);
    expect(applicationsOf(harness, 'health:Healthy')).toEqual([]);
    harness.state.sink.putObserved(store1.id, { edgeClock, observedAt: [{ key, observedAt: edgeClock - MINUTE }] });
    await harness.settle();
    expect(applicationsOf(harness, 'health:healthy')).toMatchObject([
      { look: 'Healthy', judged: true, observedAt: Math.floor((edgeClock - MINUTE) / 1000) * 1000 },
    ]);
  });
});

describe('time passing', () => {
  test('ages an edge by readAt alone, and hearing it again makes it current within a tick', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    harness.state.sink.putApplications(store1.id, [anApplication()]);
    await harness.settle();
    const { counts } = harness.state.reader.overview(SEES_EVERYTHING);
    expect(counts).toMatchObject({ currentEdges: 1, notHeard: 0, byState: { Healthy: 1 }, oldest: { edge: store1.id } });
    expect(counts.oldestNotHeard).toBeUndefined();
    harness.runtime.advance(6 * MINUTE);
    await harness.settle();
    expect(edgesOf(harness, 'freshness:stale read-age>5m')).toMatchObject([{ state: 'Stale', look: 'Healthy' }]);
    expect(harness.state.reader.overview(SEES_EVERYTHING).counts).toMatchObject({
      currentEdges: 0,
      notHeard: 1,
      byState: { Stale: 1, Healthy: 0 },
      oldestNotHeard: { edge: store1.id },
    });
    harness.state.sink.heard(store1.id, harness.runtime.clock.now());
    await harness.settle(1);
    expect(edgesOf(harness)).toMatchObject([{ state: 'Healthy', freshness: 'Fresh' }]);
  });

  test('writes readAt not more than once a minute for an edge', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    const { length } = harness.store.writes;
    for (let second = 0; second < 180; second += 1) {
      harness.state.sink.heard(store1.id, harness.runtime.clock.now());
      harness.runtime.advance(1_000);
      await harness.settle(1);
    }
    const edges = harness.store.writes.slice(length).flatMap((batch) => batch.edges);
    expect(edges.length).toBeGreaterThanOrEqual(3);
    expect(edges.length).toBeLessThanOrEqual(4);
  });

  test('compares with the same hour yesterday', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    expect(harness.state.reader.overview(SEES_EVERYTHING).deltas24h).toBeUndefined();
    for (let hour = 0; hour < 24; hour += 1) {
      harness.runtime.advance(60 * MINUTE);
      await harness.settle(1);
    }
    harness.state.sink.heard(store1.id, harness.runtime.clock.now());
    harness.state.sink.putEdge(anEdge('store-2', 'https://x'));
    harness.runtime.advance(1_000);
    await harness.settle();
    expect(harness.state.reader.overview(SEES_EVERYTHING).deltas24h).toMatchObject({ edges: 2, NeverReached: 1 });
    expect(harness.store.disk.hours.size).toBeGreaterThanOrEqual(24);
  });
});

describe('after a restart', () => {
  test('the last known fleet is shown as old as it is, then turns current', async () => {
    const disk = emptyDisk();
    const before = fleetStateHarness({ disk });
    await before.state.start();
    await aHeardEdge(before);
    before.state.sink.putApplications(store1.id, [anApplication({ health: 'Degraded', healthMessage: 'no printer' })]);
    before.state.sink.putFacts(store1.id, { argocdVersion: 'v3.5.1', identity: 'abc', acceptedGeneration: 3 });
    before.runtime.advance(61_000);
    await before.settle();
    await before.state.close();

    const startAt = before.runtime.clock.now() + 30 * MINUTE;
    const harness = fleetStateHarness({ disk, startAt });
    await harness.state.start([store1]);
    expect(edgesOf(harness)).toMatchObject([{ state: 'Stale', look: 'Degraded', argocdVersion: 'v3.5.1', connection: 'Reachable' }]);
    expect(applicationsOf(harness, 'message:printer')).toHaveLength(1);
    expect(harness.state.reader.revision).toBeGreaterThan(before.state.reader.revision);
    expect(harness.state.sink.known(store1.id)).toMatchObject({
      identity: 'abc',
      acceptedGeneration: 3,
      connection: { connection: 'Reachable' },
    });
    harness.state.sink.heard(store1.id, startAt);
    await harness.settle(1);
    expect(edgesOf(harness)).toMatchObject([{ state: 'Degraded' }]);
  });

  test('an edge that is configured no more is gone, on disk too; without a configuration it is kept unseen', async () => {
    const disk = emptyDisk();
    const before = fleetStateHarness({ disk });
    await before.state.start();
    await aHeardEdge(before);
    before.state.sink.putApplications(store1.id, [anApplication()]);
    await before.settle();
    await before.state.close();

    const undecided = fleetStateHarness({ disk });
    await undecided.state.start();
    expect(edgesOf(undecided)).toEqual([]);
    expect(applicationsOf(undecided)).toEqual([]);
    undecided.state.sink.putEdge(store1);
    await undecided.settle(1);
    expect(applicationsOf(undecided)).toHaveLength(1);
    await undecided.state.close();

    const harness = fleetStateHarness({ disk });
    await harness.state.start([anEdge('store-2', 'https://x')]);
    await harness.settle();
    expect(harness.state.sink.known(anEdgeId('store-1')).applications).toEqual([]);
    expect(disk.applications.size).toBe(0);
    expect([...disk.edges.keys()]).toEqual([]);
  });
});

describe('publications', () => {
  test('name the edges that changed, and membership only where it did', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    const published: Published[] = [];
    const unsubscribe = harness.state.reader.subscribe((each) => published.push(each));
    harness.state.sink.putApplications(store1.id, [anApplication()]);
    await harness.settle();
    expect(published).toEqual([{ revision: harness.state.reader.revision, membershipChanged: false, edges: ['store-1'] }]);
    harness.state.sink.putEdge({ ...store1, labels: { region: 'north' } });
    await harness.settle();
    expect(published.at(-1)).toMatchObject({ membershipChanged: true });
    unsubscribe();
    harness.state.sink.putApplications(store1.id, [anApplication({ health: 'Missing' })]);
    await harness.settle();
    expect(published).toHaveLength(2);
  });

  test('an open question about causes is answered within a second though nothing else changes', async () => {
    const harness = fleetStateHarness();
    await harness.state.start();
    await aHeardEdge(harness);
    expect(harness.state.reader.overview(SEES_EVERYTHING).causes).toEqual([]);
    harness.state.sink.putApplications(store1.id, [anApplication({ health: 'Degraded', healthMessage: 'no printer' })]);
    await harness.settle();
    const { revision } = harness.state.reader;
    harness.state.reader.deltasSince(SEES_EVERYTHING, revision - 1);
    for (let tick = 0; tick < 60; tick += 1) await harness.settle(1);
    expect(harness.state.reader.deltasSince(SEES_EVERYTHING, revision)?.[0]?.causes).toMatchObject([
      { kind: 'message', title: 'no printer', edges: 1 },
    ]);
  });
});

test('the YAML of an edge of which only counts may leave stays here', async () => {
  const harness = fleetStateHarness({ yamlOf: (name) => `name: ${name}` });
  await harness.state.start();
  harness.state.sink.putEdge(store1);
  harness.state.sink.putEdge(anEdge('hidden', 'https://x', { access: 'CountsOnly' }));
  await harness.settle();
  expect(harness.state.reader.edge(SEES_EVERYTHING, store1.id)?.yaml).toBe(`name: ${store1.id}`);
  expect(harness.state.reader.edge(SEES_EVERYTHING, 'hidden')?.yaml).toBeUndefined();
});
