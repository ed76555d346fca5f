/**
 * Removes credentials from text that may be logged, stored or shown. The patterns are the connector's and the edge's own: Access service
 * token secrets, JSON web tokens, and anything that stands where a credential is named. Linear in the length of the text.
 */
// prettier-ignore
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/cfast_[A-Za-z0-9]{16,64}/g, '[redacted]'],
  [/eyJ[\w+/=.-]{20,}/g, '[redacted]'],
  [/\b(Bearer|Basic) {1,4}[\w+/=.~-]{4,}/gi, '$1 [redacted]'],
  [/\b(cf-access-client-secret|cf-access-token|x-edge-fleet-secret|authorization|set-cookie|cookie|client_secret|password|secret|token)(["']?[ \t]{0,4}[:=][ \t]{0,4}["']?)(?!\[redacted\])[^\s"',;&<>]{4,}/gi, '$1$2[redacted]'],
  [/(?<!sha256[:@-])\b[0-9a-f]{64}\b/gi, '[redacted]'], // an older service token secret; image digests stay readable
];

/** Text longer than this is cut before it is looked at. */
export const REDACT_LIMIT_CHARS = 4_096;

/** Never throws; what it returns holds no credential that the patterns know. */
export function redact(text: string): string {
  return PATTERNS.reduce((clean, [pattern, put]) => clean.replace(pattern, put), text.slice(0, REDACT_LIMIT_CHARS));
}

/** Redacted, without control characters, on one line, at most `limit` characters: fit for a log line or a screen. */
export function quotable(text: string, limit: number): string {
  return redact(text)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g, ' ')
    .trim()
    .slice(0, limit);
}
