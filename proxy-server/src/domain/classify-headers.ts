import type { BodyReading } from './classify-body.ts';
import type { AnswerHeaders } from './failure.ts';

/** The first value of a header, or an empty text. Names are lower case, as Node gives them. */
export function headerText(headers: AnswerHeaders, name: string): string {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const first = typeof value === 'string' ? value : value?.[0];
  return typeof first === 'string' ? first.trim() : '';
}

/** Longer waits than this are not believed. */
const MAX_RETRY_AFTER_MS = 3_600_000;

const bounded = (ms: number): number => Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);

/**
 * How long the answer asks us to wait, from Retry-After (seconds, or a date measured against the answer's own Date, so that the edge's clock
 * does not matter) or the body of a Cloudflare error.
 */
export function retryAfterOf(headers: AnswerHeaders, body: BodyReading): number | undefined {
  const raw = headerText(headers, 'retry-after');
  if (/^\d{1,9}$/.test(raw)) return bounded(Number(raw) * 1_000);
  const until = raw === '' ? Number.NaN : Date.parse(raw.slice(0, 64));
  const sentAt = Date.parse(headerText(headers, 'date').slice(0, 64));
  if (Number.isFinite(until) && Number.isFinite(sentAt)) return bounded(until - sentAt);
  return body.says === 'cloudflare' && body.retryAfterMs !== undefined ? bounded(body.retryAfterMs) : undefined;
}
