/**
 * From staged to shown. At most 20 ms after a change the staged batch goes to the last-known store; when that has resolved, and not
 * before, the table changes and a revision is published. One write at a time; what comes meanwhile is the next batch.
 *
 *   sink ─► staging ─(tick ≤ 20 ms)─► LastKnownStore.write ─ok─► table ─► publish
 *              ▲                             │
 *              └──── give back ◄── failed ───┘   1 s, 2 s, … 30 s; said once, what is shown stays
 */
import type { KnownApplication } from '../domain/known-applications.ts';
import type { KnownEdge, LastKnownBatch, LastKnownStore } from '../ports/last-known-store.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import type { ApplicationKey } from '../domain/ids.ts';
import { timeOf } from './application-record.ts';
import type { FleetTable, Observed } from './fleet-table.ts';
import { Staging, type StagedApplication, type StagedEdge } from './staging.ts';

const TICK_MS = 20;
/** Changes of one batch: bounds how long it takes to write it down and to apply it, and with it how long a reader waits. */
const BATCH = 300;
/** Where more than this waits (a start, the end of an outage, a slow disk), all of it goes at once: what waits long has V8 move it about. */
const MUCH = 1_000;
const MAX_BATCH = 8_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

export interface CommitLoopOptions {
  readonly runtime: Runtime;
  readonly table: FleetTable;
  readonly store: LastKnownStore;
  /** Told after every publication. */
  readonly onPublished: (slots: readonly number[]) => void;
  /** Told when dropped edges left the table. */
  readonly onDropped: (edge: string) => void;
}

type Hourly = NonNullable<LastKnownBatch['hourly']>;

export class CommitLoop {
  readonly staging = new Staging();
  readonly #options: CommitLoopOptions;
  #inFlight: ReadonlyMap<string, StagedEdge> = new Map();
  #hourly: Hourly | undefined;
  #writing: Promise<void> | undefined;
  #timer: Cancel | undefined;
  #lastTickAt = 0;
  #retryMs = 0;
  #retryAt = 0;
  #closed = false;

  constructor(options: CommitLoopOptions) {
    this.#options = options;
  }

  /** Words where what edges tell cannot be written now; nothing new is shown meanwhile. */
  get trouble(): string | undefined {
    return this.#retryMs === 0
      ? undefined
      : 'The state file cannot be written: what edges tell is kept in memory and not shown until it can';
  }

  /** True where something of the Application is staged or being written. */
  pending(edge: string, key: string): boolean {
    return this.staging.edge(edge)?.applications.has(key) === true || this.#inFlight.get(edge)?.applications.has(key) === true;
  }

  /** What is staged or being written for an edge, the earliest first. */
  pendingEdge(edge: string): readonly StagedEdge[] {
    return [this.#inFlight.get(edge), this.staging.edge(edge)].filter((staged) => staged !== undefined);
  }

  /** To be written with the next batch. */
  stageHourly(hourly: Hourly): void {
    this.#hourly = hourly;
    this.wake();
  }

  /** There is something to do: at once where the last tick is long enough ago. */
  wake(): void {
    if (this.#timer !== undefined || this.#closed) return;
    const { clock, timers } = this.#options.runtime;
    const delay = Math.max(0, Math.min(TICK_MS, this.#lastTickAt + TICK_MS - clock.now()));
    this.#timer = timers.after(delay, () => {
      this.#timer = undefined;
      this.#tick();
    });
  }

  /** Writes all that is staged, if it can be written, and stops. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.();
    await this.#writing;
    do await this.#commit();
    while (this.#retryMs === 0 && this.#hasWork());
  }

  #hasWork(): boolean {
    return this.staging.size > 0 || this.#hourly !== undefined;
  }

  #tick(): void {
    const now = this.#options.runtime.clock.now();
    this.#lastTickAt = now;
    this.#publish();
    if (this.#writing !== undefined || !this.#hasWork()) return;
    if (now < this.#retryAt) {
      this.#wakeAt(this.#retryAt - now);
      return;
    }
    this.#begin();
  }

  /** Where much waits the next batch goes out with the answer to the last: a busy program comes to its timers far too seldom to keep up. */
  #begin(): void {
    this.#writing = this.#commit().finally(() => {
      this.#writing = undefined;
      if (this.staging.size > BATCH && this.#retryMs === 0 && !this.#closed) this.#begin();
      else if (this.#hasWork()) this.wake();
    });
  }

  #wakeAt(delayMs: number): void {
    this.#timer ??= this.#options.runtime.timers.after(delayMs, () => {
      this.#timer = undefined;
      this.#tick();
    });
  }

  #publish(): void {
    const { table, onPublished } = this.#options;
    if (table.hasChanges) onPublished(table.publish());
  }

  /** Never rejects. */
  async #commit(): Promise<void> {
    if (!this.#hasWork()) return;
    const { runtime, store } = this.#options;
    const taken = this.staging.take(this.staging.size > MUCH ? MAX_BATCH : BATCH);
    const hourly = this.#hourly;
    this.#hourly = undefined;
    this.#inFlight = taken;
    const startedAt = runtime.clock.now();
    const batch = this.#toBatch(taken, hourly);
    const counted = (outcome: 'ok' | 'failed'): void => runtime.metrics.count('history_rows', { outcome }, rowsOf(batch));
    try {
      await store.write(batch);
    } catch (thrown) {
      counted('failed');
      this.#inFlight = new Map();
      this.staging.giveBack(taken);
      this.#hourly ??= hourly;
      this.#failed(thrown);
      return;
    }
    counted('ok');
    this.#recovered();
    this.#inFlight = new Map();
    for (const [edge, staged] of taken) this.#apply(edge, staged);
    this.#publish();
    runtime.metrics.observe('commit', {}, (runtime.clock.now() - startedAt) / 1000);
  }

  #failed(thrown: unknown): void {
    const { clock, log } = this.#options.runtime;
    if (this.#retryMs === 0) log.error({ err: thrown, staged: this.staging.size }, 'Cannot write the last known fleet, trying again');
    this.#retryMs = Math.min(LAST_RETRY_MS, Math.max(FIRST_RETRY_MS, this.#retryMs * 2));
    this.#retryAt = clock.now() + this.#retryMs;
  }

  #recovered(): void {
    if (this.#retryMs === 0) return;
    this.#retryMs = 0;
    this.#options.runtime.log.info({ staged: this.staging.size }, 'The last known fleet is written again');
  }

  #toBatch(taken: ReadonlyMap<string, StagedEdge>, hourly: Hourly | undefined): LastKnownBatch {
    const edges: KnownEdge[] = [];
    const droppedEdges: string[] = [];
    const applications: KnownApplication[] = [];
    const droppedApplications: (ApplicationKey & { readonly edge: string })[] = [];
    for (const [edge, staged] of taken) {
      if (staged.dropped) droppedEdges.push(edge);
      if (isEdgeTold(staged)) edges.push(this.#toKnownEdge(edge, staged));
      for (const change of staged.applications.values()) {
        if (change.kind === 'drop') droppedApplications.push({ edge, ...change.key });
        else this.#addKnownApplication(edge, change, applications);
      }
    }
    return { edges, droppedEdges, applications, droppedApplications, ...(hourly === undefined ? {} : { hourly }) };
  }

  #toKnownEdge(edge: string, { dropped, facts, connection }: StagedEdge): KnownEdge {
    const shown = dropped ? { facts: {} } : this.#shownEdge(edge);
    return { ...shown, edge, facts: facts ?? shown.facts, ...(connection === undefined ? {} : { connection }) };
  }

  #shownEdge(edge: string): Omit<KnownEdge, 'edge'> {
    const { edges } = this.#options.table;
    const slot = edges.find(edge);
    if (slot === undefined) return { facts: {} };
    const readAt = edges.readAt(slot);
    const connection = edges.reports[slot];
    const connectivity = edges.connectivity[slot];
    return {
      facts: edges.facts[slot] ?? {},
      ...(readAt === undefined ? {} : { readAt }),
      ...(connection === undefined ? {} : { connection }),
      ...(connectivity === undefined ? {} : { connectivity }),
    };
  }

  /** Nothing where a reading came for an Application that nobody knows. */
  #addKnownApplication(edge: string, change: Exclude<StagedApplication, { kind: 'drop' }>, into: KnownApplication[]): void {
    const { edges, applications } = this.#options.table;
    const slot = edges.find(edge);
    const row = slot === undefined ? -1 : applications.find(slot, change.key);
    if (change.kind === 'observed') {
      if (row >= 0) into.push({ edge, record: applications.read(row), ...toReading(change.observed) });
      return;
    }
    const stands = row >= 0 && applications.uid(row) === change.record.uid;
    into.push({ edge, record: change.record, ...toReading(change.observed ?? (stands ? this.#readingOf(row) : {})) });
  }

  #readingOf(row: number): Observed {
    const { applications } = this.#options.table;
    const observedAt = timeOf(applications.time('observedAt', row));
    const edgeClock = timeOf(applications.time('edgeClock', row));
    return { ...(observedAt === undefined ? {} : { observedAt }), ...(edgeClock === undefined ? {} : { edgeClock }) };
  }

  #apply(edge: string, staged: StagedEdge): void {
    const { table, onDropped } = this.#options;
    if (staged.dropped) {
      table.dropEdge(edge);
      onDropped(edge);
    }
    if (staged.facts !== undefined) table.putFacts(edge, staged.facts);
    if (staged.connection !== undefined) table.putConnection(edge, staged.connection);
    for (const change of staged.applications.values()) {
      if (change.kind === 'put') table.putApplication(edge, change.record, change.observed);
      else if (change.kind === 'drop') table.dropApplication(edge, change.key);
      else table.putObserved(edge, change.key, change.observed);
    }
  }
}

/** Rows that a batch writes or takes away. */
const rowsOf = ({ edges, droppedEdges, applications, droppedApplications, hourly }: LastKnownBatch): number =>
  edges.length + droppedEdges.length + applications.length + droppedApplications.length + (hourly === undefined ? 0 : 1);

const isEdgeTold = ({ touched, facts, connection }: StagedEdge): boolean => touched || facts !== undefined || connection !== undefined;

const toReading = ({ observedAt, edgeClock }: Observed): Pick<KnownApplication, 'observedAt' | 'edgeClockAtReading'> => ({
  ...(observedAt === undefined ? {} : { observedAt }),
  ...(edgeClock === undefined ? {} : { edgeClockAtReading: edgeClock }),
});
