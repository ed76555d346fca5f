/**
 * Answers of the origin that come to harm on their way. They are spoiled as they are written, so that streams are spoiled too: the methods of
 * the response are wrapped, and what the origin writes passes through `Spoiling`.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { answerCloudflareError } from './cloudflare-answers.ts';
import type { Fault } from './faults.ts';
import type { Play } from './play.ts';

type SpoilingFault = Extract<Fault, { kind: 'truncate' | 'cutStream' | 'slowBody' | 'stall' | 'gzipLie' | 'clock' | 'replay' }>;

interface Raw {
  head(status: number): void;
  write(chunk: Buffer): void;
  end(): void;
}

interface Spoiling {
  /** May change headers that are set; called once, before anything is sent. Returns false where it answered itself. */
  head?(status: number, raw: Raw): boolean;
  /** Told of each chunk before it goes out. */
  passing?(): void;
  /** Writes in place of the origin; absent: what it writes goes out as it is, text as text, which saves two copies of every answer. */
  chunk?(chunk: Buffer, raw: Raw): void;
  end?(raw: Raw): void;
}

type Chunk = string | Uint8Array;

const isChunk = (given: unknown): given is Chunk => typeof given === 'string' || ArrayBuffer.isView(given);

const encodingOf = (given: unknown): BufferEncoding => (typeof given === 'string' && Buffer.isEncoding(given) ? given : 'utf8');

const toBuffer = (chunk: Chunk, encoding: BufferEncoding): Buffer =>
  typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

const callbackIn = (args: readonly unknown[]): (() => void) | undefined => args.find((arg): arg is () => void => typeof arg === 'function');

/** Where what the origin writes goes through. */
interface Passage {
  head(status: number): void;
  flush(): void;
  chunk(chunk: unknown, encoding: unknown): void;
  end(chunk: unknown, encoding: unknown): void;
}

/** One head, then chunks, then one end, through the hooks of `spoiling` to the response as it is before it is wrapped. */
function createPassage(response: ServerResponse, spoiling: Spoiling): Passage {
  const original = {
    writeHead: response.writeHead.bind(response),
    write: response.write.bind(response),
    end: response.end.bind(response),
    flush: response.flushHeaders.bind(response),
  };
  const raw: Raw = {
    head: (status) => void original.writeHead(status),
    write: (chunk) => void original.write(chunk),
    end: () => void original.end(),
  };
  let headed = false;
  let answered = false;

  const head = (status: number): void => {
    if (headed) return;
    headed = true;
    answered = spoiling.head?.(status, raw) === false;
    if (!answered && !response.headersSent) raw.head(status);
  };
  const write = (chunk: unknown, encoding: unknown): void => {
    head(response.statusCode);
    if (answered || !isChunk(chunk)) return;
    spoiling.passing?.();
    if (spoiling.chunk === undefined) original.write(chunk, encodingOf(encoding));
    else spoiling.chunk(toBuffer(chunk, encodingOf(encoding)), raw);
  };
  const isWhole = spoiling.chunk === undefined && spoiling.end === undefined;
  return {
    head,
    flush: () => {
      head(response.statusCode);
      if (!answered) original.flush();
    },
    chunk: write,
    end: (chunk, encoding) => {
      head(response.statusCode);
      if (answered) return;
      if (isWhole && isChunk(chunk)) {
        spoiling.passing?.();
        original.end(chunk, encodingOf(encoding)); // the last chunk and the end in one piece
        return;
      }
      write(chunk, encoding);
      if (spoiling.end === undefined) raw.end();
      else spoiling.end(raw);
    },
  };
}

/**
 * Puts `spoiling` between the origin and a response. Whatever way the origin writes (writeHead, implicit headers, write, end with data), the
 * hooks see one head, then chunks, then one end. Wrapping twice nests.
 */
function wrap(response: ServerResponse, spoiling: Spoiling): void {
  const passage = createPassage(response, spoiling);
  response.writeHead = (status: number, ...rest: unknown[]) => {
    const headers =
      rest.find((part): part is OutgoingHttpHeaders => typeof part === 'object' && part !== null && !Array.isArray(part)) ?? {};
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
    response.statusCode = status;
    passage.head(status);
    return response;
  };
  response.flushHeaders = () => passage.flush();
  response.write = (chunk: unknown, ...rest: unknown[]) => {
    passage.chunk(chunk, rest[0]);
    const done = callbackIn(rest);
    if (done !== undefined) process.nextTick(done);
    return !response.writableNeedDrain;
  };
  response.end = (...args: unknown[]) => {
    const done = callbackIn(args);
    if (done !== undefined) response.once('finish', done);
    passage.end(args[0], args[1]);
    return response;
  };
}

/** What the front does to every answer of an origin: bodies of 502 and 504 are replaced, and silence beyond the read timeout ends in 524 or a cut. */
export function guardOriginAnswer(request: IncomingMessage, response: ServerResponse, readTimeoutMs: number): void {
  const timer = setTimeout(() => {
    if (response.headersSent) response.destroy();
    else answerCloudflareError(request, response, { status: 524, code: 524 });
  }, readTimeoutMs);
  timer.unref();
  response.once('close', () => clearTimeout(timer));
  let replaced = false;
  wrap(response, {
    head(status, raw) {
      if (replaced || (status !== 502 && status !== 504)) return true;
      replaced = true;
      const body = Buffer.from(`error code: ${status}`);
      response.setHeader('content-type', 'text/plain; charset=UTF-8');
      response.setHeader('content-length', body.length);
      response.removeHeader('content-encoding');
      raw.head(status);
      raw.write(body);
      raw.end();
      return false;
    },
    passing: () => void timer.refresh(),
  });
}

/** Lets the origin answer and spoils what it says. */
export function spoilAnswer(fault: SpoilingFault, play: Play): void {
  const { response } = play;
  play.request.headers['accept-encoding'] = 'identity'; // what is spoiled is the text
  const isStream = play.request.headers.accept === 'text/event-stream';
  switch (fault.kind) {
    case 'truncate': wrap(response, truncated(response, fault)); break;
    case 'cutStream': if (isStream) cutLater(response, fault); break;
    case 'slowBody': wrap(response, slow(response, fault.bytesPerSecond)); break;
    case 'stall': if (fault.at === 'beforeHeaders') return; wrap(response, stalled(fault.at)); break;
    case 'gzipLie': wrap(response, { head: () => lieAboutGzip(response) }); break;
    case 'clock':
      wrap(response, skewed(play, fault)); break;
    case 'replay': wrap(response, replayed(response, fault)); break;
    default: return fault satisfies never;
  } // prettier-ignore
  play.next();
}

/** Sends a head that promises more than comes, then closes without the end that the framing needs. */
function truncated(response: ServerResponse, { how, afterBytes }: Extract<Fault, { kind: 'truncate' }>): Spoiling {
  let left = afterBytes;
  let over = false;
  const finish = (raw: Raw): void => {
    if (over) return;
    over = true;
    if (how === 'json') raw.end();
    else if (how === 'chunkFraming') response.socket?.end('zz\r\nnot a chunk\r\n');
    else setImmediate(() => response.socket?.end());
  };
  return {
    head() {
      response.removeHeader('content-length');
      if (how === 'length') response.setHeader('content-length', afterBytes + 1_000);
      if (how === 'gzip') response.setHeader('content-encoding', 'gzip');
      return true;
    },
    chunk(chunk, raw) {
      if (over) return;
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (part.length > 0) raw.write(part);
      if (left === 0) finish(raw);
    },
    end: finish,
  };
}

function cutLater(response: ServerResponse, { afterMs, clean }: Extract<Fault, { kind: 'cutStream' }>): void {
  const timer = setTimeout(() => (clean ? response.end() : response.destroy()), afterMs);
  timer.unref();
  response.once('close', () => clearTimeout(timer));
}

const TICK_MS = 100;

/** Drips what is written, bounded by what the origin wrote; a client that leaves stops it. */
function slow(response: ServerResponse, bytesPerSecond: number): Spoiling {
  let waiting = Buffer.alloc(0);
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  response.once('close', () => clearInterval(timer));
  const drip = (raw: Raw): void => {
    const part = waiting.subarray(0, Math.max(1, Math.ceil((bytesPerSecond * TICK_MS) / 1_000)));
    waiting = waiting.subarray(part.length);
    if (part.length > 0) raw.write(part);
    if (waiting.length > 0 || !ended) return;
    clearInterval(timer);
    raw.end();
  };
  const start = (raw: Raw): void => void (timer ??= setInterval(() => drip(raw), TICK_MS).unref());
  return {
    head: () => (response.removeHeader('content-length'), true),
    chunk(chunk, raw) {
      waiting = Buffer.concat([waiting, chunk]);
      start(raw);
    },
    end(raw) {
      ended = true;
      start(raw);
    },
  };
}

/** The head, or the head and the first half of the first piece, and then nothing for ever. */
function stalled(at: 'afterHeaders' | 'inBody'): Spoiling {
  let sent = false;
  return {
    chunk(chunk, raw) {
      if (at === 'inBody' && !sent) raw.write(chunk.subarray(0, Math.ceil(chunk.length / 2)));
      sent = true;
    },
    end: () => undefined,
  };
}

function lieAboutGzip(response: ServerResponse): boolean {
  response.setHeader('content-encoding', 'gzip');
  return true;
}

/** The Date header is off by `offsetMs`, and by `jumpMs` more on every other answer, whatever the origin says. */
function skewed({ response, now, ray }: Play, { offsetMs, jumpMs }: Extract<Fault, { kind: 'clock' }>): Spoiling {
  const jump = Number.parseInt(ray.slice(0, 1), 16) % 2 === 0 ? 0 : jumpMs;
  return {
    head() {
      response.sendDate = false;
      response.setHeader('date', new Date(now() + offsetMs + jump).toUTCString());
      return true;
    },
  };
}

/** Versions and times of comparison go back, as after a restored backup or from a cache; all else stays. */
function replayed(response: ServerResponse, { backMs, backVersions }: Extract<Fault, { kind: 'replay' }>): Spoiling {
  const olderTime = (all: string, name: string, at: string): string => {
    const time = Date.parse(at);
    return Number.isFinite(time) ? `"${name}":"${new Date(time - backMs).toISOString()}"` : all;
  };
  const older = (text: string): string =>
    text
      .replace(
        /"resourceVersion":"(\d{1,15})"/g,
        (_all, version: string) => `"resourceVersion":"${Math.max(1, Number(version) - backVersions)}"`,
      )
      .replace(/"(reconciledAt|observedAt)":"([^"]{20,35})"/g, olderTime);
  return {
    head: () => (response.removeHeader('content-length'), true),
    chunk: (chunk, raw) => raw.write(Buffer.from(older(chunk.toString('utf8')), 'utf8')),
  };
}
