/**
 * What a request is refused with: RFC 9457 problem details, thrown by routes and answered in one place. `type` is a stable URI, `instance`
 * the id of the request. No stack, header or address of an edge ever leaves; a bug is a 500 that says only where to look.
 */
import type { ErrorRequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { EdgeFailure } from '../domain/failure.ts';
import type { QueryError } from '../domain/query.ts';
import type { Logger } from '../ports/runtime.ts';

const TYPE_PREFIX = 'https://edgefleet.dev/problems/';

/** Every kind of problem: the last part of its type, its status and its title. */
export const PROBLEMS = {
  InvalidRequest: ['invalid-request', 400, 'The request cannot be read'],
  InvalidQuery: ['invalid-query', 400, 'The query cannot be read'],
  Unauthenticated: ['unauthenticated', 401, 'Not let through by the hub'],
  NotAllowed: ['not-allowed', 403, 'Not allowed'],
  NotFound: ['not-found', 404, 'Not found'],
  MethodNotAllowed: ['method-not-allowed', 405, 'Not allowed with this method'],
  Conflict: ['conflict', 409, 'In conflict with what is there'],
  TooLarge: ['too-large', 413, 'Too large'],
  WrongMediaType: ['wrong-media-type', 415, 'Not application/json'],
  EdgeFailed: ['edge-failed', 424, 'The edge did not answer as it must'],
  TooManyRequests: ['too-many-requests', 429, 'Too many at once'],
  Internal: ['internal', 500, 'An error in proxy-server'],
  NotReady: ['not-ready', 503, 'Not ready yet'],
} as const satisfies Readonly<Record<string, readonly [string, number, string]>>;
export type ProblemName = keyof typeof PROBLEMS;

export interface ProblemDetails {
  readonly edge?: string;
  readonly reason?: string;
  readonly missingLine?: string;
  readonly position?: number;
  readonly length?: number;
  readonly nearest?: string;
  readonly remedy?: string;
  readonly whoActs?: string;
  /** What Cloudflare's support and the connector's log know the request by. */
  readonly cfRay?: string;
  readonly row?: number;
  readonly retryAfterSeconds?: number;
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
}

/** `details` become members of the body. */
export class RequestProblem extends Error {
  readonly problem: ProblemName;
  readonly details: ProblemDetails;

  constructor(problem: ProblemName, detail: string, details: ProblemDetails = {}) {
    super(detail);
    this.name = 'RequestProblem';
    this.problem = problem;
    this.details = details;
  }
}

export const notFound = (what: string): RequestProblem => new RequestProblem('NotFound', `There is no ${what} that you may see`);

/** An error in a query, with its place for the caret. */
export const invalidQuery = ({ message, position, length, nearest }: QueryError): RequestProblem =>
  new RequestProblem('InvalidQuery', message, { position, length, ...(nearest === undefined ? {} : { nearest }) });

export interface EdgeFailureWords {
  readonly sentence: string;
  readonly reason: string;
  readonly remedy: string;
  readonly whoActs: string;
  readonly cfRay: string | undefined;
}

/** A failed request to an edge: the words come from the failure table. */
export function edgeFailed(edge: string, { row }: Pick<EdgeFailure, 'row'>, words: EdgeFailureWords): RequestProblem {
  const { sentence, reason, remedy, whoActs, cfRay } = words;
  return new RequestProblem('EdgeFailed', sentence, { edge, reason, row, remedy, whoActs, ...(cfRay === undefined ? {} : { cfRay }) });
}

/** Parses or throws the problem with the list of fields. */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  const [first] = fields;
  throw new RequestProblem('InvalidRequest', first === undefined ? 'The request cannot be read' : `${first.field}: ${first.message}`, {
    fields,
  });
}

/** Writes the problem, unless the answer has begun: then nothing but the end of the connection can say that it is not whole. */
export function sendProblem(res: Response, requestId: string, problem: RequestProblem): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const [kind, status, title] = PROBLEMS[problem.problem];
  for (const name of res.getHeaderNames()) if (name !== 'x-request-id') res.removeHeader(name);
  if (problem.details.retryAfterSeconds !== undefined) res.setHeader('retry-after', String(problem.details.retryAfterSeconds));
  res.status(status).setHeader('content-type', 'application/problem+json').setHeader('cache-control', 'no-store');
  const body = { type: `${TYPE_PREFIX}${kind}`, title, status, detail: problem.message, instance: requestId, ...problem.details };
  res.end(JSON.stringify(body));
}

const isRequestProblem = (thrown: unknown): thrown is RequestProblem =>
  typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === 'RequestProblem';

/** True for a problem of that name. */
export const isProblem = (thrown: unknown, name: ProblemName): thrown is RequestProblem =>
  isRequestProblem(thrown) && thrown.problem === name;

/** What express and its parsers throw on behalf of a request carries a status of its own. */
function foreignProblem(thrown: unknown): RequestProblem | undefined {
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : undefined;
  if (status === 413) return new RequestProblem('TooLarge', 'The body is too large');
  return typeof status === 'number' && status >= 400 && status < 500
    ? new RequestProblem('InvalidRequest', 'The request cannot be read')
    : undefined;
}

/** The one handler: a problem is answered, a bug is logged and answered without its words. */
export function problemHandler(requestIdOf: (res: Response) => string, log: Logger): ErrorRequestHandler {
  return (thrown: unknown, req, res, _next) => {
    const requestId = requestIdOf(res);
    const problem = isRequestProblem(thrown) ? thrown : foreignProblem(thrown);
    if (problem === undefined) log.error({ requestId, route: req.path, err: thrown }, 'Answering a request failed');
    sendProblem(res, requestId, problem ?? new RequestProblem('Internal', `proxy-server failed; its log says more under ${requestId}`));
  };
}
