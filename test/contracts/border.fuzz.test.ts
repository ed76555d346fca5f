/**
 * Anything may come back from the border: random bytes, framings, headers and fields, over real sockets. The client answers with a Result every
 * time, each failure is one row of the table, nothing throws, and nothing takes long.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { failureRow } from '../../proxy-server/src/domain/failure-table.ts';
import { parseEdgeId } from '../../proxy-server/src/domain/ids.ts';
import { createEdgeSockets, type EdgeSockets } from '../../proxy-server/src/edges/edge-sockets.ts';
import { createEdgeClient } from '../../proxy-server/src/edges/edge-client.ts';
import { DEFAULT_EDGE_LIMITS } from '../../proxy-server/src/edges/limits.ts';
import type { EdgeRoute } from '../../proxy-server/src/edges/route.ts';
import type { Runtime } from '../../proxy-server/src/ports/runtime.ts';

const RUNS = 300;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const runtime: Runtime = {
  clock: { now: () => performance.now() },
  timers: {
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  },
  random: () => 0.5,
  log: { ...silent, child: () => runtime.log },
  metrics: { count: () => undefined, observe: () => undefined },
};
const client = createEdgeClient({ ...DEFAULT_EDGE_LIMITS, headersMs: 60, bodyIdleMs: 60, overallMs: 200, maxBodyBytes: 100_000 }, runtime);

let server: Server;
let edgeSockets: EdgeSockets;
/** What the next connection is answered with, and how it ends. */
let next: { readonly bytes: Buffer; readonly end: 'close' | 'reset' | 'stay' } = { bytes: Buffer.alloc(0), end: 'close' };
const sockets = new Set<Socket>();

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    const { bytes, end } = next;
    socket.once('data', () => {
      socket.write(bytes, () => {
        if (end === 'close') socket.end();
        if (end === 'reset') socket.resetAndDestroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  edgeSockets = createEdgeSockets(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { pipelining: 0 });
});
afterAll(async () => {
  sockets.forEach((socket) => socket.destroy());
  edgeSockets.close();
  await new Promise((resolve) => server.close(resolve));
});

const routeTo = (kind: EdgeRoute['kind']): EdgeRoute => ({
  edge: parseEdgeId('fuzzed')!,
  kind,
  host: 'fuzzed.fleet.test',
  origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  pathPrefix: '',
  sockets: edgeSockets,
  headers: () => ({ host: 'fuzzed.fleet.test', 'user-agent': 'edge-fleet' }),
  tryOtherCredential: () => false,
  credential: () => 0,
  target: () => undefined,
  close: () => undefined,
});

const token = fc.stringMatching(/^[a-z-]{1,20}$/);
const header = fc.oneof(
  fc.tuple(token, fc.stringMatching(/^[ -~]{0,40}$/)),
  fc.constantFrom<[string, string]>(
    ['content-type', 'application/json'], ['content-type', 'text/html'], ['content-encoding', 'gzip'], ['content-encoding', 'br, deflate'],
    ['transfer-encoding', 'chunked'], ['content-length', '10'], ['content-length', '-1'], ['content-length', '99999999999999999999'],
    ['location', 'http://[::'], ['cf-mitigated', 'challenge'], ['connection', 'close'], ['cf-error-type', '1033'], ['retry-after', '-5'],
  ), // prettier-ignore
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text.slice(0, -1))),
  fc
    .constantFrom(
      '{"items":[',
      '<html>',
      'data: {}\n\n',
      '5\r\n{"a":\r\n',
      '0\r\n\r\n',
      'ffffffff\r\n',
      '\u001f\u008b\u0008',
      'error code: 1033',
    )
    .map((text) => Buffer.from(text, 'latin1')),
  fc.constant(Buffer.alloc(200_000, '{"a":1,')),
);
const statusLine = fc.oneof(
  fc.integer({ min: 100, max: 999 }).map((status) => `HTTP/1.1 ${status} X`),
  fc.constantFrom(
    'HTTP/1.1 200 OK',
    'HTTP/1.0 200 OK',
    'HTTP/2 200',
    'HTTP/1.1 20',
    'HTTP/9.9 200 OK',
    'ICY 200 OK',
    '',
    'HTTP/1.1 103 Early',
  ),
);
const answer = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(statusLine, fc.array(header, { maxLength: 8 }), body).map(([line, headers, bytes]) =>
      Buffer.concat([Buffer.from(`${line}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1'), bytes])) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)) },
); // prettier-ignore

describe('whatever comes back', () => {
  test('is a good object or one row of the table; nothing throws and nothing hangs', async () => {
    const story = fc.record({
      bytes: answer,
      end: fc.constantFrom<'close' | 'reset' | 'stay'>('close', 'close', 'close', 'reset', 'stay'),
      kind: fc.constantFrom<EdgeRoute['kind']>('cloudflare', 'direct'),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ bytes, end, kind }) => {
        next = { bytes, end };
        const started = performance.now();
        const result = await client.ask(routeTo(kind), { method: 'GET', path: '/api/version', token: 'none', operation: 'fuzz' });
        expect(performance.now() - started).toBeLessThan(2_000);
        if (result.ok) expect(typeof result.value.body).toBe('object');
        else expect([failureRow(result.error.row).kind, failureRow(result.error.row).otherKind]).toContain(result.error.kind);
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: 15_000 },
    );
    expect(client.inFlight).toBe(0);
  }, 30_000);
});
