/** Redirects, and answers that nothing better than their status and the look of their body tells apart. */
import type { BodyReading } from './classify-body.ts';
import { headerText } from './classify-headers.ts';
import type { FailureKind, FailureRow, Outcome, RefusalDetail } from './failure.ts';

type Response = Extract<Outcome, { kind: 'response' }>;

/** A row and what gave it away. */
export interface Verdict {
  readonly row: FailureRow;
  readonly sign: string;
  readonly kind?: FailureKind | undefined;
  readonly message?: string;
  readonly suspectedRow?: FailureRow;
  readonly detail?: RefusalDetail;
}

type StatusRule = (outcome: Response, body: BodyReading) => Verdict | undefined;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Routes that every supported version has: a 404 there is a wrong path, never a missing feature. */
const ALWAYS_THERE = /\/api\/version$/;

/** Redirects are never followed: where one points tells who answered. */
export function rowOfRedirect({ status, headers, asked }: Response): Verdict {
  const location = parseLocation(headerText(headers, 'location'), asked.host);
  if (!REDIRECTS.has(status) || location === undefined) return { row: 42, sign: `status ${status}` };
  const sign = `${status} to ${location.host}${location.pathname}`;
  const access = location.pathname.startsWith('/cdn-cgi/access/') || /(^|\.)cloudflareaccess\.com$/i.test(location.hostname);
  if (access && asked.connector === 'cloudflare') return { row: 14, sign: `${status} to the login of Cloudflare Access` };
  const askedPath = asked.path.split('?', 1)[0];
  const same = location.hostname === parseLocation('/', asked.host)?.hostname && location.pathname === askedPath;
  return same ? { row: 26, sign: `${status} to the same address` } : { row: 27, sign };
}

function parseLocation(raw: string, host: string): URL | undefined {
  const base = `https://${host}`;
  return raw !== '' && URL.canParse(raw, base) ? new URL(raw, base) : undefined;
}

/** The last resort: status, emptiness and the look of the body. Undefined for a good answer. */
export function rowOfStatus(outcome: Response, body: BodyReading): Verdict | undefined {
  const { status } = outcome;
  if (status >= 200 && status < 300) return rowOfSuccess(outcome, body);
  return BY_STATUS.get(status)?.(outcome, body) ?? { row: 42, sign: `status ${status}` };
}

function rowOfSuccess(outcome: Response, body: BodyReading): Verdict | undefined {
  const { status, headers, asked } = outcome;
  const type = headerText(headers, 'content-type').toLowerCase();
  const wantsData = /json|event-stream/i.test(asked.accept);
  if (body.says === 'html' || body.says === 'cloudflare') return { row: 27, sign: `${status} with a web page` };
  if (!wantsData) return undefined;
  if (status === 206) return { row: 34, sign: '206: a part, where nobody asked for parts' };
  if (type.startsWith('text/html')) return { row: 27, sign: `${status} with text/html` };
  if (asked.stream) return undefined;
  if (body.says === 'text') return { row: 27, sign: `${status} with ${type === '' ? 'text' : type}` };
  return outcome.bodyComplete === true ? rowOfWholeBody(status, body) : undefined;
}

function rowOfWholeBody(status: number, body: BodyReading): Verdict | undefined {
  if (body.says === 'nothing') return { row: status === 204 ? 27 : 34, sign: `${status} with an empty body` };
  return body.says === 'json' && !body.whole ? { row: 34, sign: `${status} with JSON that does not parse` } : undefined;
}

const always =
  (row: FailureRow, kind?: FailureKind): StatusRule =>
  ({ status }) => ({ row, kind, sign: `status ${status}` });
const ofConnector =
  (cloudflare: FailureRow, direct: FailureRow): StatusRule =>
  ({ status, asked }) => ({
    row: asked.connector === 'direct' ? direct : cloudflare,
    sign: `status ${status}`,
  });

/** Every status that means something without a better sign. What is not here is row 42. */
const BY_STATUS: ReadonlyMap<number, StatusRule> = new Map<number, StatusRule>([
  [400, badRequest],
  [405, badRequest],
  [415, badRequest],
  [401, unauthorised],
  [403, forbidden],
  [404, notFound],
  [407, () => ({ row: 32, sign: '407: a proxy on the way asks for credentials' })],
  [413, always(25, 'requestTooLarge')],
  [414, always(25, 'requestTooLarge')],
  [431, always(25, 'requestTooLarge')],
  [421, always(21)],
  [429, ({ status }, body) => (isBareJson(body) ? { row: 25, sign: `status ${status}` } : { row: 24, sign: `status ${status}` })],
  [500, internalError],
  [501, always(38, 'unsupported')],
  [502, always(4)],
  [503, unavailable],
  [504, ofConnector(5, 4)],
  [511, () => ({ row: 27, sign: '511: a captive portal' })],
  [520, always(7)],
  [521, always(8)],
  [522, always(8)],
  [523, always(8)],
  [525, always(8)],
  [526, always(8)],
  [524, always(6)],
  [530, ({ status }) => ({ row: 3, sign: `status ${status}`, suspectedRow: 1 })],
]);

/** `{}`: what Argo CD's stream errors become when the projection does not name `error`. */
const isBareJson = (body: BodyReading): boolean => body.says === 'json' && body.whole;
const isStreamError = ({ asked, headers }: Response, body: BodyReading): boolean =>
  isBareJson(body) && (asked.stream || headerText(headers, 'content-type').startsWith('text/event-stream'));
const textIs = (body: BodyReading, pattern: RegExp): boolean =>
  (body.says === 'text' || body.says === 'html') && pattern.test(body.text.slice(0, 4_096));

function badRequest({ status }: Response, body: BodyReading): Verdict | undefined {
  if (textIs(body, /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/i))
    return { row: 26, sign: '400: plain HTTP to a TLS port' };
  if (textIs(body, /no required SSL certificate was sent|the SSL certificate error/i))
    return { row: 30, sign: '400: the client certificate is not accepted', detail: 'clientCertificate' }; // nginx, error pages of 495 and 496
  if (textIs(body, /(header|cookie|uri|url).{0,20} too (large|long)/i))
    return { row: 25, kind: 'requestTooLarge', sign: `${status}: header too large` };
  if (body.says === 'html') return { row: 42, sign: `${status} with a web page` };
  return { row: 38, sign: `status ${status}` };
}

function unauthorised(outcome: Response, body: BodyReading): Verdict {
  if (isStreamError(outcome, body)) return { row: 22, sign: '401 on a stream of Argo CD' };
  return { row: 15, sign: '401 not from Argo CD' };
}

function forbidden(outcome: Response, body: BodyReading): Verdict {
  if (body.says === 'nothing') return { row: 17, sign: '403 with an empty body' };
  if (isStreamError(outcome, body)) return { row: 23, sign: '403 on a stream of Argo CD' };
  if (textIs(body, /just a moment|challenge-platform|enable javascript and cookies/i))
    return { row: 20, sign: '403 with a challenge page' };
  if (textIs(body, /you have been blocked|attention required/i)) return { row: 19, sign: '403 with a block page' };
  if (isShortCloudflarePage(body)) return { row: 21, sign: '403 before any zone logic' };
  // JSON of neither Argo CD nor Cloudflare comes from a wrong origin or a gateway: Access answers with pages, so it is not accused
  return body.says === 'json' && outcome.asked.connector === 'cloudflare'
    ? { row: 42, sign: '403 with unknown JSON' }
    : { row: 16, sign: '403 not from Argo CD' };
}

const SHORT_PAGE_CHARS = 1_024;

/** The page of Cloudflare's front server, before a zone is even chosen: a heading, a rule, and its name. */
const isShortCloudflarePage = (body: BodyReading): boolean =>
  body.says === 'html' && body.source.length < SHORT_PAGE_CHARS && /<center>cloudflare(-nginx)?<\/center>/i.test(body.source);

function notFound({ asked }: Response, body: BodyReading): Verdict {
  const path = asked.path.split('?', 1)[0] ?? '';
  if (body.says === 'nothing') return { row: 12, sign: '404 with an empty body' };
  if (body.says === 'text' && body.text === 'Not Found' && !ALWAYS_THERE.test(path)) {
    return { row: 38, kind: 'unsupported', sign: '404 "Not Found": no such route' };
  }
  if (isBareJson(body) && asked.stream) return { row: 13, sign: '404 on a stream of Argo CD' };
  return { row: 12, sign: '404 not from Argo CD' };
}

/** 500 without a code: Cloudflare itself, or a stream of Argo CD whose projection does not name `error`. */
function internalError(outcome: Response, body: BodyReading): Verdict | undefined {
  if (isStreamError(outcome, body)) return { row: 37, sign: '500 on a stream of Argo CD' };
  if (outcome.asked.connector === 'direct') return undefined;
  return textIs(body, /cloudflare/i) ? { row: 11, sign: '500 page of Cloudflare' } : { row: 42, sign: 'status 500', suspectedRow: 11 };
}

/** 503 without a code: cloudflared without rules, Cloudflare itself, a stream of Argo CD, or an ingress that has nobody behind it. */
function unavailable(outcome: Response, body: BodyReading): Verdict {
  const direct = outcome.asked.connector === 'direct';
  if (body.says === 'nothing') return { row: direct ? 4 : 9, sign: '503 with an empty body' };
  if (isStreamError(outcome, body)) return { row: 10, sign: '503 on a stream of Argo CD' };
  if (!direct && textIs(body, /cloudflare/i)) return { row: 11, sign: '503 page of Cloudflare' };
  return { row: 4, sign: '503 of something in front of Argo CD' };
}
