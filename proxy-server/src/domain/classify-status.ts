/** Redirects, and answers that nothing better than their status and the look of their body tells apart. */
import type { BodyReading } from './classify-body.ts';
import { headerText } from './classify-headers.ts';
import type { FailureKind, FailureRow, Outcome } from './failure.ts';

type Response = Extract<Outcome, { kind: 'response' }>;
interface Verdict {
  readonly row: FailureRow;
  readonly sign: string;
  readonly kind?: FailureKind;
  readonly message?: string;
  readonly suspectedRow?: FailureRow;
}

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
  const verdict = status >= 500 ? serverError(outcome, body) : clientError(outcome, body);
  return verdict ?? { row: 42, sign: `status ${status}` };
}

function rowOfSuccess({ status, headers, asked, bodyComplete }: Response, body: BodyReading): Verdict | undefined {
  const type = headerText(headers, 'content-type').toLowerCase();
  const wantsJson = /json|event-stream/i.test(asked.accept);
  if (body.says === 'html' || body.says === 'cloudflare' || (wantsJson && type.startsWith('text/html')))
    return { row: 27, sign: `${status} with a web page` };
  if (!wantsJson) return undefined;
  if (body.says === 'text' && !asked.stream) return { row: 27, sign: `${status} with ${type === '' ? 'text' : type}` };
  if (bodyComplete !== true || asked.stream) return undefined;
  if (body.says === 'nothing') return { row: status === 204 ? 27 : 34, sign: `${status} with an empty body` };
  return body.says === 'json' && !body.whole ? { row: 34, sign: `${status} with JSON that does not parse` } : undefined;
}

function clientError(outcome: Response, body: BodyReading): Verdict | undefined {
  const { status } = outcome;
  const sign = `status ${status}`;
  switch (status) {
    case 400: case 405: case 415: return badRequest(outcome, body);
    case 401: return unauthorised(outcome, body);
    case 403: return forbidden(outcome, body);
    case 404: return notFound(outcome, body);
    case 407: return { row: 32, sign: '407: a proxy on the way asks for credentials' };
    case 413: case 414: case 431: return { row: 25, kind: 'requestTooLarge', sign };
    case 421: return { row: 21, sign };
    case 429: return isBareJson(body) ? { row: 25, kind: 'edgeLimit', sign } : { row: 24, sign };
    default: return undefined;
  } // prettier-ignore
}

/** `{}`: what Argo CD's stream errors become when the projection does not name `error`. */
const isBareJson = (body: BodyReading): boolean => body.says === 'json' && body.whole;
const isEventStream = ({ headers }: Response): boolean => headerText(headers, 'content-type').startsWith('text/event-stream');
const textIs = (body: BodyReading, pattern: RegExp): boolean =>
  (body.says === 'text' || body.says === 'html') && pattern.test(body.text.slice(0, 4_096));

function badRequest({ status }: Response, body: BodyReading): Verdict | undefined {
  if (textIs(body, /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/i))
    return { row: 26, sign: '400: plain HTTP to a TLS port' };
  if (textIs(body, /(header|cookie|uri|url).{0,20} too (large|long)/i))
    return { row: 25, kind: 'requestTooLarge', sign: `${status}: header too large` };
  if (body.says === 'html') return { row: 42, sign: `${status} with a web page` };
  return { row: 38, sign: `status ${status}` };
}

function unauthorised(outcome: Response, body: BodyReading): Verdict {
  if (isBareJson(body) && (outcome.asked.stream || isEventStream(outcome))) return { row: 22, sign: '401 on a stream of Argo CD' };
  return { row: 15, sign: '401 not from Argo CD' };
}

function forbidden(outcome: Response, body: BodyReading): Verdict {
  if (body.says === 'nothing') return { row: 17, sign: '403 with an empty body' };
  if (isBareJson(body) && (outcome.asked.stream || isEventStream(outcome))) return { row: 23, sign: '403 on a stream of Argo CD' };
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

function serverError(outcome: Response, body: BodyReading): Verdict | undefined {
  const { status, asked } = outcome;
  const sign = `status ${status}`;
  switch (status) {
    case 500: case 503: return unavailable(outcome, body);
    case 501: return { row: 38, kind: 'unsupported', sign };
    case 502: return { row: 4, sign };
    case 504: return { row: asked.connector === 'direct' ? 4 : 5, sign };
    case 511: return { row: 27, sign: '511: a captive portal' };
    case 520: return { row: 7, sign };
    case 521: case 522: case 523: case 525: case 526: return { row: 8, sign };
    case 524: return { row: 6, sign };
    case 530: return { row: 3, sign, suspectedRow: 1 };
    default: return undefined;
  } // prettier-ignore
}

/** 500 and 503 without a code: cloudflared without rules, Cloudflare itself, a stream of Argo CD, or an ingress that has nobody behind it. */
function unavailable(outcome: Response, body: BodyReading): Verdict | undefined {
  const { status, asked } = outcome;
  const direct = asked.connector === 'direct';
  if (body.says === 'nothing' && status === 503) return { row: direct ? 4 : 9, sign: '503 with an empty body' };
  if (isBareJson(body) && (asked.stream || isEventStream(outcome)))
    return { row: status === 503 ? 10 : 37, sign: `${status} on a stream of Argo CD` };
  if (!direct && textIs(body, /cloudflare/i)) return { row: 11, sign: `${status} page of Cloudflare` };
  if (status === 503) return { row: 4, sign: '503 of something in front of Argo CD' };
  return direct ? undefined : { row: 42, sign: 'status 500', suspectedRow: 11 };
}
