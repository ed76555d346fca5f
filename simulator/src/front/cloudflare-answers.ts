/**
 * Errors that Cloudflare itself answers, in the form that the Accept header earns:
 * https://developers.cloudflare.com/changelog/post/2026-03-11-json-rfc9457-responses-for-1xxx-errors/ (1xxx as JSON or Markdown, else HTML for
 * browsers and sixteen bytes of text for plain clients; 5xx never as JSON).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface CloudflareError {
  readonly status: number;
  /** 1xxx, or the status itself. */
  readonly code: number;
  readonly retryAfterSeconds?: number;
}

/** Ends the request with an error of Cloudflare; once headers are out, all that is left is to cut. */
export function answerCloudflareError(request: IncomingMessage, response: ServerResponse, error: CloudflareError): void {
  if (response.headersSent) return void response.destroy();
  const { type, body } = bodyByAccept(request, error, String(response.getHeader('cf-ray') ?? ''));
  response.writeHead(error.status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cf-error-type': String(error.code),
    'cache-control': 'private, no-store',
    ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

interface Body {
  readonly type: string;
  readonly body: string;
}

function bodyByAccept(request: IncomingMessage, error: CloudflareError, ray: string): Body {
  const accept = request.headers.accept ?? '*/*';
  const structured = error.code >= 1_000 ? structuredBody(accept, error, ray) : undefined;
  if (structured !== undefined) return structured;
  const browser = accept.includes('text/html') || (request.headers['user-agent'] ?? '').startsWith('Mozilla/');
  return browser
    ? { type: 'text/html; charset=UTF-8', body: errorPage(error, ray) }
    : { type: 'text/plain; charset=UTF-8', body: `error code: ${error.code}` };
}

function structuredBody(accept: string, error: CloudflareError, ray: string): Body | undefined {
  const type = ['application/problem+json', 'application/json', 'text/markdown'].find((known) => accept.includes(known));
  if (type === undefined) return undefined;
  const body = type === 'text/markdown' ? `# Error ${error.code}\n\nRay ID: ${ray}\n` : problem(error, ray);
  return { type: `${type}; charset=utf-8`, body };
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [1_000, 'dns_points_to_prohibited_ip'],
  [1_010, 'browser_signature_banned'],
  [1_014, 'cname_cross_user_banned'],
  [1_015, 'rate_limited'],
  [1_016, 'origin_dns_error'],
  [1_020, 'access_denied'],
  [1_033, 'tunnel_error'],
]);

const problem = (error: CloudflareError, ray: string): string =>
  JSON.stringify({
    type: `https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/error-${error.code}/`,
    title: `Error ${error.code}`,
    status: error.status,
    detail: 'Cloudflare could not serve the request.',
    instance: ray,
    error_code: error.code,
    error_name: NAMES.get(error.code) ?? 'zone_error',
    error_category: 'config',
    ray_id: ray,
    cloudflare_error: true,
    retryable: error.code === 1_033 || error.code === 1_015,
    ...(error.code === 1_033 ? { retry_after: 120 } : {}),
    ...(error.retryAfterSeconds === undefined ? {} : { retry_after: error.retryAfterSeconds }),
    owner_action_required: error.code !== 1_015,
  });

/** The real page splits the word Error and its number over two elements; so does this one. */
const errorPage = ({ code }: CloudflareError, ray: string): string =>
  `<!DOCTYPE html>\n<html lang="en-US"><head><title>${code === 1_033 ? 'Cloudflare Tunnel error' : 'Error'} | Cloudflare</title></head>
<body><h1><span class="inline-block">${code < 1_000 ? 'Error code' : 'Error'}</span> <span class="code-label">${code}</span></h1><p>Ray ID: <code>${ray}</code></p></body></html>\n`;

/** The page of Cloudflare's front server, seen when a host is asked for over another's connection, and in its own incidents. */
export const frontServerPage = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n`;
