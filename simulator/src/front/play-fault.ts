import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerAccess } from './access.ts';
import { breakConnection } from './broken-connections.ts';
import { answerCloudflareError, frontServerPage } from './cloudflare-answers.ts';
import type { Fault } from './faults.ts';
import { answerArgocdError, answerPage } from './origin-answers.ts';
import { spoilAnswer } from './spoiled-answers.ts';

/** One request under a fault. `next` passes it on to the origin, through Access. */
export interface Play {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly ray: string;
  readonly now: () => number;
  readonly next: (as?: string) => void;
  /** The connection has carried a request before. */
  readonly isReusedSocket: boolean;
}

/** Lets a fault happen to one request: an answer of its own, a spoiled answer of the origin, or a broken connection. */
export function playFault(fault: Fault, play: Play): void {
  const { request, response } = play;
  const cloudflare = (status: number, code = status): void => answerCloudflareError(request, response, { status, code });
  const plain = (status: number, type: string, body: string): void =>
    void response
      .writeHead(status, { ...(type === '' ? {} : { 'content-type': type }), 'content-length': Buffer.byteLength(body) })
      .end(body);
  switch (fault.kind) {
    case 'tunnelDown': case 'draining': return cloudflare(530, 1_033);
    case 'flapping': return play.now() % fault.everyMs < fault.downMs ? cloudflare(530, 1_033) : play.next();
    case 'zoneError': return cloudflare(530, fault.code);
    case 'originRefused': return cloudflare(502);
    case 'originTls': return after(play, 5, () => cloudflare(502));
    case 'originTimeout': return cloudflare(504);
    case 'originBlackHole': return after(play, fault.afterMs, () => cloudflare(524));
    case 'edgeError': return cloudflare(fault.status);
    case 'noIngress': return plain(503, '', '');
    case 'incident': return plain(fault.status, 'text/html', frontServerPage(`${fault.status} Internal Server Error`));
    case 'notRouted': return plain(404, '', '');
    case 'access': return answerAccess(request, response, fault.answer, { mode: 'strict' });
    case 'waf': return playFirewall(fault, play);
    case 'misdirected': return plain(fault.status, 'text/html', frontServerPage(`${fault.status} ${fault.status === 421 ? 'Misdirected Request' : 'Forbidden'}`));
    case 'rateLimit': return answerCloudflareError(request, response, { status: 429, code: 1_015, retryAfterSeconds: fault.retryAfterSeconds });
    case 'requestTooLarge': return plain(fault.status, 'text/html', `<html><head><title>${fault.status}</title></head><body>Too large</body></html>`);
    case 'argocd': return answerArgocdError(request, response, fault.answer);
    case 'httpsRedirect': return redirectToItself(play);
    case 'webPage': return answerPage(response, fault.page);
    case 'custom': return plain(fault.status, fault.contentType, fault.body);
    case 'wrongEdge': return play.next(fault.as);
    case 'network': case 'staleSocket': case 'reset': case 'garbage': return breakConnection(fault, play);
    case 'slowFirstByte': return after(play, fault.delayMs, () => play.next());
    case 'truncate': case 'cutStream': case 'slowBody': case 'stall': case 'gzipLie': case 'clock': case 'replay': return spoilAnswer(fault, play);
    default: return fault satisfies never;
  } // prettier-ignore
}

function playFirewall(fault: Extract<Fault, { kind: 'waf' }>, { request, response }: Play): void {
  if (fault.rule !== 'challenge')
    return answerCloudflareError(request, response, { status: 403, code: fault.rule === 'userAgent' ? 1_010 : fault.code });
  response.writeHead(403, { 'content-type': 'text/html; charset=UTF-8', 'cf-mitigated': 'challenge' });
  response.end(
    '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Enable JavaScript and cookies to continue</body></html>',
  );
}

/** An argocd-server with TLS that is spoken to in plain HTTP sends everybody to https, which is where they came from. */
function redirectToItself({ request, response }: Play): void {
  const location = `https://${request.headers.host ?? 'unknown'}${request.url ?? '/'}`;
  response
    .writeHead(307, { location, 'content-type': 'text/html; charset=utf-8' })
    .end(`<a href="${encodeURI(location)}">Temporary Redirect</a>.\n\n`);
}

/** Runs once after a wait, unless the client has left meanwhile. */
function after({ response }: Play, delayMs: number, run: () => void): void {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  response.once('close', () => clearTimeout(timer));
}
