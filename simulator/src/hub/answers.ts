/** The few ways in which the hub answers by itself. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Go's http.Error: the text, a newline, and no sniffing. */
export function sendPlainError(res: ServerResponse, status: number, text: string): void {
  const body = `${text}\n`;
  res.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(body),
  });
  res.end(body);
}

/** A JSON answer of the hub's own API. */
export function sendJson(res: ServerResponse, status: number, value: unknown): void {
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

/** An error of the hub's own API, in the shape of its gRPC gateway. */
export function sendApiError(res: ServerResponse, status: number, code: number, message: string): void {
  sendJson(res, status, { error: message, code, message });
}

/** A script, compressed when the browser asks for it, as `server.enable.gzip` does by default; no validators, so it is fetched anew. */
export function sendScript(res: ServerResponse, acceptEncoding: string | undefined, source: string | Buffer): void {
  const zipped = (acceptEncoding ?? '').includes('gzip');
  res.writeHead(200, {
    'Content-Type': 'application/javascript',
    Vary: 'Accept-Encoding',
    ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
  });
  res.end(zipped ? gzipSync(source) : source);
}
