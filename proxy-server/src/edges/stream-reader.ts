/**
 * One stream of an edge: opens it, tells framing and encoding from the answer, and hands over parsed messages. It reads as fast as bytes come
 * (argo-cd drops events of a slow reader without a word), keeps nothing but an unfinished line, and says in the end what kind of end it was.
 * Whatever begins badly (a web page, an error, another content type) becomes a failure and never data.
 */
import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { classify, makeFailure } from '../domain/classify.ts';
import { headerText } from '../domain/classify-headers.ts';
import type { AnswerHeaders, Asked, EdgeFailure } from '../domain/failure.ts';
import type { Cancel, Timers } from '../ports/runtime.ts';
import { complaintText, createComplaintCollector, encodingsOf, type BodyCollector } from './body.ts';
import { outcomeOf } from './edge-client.ts';
import {
  askedOf,
  startExchange,
  type Exchange,
  type ExchangeEnd,
  type ExchangeListener,
  type ExchangeRequest,
  type Ticking,
} from './exchange.ts';
import { parseJsonObject } from './json-object.ts';
import type { EdgeLimits } from './limits.ts';
import { createStreamParser, type Framing, type StreamParser } from './sse-parser.ts';
import type { EdgeRoute } from './route.ts';

export interface StreamQuestion {
  readonly path: string;
  /** Live streams ask for events with keep-alive comments, snapshots for lines. */
  readonly framing: Framing;
  /** Lines may come compressed; events never are. */
  readonly compressed?: boolean;
  readonly headersMs: number;
  readonly silenceMs: number;
  readonly overallMs?: number;
  readonly limits: Pick<EdgeLimits, 'maxLineBytes' | 'streamBurstBytes' | 'streamBytesPerSecond'>;
}

export interface StreamListener {
  /** The stream has begun well: its headers came. */
  onOpen(headers: AnswerHeaders): void;
  onMessage(message: object): void;
  onComment(): void;
  /** Once, and nothing after it. Never after `close`. */
  onEnd(end: StreamEnd): void;
}

/**
 * `idle`: no first byte, which is how a stream without events looks. `cut`: it had begun well and ended. `silent`: it had begun well and then
 * sent nothing for too long. `failed`: it was refused, or what came is no stream.
 */
export interface StreamEnd {
  readonly kind: 'idle' | 'cut' | 'silent' | 'failed';
  readonly failure: EdgeFailure;
}

export interface OpenStream {
  /** Ends it without a word. */
  close(): void;
}

/** Lists of Applications shrink to a tenth or a thirtieth; what unpacks to far more was made to. */
const MOST_UNPACKED_RATIO = 200;
const MOST_UNPACKED_BYTES = 16 * 1024 * 1024;
/** An error that does not end is not waited for. */
const ERROR_BODY_MS = 5_000;

/** Opens a stream of `route` with its read token. */
export function openStream(route: EdgeRoute, question: StreamQuestion, listener: StreamListener, ticking: Ticking): OpenStream {
  const sse = question.framing === 'sse';
  const headers = {
    ...route.headers('read'),
    accept: sse ? 'text/event-stream' : 'application/json', // exactly so: argo-cd compares the text (server/server.go compressHandler @ v3.5.1)
    'accept-encoding': question.compressed === true ? 'gzip' : 'identity',
  };
  const request: ExchangeRequest = {
    method: 'GET',
    path: question.path,
    headers,
    stream: true,
    headersMs: question.headersMs,
    idleMs: question.silenceMs,
    pace: { burstBytes: question.limits.streamBurstBytes, perSecond: question.limits.streamBytesPerSecond },
    ...(question.overallMs === undefined ? {} : { overallMs: question.overallMs }),
  };
  const reading = new StreamReading(askedOf(route, request), question, listener, ticking);
  reading.attach(startExchange(route, request, reading, ticking));
  return reading;
}

class StreamReading implements OpenStream, ExchangeListener {
  readonly #asked: Asked;
  readonly #question: StreamQuestion;
  readonly #listener: StreamListener;
  readonly #timers: Timers;
  #exchange: Exchange | undefined;
  #head: Head | undefined;
  #parser: StreamParser | undefined;
  #decoder: Transform | undefined;
  /** Made with the first chunk: some encodings are told only by their first byte. */
  #encoding: string | undefined;
  #codedBytes = 0;
  #decodedBytes = 0;
  #complaint: BodyCollector | undefined;
  #complaining = false;
  #over = false;
  #cancel: Cancel = () => undefined;

  constructor(asked: Asked, question: StreamQuestion, listener: StreamListener, { timers }: Ticking) {
    this.#asked = asked;
    this.#question = question;
    this.#listener = listener;
    this.#timers = timers;
  }

  attach(exchange: Exchange): void {
    this.#exchange = exchange;
  }

  close(): void {
    this.#over = true;
    this.#cancel();
    this.#decoder?.destroy();
    this.#exchange?.abort();
    this.#parser = undefined;
    this.#decoder = undefined;
    this.#exchange = undefined;
  }

  onHead(status: number, headers: AnswerHeaders): void {
    this.#head = { status, headers };
    const framing = framingOf(status, headers);
    if (framing !== undefined) return this.#begin(framing, headers);
    this.#complaint = createComplaintCollector();
    this.#cancel = this.#timers.after(ERROR_BODY_MS, () => this.#complain());
  }

  onData(chunk: Buffer): void {
    if (this.#over || this.#complaining) return;
    if (this.#complaint !== undefined) {
      if (!this.#complaint.add(chunk)) this.#complain();
    } else if (this.#encoding === undefined) this.#feed(chunk);
    else this.#decode(this.#encoding, chunk);
  }

  onEnd(end: ExchangeEnd): void {
    if (this.#complaint !== undefined) return this.#complain();
    const failure = classify(outcomeOf(this.#asked, end)) ?? makeFailure(35, { sign: 'the stream ended' });
    const ended = (): void => this.#end(kindOf(end, this.#head !== undefined), failure);
    if (this.#decoder === undefined || this.#over) return ended();
    this.#decoder.once('end', ended); // what it still holds comes first
    this.#decoder.end();
  }

  #begin(framing: Framing, headers: AnswerHeaders): void {
    this.#parser = createStreamParser(framing, this.#question.limits.maxLineBytes, {
      onMessage: (text) => this.#onMessage(text),
      onComment: () => this.#over || this.#listener.onComment(),
    });
    const [encoding, ...more] = encodingsOf(headers);
    this.#encoding = more.length > 0 ? 'several' : encoding;
    this.#listener.onOpen(headers);
  }

  /** Proxies in between may compress what they like; Argo CD itself compresses lines on request. */
  #decode(encoding: string, chunk: Buffer): void {
    this.#decoder ??= newDecoder(encoding, chunk)
      ?.on('data', (bytes: Buffer) => this.#unpacked(bytes))
      .on('error', () => this.#failBroken());
    this.#codedBytes += chunk.length;
    if (this.#decoder === undefined) this.#failBroken();
    else this.#decoder.write(chunk);
  }

  #unpacked(bytes: Buffer): void {
    this.#decodedBytes += bytes.length;
    if (this.#decodedBytes > MOST_UNPACKED_BYTES && this.#decodedBytes > MOST_UNPACKED_RATIO * this.#codedBytes) this.#failBroken();
    else this.#feed(bytes);
  }

  #failBroken(): void {
    this.#fail(makeFailure(34, { sign: 'a compressed stream that is damaged', status: 200 }));
  }

  #feed(chunk: Buffer): void {
    if (this.#over || this.#parser === undefined || this.#parser.push(chunk)) return;
    this.#fail(makeFailure(34, { sign: `a line of more than ${this.#question.limits.maxLineBytes} bytes`, status: 200 }));
  }

  #onMessage(text: string): void {
    if (this.#over) return;
    const message = parseJsonObject(text);
    if (message === undefined) return this.#fail(makeFailure(34, { sign: 'a line of the stream that is not JSON', status: 200 }));
    if (isError(message)) this.#fail(errorOf(this.#asked, this.#head, text));
    else this.#listener.onMessage(message);
  }

  #complain(): void {
    if (this.#complaining || this.#over) return;
    this.#complaining = true;
    this.#cancel();
    this.#exchange?.abort();
    void complaintOf(this.#asked, this.#head, this.#complaint).then((failure) => {
      this.#end(failure.row === 35 ? 'idle' : 'failed', failure);
    });
  }

  #fail(failure: EdgeFailure): void {
    this.#end('failed', failure);
  }

  #end(kind: StreamEnd['kind'], failure: EdgeFailure): void {
    if (this.#over) return;
    this.close();
    this.#listener.onEnd({ kind, failure });
  }
}

interface Head {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

function kindOf(end: ExchangeEnd, begun: boolean): StreamEnd['kind'] {
  if (end.kind === 'deadline' && end.phase === 'headers') return 'idle';
  if (end.kind === 'deadline' && begun) return 'silent';
  return begun ? 'cut' : 'failed';
}

/** Undefined: this is no stream of Argo CD. NDJSON is labelled application/json. */
function framingOf(status: number, headers: AnswerHeaders): Framing | undefined {
  if (status !== 200) return undefined;
  const type = headerText(headers, 'content-type').toLowerCase();
  if (type.startsWith('text/event-stream')) return 'sse';
  return /^application\/(x-)?(nd)?json/.test(type) ? 'ndjson' : undefined;
}

async function complaintOf(asked: Asked, head: Head | undefined, body: BodyCollector | undefined): Promise<EdgeFailure> {
  const { status, headers } = head ?? { status: 0, headers: {} };
  const bodyPrefix = body === undefined ? '' : await complaintText(body.bytes(), headers);
  const failure = classify({ kind: 'response', asked, status, headers, bodyPrefix, bodyComplete: true });
  return (
    failure ?? makeFailure(27, { sign: `${status} with ${headerText(headers, 'content-type').slice(0, 40) || 'no content type'}`, status })
  );
}

const isError = (message: object): boolean => 'error' in message && !('result' in message);

/** An error in the middle of a stream: the answer's status was 200 long ago, so the body alone tells. */
function errorOf(asked: Asked, head: { headers: AnswerHeaders } | undefined, text: string): EdgeFailure {
  const failure = classify({ kind: 'response', asked, status: 200, headers: head?.headers ?? {}, bodyPrefix: text, bodyComplete: true });
  return failure ?? makeFailure(37, { sign: 'an error in the stream', status: 200 });
}

const SYNC = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI = { flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH };
/** Lower half of the first byte of a zlib wrapper; what calls itself deflate without it is raw. */
const ZLIB_METHOD = 8;

/** Undefined for an encoding that we do not know. */
function newDecoder(encoding: string, first: Buffer): Transform | undefined {
  switch (encoding) {
    case 'gzip': case 'x-gzip': return createGunzip(SYNC);
    case 'deflate': return ((first[0] ?? 0) & 0xf) === ZLIB_METHOD ? createInflate(SYNC) : createInflateRaw(SYNC);
    case 'br': return createBrotliDecompress(BROTLI);
    case 'zstd': return createZstdDecompress();
    default: return undefined;
  } // prettier-ignore
}
