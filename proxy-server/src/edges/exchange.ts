/**
 * One HTTP exchange with an edge, over undici's `dispatch`: no stream objects, no promises per chunk, so that ten thousand open ones stay
 * cheap. It follows no redirect, keeps no cookie, retries nothing and judges nothing; it tells its listener what comes, and once how it
 * ended. All patience but the dialing is measured on the timers we are given.
 */
import type { Dispatcher } from 'undici';
import type { AnswerHeaders, Asked, TransportPhase } from '../domain/failure.ts';
import type { Cancel, Clock, Timers } from '../ports/runtime.ts';
import { brokeInHandshake } from './dialer.ts';
import type { Socket } from './edge-sockets.ts';
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
  /** How much may come at once, and for each second after that; more waits in the network. Absent: no bound. */
  readonly pace?: { readonly burstBytes: number; readonly perSecond: number };
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
  rawHeaders?: unknown;
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
}

const MISDIRECTED = 421;
const ABORTED = new Error('aborted by us');
const NOTHING_TO_CANCEL: Cancel = () => undefined;

export const askedOf = (route: EdgeRoute, request: Pick<ExchangeRequest, 'method' | 'path' | 'headers' | 'stream'>): Asked => ({
  connector: route.kind,
  host: route.host,
  method: request.method,
  path: route.pathPrefix + request.path,
  accept: request.headers['accept'] ?? '*/*',
  stream: request.stream,
});

/** The part of a route that an exchange needs. */
export type Way = Pick<EdgeRoute, 'sockets' | 'origin' | 'pathPrefix'>;

/** Starts it; nothing is told before this returns. */
export function startExchange(way: Way, request: ExchangeRequest, listener: ExchangeListener, ticking: Ticking): Exchange {
  const exchange = new RunningExchange(way, request, listener, ticking);
  exchange.dispatch();
  return exchange;
}

/** Is undici's handler itself: there are as many of these as open streams. */
class RunningExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly #way: Way;
  readonly #request: ExchangeRequest;
  readonly #listener: ExchangeListener;
  readonly #ticking: Ticking;
  readonly #startedAt: number;
  readonly #connectionsBefore: number;
  readonly #socket: Socket;
  #phase: TransportPhase = 'connect';
  #controller: Controller | undefined;
  #lastByteAt: number;
  #bytes = 0;
  #done = false;
  #starting = true;
  /** The connection belongs to another name: it is not used again. */
  #misdirected = false;
  /** Bytes over the allowance, as of the last byte. */
  #debt = 0;
  #cancelPause: Cancel = NOTHING_TO_CANCEL;
  #cancelPatience: Cancel = NOTHING_TO_CANCEL;
  #cancelOverall: Cancel = NOTHING_TO_CANCEL;

  constructor(way: Way, request: ExchangeRequest, listener: ExchangeListener, ticking: Ticking) {
    this.#way = way;
    this.#request = request;
    this.#listener = listener;
    this.#ticking = ticking;
    this.#startedAt = ticking.clock.now();
    this.#lastByteAt = this.#startedAt;
    this.#connectionsBefore = way.sockets.connections();
    this.#socket = way.sockets.take();
  }

  dispatch(): void {
    const { timers } = this.#ticking;
    const { method, path, headers, body, headersMs, overallMs } = this.#request;
    this.#cancelPatience = timers.after(headersMs, () => this.#outOfPatience());
    if (overallMs !== undefined) this.#cancelOverall = timers.after(overallMs, () => this.#outOfPatience());
    const { origin, pathPrefix } = this.#way;
    this.#socket.dispatcher.dispatch({ origin, path: pathPrefix + path, method, headers, ...(body === undefined ? {} : { body }) }, this);
    this.#starting = false;
  }

  abort(): void {
    this.#finish(undefined);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    this.#phase = 'headers';
    if (this.#done) controller.abort(ABORTED);
  }

  onResponseStart(controller: Controller, status: number, headers: AnswerHeaders): void {
    controller.rawHeaders = null; // slices that would keep the whole first chunk alive as long as the stream
    if (this.#done || status < 200) return;
    this.#phase = 'body';
    this.#misdirected = status === MISDIRECTED;
    this.#lastByteAt = this.#ticking.clock.now();
    this.#cancelPatience();
    this.#watchSilence(this.#request.idleMs);
    this.#listener.onHead(status, headers);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#done) return;
    const now = this.#ticking.clock.now();
    this.#slowDown(controller, chunk.length, now - this.#lastByteAt);
    this.#lastByteAt = now;
    this.#bytes += chunk.length;
    this.#listener.onData(chunk);
  }

  onResponseEnd(): void {
    this.#finish({ kind: 'whole', bytes: this.#bytes });
  }

  onResponseError(_controller: unknown, thrown: unknown): void {
    const phase = this.#phase === 'connect' ? openingPhase(thrown) : this.#phase;
    const reusedSocket = this.#phase !== 'connect' && this.#way.sockets.connections() === this.#connectionsBefore;
    this.#finish({ kind: 'transport', code: transportCode(thrown), phase, reusedSocket, bytes: this.#bytes });
  }

  /** undici reports some errors before `dispatch` returns; the listener hears of none before it knows its exchange. */
  #finish(end: ExchangeEnd | undefined): void {
    if (this.#starting) return queueMicrotask(() => this.#finish(end));
    if (this.#done) return;
    this.#done = true;
    this.#cancelPatience();
    this.#cancelOverall();
    this.#cancelPause();
    const whole = end?.kind === 'whole';
    if (!whole) this.#controller?.abort(ABORTED);
    this.#socket.release(whole && !this.#misdirected);
    if (end !== undefined) this.#listener.onEnd(end);
  }

  #outOfPatience(): void {
    const from = this.#phase === 'body' ? this.#lastByteAt : this.#startedAt;
    this.#finish({ kind: 'deadline', phase: this.#phase, afterMs: this.#ticking.clock.now() - from, bytes: this.#bytes });
  }

  /** Bytes are owed and paid back by time; who owes more than the burst waits until it is paid. */
  #slowDown(controller: Controller, bytes: number, sinceMs: number): void {
    const { pace } = this.#request;
    if (pace === undefined) return;
    this.#debt = Math.max(0, this.#debt - (sinceMs / 1_000) * pace.perSecond) + bytes;
    if (this.#debt <= pace.burstBytes) return;
    const waitMs = Math.min(((this.#debt - pace.burstBytes) / pace.perSecond) * 1_000, this.#request.idleMs / 2);
    controller.pause();
    this.#cancelPause = this.#ticking.timers.after(waitMs, () => controller.resume());
  }

  /** One timer for the silence of a body, wound up again for the rest when bytes have come meanwhile. */
  #watchSilence(waitMs: number): void {
    const { clock, timers } = this.#ticking;
    this.#cancelPatience = timers.after(waitMs, () => {
      const leftMs = this.#lastByteAt + this.#request.idleMs - clock.now();
      if (leftMs <= 0) this.#outOfPatience();
      else this.#watchSilence(leftMs);
    });
  }
}

const textOf = (thrown: unknown, key: 'code' | 'name' | 'syscall' | 'message'): string | undefined => {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const value: unknown = Reflect.get(thrown, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const causeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'cause' in thrown ? thrown.cause : undefined;

/** Node has codes for some of OpenSSL's complaints about certificates only; the words of the others are as good: `CERT_EE_KEY_TOO_WEAK`. */
const certificateCode = (message: string): string => `CERT_${message.slice(0, 80).replace(/\W+/g, '_').toUpperCase()}`;

/** The most telling code: undici's own wrapper says less than the error of the socket that it wraps. */
function transportCode(thrown: unknown): string {
  const own = textOf(thrown, 'code');
  if (own === 'UNSPECIFIED') return certificateCode(textOf(thrown, 'message') ?? '');
  const inner = textOf(causeOf(thrown), 'code');
  if (own === 'UND_ERR_SOCKET' && inner !== undefined) return inner;
  return own ?? inner ?? textOf(thrown, 'name') ?? 'unknown';
}

const isLookup = (thrown: unknown): boolean => /^(getaddrinfo|query)/.test(textOf(thrown, 'syscall') ?? '');

function openingPhase(thrown: unknown): TransportPhase {
  if (isLookup(thrown)) return 'dns';
  return brokeInHandshake(thrown) ? 'tls' : 'connect';
}
