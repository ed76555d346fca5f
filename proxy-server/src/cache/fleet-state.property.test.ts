import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anApplication } from '../../../test/application-builder.ts';
import { anEdge, anEdgeId } from '../../../test/edge-builders.ts';
import { fleetStateHarness, type FleetStateHarness } from '../../../test/fleet-state-harness.ts';
import type { Application } from '../domain/application.ts';
import { CONNECTIONS, edgeState, EDGE_STATES, LIFECYCLES, NOT_HEARD_STATES } from '../domain/edge-state.ts';
import type { Edge, Product } from '../domain/edge.ts';
import { parseProductId } from '../domain/ids.ts';
import { STATUS_COLUMNS, type FleetCounts, type FleetDelta, type FleetStatusColumns } from '../domain/fleet-view.ts';
import { freshnessAt, type Freshness } from '../domain/freshness.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import { unjudgedReason } from '../domain/judged.ts';
import { applicationLook, worseLook, type EdgeLook } from '../domain/look.ts';
import { NO_OPERATION } from '../domain/operation.ts';
import { compareVersions } from '../domain/version-order.ts';
import { SEES_EVERYTHING, type Visibility } from '../domain/visibility.ts';

const NAMES = ['store-1', 'store-2', 'store-10'];
const APPLICATIONS = ['pos', 'kds', 'loyalty'];
const POS: Product = { id: parseProductId('pos')!, matchLabels: { 'part-of': 'pos' }, version: [{ kind: 'image', image: 'r/pos' }] };

/** Sees two of the edges, and of their Applications those of project `retail`. */
const RESTRICTED: Visibility = {
  key: 'retail',
  all: false,
  edge: (edge) => edge !== 'store-2',
  application: (edge, _labels, project) => edge !== 'store-2' && project === 'retail',
};

interface ModelEdge {
  readonly edge: Edge;
  readonly applications: Map<string, Application>;
  connection: (typeof CONNECTIONS)[number];
  readAt: number | undefined;
}
type Model = Map<string, ModelEdge>;

const application = fc.record({
  name: fc.constantFrom(...APPLICATIONS),
  project: fc.constantFrom('default', 'retail'),
  health: fc.constantFrom(...HEALTH_STATUSES),
  sync: fc.constantFrom(...SYNC_STATUSES),
  state: fc.constantFrom('None', 'Retrying', 'Failed', 'Succeeded'),
  version: fc.constantFrom('4.9.0', '4.10.0', 'v4.11.2', 'main'),
  inProduct: fc.boolean(),
});
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('edge' as const), name: fc.constantFrom(...NAMES), lifecycle: fc.constantFrom(...LIFECYCLES, 'Active' as const, 'Active' as const), countsOnly: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('put' as const), name: fc.constantFrom(...NAMES), application }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('drop' as const), name: fc.constantFrom(...NAMES), application: fc.constantFrom(...APPLICATIONS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('dropEdge' as const), name: fc.constantFrom(...NAMES) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('connection' as const), name: fc.constantFrom(...NAMES), connection: fc.constantFrom(...CONNECTIONS) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('heard' as const), name: fc.constantFrom(...NAMES) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(0, 1, 6, 400) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), times: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
); // prettier-ignore
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const toApplication = (raw: typeof application extends fc.Arbitrary<infer A> ? A : never): Application =>
  anApplication({
    name: raw.name,
    project: raw.project,
    health: raw.health,
    sync: raw.sync,
    operation: { ...NO_OPERATION, state: raw.state },
    labels: raw.inProduct ? { 'part-of': 'pos' } : {},
    images: [`r/pos:${raw.version}`],
  });

type Move<K extends Step['kind']> = Extract<Step, { kind: K }>;

function putEdge({ name, lifecycle, countsOnly }: Move<'edge'>, { state }: FleetStateHarness, model: Model): void {
  const edge = anEdge(name, 'https://x', { lifecycle, access: countsOnly ? 'CountsOnly' : 'ReadOnly' });
  state.sink.putEdge(edge);
  model.set(name, { applications: new Map(), connection: 'NeverReached', readAt: undefined, ...model.get(name), edge });
}

/** What happens to everybody, and the coming of an edge. */
function play(move: Step, harness: FleetStateHarness, model: Model): void {
  const { state, runtime, store } = harness;
  if (move.kind === 'wait') runtime.advance(move.minutes * 60_000);
  else if (move.kind === 'fail') store.failNext(move.times);
  else if (move.kind === 'look') for (const who of [SEES_EVERYTHING, RESTRICTED]) state.reader.overview(who);
  else if (move.kind === 'edge') putEdge(move, harness, model);
  else playOnEdge(move, harness, model);
}

function playOnEdge(
  move: Exclude<Step, Move<'wait' | 'fail' | 'look' | 'edge'>>,
  { state, runtime }: FleetStateHarness,
  model: Model,
): void {
  const known = model.get(move.name);
  const id = anEdgeId(move.name);
  if (known === undefined) return;
  switch (move.kind) {
    case 'put':
      state.sink.putApplications(id, [toApplication(move.application)]);
      known.applications.set(move.application.name, toApplication(move.application));
      return;
    case 'drop':
      state.sink.dropApplications(id, [{ namespace: 'argocd', name: move.application }]);
      known.applications.delete(move.application);
      return;
    case 'dropEdge':
      state.sink.dropEdge(id);
      model.delete(move.name);
      return;
    case 'connection':
      state.sink.putConnection(id, { connection: move.connection, since: 0, attempts: 0 });
      known.connection = move.connection;
      return;
    case 'heard':
      known.readAt = runtime.clock.now();
      state.sink.heard(id, known.readAt);
      return;
    default:
      move satisfies never;
  }
}

/** Every run begins with edges that are there and answer, so that there is something to lose. */
const BEGINNING: readonly Step[] = NAMES.flatMap((name): Step[] => [
  { kind: 'edge', name, lifecycle: 'Active', countsOnly: false },
  { kind: 'connection', name, connection: 'Reachable' },
  { kind: 'heard', name },
]);

const lookOf = ({ health, sync, operation, conditions }: Application): EdgeLook => {
  const reason = unjudgedReason({ sync, conditionTypes: conditions.map(({ type }) => type), judgedWithinMs: 1 });
  return applicationLook({ health, sync, operation: operation.state, judged: reason === undefined });
};

/** Every figure counted from the model, without any of the code under test. */
function recount(model: Model, now: number, who: Visibility): Omit<FleetCounts, 'oldest' | 'oldestNotHeard'> {
  const byState = Object.fromEntries(EDGE_STATES.map((state) => [state, 0])) as Record<(typeof EDGE_STATES)[number], number>;
  const running: string[][] = [];
  let applications = 0;
  let outOfSync = 0;
  let currentEdges = 0;
  const seen = [...model.values()].filter(({ edge }) => who.edge(edge.id, edge.labels));
  for (const { edge, applications: all, connection, readAt } of seen) {
    const own = [...all.values()].filter((one) => who.application(edge.id, edge.labels, one.project, one.namespace, one.name));
    const freshness: Freshness | undefined = freshnessAt(readAt, edge.contact, now);
    const state = edgeState({
      lifecycle: edge.lifecycle,
      connection,
      freshness,
      look: own.map(lookOf).reduce<EdgeLook>(worseLook, 'Empty'),
    });
    byState[state] += 1;
    applications += own.length;
    if (readAt !== undefined && now - readAt <= 60_000) currentEdges += 1;
    if (edge.lifecycle !== 'Active' || NOT_HEARD_STATES.some((other) => other === state)) continue;
    if (own.some(({ sync }) => sync === 'OutOfSync')) outOfSync += 1;
    if (edge.access === 'CountsOnly') continue;
    running.push(own.filter(({ labels }) => labels['part-of'] === 'pos').map(({ images }) => images[0]!.split(':')[1]!).filter((version) => version !== 'main')); // prettier-ignore
  }
  const newest = running.flat().sort(compareVersions).at(-1) ?? '';
  const behind = running.filter((versions) => versions.some((version) => compareVersions(version, newest) < 0)).length;
  const notHeard = NOT_HEARD_STATES.reduce((sum, state) => sum + byState[state], 0);
  return { edges: seen.length, applications, byState, outOfSync, behind, notHeard, currentEdges };
}

async function quiet(harness: FleetStateHarness): Promise<void> {
  harness.store.failNext(0);
  for (let second = 0; second < 4; second += 1) {
    harness.runtime.advance(1_000);
    await harness.settle(2);
  }
}

/** The columns a page would have after these deltas. */
function applyDeltas(status: FleetStatusColumns, deltas: readonly FleetDelta[]): FleetStatusColumns {
  const columns = Object.fromEntries(STATUS_COLUMNS.map((column) => [column, [...status[column]]]));
  for (const [row, chars] of deltas.flatMap(({ rows }) => rows)) {
    for (const [index, column] of STATUS_COLUMNS.entries()) columns[column]![row] = chars.charAt(index);
  }
  return Object.fromEntries(STATUS_COLUMNS.map((column) => [column, columns[column]!.join('')])) as unknown as FleetStatusColumns;
}

test('after any sequence of events, full disks included, every count equals a recount, for everybody', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const harness = fleetStateHarness();
      harness.state.setProducts([POS]);
      await harness.state.start();
      const model: Model = new Map();
      for (const [index, each] of [...BEGINNING, ...steps].entries()) {
        play(each, harness, model);
        if (index % 3 > 0) continue;
        await harness.settle(1);
        play({ kind: 'look' }, harness, model);
      }
      await quiet(harness);
      for (const who of [SEES_EVERYTHING, RESTRICTED]) {
        const { oldest: _oldest, oldestNotHeard: _notHeard, ...counts } = harness.state.reader.overview(who).counts;
        expect(counts).toEqual(recount(model, harness.runtime.clock.now(), who));
      }
      await harness.state.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('what a page makes of its first overview and the deltas is the overview of now', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.array(step, { maxLength: 20 }), async (before, after) => {
      const harness = fleetStateHarness();
      await harness.state.start();
      const model: Model = new Map();
      for (const each of [...BEGINNING, ...before]) play(each, harness, model);
      await quiet(harness);
      const first = [SEES_EVERYTHING, RESTRICTED].map((who) => harness.state.reader.overview(who));
      for (const each of after) {
        play(each, harness, model);
        await harness.settle(1);
      }
      await quiet(harness);
      for (const [index, who] of [SEES_EVERYTHING, RESTRICTED].entries()) {
        const deltas = harness.state.reader.deltasSince(who, first[index]!.revision);
        const now = harness.state.reader.overview(who);
        if (deltas === undefined) continue; // membership moved: the page asks anew
        expect(applyDeltas(first[index]!.status, deltas)).toEqual(now.status);
        const { oldest: _then, oldestNotHeard: _notHeardThen, ...then } = first[index]!.counts;
        const { oldest: _now, oldestNotHeard: _notHeardNow, ...counts } = now.counts;
        expect(deltas.at(-1)?.counts === undefined ? then : counts).toEqual(counts);
      }
      await harness.state.close();
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('the order in which edges tell does not matter', async () => {
  const told = fc.uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), application }), {
    selector: ({ name, application: { name: own } }) => `${name} ${own}`,
    maxLength: 9,
  });
  await fc.assert(
    fc.asyncProperty(
      told.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      async (orders) => {
        const answers = [];
        for (const order of orders) {
          const harness = fleetStateHarness();
          harness.state.setProducts([POS]);
          await harness.state.start();
          for (const name of NAMES) harness.state.sink.putEdge(anEdge(name, 'https://x'));
          for (const { name, application: raw } of order) harness.state.sink.putApplications(anEdgeId(name), [toApplication(raw)]);
          await quiet(harness);
          const { counts, status, facets } = harness.state.reader.overview(SEES_EVERYTHING);
          const list = harness.state.reader.applications(SEES_EVERYTHING, { query: '', sort: ['-look', 'version'], limit: 100 });
          answers.push({ counts, status, facets, list: list.ok ? list.value.items : list.error });
          await harness.state.close();
        }
        expect(answers[1]).toEqual(answers[0]);
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);
