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
import type { Runtime } from '../ports/runtime.ts';
import { createConnectionLog } from './connection-log.ts';
import { createRoutes } from './connector.ts';
import { createEdgeApi } from './edge-api.ts';
import { createEdgeClient } from './edge-client.ts';
import { createEdgeWatcher, type EdgeWatcher, type EdgeWatcherDeps } from './edge-watcher.ts';
import { DEFAULT_EDGE_LIMITS, type EdgeLimits } from './limits.ts';
import { createPacer } from './pacer.ts';
import { createSiblings } from './siblings.ts';
import { createTunnelOracles } from './tunnel-status-oracle.ts';

export interface FleetWatcherOptions {
  readonly objects: ObjectStore;
  readonly sink: FleetSink;
  readonly runtime: Runtime;
  /** What differs from {@link DEFAULT_EDGE_LIMITS}. */
  readonly limits?: Partial<EdgeLimits>;
  /** Named in the User-Agent, by which edges attribute our requests. */
  readonly version?: string;
}

export interface FleetWatcher {
  /** Watches what the object store holds, and follows its changes. The store has been started before. */
  start(): void;
  readonly api: EdgeApi;
  /** Every watch, socket and timer is gone when this resolves. */
  close(): Promise<void>;
}

/** First TICKs of a start are spread over this long for each edge of the fleet, so that a start is not followed by a wave. */
const SPREAD_PER_EDGE_MS = 5;
const MIN_SPREAD_MS = 3_000;

interface Watched {
  edge: Edge;
  /** Undefined for edges that are not contacted. */
  watcher: EdgeWatcher | undefined;
}

export function createFleetWatcher({ objects, sink, runtime, limits: overrides = {}, version = '0' }: FleetWatcherOptions): FleetWatcher {
  const limits: EdgeLimits = { ...DEFAULT_EDGE_LIMITS, ...overrides };
  const { clock, timers } = runtime;
  const log = runtime.log.child({ loop: 'watch' });
  const client = createEdgeClient(limits, runtime);
  const routes = createRoutes(limits, `edge-fleet/${version}`);
  const pacer = createPacer({
    perSecond: { first: limits.firstConnectsPerSecond, reopen: limits.firstConnectsPerSecond, again: limits.reconnectsPerSecond },
    width: limits.maxConnecting,
    clock,
    timers,
  });
  const watched = new Map<EdgeId, Watched>();
  const connectionLog = createConnectionLog(log, timers);
  const siblings = createSiblings(clock, (edge) => watched.get(edge)?.watcher?.returnReported());
  const oracles = createTunnelOracles({
    runtime,
    limits,
    onUp: (edge) => watched.get(edge)?.watcher?.returnReported(),
    onDown: (edge) => watched.get(edge)?.watcher?.downReported(),
  });
  let unsubscribe: () => void = () => undefined;
  let closed = false;

  const depsFor = (id: EdgeId): EdgeWatcherDeps => ({
    client, sink, runtime, limits, pacer,
    spreadMs: () => Math.max(MIN_SPREAD_MS, watched.size * SPREAD_PER_EDGE_MS),
    onConnection: (before, after) => noteConnection(id, before, after),
  }); // prettier-ignore
  const noteConnection = (id: EdgeId, before: EdgeConnection, after: EdgeConnection): void => {
    const edge = watched.get(id)?.edge;
    if (edge === undefined) return;
    siblings.note(edge, before, after);
    if (before.connection !== after.connection) connectionLog.changed(edge, before.connection, after);
  };

  const put = (edge: Edge, snapshot: ConfigSnapshot): void => {
    const known = watched.get(edge.id);
    if (known?.edge !== edge) sink.putEdge(edge);
    const entry: Watched = known ?? { edge, watcher: undefined };
    entry.edge = edge;
    watched.set(edge.id, entry);
    if (edge.lifecycle === 'Retired') {
      entry.watcher?.stop();
      entry.watcher = undefined;
      routes.forget(edge.id);
      return;
    }
    const route = routes.routeOf(edge, snapshot);
    if (entry.watcher === undefined) entry.watcher = createEdgeWatcher(edge, route, depsFor(edge.id));
    else entry.watcher.update(edge, route);
  };
  const drop = (id: EdgeId, { edge, watcher }: Watched): void => {
    watcher?.stop();
    watched.delete(id);
    routes.forget(id);
    client.forget(id);
    siblings.forget(edge);
    sink.dropEdge(id);
  };
  const sync = (): void => {
    if (closed) return;
    const snapshot = objects.current();
    for (const [id, entry] of watched) if (!snapshot.edges.has(id)) drop(id, entry);
    for (const edge of snapshot.edges.values()) put(edge, snapshot);
    oracles.follow(snapshot);
  };

  return {
    start() {
      unsubscribe = objects.subscribe(sync);
      sync();
      log.info({ edges: watched.size }, 'Watching edges');
    },
    api: createEdgeApi({ client, objects, routes, watcherOf: (id) => watched.get(id)?.watcher }),
    close() {
      closed = true;
      unsubscribe();
      for (const { watcher } of watched.values()) watcher?.stop();
      oracles.close();
      connectionLog.close();
      return Promise.resolve();
    },
  };
}
