/**
 * The supervisor of all watches: compares the objects as they are with the watches as they run, and starts, stops or adjusts each. It is told
 * that something changed, never what, so a lost notice costs nothing. What edges share is looked after here, and only here: the pace of
 * connecting, the news that a sibling is back, what the account's API says, and the log, where a mass outage is one line.
 */
import type { Edge } from '../domain/edge.ts';
import type { EdgeConnection } from '../domain/edge-connection.ts';
import type { EdgeId } from '../domain/ids.ts';
import type { EdgeApi } from '../ports/edge-api.ts';
import type { FleetSink } from '../ports/fleet-sink.ts';
import type { ConfigSnapshot, ObjectStore } from '../ports/object-store.ts';
import type { Cancel, Logger, Runtime } from '../ports/runtime.ts';
import { createConnectionLog, type ConnectionLog } from './connection-log.ts';
import { createRoutes, type Routes } from './connector.ts';
import { createEdgeApi } from './edge-api.ts';
import { createEdgeClient, type EdgeClient } from './edge-client.ts';
import { createEdgeWatcher, type EdgeWatcher, type EdgeWatcherDeps } from './edge-watcher.ts';
import { DEFAULT_EDGE_LIMITS, type EdgeLimits } from './limits.ts';
import { createPacer, type Lane, type Pacer } from './pacer.ts';
import { createSiblings, type Siblings } from './siblings.ts';
import { createTunnelOracles, type TunnelOracles } from './tunnel-status-oracle.ts';

export interface FleetWatcherOptions {
  readonly objects: ObjectStore;
  readonly sink: FleetSink;
  readonly runtime: Runtime;
  /** What differs from {@link DEFAULT_EDGE_LIMITS}. */
  readonly limits?: Partial<EdgeLimits>;
  /** Where the account's API is, if not at Cloudflare. */
  readonly accountApiUrl?: string;
  /** Named in the User-Agent, by which edges attribute our requests. */
  readonly version?: string;
}

export interface FleetWatcher {
  /** Watches what the object store holds, and follows its changes. The store has been started before. */
  start(): void;
  readonly api: EdgeApi;
  /** What is going on at this moment, for whoever measures it. */
  figures(): WatchFigures;
  /** Every watch, socket and timer is gone when this resolves. */
  close(): Promise<void>;
}

/** Bounded by the fleet and by the limits. */
export interface WatchFigures {
  readonly watchesOpen: number;
  /** Watches that are being opened. */
  readonly connecting: number;
  /** Edges that wait for their turn to be asked: for the first time, after a cut, after an outage, and for what can wait. */
  readonly waiting: Readonly<Record<Lane, number>>;
  readonly requestsInFlight: number;
}

/** First TICKs of a start are spread over this long for each edge of the fleet, so that a start is not followed by a wave. */
const SPREAD_PER_EDGE_MS = 12;
const MIN_SPREAD_MS = 3_000;
/** Edges whose watch is begun in one go. */
const EDGES_AT_ONCE = 500;

interface Watched {
  edge: Edge | undefined;
  /** Undefined for edges that are not contacted. */
  watcher: EdgeWatcher | undefined;
}

/** One watcher per Edge of the object store, started, adjusted and stopped as the objects change. Start the store first. */
export function createFleetWatcher(options: FleetWatcherOptions): FleetWatcher {
  return new Supervisor(options);
}

class Supervisor implements FleetWatcher {
  readonly api: EdgeApi;
  readonly #objects: ObjectStore;
  readonly #sink: FleetSink;
  readonly #runtime: Runtime;
  readonly #limits: EdgeLimits;
  readonly #log: Logger;
  readonly #client: EdgeClient;
  readonly #routes: Routes;
  readonly #pacer: Pacer;
  readonly #connectionLog: ConnectionLog;
  readonly #siblings: Siblings;
  readonly #oracles: TunnelOracles;
  readonly #watched = new Map<EdgeId, Watched>();
  #unsubscribe: () => void = () => undefined;
  #cancelRest: Cancel = () => undefined;
  #closed = false;

  constructor({ objects, sink, runtime, limits: overrides = {}, accountApiUrl, version = '0' }: FleetWatcherOptions) {
    const limits: EdgeLimits = { ...DEFAULT_EDGE_LIMITS, ...overrides };
    const { clock, timers } = runtime;
    this.#objects = objects;
    this.#sink = sink;
    this.#runtime = runtime;
    this.#limits = limits;
    this.#log = runtime.log.child({ loop: 'watch' });
    this.#client = createEdgeClient(limits, runtime);
    this.#routes = createRoutes(limits, `edge-fleet/${version}`);
    const { firstConnectsPerSecond: first, reconnectsPerSecond: again, laterPerSecond: later, maxConnecting: width } = limits;
    this.#pacer = createPacer({ perSecond: { first, reopen: first, again, later }, width, clock, timers });
    this.#connectionLog = createConnectionLog(this.#log, clock, timers);
    this.#siblings = createSiblings(clock, (edge) => this.#watcher(edge)?.returnReported());
    this.#oracles = createTunnelOracles({
      runtime,
      limits,
      ...(accountApiUrl === undefined ? {} : { apiUrl: accountApiUrl }),
      onUp: (edge) => this.#watcher(edge)?.returnReported(),
      onDown: (edge) => this.#watcher(edge)?.downReported(),
    });
    this.api = createEdgeApi({ client: this.#client, objects, routes: this.#routes, watcherOf: (id) => this.#watcher(id) });
  }

  start(): void {
    this.#unsubscribe = this.#objects.subscribe(() => this.#follow());
    this.#follow();
    this.#log.info({ edges: this.#objects.current().edges.size }, 'Watching edges');
  }

  figures(): WatchFigures {
    let watchesOpen = 0;
    for (const { watcher } of this.#watched.values()) if (watcher?.isOpen === true) watchesOpen += 1;
    const lane = (name: Lane): number => this.#pacer.waiting(name);
    const waiting = { first: lane('first'), reopen: lane('reopen'), again: lane('again'), later: lane('later') };
    return { watchesOpen, waiting, connecting: this.#pacer.underWay, requestsInFlight: this.#client.inFlight };
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    this.#cancelRest();
    for (const { watcher } of this.#watched.values()) watcher?.stop();
    this.#pacer.close();
    this.#oracles.close();
    this.#connectionLog.close();
    return Promise.resolve();
  }

  #watcher(id: EdgeId): EdgeWatcher | undefined {
    return this.#watched.get(id)?.watcher;
  }

  /** Brings the watches in line with the objects. */
  #follow(): void {
    if (this.#closed) return;
    this.#cancelRest();
    const snapshot = this.#objects.current();
    for (const [id, entry] of this.#watched) if (!snapshot.edges.has(id)) this.#drop(id, entry);
    this.#putSome(snapshot.edges.values(), snapshot);
    this.#oracles.follow(snapshot);
  }

  /** A start of ten thousand in one go would keep a page waiting. A change of the objects passes over what is done already. */
  #putSome(edges: Iterator<Edge>, snapshot: ConfigSnapshot): void {
    for (let begun = 0; begun < EDGES_AT_ONCE;) {
      const next = edges.next();
      if (next.done === true) return;
      if (!this.#watched.has(next.value.id)) begun += 1;
      this.#put(next.value, snapshot);
    }
    this.#cancelRest = this.#runtime.timers.after(0, () => this.#putSome(edges, snapshot));
  }

  #put(edge: Edge, snapshot: ConfigSnapshot): void {
    const entry: Watched = this.#watched.get(edge.id) ?? { edge: undefined, watcher: undefined };
    if (entry.edge !== edge) this.#sink.putEdge(edge);
    entry.edge = edge;
    this.#watched.set(edge.id, entry);
    if (edge.lifecycle === 'Retired') return this.#retire(edge.id, entry);
    const route = this.#routes.routeOf(edge, snapshot);
    if (entry.watcher === undefined) entry.watcher = createEdgeWatcher(edge, route, this.#depsFor(edge.id));
    else entry.watcher.update(edge, route);
  }

  #retire(id: EdgeId, entry: Watched): void {
    entry.watcher?.stop();
    entry.watcher = undefined;
    this.#routes.forget(id);
  }

  #drop(id: EdgeId, entry: Watched): void {
    this.#retire(id, entry);
    this.#watched.delete(id);
    this.#client.forget(id);
    this.#siblings.forget(id);
    this.#sink.dropEdge(id);
  }

  #depsFor(id: EdgeId): EdgeWatcherDeps {
    return {
      client: this.#client,
      sink: this.#sink,
      runtime: this.#runtime,
      limits: this.#limits,
      pacer: this.#pacer,
      spreadMs: () => Math.max(MIN_SPREAD_MS, this.#objects.current().edges.size * SPREAD_PER_EDGE_MS),
      onConnection: (before, after) => this.#noteConnection(id, before, after),
    };
  }

  #noteConnection(id: EdgeId, before: EdgeConnection, after: EdgeConnection): void {
    const edge = this.#watched.get(id)?.edge;
    if (edge === undefined) return;
    this.#siblings.note(edge, before, after);
    if (before.connection !== after.connection) this.#connectionLog.changed(edge, before.connection, after);
  }
}
