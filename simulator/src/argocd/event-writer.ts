import { constants, createGzip } from 'node:zlib';
import type { Exchange } from './answer.ts';
import { dateHeader, encodingOf, wantsEvents, writeHead } from './answer.ts';
import type { ArgoError } from './argo-error.ts';
import { httpStatusOf, streamErrorBody } from './argo-error.ts';
import { goJson } from './go-json.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { Fields } from './projection.ts';
import { project } from './projection.ts';

/** What every stream of one server shares. */
export interface StreamSettings {
  readonly keepAlive: KeepAlive;
  /** ARGOCD_WATCH_API_BUFFER_SIZE: events beyond it, while the client does not read, are dropped without a word. */
  readonly bufferSize: number;
}

/** ARGOCD_WATCH_API_BUFFER_SIZE of every version up to 3.6. */
export const WATCH_BUFFER_SIZE = 1000;

/**
 * Writes the messages of one stream: framing, withheld headers, comments, and what is dropped when the client reads too slowly.
 * Not a byte leaves, not even the status line, before the first message (`runtime/handler.go` @ grpc-gateway v1.16.0).
 */
export interface EventWriter {
  /** Sends messages (JSON) now, or keeps them until the client reads on; beyond the buffer they are lost. */
  send(messages: readonly string[]): void;
  /** Ends the stream in order: last chunk and all. */
  end(): void;
}

const frame = (json: string, events: boolean): string => (events ? `data: ${json} \n\n\n` : `${json}\n`);

/** Put together by `+`: the pieces of all messages are copied once, when the text is written, and not once for each piece before. */
function framed(messages: readonly string[], events: boolean): string {
  let text = '';
  for (const json of messages) text += frame(json, events);
  return text;
}

const acceptsGzip = (exchange: Exchange): boolean => /\bgzip\b/.test(String(exchange.request.headers['accept-encoding'] ?? ''));

function headersOf(exchange: Exchange, packed: boolean): (readonly [string, string])[] {
  const events = wantsEvents(exchange.request);
  return [
    ...(packed ? [['Content-Encoding', 'gzip'] as const] : []),
    ['Content-Type', events ? 'text/event-stream' : 'application/json'],
    ['Grpc-Metadata-Content-Type', 'application/grpc'],
    events ? ['X-Content-Type-Options', 'nosniff'] : ['Vary', 'Accept-Encoding'],
    ['Date', dateHeader(exchange)],
    ['Transfer-Encoding', 'chunked'],
  ];
}

/** Where the bytes go: to the response as they are, or through gzip, flushed message by message. */
interface Outlet {
  /** False once the client does not read as fast as is written. */
  write(text: string): boolean;
  end(): void;
  destroy(): void;
}

function createOutlet({ response }: Exchange, packed: boolean): Outlet {
  if (!packed) return { write: (text) => response.write(text, encodingOf(text)), end: () => response.end(), destroy: () => undefined };
  const zip = createGzip({ level: 1, memLevel: 5, windowBits: 12 });
  let open = true;
  zip.on('data', (chunk: Buffer) => (open = response.write(chunk)));
  zip.on('end', () => response.end());
  return {
    write: (text) => {
      zip.write(text);
      zip.flush(constants.Z_SYNC_FLUSH);
      return open;
    },
    end: () => zip.end(),
    destroy: () => zip.destroy(),
  };
}

/** A writer that has sent nothing yet. `onClose` is called once, whoever ends the stream. */
export function createEventWriter(exchange: Exchange, settings: StreamSettings, onClose: () => void): EventWriter {
  const { response, edge } = exchange;
  const events = wantsEvents(exchange.request);
  let outlet: Outlet | undefined;
  let leaveBeat: (() => void) | undefined;
  let waiting: string[] = [];
  let blocked = false;
  let closed = false;

  const start = (): Outlet => {
    const packed = !events && acceptsGzip(exchange);
    writeHead(exchange, 200, headersOf(exchange, packed));
    const started = createOutlet(exchange, packed);
    if (events) leaveBeat = settings.keepAlive.join(() => blocked || (blocked = !started.write(':\n')));
    outlet = started;
    return started;
  };
  const write = (text: string): void => {
    blocked = !(outlet ?? start()).write(text);
  };
  const keep = (texts: readonly string[]): void => {
    const room = Math.max(0, settings.bufferSize - waiting.length);
    waiting.push(...texts.slice(0, room));
    edge.traffic.eventsDropped += Math.max(0, texts.length - room);
  };
  response.on('drain', () => {
    blocked = false;
    const texts = waiting;
    waiting = [];
    if (texts.length > 0) write(texts.join(''));
  });
  response.on('close', () => {
    closed = true;
    leaveBeat?.();
    outlet?.destroy();
    onClose();
  });
  return {
    send: (messages) => {
      if (closed || messages.length === 0) return;
      edge.traffic.eventsSent += messages.length;
      if (blocked) keep(messages.map((json) => frame(json, events)));
      else write(framed(messages, events));
    },
    end: () => {
      if (closed) return;
      leaveBeat?.();
      (outlet ?? start()).end();
    },
  };
}

/** An error at the opening of a stream: the status is real, and the body goes through the projection like any message. */
export function sendStreamError(exchange: Exchange, error: ArgoError, fields: Fields | undefined): void {
  const events = wantsEvents(exchange.request);
  const [status] = httpStatusOf(error.grpcCode);
  const body = goJson(project(streamErrorBody(error), fields));
  writeHead(exchange, status, [
    ['Content-Type', events ? 'text/event-stream' : 'application/json'],
    events ? ['X-Content-Type-Options', 'nosniff'] : ['Vary', 'Accept-Encoding'],
    ['Date', dateHeader(exchange)],
    ['Transfer-Encoding', 'chunked'],
  ]);
  exchange.response.end(events ? `data: ${body} \n\n` : body);
}
