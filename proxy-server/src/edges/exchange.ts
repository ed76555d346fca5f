/**
 * One HTTP exchange with an edge, over undici's `dispatch`: no stream objects, no promises per chunk, so that ten thousand open ones stay
 * cheap. It follows no redirect, keeps no cookie, retries nothing and judges nothing; it tells its listener what comes, and once how it
 * ended. All patience but the dialing is measured on the timers we are given.
 */
import type { AnswerHeaders, Asked, TransportPhase } from '../domain/failure.ts';
import type { Cancel, Clock, Timers } from '../ports/runtime.ts';
import type { EdgeRoute } from './route.ts';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the edge's URL, with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly stream: boolean;
  readonly headersMs: number;
  /** Longest silence within the body. */
  readonly idleMs: number;
  readonly overallMs?: number;
}

/** How it ended, if not by our own `abort`. `whole`: the body came to its proper end. */
export type ExchangeEnd =
  | { readonly kind: 'whole'; readonly bytes: number }
  | {
      readonly kind: 'transport';
      readonly code: string;
      readonly phase: TransportPhase;
      readonly reusedSocket: boolean;
      readonly bytes: number;
    }
  | { readonly kind: 'deadline'; readonly phase: TransportPhase; readonly afterMs: number; readonly bytes: number };

export interface ExchangeListener {
  onHead(status: number, headers: AnswerHeaders): void;
  onData(chunk: Buffer): void;
  /** Once, and nothing after it; never after `abort`. */
  onEnd(end: ExchangeEnd): void;
}

export interface Exchange {
  /** Ends it without a word; the socket is not used again. */
  abort(): void;
}

export interface Ticking {
  readonly clock: Clock;
  readonly timers: Timers;
}

interface Controller {
  abort(reason: Error): void;
}

const ABORTED = new Error('aborted by us');

export const askedOf = (route: EdgeRoute, request: Pick<ExchangeRequest, 'method' | 'path' | 'headers' | 'stream'>): Asked => ({
  connector: route.kind,
  host: route.host,
  method: request.method,
  path: route.pathPrefix + request.path,
  accept: request.headers['accept'] ?? '*/*',
  stream: request.stream,
});

/** The part of a route that an exchange needs. */
export type Way = Pick<EdgeRoute, 'dispatcher' | 'origin' | 'pathPrefix' | 'connections'>;

/** Starts it; nothing is told before this returns. */
export function startExchange(route: Way, request: ExchangeRequest, listener: ExchangeListener, { clock, timers }: Ticking): Exchange {
  const startedAt = clock.now();
  const connectionsBefore = route.connections();
  let phase: TransportPhase = 'connect';
  let controller: Controller | undefined;
  let lastByteAt = startedAt;
  let bytes = 0;
  let done = false;
  let starting = true;
  let cancelTimer: Cancel = () => undefined;
  let cancelOverall: Cancel = () => undefined;

  /** undici reports some errors before `dispatch` returns; the listener hears of none before it knows its exchange. */
  const finish = (end: ExchangeEnd | undefined): void => {
    if (starting) return queueMicrotask(() => finish(end));
    if (done) return;
    done = true;
    cancelTimer();
    cancelOverall();
    if (end?.kind !== 'whole') controller?.abort(ABORTED);
    if (end !== undefined) listener.onEnd(end);
  };
  const outOfPatience = (): void =>
    finish({ kind: 'deadline', phase, afterMs: clock.now() - (phase === 'body' ? lastByteAt : startedAt), bytes });
  /** One timer for the silence of a body, wound up again for the rest when bytes have come meanwhile. */
  const watchSilence = (waitMs: number): void => {
    cancelTimer = timers.after(waitMs, () => {
      const leftMs = lastByteAt + request.idleMs - clock.now();
      if (leftMs <= 0) outOfPatience();
      else watchSilence(leftMs);
    });
  };
  cancelTimer = timers.after(request.headersMs, outOfPatience);
  if (request.overallMs !== undefined) {
    cancelOverall = timers.after(request.overallMs, () => finish({ kind: 'deadline', phase, afterMs: request.overallMs ?? 0, bytes }));
  }

  route.dispatcher.dispatch(
    {
      origin: route.origin,
      path: route.pathPrefix + request.path,
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
    },
    {
      onRequestStart(started) {
        controller = started;
        phase = 'headers';
        if (done) started.abort(ABORTED);
      },
      onResponseStart(_controller, status, headers) {
        if (done || status < 200) return;
        phase = 'body';
        lastByteAt = clock.now();
        cancelTimer();
        watchSilence(request.idleMs);
        listener.onHead(status, headers);
      },
      onResponseData(_controller, chunk) {
        if (done) return;
        lastByteAt = clock.now();
        bytes += chunk.length;
        listener.onData(chunk);
      },
      onResponseEnd: () => finish({ kind: 'whole', bytes }),
      onResponseError(_controller, thrown) {
        const code = transportCode(thrown);
        const where = phase === 'connect' && isLookup(thrown) ? 'dns' : phase;
        const reusedSocket = phase !== 'connect' && route.connections() === connectionsBefore;
        finish({ kind: 'transport', code, phase: where, reusedSocket, bytes });
      },
    },
  );
  starting = false;
  return { abort: () => finish(undefined) };
}

const textOf = (thrown: unknown, key: 'code' | 'name' | 'syscall'): string | undefined => {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const value: unknown = Reflect.get(thrown, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The most telling code: undici's own wrapper says less than the error of the socket that it wraps. */
function transportCode(thrown: unknown): string {
  const cause: unknown = typeof thrown === 'object' && thrown !== null && 'cause' in thrown ? thrown.cause : undefined;
  const own = textOf(thrown, 'code');
  const inner = textOf(cause, 'code');
  if (own === 'UND_ERR_SOCKET' && inner !== undefined) return inner;
  return own ?? inner ?? textOf(thrown, 'name') ?? 'unknown';
}

const isLookup = (thrown: unknown): boolean => /^(getaddrinfo|query)/.test(textOf(thrown, 'syscall') ?? '');
