/** One event of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
  readonly id?: string;
}

/** A line, or an event, longer than this ends the stream: the server never sends one. */
const MAX_BUFFER_CHARS = 16_000_000;

export class StreamOverflow extends Error {
  override readonly name = 'StreamOverflow';
}

/** Turns chunks of text, cut anywhere, into events. Comments are proof of life and no events. */
export function createSseParser(onEvent: (event: StreamEvent) => void): { push(chunk: string): void } {
  let buffer = '';
  let type = '';
  let data: string[] = [];
  let id: string | undefined;

  const dispatch = (): void => {
    if (data.length > 0) onEvent({ type: type === '' ? 'message' : type, data: data.join('\n'), ...(id === undefined ? {} : { id }) });
    type = '';
    data = [];
  };
  const take = (line: string): void => {
    if (line === '') return dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? '' : line.slice(colon + 1);
    const value = raw.startsWith(' ') ? raw.slice(1) : raw;
    if (field === 'data') data.push(value);
    else if (field === 'event') type = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  };
  return {
    push(chunk) {
      buffer += chunk;
      let start = 0;
      for (let end = buffer.indexOf('\n', start); end >= 0; end = buffer.indexOf('\n', start)) {
        take(buffer.slice(start, buffer.charAt(end - 1) === '\r' ? end - 1 : end));
        start = end + 1;
      }
      buffer = buffer.slice(start);
      if (buffer.length > MAX_BUFFER_CHARS) throw new StreamOverflow('An event of the stream is too long');
    },
  };
}
