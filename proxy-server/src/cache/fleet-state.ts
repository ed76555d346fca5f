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
import type { Edge, Product } from '../domain/edge.ts';
import type { ConnectorKind } from '../domain/failure-table.ts';
import type { FleetReader } from '../ports/fleet-reader.ts';
import type { FleetSink } from '../ports/fleet-sink.ts';
import type { KnownEdge, LastKnownStore } from '../ports/last-known-store.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import { ColumnReader } from './column-reader.ts';
import { CommitLoop } from './commit-loop.ts';
import { FleetTable } from './fleet-table.ts';
import { HourlyFigures } from './hourly-figures.ts';
import { KnownRows } from './known-rows.ts';
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

const SWEEP_MS = 250;
/** Sweeps over which edges take turns: at having their age looked at, each once a second, so that none of them takes long. */
const AGE_TURNS = 4;
/** The same for being written though only their readAt changed, each once a minute. */
const WRITE_TURNS = 240;

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

  let lastTurn = Math.floor(clock.now() / SWEEP_MS) - AGE_TURNS;
  const sweep = (): void => {
    const now = clock.now();
    const turn = Math.floor(now / SWEEP_MS);
    for (const slot of slotsOfTurns(table, AGE_TURNS, { after: lastTurn, upTo: turn })) table.refreshAge(slot, now);
    for (const slot of slotsOfTurns(table, WRITE_TURNS, { after: lastTurn, upTo: turn })) keepContact(table, loop, { slot, now });
    lastTurn = turn;
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

/** Edges whose turn comes after one turn and up to another: each at most once, and none is left out where a turn came late. */
function* slotsOfTurns(
  { edges }: FleetTable,
  turns: number,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Generator<number> {
  for (let turn = Math.max(after, upTo - turns) + 1; turn <= upTo; turn += 1) {
    for (let slot = turn % turns; slot < edges.limit; slot += turns) if (edges.configs[slot] !== undefined) yield slot;
  }
}

/** Notes how the connection stands, and has the edge written with its readAt. */
function keepContact(table: FleetTable, loop: CommitLoop, { slot, now }: { readonly slot: number; readonly now: number }): void {
  const { edges } = table;
  if (edges.reports[slot] === undefined) return;
  edges.keepContact(slot, now);
  loop.staging.merge(edges.names[slot] ?? '', { touched: true });
}

async function load(table: FleetTable, store: LastKnownStore, now: number): Promise<void> {
  const rows = new KnownRows(table);
  await store.load(
    (known) => loadEdge(table, known, now),
    (part) => rows.add(part),
  );
}

function loadEdge(table: FleetTable, { edge, facts, connection, connectivity, readAt }: KnownEdge, now: number): void {
  table.putFacts(edge, facts);
  if (connection !== undefined) table.putConnection(edge, connection);
  table.putConnectivity(edge, connectivity);
  if (readAt !== undefined) table.heard(edge, readAt, now);
}

/** What is known of edges that are configured no more goes, on disk too. */
function dropOthers(table: FleetTable, sink: StagingSink): void {
  for (const [slot, name] of table.edges.names.entries())
    if (name !== '' && table.edges.configs[slot] === undefined) sink.dropUnconfigured(name);
}
