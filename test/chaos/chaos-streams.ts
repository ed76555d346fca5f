/** Live streams that are odd and right, wrong, slow, endless, or not there at all; and connections that break at each step of an answer. */
import { brotliCompressSync, createGzip, gzipSync, zstdCompressSync } from 'node:zlib';
import { heavy, pour, slowly, type Scenario } from './chaos-answers.ts';
import {
  answer,
  application,
  bodyFor,
  chunk,
  eventText,
  goodItems,
  json,
  keepAlive,
  type Ask,
  type Part,
  type Sees,
} from './chaos-server.ts';

const STREAM: readonly Part[] = ['stream'];
const stream = (name: string, sees: Sees, play: (ask: Ask) => void): Scenario => ({
  name: `stream: ${name}`,
  sees,
  trick: { on: STREAM, play },
});
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const PLAIN = `${HEAD}\r\n`;
const events = (): readonly string[] => goodItems('Degraded').map(eventText);
const SSE = (): string => events().map((event) => `data: ${event} \n\n\n`).join(''); // prettier-ignore

/** The whole snapshot as this text, then comments. */
const written = (name: string, sees: Sees, text: () => string | Buffer, ...rest: readonly string[]): Scenario => {
  const [comment = ':\n', head = PLAIN] = rest;
  return stream(name, sees, ({ socket }) => {
    socket.write(head);
    socket.write(text());
    keepAlive(socket, comment);
  });
};
const compressed = (encoding: string, encode: (text: string) => Buffer): Scenario =>
  written(`in ${encoding}`, 'well', () => encode(SSE()), '', `${HEAD}Content-Encoding: ${encoding}\r\n\r\n`);
const twoLines = (event: string): string =>
  `data: ${event.slice(0, event.indexOf(',') + 1)}\ndata: ${event.slice(event.indexOf(',') + 1)}\n\n`;
const oddItem = (status: object): string => eventText({ ...application('odd'), status });

export const STREAMS: readonly Scenario[] = [
  written('lines that end in CR LF', 'well', () => SSE().replaceAll('\n', '\r\n'), ':\r\n'),
  written('lines that end in CR', 'well', () => SSE().replaceAll('\n', '\r'), ':\r'),
  written('event, id and retry lines', 'well', () => `retry: 1\n\n${events().map((event) => `event: message\nid: 7\nretry: 99999\ndata: ${event}\n\n`).join('')}`),
  written('data over several lines', 'well', () => events().map(twoLines).join('')),
  written('data without a blank', 'well', () => SSE().replaceAll('data: ', 'data:')),
  written('fields that nobody knows', 'well', () => SSE().replaceAll('data: ', 'datum: x\nfoo\ndata: ')),
  written('a byte order mark', 'well', () => `\ufeff${SSE()}`),
  written('the other framing', 'well', () => events().map((event) => `${event}\n`).join(''), '\n', 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n'),
  written('HTTP/1.0', 'well', SSE, ':\n', PLAIN.replace('1.1', '1.0')),
  stream('byte by byte in chunks', 'well', ({ socket }) => {
    socket.write(CHUNKED);
    for (const byte of Buffer.from(SSE())) socket.write(chunk(Buffer.of(byte)));
    keepAlive(socket);
  }),
  stream('in gzip that is flushed', 'well', ({ socket }) => {
    socket.write(`${HEAD}Content-Encoding: gzip\r\n\r\n`);
    const gzip = createGzip();
    gzip.on('data', (bytes: Buffer) => socket.write(bytes));
    gzip.write(SSE(), () => gzip.flush());
    const timer = setInterval(() => gzip.write(':\n', () => gzip.flush()), 200);
    socket.once('close', () => clearInterval(timer));
  }),
  compressed('gzip', (text) => gzipSync(text)),
  compressed('br', (text) => brotliCompressSync(text)),
  compressed('zstd', (text) => zstdCompressSync(text)),
  written('odd types in every field', 'well', () => `data: ${oddItem({ sync: 7, health: [], conditions: {}, summary: { images: { a: 1 } }, operationState: 'x', history: null })}\n\n${SSE()}`),
  written('times beyond time', 'well', () => `data: ${oddItem({ health: { lastTransitionTime: '9999-12-31T23:59:59Z' }, operationState: { phase: 'Running', startedAt: '0001-01-01T00:00:00Z', retryCount: 1e308 } })}\n\n${SSE()}`),
  written('events that are none', 'well', () => `data: {}\n\ndata: {"result":null}\n\ndata: {"result":{"type":"ADDED"}}\n\ndata: {"result":{"application":[]}}\n\n${SSE()}`),
  written('halves of characters', 'well', () => `data: ${eventText({ ...application('half'), spec: { project: 'x\ud800' } })}\n\n${SSE()}`),
  heavy(written('messages of two million characters', 'well', () => `data: ${oddItem({ health: { status: 'Healthy', message: 'm'.repeat(2_000_000) } })}\n\n${SSE()}`)),
  heavy(written('a line of fifty million bytes', ['Reachable', 34], () => `data: ${'x'.repeat(50_000_000)}\n\n`)),
  written('JSON that does not parse', ['Reachable', 34], () => 'data: {"result":\n\n'),
  written('an error in the middle', ['Reachable', 10], () => `${SSE()}data: {"error":{"grpc_code":14,"http_code":503,"message":"gone","http_status":"x"}}\n\n`),
  written('a refusal in the middle', ['Refused', 22], () => `${SSE()}data: {"error":{"grpc_code":16,"http_code":401,"message":"invalid session: token is expired"}}\n\n`),
  written('a web page instead', ['Reachable', 27], () => '<html>hello</html>', '', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 18\r\n\r\n'),
  written('damaged gzip', ['Reachable', 34], () => Buffer.from('no gzip at all'), '', `${HEAD}Content-Encoding: gzip\r\n\r\n`),
  written('an encoding of its own', ['Reachable', 34], SSE, '', `${HEAD}Content-Encoding: rot13\r\n\r\n`),
  stream('comments only', 'well', ({ socket }) => {
    socket.write(PLAIN);
    keepAlive(socket, ':\n');
  }),
  stream('no headers ever', 'well', () => undefined),
  stream('headers byte by byte', 'well', ({ socket }) => slowly(socket, Buffer.from(PLAIN), 50)),
  stream('a line that never ends, drop by drop', 'well', ({ socket }) => {
    socket.write(`${PLAIN}data: {"a":"`);
    keepAlive(socket, 'x');
  }),
  heavy(stream('a flood of the same event', 'well', ({ socket }) => {
    socket.write(PLAIN);
    socket.write(SSE());
    pour(socket, Buffer.from(`data: ${events()[0] ?? ''} \n\n\n`.repeat(100)), 200_000_000);
  })),
  heavy(stream('a flood of new Applications', 'well', ({ socket }) => {
    socket.write(`${PLAIN}${SSE()}`);
    for (let index = 0; index < 30_000; index += 1) socket.write(`data: ${eventText({ metadata: { name: `n${index}`, namespace: 'x' } })} \n\n`);
    keepAlive(socket, ':\n');
  })),
  stream('cut after the first event, always', 'well', ({ socket }) => void socket.end(`${PLAIN}data: ${events()[0] ?? ''}\n\n`)),
  stream('401 in the form of streams', ['Refused', 22], ({ socket }) => void socket.write(answer('401 Unauthorized', ['Content-Type: text/event-stream'], '{"error":{"grpc_code":16,"http_code":401,"message":"invalid session: token is expired"}}'))),
  stream('401 in the form of streams, compressed', ['Refused', 22], ({ socket }) => void socket.write(answer('401 Unauthorized', ['Content-Type: application/json', 'Content-Encoding: gzip'], gzipSync('{"error":{"grpc_code":16,"http_code":401,"message":"invalid session: token is expired"}}')))),
  stream('524', 'well', ({ socket }) => void socket.write(answer('524 ', ['Content-Type: text/plain'], 'error code: 524'))),
]; // prettier-ignore

const broken = (name: string, sees: Sees, play: (ask: Ask) => void, on?: readonly Part[]): Scenario => ({
  name: `connection: ${name}`,
  sees,
  trick: { play, ...(on === undefined ? {} : { on }) },
});
const resetAfter = (bytes: (ask: Ask) => string | Buffer) => (ask: Ask) =>
  void ask.socket.write(bytes(ask), () => setTimeout(() => ask.socket.resetAndDestroy(), 5));

export const CONNECTIONS: readonly Scenario[] = [
  broken('reset after the question', ['OutOfReach', 7], ({ socket }) => void socket.resetAndDestroy()),
  broken('closed after the question', ['OutOfReach', 7], ({ socket }) => void socket.destroy()),
  broken('reset in the status line', ['OutOfReach', 7], resetAfter(() => 'HTTP/1.1 20')),
  broken('reset in the headers', ['OutOfReach', 7], resetAfter(() => 'HTTP/1.1 200 OK\r\nContent-Ty')),
  broken('reset after the headers', ['Reachable', 34], resetAfter(() => 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n'), ['version', 'list']),
  broken('reset in the body', ['Reachable', 34], resetAfter((ask) => json(bodyFor(ask)).subarray(0, -3)), ['version', 'list']),
  broken('reset in a chunk', ['Reachable', 34], resetAfter(() => 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"Ver'), ['version', 'list']),
  broken('no answer', ['OutOfReach', 36], () => undefined),
  broken('headers, one byte a second', ['OutOfReach', 36], ({ socket }) => slowly(socket, json('{}'), 50)),
  broken('a body, one byte a second', ['OutOfReach', 36], ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n');
    slowly(socket, Buffer.alloc(9_999, 0x20), 50);
  }, ['version', 'list']),
]; // prettier-ignore
