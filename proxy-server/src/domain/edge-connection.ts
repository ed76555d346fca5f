/**
 * The connection of an edge as a state machine: what happened, in; connection, reason, since and the time of the next try, out. Pure: time and
 * chance are arguments. What the rows of the failure table say of a connection is in the table (`effect`); here is only when, and how often.
 *
 *   cut ──1-5 s──► reopened: nothing is shown
 *              └─ fails (first sign) ──5-8 s after it began──► answers: nothing is shown
 *                                                           └─ fails (second sign): OutOfReach, within 15 s of the cut
 *   45 s without a byte (first sign) ──at once──► probe fails (10 s deadline): OutOfReach, within 60 s of the last byte
 *   OutOfReach ──5 s at least, up to 15 s doubling to 5 min──► probe ... ──► any answer of Argo CD: Reachable
 *   refused: Refused at once ──1 min doubling to 15 min, or when credentials change──► asked again
 *
 * Two signs are needed because tunnels vanish for 2.5 to 5 s when they reconnect (observed with cloudflared 2026.8.2). One sign is enough for
 * a refusal: it does not pass by itself.
 */
import { backOffCeilingMs, betweenMs, fullJitterMs } from './backoff.ts';
import type { Connection } from './edge-state.ts';
import { failureRow } from './failure-table.ts';
import type { EdgeFailure, FailureRow } from './failure.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The timings that tests and users hold us to. */
export const CONNECTION_TIMES = {
  reopenMs: [1 * SECOND, 4.5 * SECOND],
  /** From the beginning of the first try to that of the second. */
  secondTryMs: [5 * SECOND, 8 * SECOND],
  /** From the first doubt to the end of the second try: both share it, so that one that hears nothing at all is marked as soon. */
  verdictMs: 14.5 * SECOND,
  /** No try that may mark an edge is given up sooner than this. */
  leastPatienceMs: 5 * SECOND,
  silenceMs: 45 * SECOND,
  probeDeadlineMs: 10 * SECOND,
  probe: { baseMs: 15 * SECOND, capMs: 5 * MINUTE },
  refused: { baseMs: 1 * MINUTE, capMs: 15 * MINUTE },
  /** No edge is asked for a connection more often than this. */
  minBetweenTriesMs: 5 * SECOND,
} as const;

/** What is known of the way to an edge at one moment. */
export interface EdgeConnection {
  readonly connection: Connection;
  /** When this value began; for OutOfReach the first of its signs. */
  readonly since: number;
  /** Why, where it is not plainly well. */
  readonly failure: EdgeFailure | undefined;
  /** Tries that failed since the last good answer. */
  readonly attempts: number;
  /** When to try next; undefined while a stream lives and nothing is owed. */
  readonly nextProbeAt: number | undefined;
  /** A first sign that waits for its second. */
  readonly firstSignAt: number | undefined;
  /** While there is a doubt: when it has to be settled. */
  readonly verdictBy: number | undefined;
  readonly lastTryAt: number | undefined;
  readonly everReached: boolean;
}

/**
 * `answered`: a good answer. `version`: to a question that needs no rights, so it heals the way there but neither a refusal by Argo CD nor a
 * trouble inside it; `rights`: to one that needs them. `failed`: a probe, a list or the opening of a stream failed; `startedAt`: when that
 * question went out, `afterVersion`: a moment after the probe had answered, which alone decides about the way. `streamCut`: a live stream
 * ended. `streamSilent`: it sent nothing for 45 s. `idle`: an opened stream has no first byte yet, which means nothing. `returnReported`: a
 * sibling or the account's API says that it may be back; try at `probeAt`. `downReported`: the account's API says that it is gone; look at
 * once. `credentialsChanged`: what was refused may be accepted now.
 */
export type ConnectionEvent =
  | { readonly kind: 'answered'; readonly proof: 'version' | 'rights' }
  | ConnectionFailed
  | { readonly kind: 'streamCut' | 'streamSilent' | 'idle' | 'downReported' | 'credentialsChanged' }
  | { readonly kind: 'returnReported'; readonly probeAt: number };

/** See {@link ConnectionEvent}. */
export interface ConnectionFailed {
  readonly kind: 'failed';
  readonly failure: EdgeFailure;
  readonly startedAt?: number;
  readonly afterVersion?: boolean;
}
/** An edge that nobody has asked yet: never reached, to be tried at once. */
export function newConnection(now: number): EdgeConnection {
  return {
    connection: 'NeverReached', since: now, failure: undefined, attempts: 0, nextProbeAt: now,
    firstSignAt: undefined, verdictBy: undefined, lastTryAt: undefined, everReached: false,
  }; // prettier-ignore
}

/** An edge as it was last known, after a restart of ours: tried at once, and what was wrong stays wrong until an answer says otherwise. */
export function restoredConnection(connection: Connection, since: number, now: number): EdgeConnection {
  return { ...newConnection(now), connection, since, everReached: connection === 'Reachable' || connection === 'OutOfReach' };
}

/** The state after an event. `chance` in [0, 1) spreads the tries of many edges. The same state comes back where nothing changes. */
export function nextConnection(state: EdgeConnection, event: ConnectionEvent, now: number, chance: number): EdgeConnection {
  switch (event.kind) {
    case 'answered':
      return afterAnswer(state, event.proof, now);
    case 'failed':
      return afterFailure(state, event, now, chance);
    case 'idle':
      return state;
    case 'streamCut':
      return doubted(tryIn(state, now, betweenMs(...CONNECTION_TIMES.reopenMs, chance)), now + CONNECTION_TIMES.verdictMs);
    case 'credentialsChanged':
      return { ...tryIn(state, now, 0), attempts: 0 };
    case 'returnReported':
      return isAway(state) ? tryIn(state, now, event.probeAt - now) : state;
    default:
      return isAway(state) || state.connection === 'Refused' ? state : lookAtOnce(state, event.kind, now);
  }
}

const isAway = ({ connection }: EdgeConnection): boolean => connection === 'OutOfReach' || connection === 'NeverReached';

/** Silence of a stream is a first sign; the word of the account's API is none. Both are looked into without waiting. */
const lookAtOnce = (state: EdgeConnection, kind: 'streamSilent' | 'downReported', now: number): EdgeConnection => ({
  ...(kind === 'streamSilent' ? doubted(state, now + CONNECTION_TIMES.probeDeadlineMs) : state),
  firstSignAt: kind === 'streamSilent' ? (state.firstSignAt ?? now) : state.firstSignAt,
  nextProbeAt: now,
});

/** A doubt does not get older by another one. Only what is reachable can be doubted. */
const doubted = (state: EdgeConnection, verdictBy: number): EdgeConnection =>
  state.connection === 'Reachable' ? { ...state, verdictBy: state.verdictBy ?? verdictBy } : state;

/**
 * How long a try that begins now may take. One that may mark the edge shares its time with the other, but an edge that is always slow
 * (`usualMs`) gets what it needs, up to the deadline of any probe.
 */
export function probePatienceMs({ verdictBy, firstSignAt }: EdgeConnection, usualMs: number | undefined, now: number): number {
  const { probeDeadlineMs, leastPatienceMs, secondTryMs } = CONNECTION_TIMES;
  if (verdictBy === undefined) return probeDeadlineMs;
  const shareMs = verdictBy - now - (firstSignAt === undefined ? secondTryMs[0] : 0);
  return Math.min(probeDeadlineMs, Math.max(shareMs, leastPatienceMs, 3 * (usualMs ?? 0)));
}

/** Never later than what is already owed, and never sooner after the last try than an edge may be asked. */
function tryIn(state: EdgeConnection, now: number, delayMs: number): EdgeConnection {
  const earliest = state.lastTryAt === undefined ? now : state.lastTryAt + CONNECTION_TIMES.minBetweenTriesMs;
  const wanted = Math.max(now + Math.max(delayMs, 0), earliest);
  return { ...state, nextProbeAt: Math.min(wanted, state.nextProbeAt ?? Infinity) };
}

/** Rows of Argo CD's own refusals: only an answer that needs rights takes them back. */
const NEEDS_RIGHTS: ReadonlySet<FailureRow> = new Set<FailureRow>([22, 23, 39]);

function afterAnswer(state: EdgeConnection, proof: 'version' | 'rights', now: number): EdgeConnection {
  const refusedByArgocd = state.connection === 'Refused' && state.failure !== undefined && NEEDS_RIGHTS.has(state.failure.row);
  if (proof === 'version' && refusedByArgocd)
    return { ...notBefore(state, now + CONNECTION_TIMES.refused.baseMs / 2), firstSignAt: undefined, verdictBy: undefined, lastTryAt: now };
  if (isPlainlyWell(state)) return state;
  const keepsReason = proof === 'version' && state.connection === 'Reachable';
  return {
    connection: 'Reachable',
    since: state.connection === 'Reachable' ? state.since : now,
    failure: keepsReason ? state.failure : undefined,
    attempts: 0,
    nextProbeAt: undefined,
    firstSignAt: undefined,
    verdictBy: undefined,
    lastTryAt: now,
    everReached: true,
  };
}

/** Nothing to change by one more good answer: this is asked with every event of every stream. */
const isPlainlyWell = ({ connection, failure, attempts, nextProbeAt, firstSignAt, verdictBy }: EdgeConnection): boolean =>
  connection === 'Reachable' && failure === undefined && attempts === 0 && (nextProbeAt ?? firstSignAt ?? verdictBy) === undefined;

function afterFailure(
  state: EdgeConnection,
  { failure, startedAt, afterVersion }: ConnectionFailed,
  now: number,
  chance: number,
): EdgeConnection {
  const { effect } = failureRow(failure.row);
  switch (effect) {
    case 'silent': return afterSilentRow(state, failure, now, chance);
    case 'reachable': return afterArgocdSpoke(state, failure, now, chance);
    case 'refusedAtOnce': return afterRefusal(state, failure, now, chance);
    case 'outOfReachAfterTwo':
      return afterVersion === true ? afterProbeAlone(state, failure, now, chance) : afterSign(state, failure, { now, startedAt: startedAt ?? now }, chance);
    default: return effect satisfies never;
  } // prettier-ignore
}

/** A try that is owed and was just made, without changing anything, is owed later. */
const notBefore = (state: EdgeConnection, earliest: number): EdgeConnection =>
  state.nextProbeAt === undefined || state.nextProbeAt >= earliest ? state : { ...state, nextProbeAt: earliest };

/** The end of a stream opens it again; the other silent rows are the client's business and change nothing. */
function afterSilentRow(state: EdgeConnection, failure: EdgeFailure, now: number, chance: number): EdgeConnection {
  if (failure.row === 35) return tryIn(state, now, betweenMs(...CONNECTION_TIMES.reopenMs, chance));
  return notBefore(state, now + CONNECTION_TIMES.minBetweenTriesMs);
}

function afterArgocdSpoke(state: EdgeConnection, failure: EdgeFailure, now: number, chance: number): EdgeConnection {
  return {
    connection: 'Reachable',
    since: state.connection === 'Reachable' ? state.since : now,
    failure,
    attempts: state.attempts + 1,
    nextProbeAt: now + probeDelayMs(state.attempts, failure, chance),
    firstSignAt: undefined,
    verdictBy: undefined,
    lastTryAt: now,
    everReached: true,
  };
}

/** The probe has just answered and what followed has not: reachable, with the reason. Looked at again as soon as a first sign would be. */
function afterProbeAlone(state: EdgeConnection, failure: EdgeFailure, now: number, chance: number): EdgeConnection {
  const spoken = afterArgocdSpoke(state, failure, now, chance);
  return state.attempts > 0 ? spoken : { ...spoken, nextProbeAt: now + betweenMs(...CONNECTION_TIMES.secondTryMs, chance) };
}

function afterRefusal(state: EdgeConnection, failure: EdgeFailure, now: number, chance: number): EdgeConnection {
  const again = state.connection === 'Refused';
  const attempts = again ? state.attempts + 1 : 1;
  const ceilingMs = backOffCeilingMs(CONNECTION_TIMES.refused, attempts - 1);
  return {
    connection: 'Refused',
    since: again ? state.since : now,
    failure,
    attempts,
    nextProbeAt: now + betweenMs(ceilingMs / 2, ceilingMs, chance),
    firstSignAt: undefined,
    verdictBy: undefined,
    lastTryAt: now,
    everReached: state.everReached,
  };
}

interface Try {
  readonly now: number;
  readonly startedAt: number;
}

function afterSign(state: EdgeConnection, failure: EdgeFailure, { now, startedAt }: Try, chance: number): EdgeConnection {
  const tried = { ...state, attempts: state.attempts + 1, lastTryAt: now };
  if (isAway(state)) {
    return { ...tried, failure, nextProbeAt: now + probeDelayMs(Math.max(state.attempts - 1, 0), failure, chance) };
  }
  if (state.firstSignAt === undefined) {
    const { verdictMs, leastPatienceMs, secondTryMs } = CONNECTION_TIMES;
    const verdictBy = state.verdictBy ?? startedAt + verdictMs;
    const wanted = Math.min(startedAt + betweenMs(...secondTryMs, chance), verdictBy - leastPatienceMs);
    return { ...tried, firstSignAt: now, verdictBy, nextProbeAt: Math.max(wanted, startedAt + secondTryMs[0], now) };
  }
  return {
    ...tried,
    connection: state.everReached ? 'OutOfReach' : 'NeverReached',
    since: state.firstSignAt,
    failure,
    attempts: 2,
    nextProbeAt: now + probeDelayMs(0, failure, chance),
    firstSignAt: undefined,
    verdictBy: undefined,
  };
}

/**
 * Full jitter under a doubling ceiling, but never sooner than an edge may be asked, nor than a limit of requests says. What other errors say
 * of waiting is not about probes: a tunnel that is down names two minutes, and may be back in ten seconds.
 */
function probeDelayMs(attempts: number, failure: EdgeFailure, chance: number): number {
  const { probe, minBetweenTriesMs } = CONNECTION_TIMES;
  const { rule } = failureRow(failure.row).retry;
  const waitMs = rule === 'slowProbe' ? betweenMs(probe.capMs / 2, probe.capMs, chance) : fullJitterMs(probe, attempts, chance);
  return Math.max(waitMs, minBetweenTriesMs, rule === 'afterRetryAfter' ? (failure.retryAfterMs ?? 0) : 0);
}
