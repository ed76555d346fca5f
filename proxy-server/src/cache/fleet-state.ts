/**
 * The fleet in memory, put together: what watchers tell goes in at `sink`, everything that is shown comes out at `reader`.
 *
 *   sink ─► staging ─► commit loop ─► last-known store ─► table (columns) ─► reader
 *                                                            ▲
 *   load at the start ───────────────────────────────────────┤
 *   sweep once a second: ages by the clock, connectivity ────┘
 *
 * Only what is committed is ever shown, so what was shown survives a crash; the exceptions are readAt and the configuration, which holds
 * at once. One table of typed arrays in place of an object per Application keeps 200,000 of them out of the garbage collector's way.
 */
import { fromBytes, noteConnection } from '../domain/connectivity.ts';
import { CONNECTIONS } from '../domain/edge-state.ts';
import type { Edge, Product } from '../domain/edge.ts';
import type { ConnectorKind } from '../domain/failure-table.ts';
import type { FleetReader } from '../ports/fleet-reader.ts';
import type { FleetSink } from '../ports/fleet-sink.ts';
import type { KnownApplication, KnownEdge, LastKnownStore } from '../ports/last-known-store.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import { fromBase64 } from './base64.ts';
import { toRecord } from './application-record.ts';
import { byteAt } from './column.ts';
import { ColumnReader } from './column-reader.ts';
import { CommitLoop } from './commit-loop.ts';
import { FleetTable } from './fleet-table.ts';
import { HourlyFigures } from './hourly-figures.ts';
import { optional } from './optional.ts';
import { StagingSink } from './staging-sink.ts';

export interface FleetStateOptions {
  readonly runtime: Runtime;
  /** Open, and closed by whoever opened it, after the state. */
  readonly store: LastKnownStore;
  readonly requestsLastMinute?: (edge: string) => number;
  readonly yamlOf?: (edge: string) => string | undefined;
  readonly connectorKind?: (connector: string) => ConnectorKind;
}

export interface FleetState {
  readonly sink: FleetSink;
  readonly reader: FleetReader;
  /** Words on what is wrong with keeping the fleet right now. */
  readonly notices: readonly string[];
  /**
   * Loads the last known fleet, which is shown as old as it is, and begins to commit. Given the edges that are configured, the rest of what
   * was known is dropped; without them it is kept unseen until its edge is put.
   */
  start(configured?: Iterable<Edge>): Promise<void>;
  setProducts(products: readonly Product[]): void;
  /** Commits what is staged. */
  close(): Promise<void>;
}

const SWEEP_MS = 1_000;
/** Seconds over which edges take turns at being written though only their readAt changed. */
const WRITE_TURNS = 60;

/** Builds the state; nothing runs before `start`. */
export function createFleetState({ runtime, store, requestsLastMinute, yamlOf, connectorKind }: FleetStateOptions): FleetState {
  const { clock, timers } = runtime;
  const table = new FleetTable(clock.now());
  const hours = new HourlyFigures();
  const around = {
    connectorKind: connectorKind ?? (() => 'cloudflare' as const),
    requestsLastMinute: requestsLastMinute ?? (() => 0),
    yamlOf: yamlOf ?? (() => undefined),
  };
  const reader = new ColumnReader({ table, clock, hours, around });
  const loop: CommitLoop = new CommitLoop({
    runtime, table, store,
    onPublished: (slots) => reader.published(slots),
    onDropped: (edge) => sink.afterDrop(edge),
  }); // prettier-ignore
  const sink = new StagingSink(table, loop, clock);
  let sweeping: Cancel | undefined;

  const sweep = (): void => {
    const now = clock.now();
    const turn = Math.floor(now / SWEEP_MS) % WRITE_TURNS;
    for (let slot = 0; slot < table.edges.limit; slot += 1) {
      if (table.edges.configs[slot] === undefined) continue;
      table.refreshAge(slot, now);
      if (slot % WRITE_TURNS === turn) keepContact(table, loop, { slot, now });
    }
    if (hours.isDue(now)) loop.stageHourly(hours.note(now, reader.figures()));
    if (reader.owesCauses()) table.touchNothing();
    loop.wake();
    sweeping = timers.after(SWEEP_MS, sweep);
  };

  return {
    sink,
    reader,
    get notices() {
      return [...store.notices, ...[loop.trouble ?? []].flat()];
    },
    async start(configured) {
      const edges = configured === undefined ? undefined : [...configured];
      for (const edge of edges ?? []) table.putEdge(edge, clock.now());
      await load(table, store, clock.now());
      hours.load(await store.hourly());
      if (edges !== undefined) dropOthers(table, sink);
      reader.published(table.publish());
      sweep();
    },
    setProducts(products) {
      table.setProducts(products);
      if (table.hasChanges) loop.wake();
    },
    async close() {
      sweeping?.();
      await loop.close();
    },
  };
}

/** Notes how the connection stands, and has the edge written with its readAt. */
function keepContact(table: FleetTable, loop: CommitLoop, { slot, now }: { readonly slot: number; readonly now: number }): void {
  const { edges } = table;
  if (edges.reports[slot] === undefined) return;
  const connection = CONNECTIONS[byteAt(edges.connection, slot)] ?? 'NeverReached';
  edges.connectivity[slot] = noteConnection(edges.connectivityOf(slot, now), connection, now);
  loop.staging.merge(edges.names[slot] ?? '', { touched: true });
}

async function load(table: FleetTable, store: LastKnownStore, now: number): Promise<void> {
  await store.load(
    (known) => loadEdge(table, known, now),
    ({ edge, application, observedAt, edgeClockAtReading }: KnownApplication) => {
      const observed = { ...optional('observedAt', observedAt), ...optional('edgeClock', edgeClockAtReading) };
      table.putApplication(edge, application, toRecord(application), observed);
    },
  );
}

function loadEdge(table: FleetTable, { edge, facts, connection, connectivity, readAt }: KnownEdge, now: number): void {
  table.putFacts(edge, facts);
  if (connection !== undefined) table.putConnection(edge, connection);
  const bytes = connectivity === undefined ? undefined : fromBase64(connectivity);
  table.putConnectivity(edge, bytes === undefined ? undefined : fromBytes(bytes));
  if (readAt !== undefined) table.heard(edge, readAt, now);
}

/** What is known of edges that are configured no more goes, on disk too. */
function dropOthers(table: FleetTable, sink: StagingSink): void {
  for (const [slot, name] of table.edges.names.entries())
    if (name !== '' && table.edges.configs[slot] === undefined) sink.dropUnconfigured(name);
}
