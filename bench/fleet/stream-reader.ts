/** One browser at the stream: counts what comes, and where asked to, reads it. */
import { get, type IncomingMessage } from 'node:http';
import { asUser } from './running-program.ts';

export interface StreamEvent {
  readonly event: string;
  /** The revision up to which a reader of this event is current. */
  readonly id: number;
  readonly data: string;
  readonly bytes: number;
}

export interface StreamReader {
  /** Of the body, so far. */
  readonly bytes: number;
  readonly closed: Promise<void>;
  close(): void;
}

export interface StreamWanted {
  readonly url: string;
  readonly username: string;
  readonly after?: number;
  /** Absent: the bytes are counted and dropped. `at` is when their last chunk came, by `performance.now`. */
  readonly onEvent?: (event: StreamEvent, at: number) => void;
}

const field = (lines: readonly string[], name: string): string =>
  lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';

/** Cuts a text of server-sent events into events; what is not whole yet is the rest. Comments are no events. */
export function cutEvents(text: string): { readonly events: readonly StreamEvent[]; readonly rest: string } {
  const parts = text.split('\n\n');
  const rest = parts.pop() ?? '';
  const events = parts.flatMap((part) => {
    const lines = part.split('\n');
    const event = field(lines, 'event');
    return event === '' ? [] : [{ event, id: Number(field(lines, 'id')), data: field(lines, 'data'), bytes: Buffer.byteLength(part) + 2 }];
  });
  return { events, rest };
}

/** Resolves when the stream has been opened. */
export function openStream({ url, username, after, onEvent }: StreamWanted): Promise<StreamReader> {
  const since = after === undefined ? '' : `&after=${after}`;
  let bytes = 0;
  let rest = '';
  const take = (chunk: string): void => {
    const at = performance.now();
    const cut = cutEvents(rest + chunk);
    rest = cut.rest;
    for (const event of cut.events) onEvent?.(event, at);
  };
  return new Promise((resolve, reject) => {
    const asked = get(`${url}/api/v1/stream?topics=fleet${since}`, {
      headers: { ...asUser(username), accept: 'text/event-stream' },
      agent: false,
    });
    asked.once('error', reject);
    asked.once('response', (answer: IncomingMessage) => {
      if (answer.statusCode !== 200) return void reject(new Error(`The stream was answered with ${answer.statusCode}`));
      answer.on('error', () => undefined); // a program that is killed: `closed` says so
      asked.on('error', () => undefined);
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      if (onEvent !== undefined) {
        const decoder = new TextDecoder();
        answer.on('data', (chunk: Buffer) => take(decoder.decode(chunk, { stream: true })));
      }
      const closed = new Promise<void>((done) => answer.once('close', done));
      resolve({ get bytes() { return bytes; }, closed, close: () => void asked.destroy() }); // prettier-ignore
    });
  });
}
