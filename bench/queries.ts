/**
 * Questions asked at random moments while 10,000 events a second come in, against the real fleet state with its SQLite file. What counts is
 * the time from the moment a question was due to its answer: whatever keeps the loop busy is in it. The baseline answers the same questions
 * from parsed objects in a list, with nothing else to do.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFleetState, type FleetState } from '../proxy-server/src/cache/fleet-state.ts';
import type { Application } from '../proxy-server/src/domain/application.ts';
import { HEALTH_STATUSES } from '../proxy-server/src/domain/health.ts';
import { SEES_EVERYTHING, type Visibility } from '../proxy-server/src/domain/visibility.ts';
import { keepNewObjectsYoung } from '../proxy-server/src/heap-settings.ts';
import { openSqliteLastKnownStore } from '../proxy-server/src/history/sqlite-last-known-store.ts';
import { percentiles, type Figures, type Measurement } from './measurement.ts';
import { quietRuntime } from './quiet-runtime.ts';
import { APPLICATIONS_PER_EDGE, POS, sampleApplication, sampleEdge, spread } from './sample-fleet.ts';

export interface QueryOptions {
  readonly edges: number;
  readonly eventsPerSecond: number;
  readonly questionsPerSecond: number;
  readonly seconds: number;
}

const PAGE = { limit: 100 };
/** The start's garbage is no part of what is measured. */
const SETTLING_MS = 3_000;
/** Sees a sixth of the edges, and of their Applications those of one project. */
const RESTRICTED: Visibility = {
  key: 'north/retail',
  all: false,
  edge: (_edge, labels) => labels['region'] === 'north',
  application: (_edge, labels, project) => labels['region'] === 'north' && project === 'retail',
};

/** What pages and people ask, by turns: the first overview, lists, an edge with its Applications, the map's filter, groups. */
const QUESTIONS: readonly ((state: FleetState) => unknown)[] = [
  ({ reader }) => reader.overview(SEES_EVERYTHING),
  ({ reader }) => reader.edges(SEES_EVERYTHING, { ...PAGE, query: 'region:north look:degraded', sort: ['-applications'] }),
  ({ reader }) => reader.edges(SEES_EVERYTHING, { ...PAGE, query: 'version:pos<4.11', sort: ['name'] }),
  ({ reader }) => reader.applications(SEES_EVERYTHING, { ...PAGE, query: 'health:degraded', sort: ['look'] }),
  ({ reader }) => reader.applications(SEES_EVERYTHING, { ...PAGE, query: 'kds', sort: [] }),
  ({ reader }) => reader.facets(SEES_EVERYTHING, 'region:south'),
  ({ reader }) => reader.matchingRows(SEES_EVERYTHING, 'health:missing application:pos-*'),
  ({ reader }) => reader.applications(SEES_EVERYTHING, { ...PAGE, query: 'name:store-00017', sort: [] }),
  ({ reader }) => reader.edge(SEES_EVERYTHING, 'store-00017'),
  ({ reader }) => reader.groups(SEES_EVERYTHING, 'message', 'look:degraded'),
  ({ reader }) => reader.applications(SEES_EVERYTHING, { ...PAGE, query: '', sort: ['version'] }),
  ({ reader }) => reader.overview(RESTRICTED),
  ({ reader }) => reader.edges(RESTRICTED, { ...PAGE, query: 'look:degraded', sort: ['-applications'] }),
  ({ reader }) => reader.groups(RESTRICTED, 'message', ''),
];

const EVENTS_TICK_MS = 5;
const STREAM_TICK_MS = 30;
/** Different Applications that events are about. */
const EVENT_POOL = 20_000;

/** Sends events at the rate until `stop`: each arrives as text, is parsed, and changes the health of one Application. */
async function ingest(state: FleetState, edges: number, eventsPerSecond: number, stop: { done: boolean }): Promise<number> {
  const told = Array.from({ length: EVENT_POOL }, (_unused, nth) => {
    const edge = Math.floor(spread(nth, 21) * edges);
    const application = sampleApplication(edge, Math.floor(spread(nth, 22) * APPLICATIONS_PER_EDGE));
    return { id: sampleEdge(edge).id, text: JSON.stringify(application) };
  });
  const startedAt = performance.now();
  let sent = 0;
  while (!stop.done) {
    const due = ((performance.now() - startedAt) / 1000) * eventsPerSecond;
    for (; sent < due; sent += 1) {
      const event = told[sent % EVENT_POOL];
      const health = HEALTH_STATUSES[(sent / EVENT_POOL + sent) % 3 | 0] ?? 'Healthy'; // prettier-ignore
      if (event === undefined) continue;
      const application: Application = JSON.parse(event.text);
      state.sink.putApplications(event.id, [{ ...application, health, healthSince: Date.now() }]);
    }
    await sleep(EVENTS_TICK_MS);
  }
  return sent / ((performance.now() - startedAt) / 1000);
}

/** In ms: from due to answered, and of that what the answer itself took; the rest is what kept the loop, or the machine, busy. */
interface Asked {
  readonly latency: Figures;
  readonly own: Figures;
}

/** Asks at random moments. */
async function ask(run: (nth: number) => unknown, { questionsPerSecond, seconds }: QueryOptions): Promise<Asked> {
  const latencies: number[] = [];
  const own: number[] = [];
  const startedAt = performance.now();
  let due = startedAt;
  for (let nth = 0; due < startedAt + seconds * 1000; nth += 1) {
    due += (-Math.log(1 - spread(nth, 31)) / questionsPerSecond) * 1000;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    const begunAt = performance.now();
    run(nth);
    const answeredAt = performance.now();
    own.push(answeredAt - begunAt);
    latencies.push(answeredAt - Math.max(due, startedAt));
  }
  return { latency: percentiles(latencies), own: percentiles(own) };
}

/** Encodes what changed every tick, as the stream does once for all browsers with the same rights. */
function follow({ reader }: FleetState): () => void {
  let [revision, bytes] = [reader.revision, 0];
  const timer = setInterval(() => {
    const deltas = reader.deltasSince(SEES_EVERYTHING, revision);
    bytes += JSON.stringify(deltas ?? []).length;
    ({ revision } = reader);
  }, STREAM_TICK_MS);
  return () => clearInterval(timer);
}

async function filled(state: FleetState, edges: number): Promise<void> {
  state.setProducts([POS]);
  await state.start();
  for (let edge = 0; edge < edges; edge += 1) {
    const config = sampleEdge(edge);
    state.sink.putEdge(config);
    state.sink.putConnection(config.id, { connection: 'Reachable', since: 0, attempts: 0 });
    state.sink.putApplications(
      config.id,
      Array.from({ length: APPLICATIONS_PER_EDGE }, (_unused, nth) => sampleApplication(edge, nth)),
    );
    state.sink.heard(config.id, Date.now());
    if (edge % 200 === 0) await sleep(1);
  }
  const complete = edges * APPLICATIONS_PER_EDGE;
  while (state.reader.overview(SEES_EVERYTHING).counts.applications < complete) await sleep(50);
}

/** The same pages from a list of objects: filter, sort, cut. */
async function baselineOf(edges: number, options: QueryOptions): Promise<Figures> {
  const list: (Application & { readonly edge: string })[] = [];
  for (let edge = 0; edge < edges; edge += 1) {
    for (let nth = 0; nth < APPLICATIONS_PER_EDGE; nth += 1) list.push({ ...sampleApplication(edge, nth), edge: `store-${edge}` });
  }
  const wanted = ['Degraded', 'Missing', 'Progressing'];
  const page = (nth: number): unknown =>
    list
      .filter(({ health, name, edge }) => health === wanted[nth % 3] || `${edge} ${name}`.toLowerCase().includes('kds'))
      .sort((left, right) => (left.name === right.name ? left.edge.localeCompare(right.edge) : left.name.localeCompare(right.name)))
      .slice(0, PAGE.limit);
  return (await ask(page, { ...options, seconds: Math.min(options.seconds, 3), questionsPerSecond: 2 })).latency;
}

export async function measureQueries(options: QueryOptions): Promise<readonly Measurement[]> {
  keepNewObjectsYoung(); // as the program does
  const folder = await mkdtemp(join(tmpdir(), 'edge-fleet-bench-'));
  const store = await openSqliteLastKnownStore(join(folder, 'state.sqlite'));
  const state = createFleetState({ runtime: quietRuntime(), store });
  try {
    await filled(state, options.edges);
    const stop = { done: false };
    const ingesting = ingest(state, options.edges, options.eventsPerSecond, stop);
    const unfollow = follow(state);
    await sleep(SETTLING_MS);
    const { latency: figures, own } = await ask((nth) => QUESTIONS[nth % QUESTIONS.length]?.(state), options);
    stop.done = true;
    unfollow();
    const rate = await ingesting;
    const baseline = await baselineOf(options.edges, options);
    return [
      {
        what: `query p99 while ${options.eventsPerSecond.toLocaleString('en-US')} events/s come in, ${options.edges.toLocaleString('en-US')} edges`,
        unit: 'ms',
        baseline: { words: 'p99, filter and sort of objects', value: baseline.p99 },
        ours: figures.p99,
        detail: `p50 ${figures.p50.toFixed(1)}, the answers themselves p50 ${own.p50.toFixed(1)} and p99 ${own.p99.toFixed(1)}, ${figures.count} questions, ${Math.round(rate)} events/s taken`,
        mustReach: 20,
        moonshot: 5,
      },
    ];
  } finally {
    await state.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
