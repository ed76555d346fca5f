/** Answers to short questions: encodings and framings that are odd and right, and those that are wrong. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Socket } from 'node:net';
import {
  answer,
  application,
  bodyFor,
  chunk,
  goodItems,
  json,
  listBody,
  type Ask,
  type Part,
  type Sees,
  type Trick,
} from './chaos-server.ts';
import type { TlsFault } from './chaos-tls.ts';

export interface Scenario {
  readonly name: string;
  readonly connector?: 'cloudflare';
  readonly trick: Trick;
  readonly sees: Sees;
  /** Pours out so much that a machine has to work for it. */
  readonly heavy?: boolean;
  /** Reached over TLS, where this goes wrong. */
  readonly tls?: TlsFault;
}

const UNARY: readonly Part[] = ['version', 'list', 'other'];
const unary = (name: string, sees: Sees, play: (ask: Ask, body: string) => Buffer | undefined, on: readonly Part[] = UNARY): Scenario => ({
  name,
  sees,
  trick: {
    on,
    play(ask) {
      const bytes = play(ask, bodyFor(ask));
      if (bytes !== undefined) ask.socket.write(bytes);
    },
  },
});
const heavy = (scenario: Scenario): Scenario => ({ ...scenario, heavy: true });
const encoded = (encoding: string, encode: (body: string) => Buffer): Scenario =>
  unary(`body in ${encoding}`, 'well', (_ask, body) => json(encode(body), `Content-Encoding: ${encoding}`));
const framed = (name: string, sees: Sees, lines: readonly string[], body: (text: string) => Buffer | string): Scenario =>
  unary(name, sees, (_ask, text) =>
    Buffer.concat([
      Buffer.from(['HTTP/1.1 200 OK', 'Content-Type: application/json', ...lines, '', ''].join('\r\n')),
      Buffer.from(body(text)),
    ]),
  );
const CHUNKED = ['Transfer-Encoding: chunked'];
const LAST = '0\r\n\r\n';
const bytewise = (text: string): Buffer[] => [...Buffer.from(text)].map((byte) => Buffer.of(byte));

/** Sends without end, as fast as it is read. */
function pour(socket: Socket, piece: Buffer, most = Infinity): void {
  let sent = 0;
  const more = (): void => {
    while (!socket.destroyed && sent < most) {
      sent += piece.length;
      if (!socket.write(piece)) return void socket.once('drain', more);
    }
  };
  more();
}
/** A few kilobytes that unpack to eighty million blanks. */
const BOMB = gzipSync(Buffer.alloc(80_000_000, 0x20));
const PIECE = Buffer.alloc(65_536, 0x20);

function slowly(socket: Socket, bytes: Buffer, everyMs: number, size = 1): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at < bytes.length && !socket.destroyed) socket.write(bytes.subarray(at, (at += size)));
    else clearInterval(timer);
  }, everyMs);
  timer.unref();
}

export const ODD_BUT_RIGHT: readonly Scenario[] = [
  encoded('gzip', gzipSync),
  encoded('x-gzip', gzipSync),
  encoded('br', brotliCompressSync),
  encoded('deflate', deflateSync),
  encoded('Deflate', deflateRawSync),
  encoded('zstd', zstdCompressSync),
  encoded('gzip, br', (body) => brotliCompressSync(gzipSync(body))),
  encoded('identity', (body) => Buffer.from(body)),
  framed('chunked with trailers', 'well', [...CHUNKED, 'Trailer: X-Sum'], (text) => `${chunk(text).toString()}0\r\nX-Sum: 1\r\n\r\n`),
  framed('chunk extensions', 'well', CHUNKED, (text) => `${text.length.toString(16)};name="a;b"\r\n${text}\r\n${LAST}`),
  framed('chunks of one byte', 'well', CHUNKED, (text) => Buffer.concat([...bytewise(text).map(chunk), Buffer.from(LAST)])),
  framed('chunk sizes with zeros before them', 'well', CHUNKED, (text) => `0000${text.length.toString(16)}\r\n${text}\r\n${LAST}`),
  unary('early hints before the answer', 'well', (_ask, body) => Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'), json(body)])),
  unary('processing, twice, before the answer', 'well', (_ask, body) => Buffer.concat([Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'.repeat(2)), json(body)])),
  unary('HTTP/1.0 that ends with its connection', 'well', ({ socket }, body) => {
    socket.end(`HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n${body}`);
    return undefined;
  }),
  unary('connections closed after each answer', 'well', ({ socket }, body) => {
    socket.end(json(body, 'Connection: close'));
    return undefined;
  }),
  unary('kept connections closed without a word', 'well', ({ socket }, body) => {
    socket.end(json(body, 'Connection: keep-alive', 'Keep-Alive: timeout=120'));
    return undefined;
  }),
  unary('an answer in pieces', 'well', ({ socket }, body) => {
    slowly(socket, json(body), 0, 20);
    return undefined;
  }),
  unary('a byte order mark', 'well', (_ask, body) => json(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)]))),
  unary('blanks around the JSON', 'well', (_ask, body) => json(` \r\n\t${body}\n\n`)),
  unary('a content type with a suffix', 'well', (_ask, body) => answer('200 OK', ['Content-Type: application/json; charset=utf-8; x="y"'], body)),
  unary('no content type', 'well', (_ask, body) => answer('200 OK', [], body)),
  unary('JSON labelled as text', 'well', (_ask, body) => answer('200 OK', ['Content-Type: text/plain'], body)),
  unary('two hundred headers', 'well', (_ask, body) => json(body, ...Array.from({ length: 200 }, (_value, index) => `X-Via-${index}: proxy`))),
  unary('headers of proxies', 'well', (_ask, body) => json(body, 'Via: 1.1 squid, 1.1 varnish', 'X-Cache: HIT', 'Age: 12', 'Set-Cookie: a=b; Path=/', 'Alt-Svc: h3=":443"')),
  unary('no reason phrase', 'well', (_ask, body) => answer('200', ['Content-Type: application/json'], body)),
  unary('a Date of the year 1970', 'well', (_ask, body) => Buffer.from(`HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`)),
  unary('a Date that is none', 'well', (_ask, body) => Buffer.from(`HTTP/1.1 200 OK\r\nDate: yesterday\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`)),
  unary('random errors of 3.5 on lists', ['Reachable', 37], () => answer('500 Internal Server Error', ['Content-Type: application/json'], '{"error": "failed to marshal error message"}'), ['list']),
]; // prettier-ignore

const strange = (name: string, ...items: readonly unknown[]): Scenario => lists(name, () => listBody([...goodItems(), ...items]));
const lists = (name: string, body: () => string): Scenario =>
  unary(name, 'well', (ask) => json(ask.part === 'list' ? body() : bodyFor(ask)), ['list']);
const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Right answers with fields that nobody expects. */
export const STRANGE_FIELDS: readonly Scenario[] = [
  lists('duplicate keys', () => listBody().replace('"items"', '"items":[],"items":7,"items"')),
  lists('keys named __proto__', () => listBody().replace('"items"', '"__proto__":{"items":[]},"constructor":{"prototype":{}},"items"')),
  strange('items of every type', null, 1, 'text', [], [[]], true, {}, { metadata: null }, { metadata: { name: 7 } }, { metadata: { name: {} } }),
  strange('names that are none', ...['__proto__', 'a/b', '../x', 'ä', 'a b', '', '\u0000', 'x'.repeat(5_000), '\ud800'].map((name) => application(name))),
  heavy(lists('JSON a hundred thousand deep', () => listBody().replace('"metadata"', `"deep":${deep(100_000)},"metadata"`))),
  lists('numbers beyond numbers', () => listBody().replace('"resourceVersion":"7"', '"resourceVersion":1e999,"n":-0,"big":123456789012345678901234567890')),
]; // prettier-ignore

/** Right or wrong in form, and in any case not an answer. */
export const WRONG: readonly Scenario[] = [
  unary('says gzip, is not', ['Reachable', 34], (_ask, body) => json(body, 'Content-Encoding: gzip')),
  unary('gzip that ends early', ['Reachable', 34], (_ask, body) => json(gzipSync(body).subarray(0, -9), 'Content-Encoding: gzip')),
  unary('an encoding of its own', ['Reachable', 34], (_ask, body) => json(body, 'Content-Encoding: rot13')),
  heavy(unary('gzip that unpacks without end', ['OutOfReach', 27], () => json(BOMB, 'Content-Encoding: gzip'))),
  heavy(unary('a list that unpacks without end', ['Reachable', 25], () => json(BOMB, 'Content-Encoding: gzip'), ['list'])),
  heavy(unary('an endless version', ['OutOfReach', 27], ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"Version":"');
    pour(socket, PIECE);
    return undefined;
  })),
  heavy(unary('an endless list', ['Reachable', 25], ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"items":[');
    pour(socket, PIECE);
    return undefined;
  }, ['list'])),
  heavy(unary('a list of a hundred million bytes', ['Reachable', 25], ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n');
    pour(socket, PIECE, 100_000_000);
    return undefined;
  }, ['list'])),
  heavy(unary('an endless web page', ['OutOfReach', 27], ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>');
    pour(socket, PIECE);
    return undefined;
  })),
  unary('a length that promises too much', ['Reachable', 34], ({ socket }, body) => {
    socket.end(json(body, `Content-Length: ${body.length + 10}`));
    return undefined;
  }),
  unary('a length that promises too little', ['Reachable', 34], (_ask, body) => json(body, `Content-Length: ${body.length - 3}`)),
  unary('two lengths that differ', ['OutOfReach', 7], (_ask, body) => json(body, 'Content-Length: 5', `Content-Length: ${body.length}`)),
  unary('a length that is no number', ['OutOfReach', 7], (_ask, body) => json(body, 'Content-Length: -1')),
  unary('length and chunks at once', ['OutOfReach', 7], (_ask, body) => json(chunk(body), 'Content-Length: 3', 'Transfer-Encoding: chunked')),
  framed('a chunk size that is no number', ['Reachable', 34], CHUNKED, (text) => `zz\r\n${text}\r\n${LAST}`),
  framed('a chunk size beyond numbers', ['Reachable', 34], CHUNKED, (text) => `fffffffffffffffff\r\n${text}`),
  unary('chunks that end in the middle', ['Reachable', 34], ({ socket }, body) => {
    socket.end(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'), chunk(body.slice(0, 9))]));
    return undefined;
  }),
  unary('a header of sixty thousand bytes', ['OutOfReach', 7], (_ask, body) => json(body, `X-Big: ${'x'.repeat(60_000)}`)),
  unary('a header that is garbage', ['OutOfReach', 7], (_ask, body) => json(body, 'no colon here\u0001')),
  heavy(unary('headers without end', ['OutOfReach', 7], ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    pour(socket, Buffer.from('X-More: more\r\n'.repeat(1_000)));
    return undefined;
  })),
  unary('a status beyond statuses', ['OutOfReach', 7, 42], (_ask, body) => answer('999 Odd', ['Content-Type: application/json'], body)),
  unary('a protocol that is none', ['OutOfReach', 7], () => Buffer.from('ICY 200 OK\r\n\r\n')),
  unary('another protocol', ['OutOfReach', 7], () => Buffer.from('SSH-2.0-OpenSSH_9.9\r\n')),
  unary('lines that end in LF alone', ['OutOfReach', 7], (_ask, body) => Buffer.from(`HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: ${body.length}\n\n${body}`)),
  unary('a protocol switch', ['OutOfReach', 7], () => Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n')),
  unary('an interim answer without an end', ['OutOfReach', 36, 7], () => Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n')),
  unary('NaN', ['Reachable', 34], () => json('{"Version":NaN,"items":NaN}')),
  unary('JSON with single quotes', ['Reachable', 34], () => json("{'Version':'v3.4.7'}")),
  unary('bytes that are no text', ['OutOfReach', 27], () => json(Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x80]))),
  unary('UTF-16', ['OutOfReach', 27], (_ask, body) => json(Buffer.from(body, 'utf16le'))),
  unary('a list where a version was asked', ['OutOfReach', 27], () => json('[1,2,3]')),
  unary('null', ['OutOfReach', 27], () => json('null')),
  unary('an object of another kind', ['OutOfReach', 27], () => json('{"gitVersion":"v1.33.0"}')),
  unary('a version that is a number', ['OutOfReach', 27], () => json('{"Version":3}')),
  unary('an object where a list was asked', ['Reachable', 27], () => json('{"items":{"length":3}}'), ['list']),
  unary('an empty body', ['Reachable', 34], () => json('')),
]; // prettier-ignore

/** Each fault under both Connectors. */
export const overTls = (faults: readonly TlsFault[]): readonly Scenario[] =>
  faults.flatMap((tls) => {
    const trick: Trick = { play: (ask) => ask.good() };
    const name = `direct: ${tls.name}`;
    const cloudflare = 'cloudflare' as const;
    return [{ name, sees: tls.direct, trick, tls }, { name: `cloudflare: ${tls.name}`, sees: tls.cloudflare, connector: cloudflare, trick, tls }]; // prettier-ignore
  });

export { heavy, pour, slowly, unary };
