import { fieldAt, textAt, timeAt } from '../../api/json-fields.ts';

export interface LogLine {
  readonly number: number;
  readonly text: string;
  readonly pod: string;
  readonly at?: number;
}

export interface LogBuffer {
  readonly lines: readonly LogLine[];
  /** Lines that were dropped from the start. */
  readonly dropped: number;
}

/** More than this are not kept in a browser; the oldest go first. */
export const MAX_LOG_LINES = 5_000;
/** A line without an end must not take the page down. */
const MAX_LINE_CHARS = 8_000;
export const NO_LINES: LogBuffer = { lines: [], dropped: 0 };

export type LogEntry =
  | { readonly kind: 'line'; readonly text: string; readonly pod: string; readonly at?: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly message: string };

/** One message of the stream: `{result: {content, timeStamp, podName, last}}`, or `{error: {message}}`. Undefined: nothing to read in it. */
export function parseLogEntry(data: string): LogEntry | undefined {
  let message: unknown;
  try {
    message = JSON.parse(data);
  } catch {
    return undefined;
  }
  const failure = fieldAt(message, 'error');
  if (failure !== undefined) return { kind: 'failed', message: textAt(failure, 'message') ?? String(failure) };
  const result = fieldAt(message, 'result');
  if (result === undefined) return undefined;
  if (fieldAt(result, 'last') === true) return { kind: 'end' };
  const content = fieldAt(result, 'content');
  const at = timeAt(result, 'timeStamp');
  return {
    kind: 'line',
    text: typeof content === 'string' ? content.slice(0, MAX_LINE_CHARS) : '',
    pod: textAt(result, 'podName') ?? '',
    ...(at === undefined || at <= 0 ? {} : { at }),
  };
}

/** Adds lines at the end and keeps the buffer within its limit. Lines are numbered from the first that came. */
export function withLines(buffer: LogBuffer, entries: readonly Extract<LogEntry, { kind: 'line' }>[]): LogBuffer {
  const from = buffer.dropped + buffer.lines.length;
  const added = entries.map(({ text, pod, at }, index): LogLine => ({
    number: from + index + 1,
    text,
    pod,
    ...(at === undefined ? {} : { at }),
  }));
  const lines = [...buffer.lines, ...added];
  const over = Math.max(0, lines.length - MAX_LOG_LINES);
  return { lines: over === 0 ? lines : lines.slice(over), dropped: buffer.dropped + over };
}

/** The lines that hold a text, without case. */
export function searchLines(lines: readonly LogLine[], text: string): readonly LogLine[] {
  const wanted = text.trim().toLowerCase();
  return wanted === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(wanted));
}

/** A line cut where it matches: odd parts are the matches. */
export function cutAtMatches(text: string, wanted: string): readonly string[] {
  const pattern = wanted.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return pattern === '' ? [text] : text.split(new RegExp(`(${pattern})`, 'giu'));
}
