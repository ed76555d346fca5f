/**
 * Every metric there is, in one registry of our own. `edge` is a label on two gauges only; they are computed when somebody scrapes, from the
 * fleet as it then is, so a removed edge leaves no series behind.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CONNECTIONS } from '../domain/edge-state.ts';
import type { EdgeRow } from '../domain/fleet-view.ts';
import { SEES_EVERYTHING } from '../domain/visibility.ts';
import type { FleetReader } from '../ports/fleet-reader.ts';
import type { Clock, CounterName, Metrics, TimingName } from '../ports/runtime.ts';

interface Definition {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

export const COUNTERS: Readonly<Record<CounterName, Definition>> = {
  edge_requests: { name: 'edge_fleet_edge_requests_total', help: 'Requests to edges by outcome: ok, or a class of failure', labels: ['operation', 'outcome'] },
  stream_dropped: { name: 'edge_fleet_stream_dropped_total', help: 'Readers of the stream that were dropped or sent a snapshot instead of deltas', labels: ['reason'] },
  config_problems: { name: 'edge_fleet_config_problems_total', help: 'Problems found in our objects', labels: ['severity'] },
  history_rows: { name: 'edge_fleet_history_rows_total', help: 'Rows written to the store', labels: ['outcome'] },
  silent_rows: { name: 'edge_fleet_silent_rows_total', help: 'Failures of requests that are no news about an edge, by row of the failure table', labels: ['row'] },
  actions: { name: 'edge_fleet_actions_total', help: 'Actions on edges', labels: ['action', 'outcome'] },
  reconcile: { name: 'edge_fleet_reconcile_total', help: 'Reconciles by outcome', labels: ['controller', 'outcome'] },
}; // prettier-ignore

export const TIMINGS: Readonly<Record<TimingName, Definition>> = {
  edge_request: { name: 'edge_fleet_edge_request_duration_seconds', help: 'Time until an edge had answered', labels: ['operation'] },
  http_request: { name: 'edge_fleet_http_request_duration_seconds', help: 'Time until a request was answered; streams count once, when they end', labels: ['route', 'status_class'] },
  reconcile: { name: 'edge_fleet_reconcile_duration_seconds', help: 'Time of one reconcile', labels: ['controller'] },
  commit: { name: 'edge_fleet_commit_duration_seconds', help: 'Time to commit one batch of changes', labels: [] },
}; // prettier-ignore

/**
 * What alerts count the growth of is there from the start, at zero: Prometheus sees no growth in a series that begins at one.
 * https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics
 */
const FROM_ZERO: readonly (readonly [name: CounterName, labels: Readonly<Record<string, string>>])[] = [
  ...['error', 'warning'].map((severity) => ['config_problems', { severity }] as const),
  ...['refresh', 'hardRefresh', 'sync', 'rollback', 'terminate', 'autoSyncOn'].map((action) => ['actions', { action, outcome: 'failed' }] as const),
  ['reconcile', { controller: 'kind-status', outcome: 'failed' }],
]; // prettier-ignore

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const PAGE_SIZE = 500;

export interface FleetMetrics extends Metrics {
  /** A gauge that is read when somebody scrapes. */
  watch(name: string, help: string, read: () => number): void;
  /** Gauges of the fleet from now on. */
  watchFleet(reader: FleetReader, clock: Clock): void;
  /** The exposition format, and its content type. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** A label that is not in the definition is left out, and one that is missing is empty: counting never throws. */
const fit = (labels: Readonly<Record<string, string>>, definition: Definition): Record<string, string> =>
  Object.fromEntries(definition.labels.map((label) => [label, labels[label] ?? '']));

class FleetGauges {
  readonly #edges: Gauge;
  readonly #reachable: Gauge;
  readonly #readAge: Gauge;
  readonly #reader: FleetReader;
  readonly #clock: Clock;

  constructor(registry: Registry, reader: FleetReader, clock: Clock) {
    const registers = [registry];
    this.#edges = new Gauge({ name: 'edge_fleet_edges', help: 'Edges by connection', labelNames: ['connection'], registers });
    this.#reachable = new Gauge({
      name: 'edge_fleet_edge_reachable',
      help: '1 where the edge is reachable',
      labelNames: ['edge'],
      registers,
    });
    this.#readAge = new Gauge({
      name: 'edge_fleet_edge_read_age_seconds',
      help: 'Time since the edge was last heard',
      labelNames: ['edge'],
      registers,
    });
    this.#reader = reader;
    this.#clock = clock;
  }

  /** Page by page, so that a scrape of a large fleet holds nobody up. */
  async collect(): Promise<void> {
    for (const gauge of [this.#edges, this.#reachable, this.#readAge]) gauge.reset();
    const counts = new Map<string, number>(CONNECTIONS.map((connection) => [connection, 0]));
    let cursor: string | undefined;
    do {
      const request = { query: '', sort: ['name'], limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
      const page = this.#reader.edges(SEES_EVERYTHING, request);
      if (!page.ok) throw new Error(`the empty query was refused: ${page.error.message}`);
      for (const row of page.value.items) this.#add(row, counts);
      cursor = page.value.cursor;
      if (cursor !== undefined) await new Promise((resolve) => setImmediate(resolve));
    } while (cursor !== undefined);
    for (const [connection, edges] of counts) this.#edges.set({ connection }, edges);
  }

  #add({ name, connection, readAt }: EdgeRow, counts: Map<string, number>): void {
    counts.set(connection, (counts.get(connection) ?? 0) + 1);
    this.#reachable.set({ edge: name }, connection === 'Reachable' ? 1 : 0);
    if (readAt !== undefined) this.#readAge.set({ edge: name }, Math.max(0, this.#clock.now() - readAt) / 1_000);
  }
}

class PromMetrics implements FleetMetrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<CounterName, Counter>();
  readonly #timings = new Map<TimingName, Histogram>();
  #gauges: FleetGauges | undefined;
  #collecting: Promise<void> | undefined;

  constructor(version: string) {
    const registers = [this.#registry];
    new Gauge({ name: 'edge_fleet_build_info', help: 'Version of this program', labelNames: ['version'], registers }).set({ version }, 1);
    for (const [name, labels] of FROM_ZERO) this.count(name, labels, 0);
  }

  count(name: CounterName, labels: Readonly<Record<string, string>>, by = 1): void {
    const definition = COUNTERS[name];
    let counter = this.#counters.get(name);
    if (counter === undefined) {
      counter = new Counter({
        name: definition.name,
        help: definition.help,
        labelNames: [...definition.labels],
        registers: [this.#registry],
      });
      this.#counters.set(name, counter);
    }
    counter.inc(fit(labels, definition), by);
  }

  observe(name: TimingName, labels: Readonly<Record<string, string>>, seconds: number): void {
    const definition = TIMINGS[name];
    let timing = this.#timings.get(name);
    if (timing === undefined) {
      timing = new Histogram({
        name: definition.name,
        help: definition.help,
        labelNames: [...definition.labels],
        buckets: BUCKETS,
        registers: [this.#registry],
      });
      this.#timings.set(name, timing);
    }
    timing.observe(fit(labels, definition), seconds);
  }

  watch(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  watchFleet(reader: FleetReader, clock: Clock): void {
    this.#gauges = new FleetGauges(this.#registry, reader, clock);
  }

  /** Scrapes that come while one is collected share it. */
  async scrape(): Promise<{ readonly contentType: string; readonly text: string }> {
    this.#collecting ??= this.#collect();
    await this.#collecting;
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  async #collect(): Promise<void> {
    try {
      await this.#gauges?.collect();
    } finally {
      this.#collecting = undefined;
    }
  }
}

export function createMetrics(version: string): FleetMetrics {
  return new PromMetrics(version);
}
