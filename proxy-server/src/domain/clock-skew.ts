import { makeFailure } from './classify.ts';
import type { EdgeFailure } from './failure.ts';

/** One answer with its Date header, and our own clock around it. */
export interface ClockSample {
  /** The header as it came; absent or unreadable: nothing is learnt. */
  readonly dateHeader: string | undefined;
  readonly askedAt: number;
  readonly answeredAt: number;
}

export interface ClockSkew {
  /** Edge clock minus ours, ms. Whole seconds are all a Date header can tell. */
  readonly skewMs: number;
  /** Row 40, while the clock is more than five minutes off or has just jumped. */
  readonly failure: EdgeFailure | undefined;
}

/** A clock further off than this is wrong, not merely late. */
export const MAX_SKEW_MS = 300_000;
/** Between two answers of one edge: more than this is no drift. */
const JUMP_MS = 60_000;
/** The one form that HTTP allows (RFC 9110, 5.6.7); Date.parse takes almost anything for a date. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
/** A Date header names the second that has begun: on average half a second ago. */
const HALF_SECOND_MS = 500;

/** The skew after another answer. An answer that took long tells little, so the middle of its way is taken. */
export function nextClockSkew(before: ClockSkew | undefined, { dateHeader, askedAt, answeredAt }: ClockSample): ClockSkew | undefined {
  const edgeClock = dateHeader !== undefined && HTTP_DATE.test(dateHeader) ? Date.parse(dateHeader) : Number.NaN;
  if (!Number.isFinite(edgeClock)) return before;
  const skewMs = Math.round(edgeClock + HALF_SECOND_MS - (askedAt + answeredAt) / 2);
  const jumped = before !== undefined && Math.abs(skewMs - before.skewMs) > JUMP_MS + (answeredAt - askedAt);
  const wrong = Math.abs(skewMs) > MAX_SKEW_MS;
  return { skewMs, failure: wrong || jumped ? makeFailure(40, { sign: skewWords(skewMs, jumped && !wrong) }) : undefined };
}

function skewWords(skewMs: number, jumped: boolean): string {
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  const size =
    minutes >= 120 ? `${Math.round(minutes / 60)} h` : minutes >= 1 ? `${minutes} min` : `${Math.round(Math.abs(skewMs) / 1_000)} s`;
  return `${jumped ? 'it jumped, now ' : ''}${size} ${skewMs < 0 ? 'behind' : 'ahead'}`;
}
