/**
 * One question to one edge, one Result. What it promises: HTML is never parsed as JSON; a body is bounded, and consumed or dropped with its
 * socket; a truncated answer is a failure, never data; redirects are not followed and cookies not kept. It retries in two cases only, both
 * invisible to the edge's state: a kept socket that the other side had closed or made for another name (rows 33 and 21, once, on a new one),
 * and a service token that Access refuses while a second one is configured (rows 14-16, once with the other). Everything else is for the loops to repeat.
 */
import { classify, makeFailure } from '../domain/classify.ts';
import { failureRow, isRefusedByAccess } from '../domain/failure-table.ts';
import type { AnswerHeaders, Asked, EdgeFailure, Outcome } from '../domain/failure.ts';
import type { EdgeId } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { Runtime } from '../ports/runtime.ts';
import {
  complaintText,
  createBodyBudget,
  createBodyCollector,
  createComplaintCollector,
  decodeBody,
  encodingsOf,
  type BodyBudget,
  type BodyCollector,
} from './body.ts';
import { askedOf, startExchange, type ExchangeEnd, type ExchangeRequest } from './exchange.ts';
import { createSlots, type Slots } from './slots.ts';
import { parseJsonObject } from './json-object.ts';
import type { EdgeLimits } from './limits.ts';
import { createRequestMeter, type RequestMeter } from './request-meter.ts';
import type { EdgeRoute, TokenKind } from './route.ts';

export interface Question {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the edge's URL, with query. */
  readonly path: string;
  readonly body?: unknown;
  readonly token: TokenKind;
  /** For headers; default is the limit for unary requests. */
  readonly timeoutMs?: number;
  /** For all of it; default is the limit for unary requests. */
  readonly overallMs?: number;
  /** Of the answer, decoded; default is the limit for any body. */
  readonly maxBytes?: number;
  /** False for an answer that is small: packing it costs both sides more than its bytes. Default is true. */
  readonly compressed?: boolean;
  /** Short word for metrics: `probe`, `list`, `call`. */
  readonly operation: string;
  /** The first questions of a watch are paced by the fleet, not by the slots of ordinary requests. */
  readonly outsideSlots?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: unknown;
}

export interface EdgeClient {
  ask(route: EdgeRoute, question: Question): Promise<Result<Answer, EdgeFailure>>;
  /** A request that is counted elsewhere made: streams. */
  counted(edge: EdgeId): void;
  requestsLastMinute(edge: EdgeId): number;
  readonly inFlight: number;
  forget(edge: EdgeId): void;
}

/** What classification needs to see of a body. */
const PREFIX_CHARS = 65_536;

interface Head {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

interface Raw {
  readonly head: Head | undefined;
  readonly bytes: Buffer;
  readonly tooLarge: boolean;
  readonly end: ExchangeEnd | undefined;
  /** The bytes are not needed any more. */
  release(): void;
}

/** Asks edges bounded questions: a Result each, never a throw; repeats only what went out on a stale socket. */
export function createEdgeClient(limits: EdgeLimits, runtime: Runtime): EdgeClient {
  return new Client(limits, runtime);
}

class Client implements EdgeClient {
  readonly #limits: EdgeLimits;
  readonly #runtime: Runtime;
  readonly #fleetSlots: Slots;
  readonly #edgeSlots = new Map<EdgeId, Slots>();
  readonly #meter: RequestMeter;
  readonly #budget: BodyBudget;

  constructor(limits: EdgeLimits, runtime: Runtime) {
    this.#limits = limits;
    this.#runtime = runtime;
    this.#fleetSlots = createSlots(limits.maxUnaryOverFleet);
    this.#meter = createRequestMeter(runtime.clock);
    this.#budget = createBodyBudget(limits.maxBodiesBytes);
  }

  get inFlight(): number {
    return this.#fleetSlots.inFlight;
  }

  async ask(route: EdgeRoute, question: Question): Promise<Result<Answer, EdgeFailure>> {
    if (question.outsideSlots === true) return this.#measured(route, question);
    const leaveEdge = await this.#slotsOf(route.edge).take();
    const leaveFleet = await this.#fleetSlots.take();
    try {
      return await this.#measured(route, question);
    } finally {
      leaveFleet();
      leaveEdge();
    }
  }

  counted(edge: EdgeId): void {
    this.#meter.count(edge);
  }

  requestsLastMinute(edge: EdgeId): number {
    return this.#meter.lastMinute(edge);
  }

  forget(edge: EdgeId): void {
    this.#edgeSlots.delete(edge);
    this.#meter.forget(edge);
  }

  #slotsOf(edge: EdgeId): Slots {
    const found = this.#edgeSlots.get(edge) ?? createSlots(this.#limits.maxUnaryPerEdge);
    this.#edgeSlots.set(edge, found);
    return found;
  }

  async #measured(route: EdgeRoute, question: Question): Promise<Result<Answer, EdgeFailure>> {
    const { clock, metrics } = this.#runtime;
    const startedAt = clock.now();
    const result = await this.#twiceAtMost(route, question);
    metrics.count('edge_requests', { operation: question.operation, outcome: result.ok ? 'ok' : result.error.kind });
    metrics.observe('edge_request', { operation: question.operation }, (clock.now() - startedAt) / 1_000);
    return result;
  }

  /** Once, or twice in the two cases at the top of this file. */
  async #twiceAtMost(route: EdgeRoute, question: Question): Promise<Result<Answer, EdgeFailure>> {
    const credential = route.credential();
    const first = await this.#once(route, question);
    if (first.ok) return first;
    const { row } = first.error;
    if (failureRow(row).effect === 'silent') this.#runtime.metrics.count('silent_rows', { row: String(row) });
    if ((row === 33 || row === 21) && question.method === 'GET') return this.#once(route, question);
    if (!isRefusedByAccess(row) || !route.tryOtherCredential(credential)) return first;
    const second = await this.#once(route, question);
    if (!second.ok) route.tryOtherCredential(route.credential()); // neither works: the first stays the one to try
    return second;
  }

  async #once(route: EdgeRoute, question: Question): Promise<Result<Answer, EdgeFailure>> {
    const headers = route.headers(question.token);
    if (headers === undefined) return err(makeFailure(22, { sign: `no ${question.token} token is configured`, detail: 'missing' }));
    const request = requestOf(question, headers, this.#limits);
    this.#meter.count(route.edge);
    const maxBytes = question.maxBytes ?? this.#limits.maxBodyBytes;
    const raw = await exchange(route, request, createBodyCollector(maxBytes, this.#budget), this.#runtime);
    try {
      return await judge(askedOf(route, request), raw, maxBytes);
    } finally {
      raw.release();
    }
  }
}

function requestOf(question: Question, headers: Readonly<Record<string, string>>, limits: EdgeLimits): ExchangeRequest {
  const json = question.method === 'GET' ? {} : { 'content-type': 'application/json' }; // exactly so: a charset is answered 415
  return {
    method: question.method,
    path: question.path,
    headers: { ...headers, accept: 'application/json', 'accept-encoding': question.compressed === false ? 'identity' : 'gzip', ...json },
    ...(question.body === undefined ? {} : { body: JSON.stringify(question.body) }),
    stream: false,
    headersMs: question.timeoutMs ?? limits.headersMs,
    idleMs: limits.bodyIdleMs,
    overallMs: question.overallMs ?? Math.max(limits.overallMs, question.timeoutMs ?? 0),
  };
}

/** Runs the exchange to its end. The body of an error is read as far as classification looks, the rest is dropped with its socket. */
function exchange(route: EdgeRoute, request: ExchangeRequest, body: BodyCollector, runtime: Runtime): Promise<Raw> {
  return new Promise((resolve) => {
    let head: Raw['head'];
    let collector = body;
    let stop: () => void = () => undefined;
    const settle = (end: ExchangeEnd | undefined, tooLarge = false): void =>
      resolve({ head, bytes: collector.bytes(), tooLarge, end, release: () => collector.release() });
    const listener = {
      onHead(status: number, headers: AnswerHeaders): void {
        head = { status, headers };
        if (!isGood(status)) collector = createComplaintCollector();
      },
      onData(chunk: Buffer): void {
        if (collector.add(chunk)) return;
        stop();
        settle(undefined, true);
      },
      onEnd: (end: ExchangeEnd): void => settle(end),
    };
    const running = startExchange(route, request, listener, runtime);
    stop = () => running.abort();
  });
}

const isGood = (status: number): boolean => status >= 200 && status < 300;

async function judge(asked: Asked, raw: Raw, maxBodyBytes: number): Promise<Result<Answer, EdgeFailure>> {
  const { head } = raw;
  if (head === undefined) return failed(outcomeOf(asked, raw.end));
  const broken = isGood(head.status) ? brokenOff(asked, raw) : undefined; // the start of an error is enough
  if (broken !== undefined) return err(strangerOf(asked, head, raw.bytes) ?? failureOf(broken));
  if (!isGood(head.status)) {
    return judgeText(asked, head, await complaintText(raw.bytes, head.headers));
  }
  const body = await decodeBody(raw.bytes, head.headers, maxBodyBytes);
  if (body.kind === 'tooLarge') return failed(tooLarge(asked, raw.bytes.length));
  if (body.kind === 'broken') return err(makeFailure(34, { sign: `${head.status} with ${body.sign}`, status: head.status }));
  return judgeText(asked, head, body.text);
}

/** The end of an answer that is not whole. */
function brokenOff(asked: Asked, { tooLarge: cut, bytes, end }: Raw): Outcome | undefined {
  if (cut) return tooLarge(asked, bytes.length);
  return end === undefined || end.kind === 'whole' ? undefined : outcomeOf(asked, end);
}

/** A web page is one, however much of it came: an endless or broken one says who answered, not how. */
function strangerOf(asked: Asked, head: Head, bytes: Buffer): EdgeFailure | undefined {
  const readable = encodingsOf(head.headers).length === 0;
  const bodyPrefix = readable ? bytes.subarray(0, PREFIX_CHARS).toString('utf8') : '';
  return classify({ kind: 'response', asked, ...head, bodyPrefix });
}

function judgeText(asked: Asked, head: Head, text: string): Result<Answer, EdgeFailure> {
  const parsed = parseJsonObject(text);
  const response = { kind: 'response', asked, ...head, bodyPrefix: text.slice(0, PREFIX_CHARS) } as const;
  const failure = classify(parsed === undefined ? { ...response, bodyComplete: true } : response);
  if (failure !== undefined) return err(failure);
  if (parsed === undefined) return err(makeFailure(27, { sign: `${head.status} with JSON of another shape`, status: head.status }));
  return ok({ ...head, body: parsed });
}

const failureOf = (outcome: Outcome): EdgeFailure => classify(outcome) ?? makeFailure(42, { sign: 'an end without a sign' });
const failed = (outcome: Outcome): Result<never, EdgeFailure> => err(failureOf(outcome));

const tooLarge = (asked: Asked, bytesReceived: number): Outcome => ({
  kind: 'transport',
  asked,
  code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  phase: 'body',
  reusedSocket: false,
  bytesReceived,
});

/** The end of an exchange as classification wants it. */
export function outcomeOf(asked: Asked, end: ExchangeEnd | undefined): Outcome {
  if (end === undefined || end.kind === 'whole') return { kind: 'ended', asked, bytesReceived: end?.bytes ?? 0 };
  if (end.kind === 'deadline') return { kind: 'deadline', asked, phase: end.phase, afterMs: end.afterMs };
  return { kind: 'transport', asked, code: end.code, phase: end.phase, reusedSocket: end.reusedSocket, bytesReceived: end.bytes };
}
