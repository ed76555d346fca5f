/**
 * How the Applications of an edge are read. A stream is the rule. Polling is for edges where no stream comes through: argo-cd withholds the
 * headers of a stream until its first event, so an edge that lists nothing stays silent for ever, and some proxies hold streams back.
 */
export type WatchMode = 'stream' | 'poll';

export interface WatchModeFacts {
  /** Applications in the list just read; undefined where it could not be read. */
  readonly listed: number | undefined;
  /** Streams in a row that brought nothing although there was something to bring. */
  readonly uselessStreams: number;
  /** When a stream brought nothing for the last time. */
  readonly uselessAt: number | undefined;
  /** Parked edges are read seldom, and never by an open stream. */
  readonly parked: boolean;
  readonly now: number;
}

/** A stream that did not come through is tried again after this time, doubling with every try. */
export const STREAM_RETRY_MS = 5 * 60_000;
const STREAM_RETRY_CAP_MS = 60 * 60_000;

/** How long polling goes on before a stream is tried again. */
export const streamRetryMs = (uselessStreams: number): number =>
  Math.min(STREAM_RETRY_CAP_MS, STREAM_RETRY_MS * 2 ** Math.min(Math.max(uselessStreams - 1, 0), 10));

/** How to go on after the list of names was read. Without that list the stream alone can tell. */
export function watchMode({ listed, uselessStreams, uselessAt, parked, now }: WatchModeFacts): WatchMode {
  if (parked || listed === 0) return 'poll';
  if (uselessStreams === 0 || uselessAt === undefined) return 'stream';
  return now - uselessAt < streamRetryMs(uselessStreams) ? 'poll' : 'stream';
}
