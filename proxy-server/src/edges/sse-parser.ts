/**
 * Cuts a stream of bytes into messages, in both framings of Argo CD: server-sent events (`data: {…} \n\n\n` and `:` comments) and one JSON per
 * line (argoproj/pkg grpc/http/forwarders.go @ v2.0.1). It works by bytes, never by chunk: a message may come in pieces, a character may be
 * split over two chunks, a chunk may hold a thousand messages. A line that does not end is cut off at the limit instead of kept.
 */
import { GrowingBytes } from './growing-bytes.ts';

export type Framing = 'sse' | 'ndjson';

export interface MessageListener {
  onMessage(text: string): void;
  /** A keep-alive: a comment line of the event stream, or an empty line of the other framing. */
  onComment(): void;
}

export interface StreamParser {
  /** False: a line passed the limit. Nothing more is read after that. */
  push(chunk: Buffer): boolean;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const COLON = 0x3a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const DATA = Buffer.from('data');

/** Cuts a byte stream into messages, wherever its chunks end. A line over `maxLineBytes` is an error, never kept. */
export function createStreamParser(framing: Framing, maxLineBytes: number, listener: MessageListener): StreamParser {
  return new LineParser(framing === 'sse' ? sseLines(maxLineBytes, listener) : jsonLines(listener), maxLineBytes);
}

class LineParser implements StreamParser {
  readonly #onLine: (line: Buffer) => boolean;
  readonly #maxLineBytes: number;
  /** Of an unfinished line; absent most of the time, and there are thousands of these. */
  #pending: GrowingBytes | undefined;
  #first = true;
  #returnBefore = false;
  #broken = false;

  constructor(onLine: (line: Buffer) => boolean, maxLineBytes: number) {
    this.#onLine = onLine;
    this.#maxLineBytes = maxLineBytes;
  }

  push(chunk: Buffer): boolean {
    if (this.#broken) return false;
    this.#broken = !this.#cut(chunk);
    if (this.#broken) this.#pending = undefined;
    return !this.#broken;
  }

  #cut(chunk: Buffer): boolean {
    let from = this.#returnBefore && chunk[0] === NEWLINE ? 1 : 0;
    this.#returnBefore = false;
    let newline = chunk.indexOf(NEWLINE, from);
    let carriage = chunk.indexOf(RETURN, from);
    while (newline >= 0 || carriage >= 0) {
      const end = earlier(newline, carriage);
      if (!this.#take(chunk.subarray(from, end))) return false;
      from = this.#skipEnd(chunk, end);
      newline = stillAhead(chunk, NEWLINE, newline, from);
      carriage = stillAhead(chunk, RETURN, carriage, from);
    }
    return this.#keep(chunk, from);
  }

  #take(raw: Buffer): boolean {
    let line = this.#withPending(raw);
    if (this.#first && line.subarray(0, 3).equals(BYTE_ORDER_MARK)) line = line.subarray(3);
    this.#first = false;
    return line.length <= this.#maxLineBytes && this.#onLine(line);
  }

  #withPending(tail: Buffer): Buffer {
    const pending = this.#pending;
    if (pending === undefined) return tail;
    this.#pending = undefined;
    pending.append(tail);
    return pending.bytes();
  }

  /** Where the line after the one that ended at `end` begins: a CR may have its LF behind it, even in the next chunk. */
  #skipEnd(chunk: Buffer, end: number): number {
    const after = end + 1;
    if (chunk[end] !== RETURN) return after;
    this.#returnBefore = after === chunk.length;
    return chunk[after] === NEWLINE ? after + 1 : after;
  }

  /** A copy, so that a few left bytes do not hold on to the whole chunk. */
  #keep(chunk: Buffer, from: number): boolean {
    if (from >= chunk.length) return true;
    this.#pending ??= new GrowingBytes();
    this.#pending.append(chunk.subarray(from));
    return this.#pending.length <= this.#maxLineBytes;
  }
}

/** Of two places, where -1 is none. */
const earlier = (left: number, right: number): number => (left < 0 || (right >= 0 && right < left) ? right : left);

/** Looked for again only when it was passed: a chunk of short lines would else be read once for every line. */
const stillAhead = (chunk: Buffer, byte: number, found: number, from: number): number =>
  found < 0 || found >= from ? found : chunk.indexOf(byte, from);

/** A line of data, or of nothing. */
function jsonLines(listener: MessageListener): (line: Buffer) => boolean {
  return (line) => {
    const text = line.toString('utf8').trim();
    if (text === '') listener.onComment();
    else listener.onMessage(text);
    return true;
  };
}

/**
 * The event stream format (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream): data lines are joined
 * until an empty line ends the message; what is not ended is not a message. Fields other than data are of no use here.
 */
function sseLines(maxBytes: number, listener: MessageListener): (line: Buffer) => boolean {
  let data: string | undefined;
  return (line) => {
    if (line.length === 0) {
      const text = data?.trim();
      data = undefined;
      if (text !== undefined && text !== '') listener.onMessage(text);
      return true;
    }
    if (line[0] === COLON) {
      listener.onComment();
      return true;
    }
    if (!isDataField(line)) return true;
    const value = line.toString('utf8', line[5] === 0x20 ? 6 : 5);
    data = data === undefined ? value : `${data}\n${value}`;
    return data.length <= maxBytes;
  };
}

const isDataField = (line: Buffer): boolean =>
  line.length >= DATA.length &&
  line.compare(DATA, 0, DATA.length, 0, DATA.length) === 0 &&
  (line.length === DATA.length || line[DATA.length] === COLON);
