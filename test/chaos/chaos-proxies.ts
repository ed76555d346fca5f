/** What stands between may do to an answer, and what a hostile or broken Argo CD may put into one. */
import { gzipSync } from 'node:zlib';
import { heavy, unary, type Scenario } from './chaos-answers.ts';
import { answer, application, bodyFor, chunk, eventText, goodItems, json, keepAlive, listBody, type Ask, type Part, type Sees } from './chaos-server.ts'; // prettier-ignore

const EVERYWHERE: readonly Part[] = ['version', 'list', 'stream', 'tick', 'other'];
const HOUR = 3_600_000;
const JSON_TYPE = 'Content-Type: application/json';
const bare = (lines: readonly string[], body: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from([...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', ''].join('\r\n')), Buffer.from(body)]);
const dated = (name: string, ms: () => number, ...more: string[]): Scenario =>
  unary(name, 'well', (_ask, body) => bare(['HTTP/1.1 200 OK', `Date: ${new Date(Date.now() + ms()).toUTCString()}`, JSON_TYPE, ...more], body)); // prettier-ignore
const calling = (version: unknown): Scenario =>
  unary(`calls itself ${JSON.stringify(version)}`, 'well', () => json(JSON.stringify({ Version: version })), ['version']);
const listing = (name: string, sees: Sees, items: () => readonly unknown[]): Scenario =>
  unary(name, sees, (ask, body) => json(ask.path.includes('matches-nothing') ? body : listBody(items())), ['list']);
const inNamespace = (namespace: string): object => {
  const raw = application('one');
  return { ...raw, metadata: { name: 'one', namespace, uid: `uid-one-${namespace}` } };
};

/** Between us and a good Argo CD. */
const BETWEEN: readonly Scenario[] = [
  unary('gzip of several members', 'well', (_ask, body) => json(Buffer.concat([gzipSync(body.slice(0, 9)), gzipSync(body.slice(9))]), 'Content-Encoding: gzip')),
  unary('gzip with zeros behind it', 'well', (_ask, body) => json(Buffer.concat([gzipSync(body), Buffer.alloc(100)]), 'Content-Encoding: gzip')),
  unary('gzip with garbage behind it', ['Reachable', 34], (_ask, body) => json(Buffer.concat([gzipSync(body), Buffer.from('<!-- proxy -->')]), 'Content-Encoding: gzip')),
  unary('GZIP, in capitals and twice', 'well', (_ask, body) => json(gzipSync(gzipSync(body)), 'Content-Encoding: GZIP, x-GZIP')),
  unary('203 of a proxy that transforms', 'well', (_ask, body) => answer('203 Non-Authoritative Information', [JSON_TYPE, 'Via: 1.1 p'], body)),
  unary('100 Continue that nobody asked for', 'well', (_ask, body) => Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), json(body)])),
  unary('100 Continue in a packet of its own', 'well', ({ socket }, body) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    setTimeout(() => socket.write(json(body)), 10);
    return undefined;
  }),
  unary('a hundred interim answers', 'well', (_ask, body) => Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)), json(body)])),
  unary('fifty cookies', 'well', ({ headers }, body) => (/\ncookie:/i.test(headers) ? answer('400 Bad Request', [], 'a cookie came back') : json(body, ...Array.from({ length: 50 }, (_value, index) => `Set-Cookie: c${index}=${'v'.repeat(100)}; Path=/`)))),
  unary('two answers to one question', 'well', (_ask, body) => Buffer.concat([json(body), json('{"Version":"v0.0.0"}')]), ['version']),
  unary('a Content-Type of another charset', 'well', (_ask, body) => answer('200 OK', ['Content-Type: application/json;charset=utf-16'], body)),
  dated('a clock two hours ahead', () => 2 * HOUR),
  dated('a clock that jumps', () => (Math.random() - 0.5) * 48 * HOUR),
  dated('a cache that repeats itself', () => -9 * HOUR, 'Age: 32400', 'X-Cache: HIT'),
  unary('a page stuck to the JSON', ['Reachable', 34], (_ask, body) => json(`${body}<script src="//proxy/inject.js"></script>`)),
  unary('a page before the JSON', ['OutOfReach', 27], (_ask, body) => json(`<!-- proxy -->\n${body}`)),
  unary('half of the JSON twice', ['Reachable', 34], (_ask, body) => json(body.slice(0, 9) + body)),
  unary('gzip that nobody declares', ['OutOfReach', 27], (_ask, body) => json(gzipSync(body))),
  unary('gzip as transfer encoding', ['OutOfReach', 7, 27], (_ask, body) => Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n`), chunk(gzipSync(body)), Buffer.from('0\r\n\r\n')])),
  unary('301 to itself', ['OutOfReach', 26], ({ headers }) => answer('301 Moved Permanently', [`Location: ${/ (\S+) HTTP/.exec(headers)?.[1] ?? ''}`]), EVERYWHERE),
  unary('308 to itself over https', ['OutOfReach', 26], ({ headers }) => answer('308 Permanent Redirect', [`Location: https://${/host: (\S+)/i.exec(headers)?.[1] ?? ''}${/ (\S+) HTTP/.exec(headers)?.[1] ?? ''}`]), EVERYWHERE),
  unary('a status line of HTTP/2', 'well', (_ask, body) => bare(['HTTP/2.0 200 OK', JSON_TYPE], body)),
  unary('a status of two digits', ['OutOfReach', 7], (_ask, body) => bare(['HTTP/1.1 20 OK', JSON_TYPE], body)),
  unary('a status of four digits', ['OutOfReach', 7], (_ask, body) => bare(['HTTP/1.1 2000 OK', JSON_TYPE], body)),
  unary('headers folded over lines', ['OutOfReach', 7], (_ask, body) => json(body, 'X-Folded: a\r\n b')),
  unary('a hundred thousand bytes of headers', ['OutOfReach', 7], (_ask, body) => json(body, ...Array.from({ length: 100 }, (_value, index) => `X-${index}: ${'x'.repeat(1_000)}`))),
  unary('451', ['OutOfReach', 42], () => answer('451 Unavailable For Legal Reasons', ['Content-Type: text/html'], '<html>451</html>'), EVERYWHERE),
  unary('502 with the JSON of a gateway', ['OutOfReach', 4], () => answer('502 Bad Gateway', [JSON_TYPE], '{"message":"no Route matched","code":502}'), EVERYWHERE),
  unary('200 with an error in it', ['Refused', 22], () => json('{"error":"no session information","code":16,"message":"no session information"}'), EVERYWHERE),
]; // prettier-ignore

/** An Argo CD as nobody expects one. */
const HOSTILE: readonly Scenario[] = [
  ...['v3.5.1+abc.dirty', '99.0.0', '', 'latest', 'v2.9.3', 'v3.6.0-rc1+unknown', ' v3.4.7 ', `v${'9'.repeat(200)}`, '3', 'ä\ud83d\ude00'].map(calling),
  unary('no /api/version', ['OutOfReach', 12], () => answer('404 Not Found', ['Content-Type: text/plain; charset=utf-8', 'X-Content-Type-Options: nosniff'], 'Not Found\n'), ['version']),
  unary('nothing but lists and streams', 'well', () => answer('404 Not Found', ['Content-Type: text/plain; charset=utf-8'], 'Not Found\n'), ['other']),
  unary('lists that may not be read', ['Refused', 23], () => answer('403 Forbidden', [JSON_TYPE], '{"error":"permission denied","code":7,"message":"permission denied"}'), ['list']),
  listing('one name in two namespaces', 'well', () => [...goodItems(), inNamespace('team-a'), inNamespace('team-b')]),
  listing('ten thousand labels', 'well', () => [...goodItems(), { ...application('labels'), metadata: { name: 'labels', namespace: 'argocd', labels: Object.fromEntries(Array.from({ length: 10_000 }, (_value, index) => [`l${index}`, 'x'])) } }]),
  listing('the same Application a thousand times', 'well', () => [...goodItems(), ...Array.from({ length: 1_000 }, () => application('one'))]),
  heavy(listing('a label of ten million characters', 'well', () => [...goodItems(), { ...application('big'), metadata: { name: 'big', namespace: 'argocd', labels: { big: 'x'.repeat(10_000_000) } } }])),
  heavy(listing('fifty thousand Applications', ['Reachable', 25], () => Array.from({ length: 50_000 }, (_value, index) => application(`app-${index}`)))),
  unary('letters that are none, in a label', 'well', (_ask, body) => json(Buffer.concat([Buffer.from(body.slice(0, -1)), Buffer.from(',"x":"'), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from('"}')]))),
]; // prettier-ignore

const stream = (name: string, sees: Sees, play: (ask: Ask) => void, on: readonly Part[] = ['stream']): Scenario => ({ name: `stream: ${name}`, sees, trick: { on, play } }); // prettier-ignore
const SSE = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const LINES = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
const snapshot = (items: readonly object[] = goodItems()): string => items.map((raw) => `data: ${eventText(raw)} \n\n\n`).join('');
/** A fast clock makes this the time that such a proxy waits. */
const SPEED = 12;
const cutAfter = (seconds: number): Scenario =>
  stream(`cut after ${seconds} s of silence`, 'well', ({ socket }) => {
    socket.write(SSE);
    socket.write(chunk(snapshot()));
    setTimeout(() => socket.destroy(), (seconds * 1_000) / SPEED).unref();
  });
const another = (name: string): object => ({ ...application(name), metadata: { name, namespace: 'argocd', uid: `another-${name}` } });

/** Streams that pass through something, or come from somewhere else. */
const STREAMED: readonly Scenario[] = [
  ...[1, 10, 30].map(cutAfter),
  stream('held back until there are 64 kB of it', 'well', ({ socket }) => socket.write(SSE)),
  stream('as lines without keep-alives, its Accept lost', 'well', ({ socket }) => {
    socket.write(LINES);
    for (const raw of goodItems()) socket.write(chunk(`${eventText(raw)}\n`));
  }),
  stream('letters split over chunks', 'well', ({ socket }) => {
    socket.write(SSE);
    const bytes = Buffer.from(snapshot([...goodItems(), { ...application('split'), spec: { project: 'ä\u{1f600}ö'.repeat(20) } }]));
    for (let at = 0; at < bytes.length; at += 3) socket.write(chunk(bytes.subarray(at, at + 3)));
    keepAlive(socket);
  }),
  stream('everything in one chunk, again and again', 'well', ({ socket }) => {
    socket.write(SSE);
    keepAlive(socket, chunk(snapshot()));
  }),
  stream('a comment of three million bytes', 'well', ({ socket }) => {
    socket.write(SSE);
    socket.write(chunk(`:${'x'.repeat(3_000_000)}\n${snapshot()}`));
    keepAlive(socket);
  }),
  stream('ends of Applications that never were', 'well', ({ socket }) => {
    socket.write(SSE);
    const gone = Array.from({ length: 1_000 }, (_value, index) => `data: ${JSON.stringify({ result: { type: 'DELETED', application: application(`never-${index}`) } })} \n\n\n`); // prettier-ignore
    socket.write(chunk(snapshot() + gone.join('')));
    keepAlive(socket);
  }),
  stream('words of Kubernetes and of nobody', 'well', ({ socket }) => {
    socket.write(SSE);
    const words = ['BOOKMARK', 'ERROR', 'added', ''].map((type) => `data: ${JSON.stringify({ result: { type, application: application('one') } })} \n\n\n`); // prettier-ignore
    socket.write(chunk(snapshot() + words.join('')));
    keepAlive(socket);
  }),
  stream('too big, told in the middle', ['Reachable', 25], ({ socket }) => {
    socket.write(SSE);
    socket.write(chunk(`${snapshot()}data: {"error":{"grpc_code":8,"http_code":429,"message":"grpc: received message larger than max"}} \n\n`));
  }),
  stream('null', ['Reachable', 34], ({ socket }) => {
    socket.write(SSE);
    socket.write(chunk('data: null \n\n\n'));
  }),
  stream('of another Argo CD, with the same names', ['Refused', 39], ({ socket }) => {
    socket.write(SSE);
    socket.write(chunk(snapshot(['one', 'two', 'three'].map(another))));
    keepAlive(socket);
  }),
  stream('and list of another Argo CD', ['Refused', 39], (ask) => {
    const items = ['four', 'five'].map(another);
    if (ask.part !== 'stream') return void ask.socket.write(json(ask.part === 'list' && !ask.path.includes('matches-nothing') ? listBody(items) : bodyFor(ask)));
    ask.socket.write(SSE);
    ask.socket.write(chunk(snapshot(items)));
    keepAlive(ask.socket);
  }, ['list', 'stream']),
]; // prettier-ignore

export const PROXIES: readonly Scenario[] = [...BETWEEN, ...HOSTILE, ...STREAMED];
