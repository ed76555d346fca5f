/**
 * One question to one edge, one Result. What it promises: HTML is never parsed as JSON; a body is bounded, and consumed or dropped with its
 * socket; a truncated answer is a failure, never data; redirects are not followed and cookies not kept. It retries in two cases only, both
 * invisible to the edge's state: a kept socket that the other side had closed (row 33, once, on a new one), and a service token that Access
 * refuses while a second one is configured (rows 14-16, once with the other). Everything else is for the loops to repeat.
 */
import { classify, makeFailure } from '../domain/classify.ts';
import type { AnswerHeaders, EdgeFailure, Outcome } from '../domain/failure.ts';
import type { EdgeId } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { Runtime } from '../ports/runtime.ts';
import { createBodyCollector, decodeBody } from './body.ts';
import { askedOf, startExchange, type ExchangeEnd, type ExchangeRequest } from './exchange.ts';
import { createSlots, type Slots } from './fan-out.ts';
import type { EdgeLimits } from './limits.ts';
import { createRequestMeter } from './request-meter.ts';
import type { EdgeRoute, TokenKind } from './route.ts';

export interface Question {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the edge's URL, with query. */
  readonly path: string;
  readonly body?: unknown;
  readonly token: TokenKind;
  /** For headers; default is the limit for unary requests. */
  readonly timeoutMs?: number;
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
const ERROR_BODY_BYTES = 65_536;

interface Raw {
  readonly head: { readonly status: number; readonly headers: AnswerHeaders } | undefined;
  readonly bytes: Buffer;
  readonly tooLarge: boolean;
  readonly end: ExchangeEnd | undefined;
}

export function createEdgeClient(limits: EdgeLimits, runtime: Runtime): EdgeClient {
  const fleetSlots = createSlots(limits.maxUnaryOverFleet);
  const edgeSlots = new Map<EdgeId, Slots>();
  const meter = createRequestMeter(runtime.clock);

  const slotsOf = (edge: EdgeId): Slots => {
    const found = edgeSlots.get(edge) ?? createSlots(limits.maxUnaryPerEdge);
    edgeSlots.set(edge, found);
    return found;
  };

  const requestOf = (route: EdgeRoute, question: Question): ExchangeRequest | undefined => {
    const headers = route.headers(question.token);
    if (headers === undefined) return undefined;
    const json = question.method === 'GET' ? {} : { 'content-type': 'application/json' }; // exactly so: a charset is answered 415
    return {
      method: question.method,
      path: question.path,
      headers: { ...headers, accept: 'application/json', 'accept-encoding': 'gzip', ...json },
      ...(question.body === undefined ? {} : { body: JSON.stringify(question.body) }),
      stream: false,
      headersMs: question.timeoutMs ?? limits.headersMs,
      idleMs: limits.bodyIdleMs,
      overallMs: Math.max(limits.overallMs, question.timeoutMs ?? 0),
    };
  };

  const once = async (route: EdgeRoute, request: ExchangeRequest): Promise<Result<Answer, EdgeFailure>> => {
    meter.count(route.edge);
    return judge(route, request, await exchange(route, request, limits, runtime), limits);
  };

  /** Once, or twice in the two cases above. */
  const twiceAtMost = async (route: EdgeRoute, question: Question): Promise<Result<Answer, EdgeFailure>> => {
    const request = requestOf(route, question);
    if (request === undefined) return err(makeFailure(22, { sign: `no ${question.token} token is configured`, detail: 'missing' }));
    const credential = route.credential();
    const first = await once(route, request);
    if (first.ok) return first;
    const { row } = first.error;
    if (row === 33 && question.method === 'GET') return once(route, request);
    if (row < 14 || row > 16 || !route.tryOtherCredential(credential)) return first;
    const again = requestOf(route, question);
    const second = again === undefined ? first : await once(route, again);
    if (!second.ok) route.tryOtherCredential(route.credential()); // neither works: the first stays the one to try
    return second;
  };

  const measured = async (route: EdgeRoute, question: Question): Promise<Result<Answer, EdgeFailure>> => {
    const startedAt = runtime.clock.now();
    const result = await twiceAtMost(route, question);
    runtime.metrics.count('edge_requests', { operation: question.operation, outcome: result.ok ? 'ok' : result.error.kind });
    runtime.metrics.observe('edge_request', { operation: question.operation }, (runtime.clock.now() - startedAt) / 1_000);
    return result;
  };

  return {
    async ask(route, question) {
      if (question.outsideSlots === true) return measured(route, question);
      const leaveEdge = await slotsOf(route.edge).take();
      const leaveFleet = await fleetSlots.take();
      try {
        return await measured(route, question);
      } finally {
        leaveFleet();
        leaveEdge();
      }
    },
    counted: (edge) => meter.count(edge),
    requestsLastMinute: (edge) => meter.lastMinute(edge),
    get inFlight() {
      return fleetSlots.inFlight;
    },
    forget(edge) {
      edgeSlots.delete(edge);
      meter.forget(edge);
    },
  };
}

/** Runs the exchange to its end. The body of an error is read as far as classification looks, the rest is dropped with its socket. */
function exchange(route: EdgeRoute, request: ExchangeRequest, limits: EdgeLimits, runtime: Runtime): Promise<Raw> {
  return new Promise((resolve) => {
    let head: Raw['head'];
    let collector = createBodyCollector(limits.maxBodyBytes);
    let stop: () => void = () => undefined;
    const settle = (end: ExchangeEnd | undefined, tooLarge = false): void => resolve({ head, bytes: collector.bytes(), tooLarge, end });
    const listener = {
      onHead(status: number, headers: AnswerHeaders): void {
        head = { status, headers };
        if (status < 200 || status >= 300) collector = createBodyCollector(ERROR_BODY_BYTES);
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

async function judge(route: EdgeRoute, request: ExchangeRequest, raw: Raw, limits: EdgeLimits): Promise<Result<Answer, EdgeFailure>> {
  const asked = askedOf(route, request);
  const { head, end } = raw;
  if (head === undefined || (end !== undefined && end.kind !== 'whole' && head.status < 400)) return failed(outcomeOf(asked, end));
  if (raw.tooLarge && head.status < 400) return failed(tooLarge(asked, raw.bytes.length));
  const body = await decodeBody(raw.bytes, head.headers, limits.maxBodyBytes);
  if (body.kind === 'tooLarge') return failed(tooLarge(asked, raw.bytes.length));
  if (body.kind === 'broken' && head.status < 400)
    return err(makeFailure(34, { sign: `${head.status} with ${body.sign}`, status: head.status }));
  const text = body.kind === 'text' ? body.text : '';
  const parsed = parseJsonObject(text);
  const response = { kind: 'response', asked, ...head, bodyPrefix: text.slice(0, PREFIX_CHARS) } as const;
  const failure = classify(parsed === undefined ? { ...response, bodyComplete: true } : response);
  if (failure !== undefined) return err(failure);
  if (parsed === undefined) return err(makeFailure(27, { sign: `${head.status} with JSON of another shape`, status: head.status }));
  return ok({ ...head, body: parsed });
}

/** Argo CD answers with objects only. */
function parseJsonObject(text: string): object | undefined {
  const start = text.trimStart().charCodeAt(0);
  if (start !== 0x7b) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // not JSON: classification says what it is instead
  }
}

function failed(outcome: Outcome): Result<never, EdgeFailure> {
  return err(classify(outcome) ?? makeFailure(42, { sign: 'an end without a sign' }));
}

const tooLarge = (asked: Outcome['asked'], bytesReceived: number): Outcome => ({
  kind: 'transport',
  asked,
  code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  phase: 'body',
  reusedSocket: false,
  bytesReceived,
});

/** The end of an exchange as classification wants it. */
export function outcomeOf(asked: Outcome['asked'], end: ExchangeEnd | undefined): Outcome {
  if (end === undefined || end.kind === 'whole') return { kind: 'ended', asked, bytesReceived: end?.bytes ?? 0 };
  if (end.kind === 'deadline') return { kind: 'deadline', asked, phase: end.phase, afterMs: end.afterMs };
  return { kind: 'transport', asked, code: end.code, phase: end.phase, reusedSocket: end.reusedSocket, bytesReceived: end.bytes };
}
