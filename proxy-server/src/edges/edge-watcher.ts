/**
 * The watch of one edge: opens it, keeps it open, and says what became of it. Every decision is a pure function in `domain/` (edge-connection,
 * watch-mode, prune, edge-identity, replay); this file carries their answers out, one attempt at a time, and never lets one edge's trouble out
 * of itself. Whatever fails, the last good data stays.
 *
 *   turn of the pacer ─► /api/version ─► list of names ─► live stream │ polling ─► ... ─► an end, a failure ─► nextConnection ─► next turn
 *
 * The list comes before the stream and over the same socket: it tells whether the stream can have a first byte at all, what it has to bring,
 * and it saves a second connection for each of ten thousand edges.
 */
import type { Edge } from '../domain/edge.ts';
import { newConnection, nextConnection, restoredConnection, type ConnectionEvent, type EdgeConnection } from '../domain/edge-connection.ts';
import { failureRow } from '../domain/failure-table.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { streamRetryMs, watchMode } from '../domain/watch-mode.ts';
import type { FleetSink } from '../ports/fleet-sink.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import { createApplicationMarks } from './application-marks.ts';
import type { EdgeClient } from './edge-client.ts';
import type { EdgeLimits } from './limits.ts';
import type { Lane, Pacer } from './pacer.ts';
import { idsFields } from './projections.ts';
import { isRoute, type EdgeRoute, type NoRoute } from './route.ts';
import { reportRights, type SessionEnd, type WatchContext, type WatchMemory, type WatchSession } from './watch-context.ts';
import { keyTextsOf, listApplications } from './watch-list.ts';
import { watchPoll } from './watch-poll.ts';
import { probeVersion } from './watch-probe.ts';
import { watchStream } from './watch-stream.ts';
import { tickOnce } from './watch-tick.ts';

export interface EdgeWatcherDeps {
  readonly client: EdgeClient;
  readonly sink: FleetSink;
  readonly runtime: Runtime;
  readonly limits: EdgeLimits;
  readonly pacer: Pacer;
  readonly spreadMs: () => number;
  /** Told after every change of the connection. */
  onConnection(before: EdgeConnection, after: EdgeConnection): void;
}

export interface EdgeWatcher {
  readonly connection: EdgeConnection;
  /** The configuration as it is now. Only what concerns the way to the edge opens the watch anew. */
  update(edge: Edge, route: EdgeRoute | NoRoute): void;
  /** A sibling or the account's API says that the edge may be back. */
  returnReported(): void;
  /** The account's API says that the edge's tunnel is gone. */
  downReported(): void;
  /** Asks at once. False: it was asked a moment ago. */
  probeNow(): boolean;
  stop(): void;
}

export function createEdgeWatcher(first: Edge, firstRoute: EdgeRoute | NoRoute, deps: EdgeWatcherDeps): EdgeWatcher {
  const { client, sink, runtime, limits, pacer } = deps;
  const { clock, timers, random } = runtime;
  const memory = newMemory(first, sink);
  let edge = first;
  let route = firstRoute;
  let state = greet(first, sink, clock.now());
  let session: WatchSession | undefined;
  /** Grows with everything that makes an attempt under way worthless. */
  let epoch = 0;
  let attempting = false;
  let asked = false;
  let stopped = false;
  let triedAt = -Infinity;
  let cancelNext: Cancel = () => undefined;

  const move = (event: ConnectionEvent): void => {
    const before = state;
    state = nextConnection(state, event, clock.now(), random());
    if (edge.lifecycle === 'Parked' && state.nextProbeAt !== undefined) state = slowed(state);
    if (state === before) return;
    if (isNews(before, state)) tell();
    plan();
    deps.onConnection(before, state);
  };
  const slowed = (fast: EdgeConnection): EdgeConnection => ({
    ...fast,
    nextProbeAt: Math.max(fast.nextProbeAt ?? 0, (fast.lastTryAt ?? 0) + limits.parkedProbeMs),
  });
  const tell = (): void => {
    const { connection, since, failure, attempts, nextProbeAt } = state;
    sink.putConnection(edge.id, {
      connection,
      since,
      attempts,
      ...(failure === undefined ? {} : { failure }),
      ...(nextProbeAt === undefined ? {} : { nextProbeAt }),
    });
  };
  /** The one timer of a watch: a watch that is not open is always due, but never sooner than an edge may be asked again. */
  const plan = (): void => {
    cancelNext();
    if (attempting || stopped || !isRoute(route)) return;
    const now = clock.now();
    const dueAt = session === undefined ? Math.max(state.nextProbeAt ?? now, triedAt + limits.minConnectIntervalMs) : state.nextProbeAt;
    if (dueAt !== undefined) cancelNext = timers.after(Math.max(dueAt - now, 0), tryNow);
  };
  const tryNow = (): void => {
    cancelNext();
    if (attempting || stopped) return;
    if (session === undefined) void attempt();
    else session.verify();
  };
  const leave = (): void => {
    epoch += 1;
    session?.close();
    session = undefined;
  };

  const attempt = async (): Promise<void> => {
    if (!isRoute(route)) return noRoute(route.missing);
    attempting = true;
    const mine = (epoch += 1);
    const giveBack = await pacer.turn(lane());
    const stale = (): boolean => mine !== epoch;
    try {
      if (!stale() && isRoute(route)) await open(contextOf(route, stale), stale);
    } finally {
      giveBack();
    }
    if (stale()) return;
    attempting = false;
    plan();
  };
  const lane = (): Lane => {
    if (!asked) return 'first';
    return state.connection === 'Reachable' ? 'reopen' : 'again';
  };
  const open = async (context: WatchContext, stale: () => boolean): Promise<void> => {
    asked = true;
    triedAt = clock.now();
    const begun = await begin(context);
    if (stale()) return;
    if (!begun.ok) return fail(begun.error);
    const { listed, failure } = begun.value;
    if (failure === undefined) reportRights(context);
    else fail(failure);
    const { uselessStreams, uselessAt } = memory;
    const mode = watchMode({ listed: listed?.size, uselessStreams, uselessAt, parked: edge.lifecycle === 'Parked', now: clock.now() });
    session = mode === 'stream' ? watchStream(context, listed, ended) : watchPoll(context, pollPlan(listed?.size), ended);
  };
  const fail = (failure: EdgeFailure): void => {
    if (failure.row === 39 || failure.row === 41) memory.doubted = true;
    move({ kind: 'failed', failure });
  };
  const pollPlan = (listed: number | undefined): Parameters<typeof watchPoll>[1] => {
    const parked = edge.lifecycle === 'Parked';
    return {
      everyMs: parked ? limits.parkedProbeMs : limits.pollProbeMs,
      streamAgainAt: parked || memory.uselessAt === undefined ? undefined : memory.uselessAt + streamRetryMs(memory.uselessStreams),
      whileEmpty: !parked && listed === 0,
    };
  };
  const ended = (end: SessionEnd): void => {
    session = undefined;
    switch (end.kind) {
      case 'again': return plan();
      case 'cut': return move({ kind: 'streamCut' });
      case 'silent': return move({ kind: 'streamSilent' });
      case 'failed': return fail(end.failure);
      default: return end satisfies never;
    } // prettier-ignore
  };
  const noRoute = (failure: EdgeFailure): void => {
    sink.putConnection(edge.id, { connection: state.connection, since: state.since, attempts: 0, failure });
  };
  const contextOf = (open: EdgeRoute, stale: () => boolean): WatchContext => ({
    edge, route: open, client, sink, runtime, limits, memory, spreadMs: deps.spreadMs,
    report: (event) => stale() || move(event),
  }); // prettier-ignore
  const restart = (event: ConnectionEvent): void => {
    leave();
    attempting = false;
    move(event);
    plan();
  };

  plan();
  return {
    get connection() {
      return state;
    },
    update(nextEdge, nextRoute) {
      const before = edge;
      const sameWay = nextRoute === route && nextEdge.lifecycle === before.lifecycle;
      const sameIdentity = nextEdge.identity === before.identity && nextEdge.generation === before.generation;
      edge = nextEdge;
      if (!sameWay && isRoute(route) && nextRoute !== route) route.close();
      route = nextRoute;
      if (!sameWay) restart({ kind: 'credentialsChanged' });
      else if (!sameIdentity && state.failure?.row === 39) restart({ kind: 'credentialsChanged' });
    },
    returnReported: () => move({ kind: 'returnReported', probeAt: clock.now() }),
    downReported: () => move({ kind: 'downReported' }),
    probeNow() {
      const { lastTryAt } = state;
      if (attempting || (lastTryAt !== undefined && clock.now() - lastTryAt < limits.minConnectIntervalMs)) return false;
      tryNow();
      return true;
    },
    stop() {
      stopped = true;
      leave();
      cancelNext();
      if (isRoute(route)) route.close();
    },
  };
}

const newMemory = (edge: Edge, sink: FleetSink): WatchMemory => {
  const marks = createApplicationMarks();
  for (const key of sink.known(edge.id).applications) marks.remember(key);
  return {
    marks, facts: {}, version: undefined, skew: undefined, splitByProject: false, listVersion: undefined, reading: undefined, doubted: false,
    uselessStreams: 0, uselessAt: undefined, rightsProven: false, acceptedGeneration: edge.acceptedIdentity?.acceptedGeneration,
  }; // prettier-ignore
};

/** What was known before a restart of ours stays known until the edge says otherwise. */
function greet(edge: Edge, sink: FleetSink, now: number): EdgeConnection {
  const { connection, readAt } = sink.known(edge.id);
  if (connection !== undefined) return { ...restoredConnection(connection.connection, connection.since, now), failure: connection.failure };
  return readAt === undefined ? newConnection(now) : restoredConnection('Reachable', readAt, now);
}

/** Only what readers see of a connection. */
const isNews = (before: EdgeConnection, after: EdgeConnection): boolean =>
  before.connection !== after.connection ||
  before.failure !== after.failure ||
  before.attempts !== after.attempts ||
  before.nextProbeAt !== after.nextProbeAt;

interface Begun {
  readonly listed: ReadonlySet<string> | undefined;
  /** Argo CD answered, but not to this question: the stream may still bring what the list could not. */
  readonly failure: EdgeFailure | undefined;
}

/** The two short questions before a watch: does it answer, and what is there. */
async function begin(context: WatchContext): Promise<Result<Begun, EdgeFailure>> {
  const version = await probeVersion(context);
  if (!version.ok) return version;
  context.report({ kind: 'answered', proof: 'version' });
  const list = await listApplications(context, idsFields, true);
  if (list.ok) {
    const replayed = await oldState(context, list.value.resourceVersion);
    return replayed === undefined ? ok({ listed: keyTextsOf(list.value), failure: undefined }) : err(replayed);
  }
  const spoke = failureRow(list.error.row).effect === 'reachable';
  return spoke ? ok({ listed: undefined, failure: list.error }) : err(list.error);
}

/**
 * A list that names an older version than before comes from a replica that is behind, or from an old state. Only the times of the Applications
 * tell which, so they are read before anything of it is believed.
 */
async function oldState(context: WatchContext, resourceVersion: string | undefined): Promise<EdgeFailure | undefined> {
  const { memory } = context;
  const version = resourceVersion !== undefined && /^\d{1,15}$/.test(resourceVersion) ? Number(resourceVersion) : undefined;
  const older = version !== undefined && memory.listVersion !== undefined && version < memory.listVersion;
  if (memory.reading !== undefined && (older || memory.doubted)) {
    const result = await tickOnce(context);
    if (result.kind === 'failed' && result.failure.row !== 35) return result.failure;
  }
  memory.listVersion = version ?? memory.listVersion;
  return undefined;
}
