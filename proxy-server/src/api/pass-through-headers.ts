/**
 * Which headers cross. Both lists say what goes through; everything else stays: the browser's cookie (it holds the hub's session),
 * Authorization, `argocd-*`, `cf-*`, `cdn-loop`, `x-forwarded-*` and hop-by-hop headers on the way out, `set-cookie`, `server`, `alt-svc`,
 * `nel`, `report-to` and `strict-transport-security` on the way back.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { EdgeTarget } from '../ports/edge-api.ts';

const EVENT_STREAM = 'text/event-stream';

/** What the edge is sent. `Accept` decides the framing of a stream, so only its two readings go through (argo-cd server/server.go @ v3.5.1). */
export function toEdgeHeaders(
  asked: IncomingHttpHeaders,
  target: EdgeTarget,
  { endless, requestId }: { readonly endless: boolean; readonly requestId: string },
): Record<string, string> {
  const gzip = !endless && /\bgzip\b/.test(String(asked['accept-encoding'] ?? ''));
  const { traceparent } = asked;
  return {
    ...target.headers,
    host: new URL(target.origin).host,
    accept: asked.accept === EVENT_STREAM ? EVENT_STREAM : 'application/json',
    'accept-encoding': gzip ? 'gzip' : 'identity',
    'user-agent': 'edge-fleet',
    'x-request-id': requestId,
    ...(typeof traceparent === 'string' && /^[0-9a-f-]{55}$/.test(traceparent) ? { traceparent } : {}),
  };
}

const KEPT = ['content-type', 'content-encoding', 'content-length'] as const;

/** What the browser is sent. The id that Cloudflare's support asks for stays, under a name that says whose it is. */
export function toBrowserHeaders(answered: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = { 'cache-control': 'no-store, no-transform', 'x-content-type-options': 'nosniff' };
  for (const name of KEPT) {
    const value = answered[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const ray = answered['cf-ray'];
  if (typeof ray === 'string' && /^[0-9A-Za-z-]{1,64}$/.test(ray)) headers['x-edge-cf-ray'] = ray;
  return headers;
}

/** What an Argo CD answers with. Anything else came from something in between, or would be shown by a browser. */
export const isDataType = (contentType: string | undefined): boolean =>
  /^(application\/json|application\/x-ndjson|text\/event-stream)\s*(;|$)/i.test(contentType ?? '');
