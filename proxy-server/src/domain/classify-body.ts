/**
 * What the start of a body says about who wrote it. Everything is linear in its length and looks at no more than BODY_LIMIT_CHARS, so a hostile
 * body costs no more than an honest one. Formats of Cloudflare:
 * https://developers.cloudflare.com/changelog/post/2026-03-11-json-rfc9457-responses-for-1xxx-errors/; of Argo CD: grpc-gateway v1.16.0.
 */

/** 64 K: more of a body is never read to classify it. */
export const BODY_LIMIT_CHARS = 65_536;

export type BodyReading =
  | { readonly says: 'nothing' }
  /** An error object of Cloudflare, or its text or HTML form: the code is 1xxx, or an HTTP status. */
  | { readonly says: 'cloudflare'; readonly code: number; readonly sign: string; readonly retryAfterMs?: number }
  /** An error object of Argo CD. */
  | { readonly says: 'argocd'; readonly code: number; readonly message: string; readonly sign: string }
  /** JSON that is neither. `whole`: it parses to its end. */
  | { readonly says: 'json'; readonly whole: boolean }
  | { readonly says: 'html'; readonly text: string; readonly source: string }
  | { readonly says: 'text'; readonly text: string };

const MAX_GRPC_CODE = 16;

/** Reads a body without believing its content type: proxies and custom error pages change that first. */
export function readBody(raw: string): BodyReading {
  const body = raw
    .slice(0, BODY_LIMIT_CHARS)
    .replaceAll('\u0000', '')
    .replace(/^\ufeff/, '')
    .trim();
  if (body === '') return { says: 'nothing' };
  const payload = body.startsWith('data:') ? (body.slice(5).trimStart().split('\n', 1)[0] ?? '') : body;
  if (payload.startsWith('{') || payload.startsWith('[')) return readJson(payload.trim());
  const text = /^error code: ?(\d{3,4})\b/i.exec(body);
  if (text?.[1] !== undefined) return { says: 'cloudflare', code: Number(text[1]), sign: `error code: ${text[1]}` };
  return body.startsWith('<') || /<(html|head|body|title)\b/i.test(body.slice(0, 2_048)) ? readHtml(body) : { says: 'text', text: body };
}

function readJson(payload: string): BodyReading {
  const parsed = parseJson(payload) ?? parseJson(payload.split('\n', 1)[0] ?? '');
  if (parsed === undefined) return { says: 'json', whole: false };
  return readCloudflareProblem(parsed) ?? readArgocdError(parsed) ?? { says: 'json', whole: true };
}

function parseJson(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return undefined; // JSON.parse throws nothing but SyntaxError: not JSON, or not all of it
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function readCloudflareProblem(parsed: unknown): BodyReading | undefined {
  if (!isRecord(parsed) || parsed['cloudflare_error'] !== true) return undefined;
  const code = numberOf(parsed['error_code']) ?? numberOf(parsed['status']) ?? 0;
  const retryAfterSeconds = numberOf(parsed['retry_after']);
  return {
    says: 'cloudflare',
    code,
    sign: `error_code ${code}`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterMs: retryAfterSeconds * 1_000 }),
  };
}

/** Unary: `{error: text, code, message}`; stream: `{error: {grpc_code, message}}`. A code beyond gRPC's (Kubernetes, gateways) is not Argo CD. */
function readArgocdError(parsed: unknown): BodyReading | undefined {
  if (!isRecord(parsed)) return undefined;
  const inner = parsed['error'];
  const { code, message } = isRecord(inner)
    ? { code: numberOf(inner['grpc_code']), message: textOf(inner['message']) }
    : { code: numberOf(parsed['code']), message: textOf(parsed['message']) ?? textOf(inner) };
  if (message === undefined) return undefined;
  if (code !== undefined && isGrpcCode(code)) return { says: 'argocd', code, message, sign: `gRPC code ${code}` };
  return message === 'failed to marshal error message' ? { says: 'argocd', code: 13, message, sign: message } : undefined;
}

const isGrpcCode = (code: number): boolean => Number.isInteger(code) && code >= 0 && code <= MAX_GRPC_CODE;

const HTML_CODE = /\bError (1\d{3})\b|\berror code:? (\d{3,4})\b/i;

function readHtml(source: string): BodyReading {
  const text = withoutTags(source);
  const match = HTML_CODE.exec(text);
  const code = match?.[1] ?? match?.[2];
  if (code !== undefined) return { says: 'cloudflare', code: Number(code), sign: `page with error ${code}` };
  if (/Cloudflare Tunnel error/i.test(text)) return { says: 'cloudflare', code: 1033, sign: 'page "Cloudflare Tunnel error"' };
  return { says: 'html', text, source };
}

/** The words of a page on one line, tags replaced by blanks: an error code is often split over two elements. */
function withoutTags(source: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf('<', at);
    if (open < 0) break;
    parts.push(source.slice(at, open));
    const close = source.indexOf('>', open);
    if (close < 0) return squeeze(parts);
    at = close + 1;
  }
  parts.push(source.slice(at));
  return squeeze(parts);
}

const squeeze = (parts: readonly string[]): string => parts.join(' ').split(/\s+/).join(' ').trim();
