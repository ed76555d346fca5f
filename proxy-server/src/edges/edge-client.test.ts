import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aCloudflareConnector, aDirectConnector, anEdge, aSecret } from '../../../test/edge-builders.ts';
import { createMemoryObjectStore } from '../../../test/fakes/memory-object-store.ts';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { rawServer, smallServer, type Handler, type SmallServer } from '../../../test/small-server.ts';
import type { Connector, Edge } from '../domain/edge.ts';
import { createRoutes } from './connector.ts';
import { createEdgeClient, type Answer, type Question } from './edge-client.ts';
import { DEFAULT_EDGE_LIMITS, type EdgeLimits } from './limits.ts';
import { isRoute } from './route.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const ASK: Question = { method: 'GET', path: '/api/v1/applications', token: 'read', operation: 'test' };
const SECRETS = [
  aSecret('access', { 'client-id': 'id-1', 'client-secret': 'secret-1', 'next-client-id': 'id-2', 'next-client-secret': 'secret-2' }),
  aSecret('store-argocd', { read: 'read-token', operate: 'operate-token' }),
];

interface Setup {
  readonly connector?: Connector;
  readonly over?: Partial<Edge>;
  readonly path?: string;
  readonly limits?: Partial<EdgeLimits>;
}

function clientFor(server: SmallServer, { connector = aDirectConnector(), over = {}, path = '', limits: less = {} }: Setup = {}) {
  closers.push(() => server.close());
  const runtime = createSteppedRuntime();
  const limits = { ...DEFAULT_EDGE_LIMITS, ...less };
  const objects = createMemoryObjectStore();
  objects.putConnector(connector);
  objects.putSecrets(SECRETS);
  const route = createRoutes(limits, 'edge-fleet/test').routeOf(anEdge('store', server.url + path, over), objects.current());
  if (!isRoute(route)) throw new Error(route.missing.sign);
  closers.push(() => route.close());
  const client = createEdgeClient(limits, runtime);
  const ask = (question: Partial<Question> = {}) => client.ask(route, { ...ASK, ...question });
  return { runtime, route, client, ask };
}
const json = (status: number, body: unknown, headers: Record<string, string> = {}): Handler => (_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}; // prettier-ignore
const row = async (answer: ReturnType<ReturnType<typeof clientFor>['ask']>): Promise<number | string> => {
  const result = await answer;
  return result.ok ? 'ok' : result.error.row;
};

describe('one question to one edge', () => {
  test('a good answer is its JSON; what goes out is ours and nothing else', async () => {
    let seen: { url: string | undefined; headers: Record<string, unknown> } | undefined;
    const server = await smallServer((request, response) => {
      seen = { url: request.url, headers: request.headers };
      json(200, { items: [] }, { 'set-cookie': 'argocd.token=x' })(request, response);
    });
    const { ask, client, route } = clientFor(server, { path: '/argo/cd/' });
    expect(await ask()).toMatchObject({ ok: true, value: { status: 200, body: { items: [] } } });
    expect(seen?.url).toBe('/argo/cd/api/v1/applications');
    expect(seen?.headers).toEqual({
      host: `127.0.0.1:${server.port}`, connection: 'keep-alive', accept: 'application/json', 'accept-encoding': 'gzip',
      'user-agent': 'edge-fleet/test', authorization: 'Bearer read-token',
    }); // prettier-ignore
    await ask();
    expect(seen?.headers).not.toHaveProperty('cookie');
    expect(server.connections).toBe(1);
    expect(client.requestsLastMinute(route.edge)).toBe(2);
  });

  test.each([[undefined, 'gzip'], [true, 'gzip'], [false, 'identity']])('compressed %s: %s is asked for', async (compressed, encoding) => {
    let seen: unknown;
    const server = await smallServer((request, response) => {
      seen = request.headers['accept-encoding'];
      json(200, {})(request, response);
    });
    expect(await clientFor(server).ask(compressed === undefined ? {} : { compressed })).toMatchObject({ ok: true });
    expect(seen).toBe(encoding);
  }); // prettier-ignore

  test('a write says exactly application/json, with the write token where the edge has one', async () => {
    const heads: Record<string, unknown>[] = [];
    const bodies: string[] = [];
    const server = await smallServer((request, response) => {
      heads.push(request.headers);
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => json(200, {})(request, response));
    });
    const { ask } = clientFor(server, { over: { access: 'Operate' } });
    expect(await row(ask({ method: 'POST', token: 'operate', body: { revision: 'a' } }))).toBe('ok');
    expect(heads[0]).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer operate-token' });
    expect(bodies).toEqual(['{"revision":"a"}']);
  });

  test('without a write token nothing is sent', async () => {
    const server = await smallServer(json(200, {}));
    const { ask } = clientFor(server);
    expect(await ask({ method: 'POST', token: 'operate' })).toMatchObject({ ok: false, error: { row: 22, detail: 'missing' } });
    expect(server.connections).toBe(0);
  });

  test.each<[string, (text: string) => Buffer, string]>([
    ['gzip', (text) => gzipSync(text), 'gzip'],
    ['x-gzip in capitals', (text) => gzipSync(text), 'X-GZIP'],
    ['deflate', (text) => deflateSync(text), 'deflate'],
    ['raw deflate', (text) => deflateRawSync(text), 'deflate'],
    ['brotli', (text) => brotliCompressSync(text), 'br'],
    ['two encodings', (text) => brotliCompressSync(gzipSync(text)), 'gzip, br'],
    ['identity', (text) => Buffer.from(text), 'identity'],
    ['a byte order mark', (text) => Buffer.from(`\ufeff${text}`), ''],
  ])('a body in %s is read', async (_what, encode, encoding) => {
    const server = await smallServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...(encoding === '' ? {} : { 'content-encoding': encoding }) });
      response.end(encode('{"items":["ü"]}'));
    });
    expect(await clientFor(server).ask()).toMatchObject({ ok: true, value: { body: { items: ['ü'] } } });
  });

  test.each<[string, number, Handler]>([
    ['a web page where JSON was asked', 27, (_q, r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<html>{"items":[]}</html>')],
    ['a list where an object was asked', 27, json(200, [1, 2])],
    ['JSON that ends early', 34, (_q, r) => void r.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[{"a":1}')],
    ['a connection that ends early', 34, (_q, r) => { r.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }); r.write('{"items":['); setImmediate(() => r.destroy()); }],
    ['a compressed body that ends early', 34, (_q, r) => void r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('{"items":[]}').subarray(0, 12))],
    ['something that is not what its encoding says', 34, (_q, r) => void r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('{"items":[]}')],
    ['an encoding we do not know', 34, (_q, r) => void r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'rot13' }).end('{"vgrzf":[]}')],
    ['an empty body', 34, (_q, r) => void r.writeHead(200, { 'content-type': 'application/json' }).end()],
    ['a redirect to the same address', 26, (q, r) => void r.writeHead(307, { location: `https://${q.headers.host}${q.url}` }).end()],
    ['a redirect elsewhere', 27, (_q, r) => void r.writeHead(302, { location: 'https://login.example.com/' }).end()],
    ['an expired token', 22, json(401, { error: 'invalid session: token is expired', code: 16, message: 'invalid session: token is expired' })],
    ['no rights', 23, json(403, { error: 'permission denied', code: 7, message: 'permission denied' })],
    ['a list too big for the edge', 25, json(429, { error: 'grpc: received message larger than max', code: 8, message: 'grpc: received message larger than max' })],
    ['the bug of 3.5', 37, json(500, { error: 'failed to marshal error message' })],
    ['a wrong content type', 38, (_q, r) => void r.writeHead(415, { 'content-type': 'text/plain' }).end('Invalid content type')],
    ['an ingress without anybody behind it', 4, (_q, r) => void r.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>')],
    ['an error page without end', 4, (_q, r) => { r.writeHead(502, { 'content-type': 'text/html' }); const timer = setInterval(() => r.write('x'.repeat(50_000)), 1); r.on('close', () => clearInterval(timer)); }],
  ])('%s is row %i', async (_what, expected, handler) => {
    const server = await smallServer(handler);
    expect(await row(clientFor(server).ask())).toBe(expected);
  }); // prettier-ignore

  test('a body beyond the limit is not read to its end, and neither is one that unpacks beyond it', async () => {
    const big = JSON.stringify({ items: 'x'.repeat(100_000) });
    const plain = clientFor(await smallServer((_q, r) => void r.writeHead(200, { 'content-type': 'application/json' }).end(big)), {
      limits: { maxBodyBytes: 50_000 },
    });
    expect(await plain.ask()).toMatchObject({ ok: false, error: { row: 25 } });
    const packed = clientFor(
      await smallServer(
        (_q, r) => void r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(big)),
      ),
      { limits: { maxBodyBytes: 50_000 } },
    );
    expect(await packed.ask()).toMatchObject({ ok: false, error: { row: 25 } });
  });
});

describe('patience', () => {
  test('no headers within 20 s is row 36, by our own clock', async () => {
    const { ask, runtime } = clientFor(await smallServer(() => undefined));
    const answer = ask();
    let result: string | number | undefined;
    void row(answer).then((found) => (result = found));
    await runtime.until(() => runtime.timersWaiting > 0);
    runtime.advance(19_999);
    await runtime.until(() => true);
    expect(result).toBeUndefined();
    runtime.advance(1);
    expect(await row(answer)).toBe(36);
    expect(runtime.timersWaiting).toBe(0);
  });

  test('a body that stops is row 36, one that trickles on is cut at the overall deadline', async () => {
    let writing: (() => void) | undefined;
    const server = await smallServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
      writing = () => void response.write(' ');
    });
    const { ask, runtime } = clientFor(server);
    const answer = ask();
    await runtime.until(() => writing !== undefined);
    for (let step = 0; step < 5; step += 1) {
      runtime.advance(11_000);
      writing?.();
      for (let turn = 0; turn < 50; turn += 1) await runtime.until(() => true);
      await new Promise((resolve) => setImmediate(resolve));
    }
    runtime.advance(11_000);
    expect(await row(answer)).toBe(36);
  });

  test('nobody listens: row 4 where the address is the edge itself', async () => {
    const server = await smallServer(() => undefined);
    const { ask } = clientFor(server);
    await server.close();
    expect(await ask()).toMatchObject({ ok: false, error: { row: 4, transportCode: 'ECONNREFUSED', suspectedRow: 32 } });
  });
});

describe('the two retries', () => {
  test('a kept socket that was closed meanwhile is row 33: asked once more, on a new one', async () => {
    let requests = 0;
    const server = await rawServer((socket) => {
      let first = true;
      socket.on('data', () => {
        requests += 1;
        if (!first) return void socket.destroy();
        first = false;
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    const { ask } = clientFor(server);
    expect(await row(ask())).toBe('ok');
    expect(await row(ask())).toBe('ok');
    expect({ requests, connections: server.connections }).toEqual({ requests: 3, connections: 2 });
  });

  test('a socket that always breaks is asked twice at most', async () => {
    let requests = 0;
    const server = await rawServer((socket) => socket.on('data', () => { requests += 1; socket.destroy(); })); // prettier-ignore
    expect(await row(clientFor(server).ask())).toBe(7);
    expect(requests).toBe(1);
  });

  test('a write over a socket that breaks is not sent again', async () => {
    let writes = 0;
    const server = await rawServer((socket) => {
      let first = true;
      socket.on('data', () => {
        if (!first) return void ((writes += 1), socket.destroy());
        first = false;
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    const { ask } = clientFor(server, { over: { access: 'Operate' } });
    await ask();
    expect(await row(ask({ method: 'POST', token: 'operate', body: {} }))).toBe(33);
    expect(writes).toBe(1);
  });

  test('a service token that Access refuses: the next one is tried once and then kept', async () => {
    const ids: unknown[] = [];
    const server = await smallServer((request, response) => {
      ids.push(request.headers['cf-access-client-id']);
      const accepted = request.headers['cf-access-client-secret'] === 'secret-2';
      if (accepted) return json(200, {})(request, response);
      response.writeHead(302, { location: 'https://team.cloudflareaccess.com/cdn-cgi/access/login/x' }).end();
    });
    const { ask } = clientFor(server, { connector: aCloudflareConnector() });
    expect(await row(ask())).toBe('ok');
    expect(await row(ask())).toBe('ok');
    expect(ids).toEqual(['id-1', 'id-2', 'id-2']);
  });

  test('both service tokens refused: row 14 after two requests, and the first stays the one to try', async () => {
    const ids: unknown[] = [];
    const server = await smallServer((request, response) => {
      ids.push(request.headers['cf-access-client-id']);
      response.writeHead(302, { location: 'https://team.cloudflareaccess.com/cdn-cgi/access/login/x' }).end();
    });
    const { ask } = clientFor(server, { connector: aCloudflareConnector() });
    expect(await row(ask())).toBe(14);
    expect(await row(ask())).toBe(14);
    expect(ids).toEqual(['id-1', 'id-2', 'id-1', 'id-2']);
  });
});

describe('what it costs an edge', () => {
  test('never more than four questions in flight, and a number for the last minute', async () => {
    const waiting: (() => void)[] = [];
    const server = await smallServer((request, response) => void waiting.push(() => json(200, {})(request, response)));
    const { ask, client, route, runtime } = clientFor(server);
    const answers = Array.from({ length: 10 }, () => ask());
    let most = 0;
    let done = 0;
    for (const answer of answers) void answer.then(() => (done += 1));
    await runtime.until(() => {
      most = Math.max(most, waiting.length);
      if (waiting.length === 4 || done > 5) waiting.splice(0).forEach((answer) => answer());
      return done === 10;
    });
    expect(most).toBe(4);
    expect(client.requestsLastMinute(route.edge)).toBe(10);
    runtime.advance(61_000);
    expect(client.requestsLastMinute(route.edge)).toBe(0);
    expect(client.inFlight).toBe(0);
  });
});

test('no answer at all makes it throw: bytes, headers and bodies of any sort are a Result', async () => {
  let reply = Buffer.alloc(0);
  const server = await rawServer((socket) => socket.on('data', () => socket.end(reply)));
  const { ask } = clientFor(server);
  const head = fc.constantFrom(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n', 'HTTP/1.1 500 x\r\ncontent-encoding: gzip\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n', 'HTTP/1.1 999 x\r\n', 'HTTP/1.0 200 OK\r\n', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n', '', 'SSH-2.0-x\r\n',
  ); // prettier-ignore
  await fc.assert(
    fc.asyncProperty(head, fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (start, body, ended) => {
      reply = Buffer.concat([Buffer.from(start), Buffer.from(ended ? '\r\n' : ''), body]);
      const result: { ok: boolean; value?: Answer; error?: { row: number } } = await ask();
      expect(result.ok ? typeof result.value?.body : result.error?.row).toBeDefined();
    }),
    { numRuns: 80 },
  );
});
