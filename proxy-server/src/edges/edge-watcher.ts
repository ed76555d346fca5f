/**
 * The watch of one edge: opens it, keeps it open, and says what became of it. Every decision is a pure function in `domain/` (edge-connection,
 * watch-mode, prune, edge-identity, replay); this file carries their answers out, one attempt at a time, and never lets one edge's trouble out
 * of itself. Whatever fails, the last good data stays.
 *
 *   turn of the pacer ─► /api/version ─► list of names ─► live stream │ polling ─► ... ─► an end, a failure ─► nextConnection ─► next turn
 *              │                                            ▲
 *              └─ nothing is known of the edge yet ─────────┘ and the questions later
 *
 * The list comes before the stream and over the same socket: it tells whether the stream can have a first byte at all, and what it has to bring.
 * Of an edge that nobody has heard of yet the stream alone tells as much, and a start of ten thousand is not kept waiting by twenty thousand
 * questions; where it brings nothing at once, the edge is asked after all.
 */
import type { Edge } from '../domain/edge.ts';
import { makeFailure } from '../domain/classify.ts';
import {
  newConnection,
  nextConnection,
  probePatienceMs,
  restoredConnection,
  type ConnectionEvent,
  type EdgeConnection,
} from '../domain/edge-connection.ts';
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
import { keyTextsOf, listApplications, versionNumber } from './watch-list.ts';
import { watchPoll, type PollPlan } from './watch-poll.ts';
import { probeVersion } from './watch-probe.ts';
import { watchStream, watchStreamAtOnce } from './watch-stream.ts';
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
  /** A watch is open: by stream, or by polling. */
  readonly isOpen: boolean;
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

/** Watches one edge until closed; keeps the last good data whatever goes wrong. */
export function createEdgeWatcher(edge: Edge, route: EdgeRoute | NoRoute, deps: EdgeWatcherDeps): EdgeWatcher {
  const watcher = new Watcher(edge, route, deps);
  watcher.start();
  return watcher;
}

class Watcher implements EdgeWatcher {
  readonly #deps: EdgeWatcherDeps;
  readonly #memory: WatchMemory;
  #edge: Edge;
  #route: EdgeRoute | NoRoute;
  #state: EdgeConnection;
  #session: WatchSession | undefined;
  /** Grows with everything that makes an attempt under way worthless. */
  #epoch = 0;
  #attempting = false;
  #asked = false;
  #stopped = false;
  #triedAt = -Infinity;
  #cancelNext: Cancel = () => undefined;

  constructor(edge: Edge, route: EdgeRoute | NoRoute, deps: EdgeWatcherDeps) {
    this.#deps = deps;
    this.#edge = edge;
    this.#route = route;
    const known = deps.sink.known(edge.id);
    this.#memory = newMemory(edge, known);
    this.#state = greet(known, deps.runtime.clock.now());
  }

  get connection(): EdgeConnection {
    return this.#state;
  }

  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  start(): void {
    if (isRoute(this.#route)) this.#plan();
    else this.#sayNoRoute(this.#route.missing);
  }

  update(edge: Edge, route: EdgeRoute | NoRoute): void {
    const before = this.#edge;
    const sameWay = route === this.#route && edge.lifecycle === before.lifecycle;
    const sameIdentity = edge.identity === before.identity && edge.generation === before.generation;
    if (route !== this.#route && isRoute(this.#route)) this.#route.close();
    this.#edge = edge;
    this.#route = route;
    if (!sameWay || (!sameIdentity && this.#state.failure?.row === 39)) this.#restart();
  }

  returnReported(): void {
    this.#move({ kind: 'returnReported', probeAt: this.#now() });
  }

  downReported(): void {
    this.#move({ kind: 'downReported' });
  }

  probeNow(): boolean {
    const lastAt = Math.max(this.#triedAt, this.#state.lastTryAt ?? -Infinity);
    if (this.#attempting || !isRoute(this.#route) || this.#now() - lastAt < this.#deps.limits.minConnectIntervalMs) return false;
    this.#tryNow();
    return true;
  }

  stop(): void {
    this.#stopped = true;
    this.#leave();
    this.#cancelNext();
    if (isRoute(this.#route)) this.#route.close();
  }

  #now(): number {
    return this.#deps.runtime.clock.now();
  }

  /** Whatever happens to the connection happens here. */
  #move(event: ConnectionEvent): void {
    if (this.#stopped) return;
    const before = this.#state;
    const after = nextConnection(before, event, this.#now(), this.#deps.runtime.random());
    this.#state = this.#edge.lifecycle === 'Parked' ? slowed(after, this.#deps.limits.parkedProbeMs) : after;
    if (this.#state === before) return;
    if (isNews(before, this.#state)) this.#tell();
    this.#plan();
    this.#deps.onConnection(before, this.#state);
  }

  #tell(): void {
    const { connection, since, failure, attempts, nextProbeAt } = this.#state;
    this.#deps.sink.putConnection(this.#edge.id, {
      connection,
      since,
      attempts,
      ...(failure === undefined ? {} : { failure }),
      ...(nextProbeAt === undefined ? {} : { nextProbeAt }),
    });
  }

  #sayNoRoute(failure: EdgeFailure): void {
    const { connection, since } = this.#state;
    this.#deps.sink.putConnection(this.#edge.id, { connection, since, attempts: 0, failure });
  }

  /** The one timer of a watch: a watch that is not open is always due, but never sooner than an edge may be asked again. */
  #plan(): void {
    this.#cancelNext();
    if (this.#attempting || this.#stopped || !isRoute(this.#route)) return;
    const now = this.#now();
    const { nextProbeAt } = this.#state;
    const openAt = Math.max(nextProbeAt ?? now, this.#triedAt + this.#deps.limits.minConnectIntervalMs);
    const dueAt = this.#session === undefined ? openAt : nextProbeAt;
    if (dueAt !== undefined) this.#cancelNext = this.#deps.runtime.timers.after(Math.max(dueAt - now, 0), () => this.#tryNow());
  }

  #tryNow(): void {
    this.#cancelNext();
    if (this.#attempting || this.#stopped) return;
    if (this.#session === undefined) void this.#attempt();
    else this.#session.verify();
  }

  #leave(): void {
    this.#epoch += 1;
    this.#session?.close();
    this.#session = undefined;
  }

  #restart(): void {
    this.#leave();
    this.#attempting = false;
    if (isRoute(this.#route)) this.#move({ kind: 'credentialsChanged' });
    this.start();
  }

  async #attempt(): Promise<void> {
    this.#attempting = true;
    this.#epoch += 1;
    const mine = this.#epoch;
    const giveBack = await this.#deps.pacer.turn(this.#lane());
    try {
      if (mine === this.#epoch && isRoute(this.#route)) await this.#open(this.#context(this.#route, mine), mine);
    } catch (thrown) {
      this.#broke(thrown, mine);
    } finally {
      giveBack();
    }
    if (mine !== this.#epoch) return;
    this.#attempting = false;
    this.#plan();
  }

  #lane(): Lane {
    if (!this.#asked) return 'first';
    return this.#state.connection === 'Reachable' ? 'reopen' : 'again';
  }

  async #open(context: WatchContext, mine: number): Promise<void> {
    const isFirst = !this.#asked && this.#isUnheard();
    this.#asked = true;
    this.#triedAt = this.#now();
    if (isFirst && (await this.#openAtOnce(context, mine))) return;
    const probed = await probeVersion(context);
    if (mine !== this.#epoch) return;
    if (!probed.ok) return this.#fail(probed.error, { startedAt: this.#triedAt });
    context.report({ kind: 'answered', proof: 'version' });
    const begun = await begin(context);
    if (mine !== this.#epoch) return;
    if (!begun.ok) return this.#fail(begun.error, { afterVersion: true });
    this.#watch(context, begun.value);
  }

  /** Nothing of it is known, neither from before nor from an answer. */
  #isUnheard(): boolean {
    const { connection, failure } = this.#state;
    return connection === 'NeverReached' && failure === undefined && this.#memory.marks.size === 0 && this.#edge.lifecycle !== 'Parked';
  }

  /** The stream before all questions. False: it has nothing to tell, or something is in its way, so the edge is to be asked. */
  async #openAtOnce(context: WatchContext, mine: number): Promise<boolean> {
    const { session, firstWord } = watchStreamAtOnce(context, (end) => this.#ended(end));
    this.#session = session;
    const word = await firstWord;
    if (mine !== this.#epoch || word === 'event') return true;
    this.#session = undefined;
    if (word === 'nothing') return false;
    this.#fail(word, { startedAt: this.#triedAt });
    return true;
  }

  #watch(context: WatchContext, { listed, failure }: Begun): void {
    if (failure !== undefined) this.#fail(failure);
    else if (this.#state.failure === undefined || this.#state.connection !== 'Reachable') reportRights(context);
    const { uselessStreams, uselessAt } = this.#memory;
    const parked = this.#edge.lifecycle === 'Parked';
    const mode = watchMode({ listed: listed?.size, uselessStreams, uselessAt, parked, now: this.#now() });
    const onEnd = (end: SessionEnd): void => this.#ended(end);
    this.#session = mode === 'stream' ? watchStream(context, listed, onEnd) : watchPoll(context, this.#pollPlan(listed?.size), onEnd);
  }

  #pollPlan(listed: number | undefined): PollPlan {
    const { limits } = this.#deps;
    const { uselessAt, uselessStreams } = this.#memory;
    const parked = this.#edge.lifecycle === 'Parked';
    return {
      everyMs: parked ? limits.parkedProbeMs : limits.pollProbeMs,
      streamAgainAt: parked || uselessAt === undefined ? undefined : uselessAt + streamRetryMs(uselessStreams),
      whileEmpty: !parked && listed === 0,
    };
  }

  #ended(end: SessionEnd): void {
    this.#session = undefined;
    if (end.kind === 'failed') this.#fail(end.failure, { afterVersion: end.atOnce === true });
    if (end.kind === 'cut') {
      this.#deps.runtime.metrics.count('silent_rows', { row: '35' });
      this.#move({ kind: 'streamCut' });
    }
    if (end.kind === 'silent') this.#move({ kind: 'streamSilent' });
    this.#plan();
  }

  #fail(failure: EdgeFailure, when: { readonly startedAt?: number; readonly afterVersion?: boolean } = {}): void {
    if (failure.row === 39 || failure.row === 41) this.#memory.doubted = true;
    this.#move({ kind: 'failed', failure, ...when });
  }

  /** A bug of ours, met with what this edge told: never seen as anything of the edge's, tried again as slowly as any failure. */
  #broke(thrown: unknown, mine: number): void {
    const { log } = this.#deps.runtime;
    log.error({ edge: this.#edge.id, err: thrown }, 'Watching an edge threw, backing off');
    if (mine !== this.#epoch) return;
    this.#session?.close();
    this.#session = undefined;
    this.#fail(makeFailure(42, { sign: 'a fault of proxy-server, see its log' }));
    this.#plan();
  }

  #context(route: EdgeRoute, mine: number): WatchContext {
    const { client, sink, runtime, limits, spreadMs, pacer } = this.#deps;
    const report = (event: ConnectionEvent): void => {
      if (mine === this.#epoch) this.#move(event);
    };
    const later = (): Promise<() => void> => pacer.turn('later');
    const guard = (work: () => unknown): void => void runGuarded(work, (thrown) => this.#broke(thrown, mine));
    const probeMs = Math.min(limits.probeMs, probePatienceMs(this.#state, this.#memory.usualProbeMs, this.#now()));
    return { edge: this.#edge, route, client, sink, runtime, limits, memory: this.#memory, probeMs, spreadMs, later, report, guard };
  }
}

async function runGuarded(work: () => unknown, onThrown: (thrown: unknown) => void): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    onThrown(thrown);
  }
}

/** A Parked edge is asked at its own slow pace, whatever happens to it. */
function slowed(state: EdgeConnection, parkedProbeMs: number): EdgeConnection {
  if (state.nextProbeAt === undefined || state.lastTryAt === undefined) return state;
  return { ...state, nextProbeAt: Math.max(state.nextProbeAt, state.lastTryAt + parkedProbeMs) };
}

/** Generations of a folder begin anew with each start: one accepted before it is held against the first of this one, never accepted again. */
const acceptedBefore = ({ generation }: Edge, accepted: number | undefined): number | undefined =>
  accepted === undefined ? undefined : Math.min(accepted, generation);

type Known = ReturnType<FleetSink['known']>;

const newMemory = (edge: Edge, known: Known): WatchMemory => {
  const marks = createApplicationMarks();
  for (const key of known.applications) marks.remember(key);
  const acceptedGeneration = edge.acceptedIdentity?.acceptedGeneration ?? acceptedBefore(edge, known.acceptedGeneration);
  return {
    marks, facts: acceptedGeneration === undefined ? {} : { acceptedGeneration }, version: undefined, skew: undefined, usualProbeMs: undefined, splitByProject: false, listVersion: undefined, reading: undefined, polled: undefined, doubted: false,
    uselessStreams: 0, uselessAt: undefined, rightsProven: false, acceptedGeneration,
  }; // prettier-ignore
};

/** What was known before a restart of ours stays known until the edge says otherwise. */
function greet({ connection, readAt }: Known, now: number): EdgeConnection {
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

/** The question after the probe: what is there. */
async function begin(context: WatchContext): Promise<Result<Begun, EdgeFailure>> {
  const list = await listApplications(context, idsFields, { outsideSlots: true, names: true });
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
  const version = versionNumber(resourceVersion);
  if (memory.reading !== undefined && (memory.doubted || isOlder(version, memory.listVersion))) {
    const result = await tickOnce(context);
    if (result.kind === 'failed' && result.failure.row !== 35) return result.failure;
  }
  memory.listVersion = version ?? memory.listVersion;
  return undefined;
}

const isOlder = (now: number | undefined, before: number | undefined): boolean => now !== undefined && before !== undefined && now < before;
