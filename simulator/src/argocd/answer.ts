/**
 * How argocd-server puts an answer on the wire: header names and order as sent, Content-Length up to 2048 bytes and chunked above (Go's net/http),
 * gzip by gorilla's CompressHandler around the gateway only (`server/server.go`, `compressHandler`).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip, gzipSync } from 'node:zlib';
import type { Edge } from '../world/edge.ts';
import type { World } from '../world/world.ts';
import type { ArgoError } from './argo-error.ts';
import { httpStatusOf, unaryErrorBody } from './argo-error.ts';
import { goJson } from './go-json.ts';
import { createMemo } from './memo.ts';

/** A query as read by routes; requests that ask the same share it, so nothing is ever put into it. */
export type Query = Pick<URLSearchParams, 'get' | 'getAll'>;

/** One request on its way through the API of one edge. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly edge: Edge;
  readonly world: World;
  /** Path below the root path of the server, still escaped, and the query. */
  readonly path: string;
  readonly query: Query;
  /** Writes the `Date` header of a moment. */
  readonly dates: (at: number) => string;
}

/** Go's net/http buffers this much before it gives up knowing the length. */
const KNOWN_LENGTH_LIMIT = 2048;
const GZIP_LEVEL = 1;
/** Up to here packing takes less than handing it to another thread, of which there are four for ten thousand edges. */
const PACKED_AT_ONCE_CHARS = 65_536;

/** Seconds whose text is kept: that of the moment, by the clocks of edges that differ. */
const SECONDS_KEPT = 16;

/** Writes `Date` headers, each second once. */
export function createDateWriter(): (at: number) => string {
  const written = createMemo<number, string>(SECONDS_KEPT);
  return (at) => written(Math.floor(at / 1000), () => new Date(at).toUTCString());
}

/** `Date` as the edge's own clock has it. */
export function dateHeader({ world, edge, dates }: Pick<Exchange, 'world' | 'edge' | 'dates'>): string {
  return dates(world.clock.now() + edge.skewMs);
}

/** Starts an answer with exactly these headers: nothing that Node would add, no Connection, no Keep-Alive. */
export function writeHead(exchange: Exchange, status: number, headers: readonly (readonly [string, string])[]): void {
  const { response } = exchange;
  response.sendDate = false;
  response.removeHeader('connection');
  for (const [name, value] of headers) response.setHeader(name, value);
  response.writeHead(status);
}

/**
 * How a text is best handed to a response. Up to 127 both encodings write the same bytes, and Latin-1 is copied as it lies in memory, where
 * UTF-8 takes room for three times as much first.
 */
export const encodingOf = (text: string): 'latin1' | 'utf8' => (Buffer.byteLength(text) === text.length ? 'latin1' : 'utf8');

const lengthHeaders = (bytes: number): readonly (readonly [string, string])[] =>
  bytes > KNOWN_LENGTH_LIMIT ? [['Transfer-Encoding', 'chunked']] : [['Content-Length', String(bytes)]];

const acceptsGzip = (request: IncomingMessage): boolean => {
  const accepted = request.headers['accept-encoding'];
  return typeof accepted === 'string' && accepted.split(',').some((part) => part.trim().startsWith('gzip'));
};

/** True for requests that argocd-server never compresses: those that want server-sent events. */
export const wantsEvents = (request: IncomingMessage): boolean => request.headers.accept === 'text/event-stream';

function send(exchange: Exchange, status: number, before: readonly (readonly [string, string])[], body: string): void {
  const { request, response } = exchange;
  const vary: readonly (readonly [string, string])[] = wantsEvents(request) ? [] : [['Vary', 'Accept-Encoding']];
  if (wantsEvents(request) || !acceptsGzip(request)) {
    const bytes = Buffer.byteLength(body);
    writeHead(exchange, status, [...before, ...vary, ['Date', dateHeader(exchange)], ...lengthHeaders(bytes)]);
    response.end(body, bytes === body.length ? 'latin1' : 'utf8');
    return;
  }
  const sendPacked = (packed: Buffer): void => {
    writeHead(exchange, status, [
      ['Content-Encoding', 'gzip'],
      ...before,
      ...vary,
      ['Date', dateHeader(exchange)],
      ...lengthHeaders(packed.length),
    ]);
    response.end(packed);
  };
  if (body.length <= PACKED_AT_ONCE_CHARS) sendPacked(gzipSync(body, { level: GZIP_LEVEL }));
  else
    gzip(body, { level: GZIP_LEVEL }, (error, packed) => {
      if (error !== null) response.destroy(error);
      else if (!response.destroyed) sendPacked(packed);
    });
}

/** 200 with JSON that is written already. */
export function sendJsonText(exchange: Exchange, json: string): void {
  send(
    exchange,
    200,
    [
      ['Content-Type', 'application/json'],
      ['Grpc-Metadata-Content-Type', 'application/grpc'],
    ],
    json,
  );
}

/** 200 with a value as Go writes it. */
export function sendJson(exchange: Exchange, value: unknown): void {
  sendJsonText(exchange, goJson(value));
}

/** An error outside a stream. */
export function sendError(exchange: Exchange, error: ArgoError): void {
  const [status] = httpStatusOf(error.grpcCode);
  send(exchange, status, [['Content-Type', 'application/json']], goJson(unaryErrorBody(error)));
}

/** The body that the gateway writes when it cannot write the error: no code, and a space no other answer has. */
export function sendMarshalFailure(exchange: Exchange): void {
  send(exchange, 500, [['Content-Type', 'application/json']], '{"error": "failed to marshal error message"}');
}

/** Go's http.Error inside the gateway: 404 and 405 of routes. */
export function sendRouteError(exchange: Exchange, status: 404 | 405): void {
  const body = status === 404 ? 'Not Found\n' : 'Method Not Allowed\n';
  const vary: readonly (readonly [string, string])[] = wantsEvents(exchange.request) ? [] : [['Vary', 'Accept-Encoding']];
  writeHead(exchange, status, [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ...vary,
    ['X-Content-Type-Options', 'nosniff'],
    ['Date', dateHeader(exchange)],
    ...lengthHeaders(body.length),
  ]);
  exchange.response.end(body);
}

/** Go's http.Error outside the gateway: wrong content type, wrong root path. */
export function sendPlainError(exchange: Exchange, status: 404 | 415, body: string): void {
  writeHead(exchange, status, [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Date', dateHeader(exchange)],
    ['Content-Length', String(body.length)],
  ]);
  exchange.response.end(body);
}

/** /healthz. */
export function sendHealthz(exchange: Exchange): void {
  writeHead(exchange, 200, [
    ['Date', dateHeader(exchange)],
    ['Content-Length', '3'],
    ['Content-Type', 'text/plain; charset=utf-8'],
  ]);
  exchange.response.end('ok\n');
}
