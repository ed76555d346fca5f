/**
 * A stand-in for Cloudflare's edge, enough for a real cloudflared over its http2 transport: the connector registers, requests of the front door
 * go through it, and what the edge itself would say (530 with 1033, 502, 524) is said here. One tunnel, whatever the host.
 */
import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { messagesOf, returned, type Reader } from './capnp.ts';

const BOOTSTRAP = 8;
const CALL = 2;
const REGISTER = 0;
const UNREGISTER = 1;
const READ_TIMEOUT_MS = 120_000;
const HOP_BY_HOP = /^(host|connection|keep-alive|transfer-encoding|upgrade|te|cf-access-client-(id|secret))$/;

export interface StandIn {
  /** Where cloudflared dials. */
  readonly edgePort: number;
  /** Where the hub asks. */
  readonly frontPort: number;
  readonly connections: number;
  close(): void;
}

type Sessions = Set<ClientHttp2Session>;

/** Whatever registers is accepted. */
export async function startStandIn(keys: { readonly key: string; readonly cert: string }): Promise<StandIn> {
  const sessions: Sessions = new Set();
  const edge = createTlsServer(keys, (socket) => takeConnection(socket, sessions));
  const front = createHttpServer((request, response) => forward(request, response, sessions));
  const listening = (server: typeof edge | typeof front): Promise<number> =>
    new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
  return {
    edgePort: await listening(edge),
    frontPort: await listening(front),
    get connections() {
      return sessions.size;
    },
    close() {
      for (const session of sessions) session.destroy();
      edge.close();
      front.closeAllConnections();
      front.close();
    },
  };
}

/** cloudflared dials and then acts as the HTTP/2 server. */
function takeConnection(socket: Socket, sessions: Sessions): void {
  const session = connectHttp2('http://edge', { createConnection: () => socket });
  for (const emitter of [session, socket]) emitter.on('error', () => undefined);
  session.on('close', () => sessions.delete(session));
  const control = session.request(
    { ':method': 'GET', ':path': '/', 'cf-cloudflared-proxy-connection-upgrade': 'control-stream' },
    { endStream: false },
  );
  control.on('error', () => undefined);
  control.on(
    'data',
    messagesOf((message) => answerControl(message, { session, sessions, control })),
  );
}

interface Control {
  readonly session: ClientHttp2Session;
  readonly sessions: Sessions;
  readonly control: ClientHttp2Stream;
}

function answerControl(message: Reader, { session, sessions, control }: Control): void {
  const inner = message.struct(0);
  if (inner === undefined) return;
  const kind = message.u16(0);
  if (kind === BOOTSTRAP)
    return void control.write(
      returned(inner.u32(0), (writer, payload) => {
        writer.u32(payload.pointer(0), 3);
        writer.capabilities(payload.pointer(1));
      }),
    );
  if (kind !== CALL) return;
  const method = inner.u16(4);
  if (method === REGISTER) {
    control.write(registered(inner.u32(0)));
    sessions.add(session);
    return;
  }
  control.write(returned(inner.u32(0), (writer, payload) => void writer.struct(payload.pointer(0), 0, 0)));
  if (method !== UNREGISTER) return;
  sessions.delete(session);
  session.close(); // when what is under way has drained
}

const registered = (question: number): Buffer =>
  returned(question, (writer, payload) => {
    const results = writer.struct(payload.pointer(0), 0, 1);
    const response = writer.struct(results.pointer(0), 1, 1);
    writer.u16(response.data, 1);
    const details = writer.struct(response.pointer(0), 1, 2);
    writer.put(details.pointer(0), randomBytes(16));
    writer.put(details.pointer(1), Buffer.from('lab01\0'));
  });

function sayError(request: IncomingMessage, response: ServerResponse, status: number, code: number): void {
  if (response.headersSent) return void response.destroy();
  const json = code >= 1_000 && /application\/(problem\+)?json/.test(request.headers.accept ?? '');
  response.writeHead(status, {
    'content-type': json ? 'application/json; charset=utf-8' : 'text/plain; charset=UTF-8',
    'cf-error-type': String(code),
  });
  response.end(
    json ? JSON.stringify({ status, error_code: code, cloudflare_error: true, retryable: code === 1_033 }) : `error code: ${code}`,
  );
}

function forward(request: IncomingMessage, response: ServerResponse, sessions: Sessions): void {
  const ray = `${randomBytes(8).toString('hex')}-LAB`;
  response.setHeader('server', 'cloudflare');
  response.setHeader('cf-ray', ray);
  const live = [...sessions];
  const session = live[Math.floor(Math.random() * live.length)];
  if (session === undefined || session.destroyed) return sayError(request, response, 530, 1_033);
  const up = session.request(headersFor(request, ray), { endStream: request.method === 'GET' });
  if (!up.writableEnded) request.pipe(up);
  new Exchange(request, response, up).run();
}

function headersFor(request: IncomingMessage, ray: string): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {
    ':method': request.method ?? 'GET',
    ':path': request.url ?? '/',
    ':scheme': 'https',
    ':authority': request.headers.host ?? '',
  };
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined && !HOP_BY_HOP.test(name)) headers[name] = value;
  return {
    ...headers,
    'accept-encoding': 'gzip, br',
    'cf-ray': ray,
    'cf-connecting-ip': '203.0.113.9',
    'x-forwarded-proto': 'https',
    'cdn-loop': 'cloudflare; loops=1',
  };
}

/** `base64(name):base64(value);...` */
const packedHeaders = (packed: string): readonly (readonly [string, string])[] =>
  packed
    .split(';')
    .map((pair) => pair.split(':').map((part) => Buffer.from(part, 'base64').toString()))
    .flatMap(([name = '', value = '']) => (name === '' ? [] : [[name, value]]));

class Exchange {
  #done = false;
  #silence: NodeJS.Timeout | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #up: ClientHttp2Stream;

  constructor(request: IncomingMessage, response: ServerResponse, up: ClientHttp2Stream) {
    this.#request = request;
    this.#response = response;
    this.#up = up;
  }

  run(): void {
    this.#wait();
    this.#up.on('response', (headers) => this.#begin(headers));
    for (const event of ['aborted', 'error'] as const) this.#up.on(event, () => this.#fail(502));
    this.#up.on('close', () => this.#closed());
    this.#response.on('close', () => {
      if (!this.#response.writableFinished) this.#up.close(constants.NGHTTP2_CANCEL);
    });
  }

  #begin(headers: IncomingHttpHeaders & { readonly ':status'?: number | undefined }): void {
    const status = headers[':status'] ?? 502;
    const meta = String(headers['cf-cloudflared-response-meta'] ?? '');
    if (meta.includes('"cloudflared"') || status === 502 || status === 504) {
      this.#up.resume();
      return this.#fail(status); // the body is replaced, as the real edge does
    }
    for (const [name, value] of packedHeaders(String(headers['cf-cloudflared-response-headers'] ?? '')))
      this.#response.appendHeader(name, value);
    this.#response.statusCode = status;
    this.#response.flushHeaders();
    this.#up.on('data', () => this.#wait());
    this.#up.pipe(this.#response, { end: false });
  }

  #wait(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#fail(524);
      this.#up.close(constants.NGHTTP2_CANCEL);
    }, READ_TIMEOUT_MS);
  }

  #fail(code: number): void {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#silence);
    sayError(this.#request, this.#response, code, code);
  }

  #closed(): void {
    clearTimeout(this.#silence);
    if (this.#up.rstCode !== 0) return this.#fail(502);
    if (this.#done) return;
    this.#done = true;
    this.#response.end();
  }
}
