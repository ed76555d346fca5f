import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aDirectConnector, anEdge, aSecret } from '../../../test/edge-builders.ts';
import { createMemoryObjectStore } from '../../../test/fakes/memory-object-store.ts';
import { createSteppedRuntime, type SteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { rawServer, smallServer, type Handler, type SmallServer } from '../../../test/small-server.ts';
import { createRoutes } from './connector.ts';
import { DEFAULT_EDGE_LIMITS } from './limits.ts';
import { isRoute } from './route.ts';
import { openStream, type OpenStream, type StreamEnd, type StreamQuestion } from './stream-reader.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Read {
  readonly messages: object[];
  comments: number;
  opened: number;
  end: StreamEnd | undefined;
  readonly runtime: SteppedRuntime;
  stream: OpenStream;
}
function read(server: SmallServer, over: Partial<StreamQuestion> = {}): Read {
  closers.push(() => server.close());
  const objects = createMemoryObjectStore();
  objects.putConnector(aDirectConnector());
  objects.putSecrets([aSecret('store-argocd', { read: 'x.y.z' })]);
  const route = createRoutes(DEFAULT_EDGE_LIMITS, 'edge-fleet/test').routeOf(anEdge('store', server.url), objects.current());
  if (!isRoute(route)) throw new Error('no route');
  closers.push(() => route.close());
  const runtime = createSteppedRuntime();
  const seen: Omit<Read, 'stream'> = { messages: [], comments: 0, opened: 0, end: undefined, runtime };
  const question: StreamQuestion = {
    path: '/s',
    framing: 'sse',
    headersMs: 10_000,
    silenceMs: 45_000,
    limits: { ...DEFAULT_EDGE_LIMITS, maxLineBytes: 100_000 },
    ...over,
  };
  const stream = openStream(
    route, question,
    {
      onOpen: () => (seen.opened += 1),
      onMessage: (message) => void seen.messages.push(message),
      onComment: () => (seen.comments += 1),
      onEnd: (end) => {
        if (seen.end !== undefined) throw new Error('ended twice');
        seen.end = end;
      },
    },
    runtime,
  ); // prettier-ignore
  return Object.assign(seen, { stream });
}
const answering = (type: string, write: (response: Parameters<Handler>[1]) => void, status = 200, headers: Record<string, string> = {}): Handler => (_request, response) => {
  response.writeHead(status, { 'content-type': type, ...headers });
  write(response);
}; // prettier-ignore
const SSE = 'text/event-stream';

describe('a stream', () => {
  test('asks for exactly an event stream, uncompressed, with the read token', async () => {
    let headers: Record<string, unknown> = {};
    const seen = read(await smallServer((request, response) => {
      headers = request.headers;
      answering(SSE, (r) => r.write('data: {"result":1} \n\n\n:\n'))(request, response);
    })); // prettier-ignore
    await seen.runtime.until(() => seen.comments > 0);
    expect(headers).toMatchObject({ accept: 'text/event-stream', 'accept-encoding': 'identity', authorization: 'Bearer x.y.z' });
    expect({ messages: seen.messages, opened: seen.opened, end: seen.end }).toEqual({
      messages: [{ result: 1 }],
      opened: 1,
      end: undefined,
    });
  });

  test('a snapshot asks for compressed lines and reads them as they come', async () => {
    const zip = createGzip();
    const seen = read(await smallServer(answering('application/json', (response) => {
      zip.pipe(response);
      zip.write('{"result":1}\n');
      zip.flush();
    }, 200, { 'content-encoding': 'gzip' })), { framing: 'ndjson', compressed: true }); // prettier-ignore
    await seen.runtime.until(() => seen.messages.length === 1);
    zip.end('{"result":2}\n');
    await seen.runtime.until(() => seen.end !== undefined);
    expect(seen.messages).toEqual([{ result: 1 }, { result: 2 }]);
    expect(seen.end).toMatchObject({ kind: 'cut', failure: { row: 35 } });
  });

  test.each<[string, string, Handler, StreamEnd['kind'], number]>([
    ['its end', 'clean', answering(SSE, (r) => void r.end('data: {"result":1} \n\n\n')), 'cut', 35],
    ['a cut', 'in the middle of a message', answering(SSE, (r) => { r.write('data: {"resu'); setImmediate(() => r.destroy()); }), 'cut', 35],
    ['an expired token', 'in the form of streams', answering(SSE, (r) => void r.end('data: {"error":{"grpc_code":16,"http_code":401,"message":"invalid session: token is expired","http_status":"Unauthorized"}} \n\n'), 401), 'failed', 22],
    ['an error in the stream', 'after good events', answering(SSE, (r) => void r.write('data: {"result":1} \n\n\ndata: {"error":{"grpc_code":13,"http_code":500,"message":"boom"}} \n\n')), 'failed', 37],
    ['a token that is refused in the stream', 'late', answering(SSE, (r) => void r.write('data: {"error":{"grpc_code":16,"message":"no"}} \n\n')), 'failed', 22],
    ['a web page', 'with status 200', answering('text/html', (r) => void r.end('<html>hello</html>')), 'failed', 27],
    ['a redirect', 'to https', answering('text/html', (r) => void r.end('moved'), 307, { location: 'https://127.0.0.1/s' }), 'failed', 26],
    ['plain text', 'with status 200', answering('text/plain', (r) => void r.end('hello')), 'failed', 27],
    ['a line that is no JSON', 'in the stream', answering(SSE, (r) => void r.write('data: {"half": \n\n\n')), 'failed', 34],
    ['a line of another shape', 'in the stream', answering(SSE, (r) => void r.write('data: [1] \n\n\n')), 'failed', 34],
    ['a line without end', 'in the stream', answering(SSE, (r) => void r.write('x'.repeat(200_000))), 'failed', 34],
    ['a gateway timeout', 'of an idle stream', answering('text/html', (r) => void r.end('<html>504</html>'), 504), 'idle', 35],
    ['a bad gateway', 'of an ingress', answering('text/html', (r) => void r.end('<html>502</html>'), 502), 'failed', 4],
    ['a body that is not compressed as it says', 'gzip', answering(SSE, (r) => void r.write('data: {"result":1} \n\n\n'), 200, { 'content-encoding': 'gzip' }), 'failed', 34],
    ['an encoding that nobody knows', 'rot13', answering(SSE, (r) => void r.write('qngn'), 200, { 'content-encoding': 'rot13' }), 'failed', 34],
  ])('%s (%s): %s, row %i', async (...[, , handler, kind, row]) => {
    const seen = read(await smallServer(handler));
    await seen.runtime.until(() => seen.end !== undefined, { what: 'the end' });
    expect(seen.end).toMatchObject({ kind, failure: { row } });
    expect(seen.runtime.timersWaiting).toBe(0);
  }); // prettier-ignore

  test.each([
    ['brotli', 'br', (text: string) => brotliCompressSync(text)],
    ['gzip', 'gzip', (text: string) => gzipSync(text)],
  ])('a proxy on the way compressed it with %s', async (_what, encoding, encode) => {
    const seen = read(
      await smallServer(answering(SSE, (r) => void r.end(encode('data: {"result":1} \n\n\n')), 200, { 'content-encoding': encoding })),
    );
    await seen.runtime.until(() => seen.end !== undefined);
    expect(seen.messages).toEqual([{ result: 1 }]);
  });

  test('no first byte is idle, silence after the first byte is silent, at the times given', async () => {
    let asked = false;
    const idle = read(await smallServer(() => void (asked = true)));
    await idle.runtime.until(() => asked);
    idle.runtime.advance(9_999);
    expect(idle.end).toBeUndefined();
    idle.runtime.advance(1);
    expect(idle.end).toMatchObject({ kind: 'idle', failure: { row: 35 } });

    const silent = read(await smallServer(answering(SSE, (r) => void r.write(':\n'))));
    await silent.runtime.until(() => silent.comments === 1);
    silent.runtime.advance(44_999);
    expect(silent.end).toBeUndefined();
    silent.runtime.advance(1);
    expect(silent.end).toMatchObject({ kind: 'silent', failure: { row: 36 } });
  });

  test('an error page that never ends is not waited for', async () => {
    const seen = read(await smallServer(answering('text/html', (r) => void r.write('<html>502'), 502)));
    await seen.runtime.until(() => seen.runtime.timersWaiting > 1, { what: 'the head' });
    seen.runtime.advance(5_000);
    await seen.runtime.until(() => seen.end !== undefined, { what: 'the end' });
    expect(seen.end).toMatchObject({ kind: 'failed', failure: { row: 4 } });
  });

  test('closing it says nothing more and frees the socket', async () => {
    let closed = false;
    const seen = read(await smallServer((_request, response) => {
      response.writeHead(200, { 'content-type': SSE }).write('data: {"result":1} \n\n\n');
      response.on('close', () => (closed = true));
    })); // prettier-ignore
    await seen.runtime.until(() => seen.messages.length === 1);
    seen.stream.close();
    await seen.runtime.until(() => closed);
    expect({ end: seen.end, timers: seen.runtime.timersWaiting }).toEqual({ end: undefined, timers: 0 });
  });

  test('bytes of any sort end it once and never throw', async () => {
    let reply = Buffer.alloc(0);
    const server = await rawServer((socket) => socket.on('data', () => socket.end(reply)));
    const heads = fc.constantFrom(
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n\r\n',
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n', 'HTTP/1.1 401 No\r\n\r\n', 'nonsense\r\n\r\n', '',
    ); // prettier-ignore
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ maxLength: 200 }).map((text) => Buffer.from(`data: ${text}\n\n`)),
    );
    await fc.assert(
      fc.asyncProperty(heads, bodies, async (head, body) => {
        reply = Buffer.concat([Buffer.from(head), body]);
        const seen = read(server);
        await seen.runtime.until(() => seen.end !== undefined, { what: 'the end' });
        seen.stream.close();
      }),
      { numRuns: 60 },
    );
  });
});
