import { answerAccess } from './access.ts';
import { breakConnection } from './broken-connections.ts';
import { answerCloudflareError, frontServerPage } from './cloudflare-answers.ts';
import type { Fault } from './faults.ts';
import type { Play } from './play.ts';
import { answerArgocdError, answerPage } from './origin-answers.ts';
import { spoilAnswer } from './spoiled-answers.ts';

type Player<K extends Fault['kind']> = (fault: Extract<Fault, { kind: K }>, play: Play) => void;

const cloudflare = ({ request, response }: Play, status: number, code = status): void =>
  answerCloudflareError(request, response, { status, code });

function plain({ response }: Play, status: number, type: string, body: string): void {
  response.writeHead(status, { ...(type === '' ? {} : { 'content-type': type }), 'content-length': Buffer.byteLength(body) }).end(body);
}

/** One player per kind: a kind without one does not compile. */
// prettier-ignore
const PLAYERS: { readonly [K in Fault['kind']]: Player<K> } = {
  tunnelDown: (_fault, play) => cloudflare(play, 530, 1_033),
  draining: (_fault, play) => cloudflare(play, 530, 1_033),
  flapping: (fault, play) => (play.now() % fault.everyMs < fault.downMs ? cloudflare(play, 530, 1_033) : play.next()),
  zoneError: (fault, play) => cloudflare(play, 530, fault.code),
  originRefused: (_fault, play) => cloudflare(play, 502),
  originTls: (_fault, play) => after(play, 5, () => cloudflare(play, 502)),
  originTimeout: (_fault, play) => cloudflare(play, 504),
  originBlackHole: (fault, play) => after(play, fault.afterMs, () => cloudflare(play, 524)),
  edgeError: (fault, play) => cloudflare(play, fault.status),
  noIngress: (_fault, play) => plain(play, 503, '', ''),
  incident: (fault, play) => plain(play, fault.status, 'text/html', frontServerPage(`${fault.status} Internal Server Error`)),
  notRouted: (_fault, play) => plain(play, 404, '', ''),
  access: (fault, { request, response }) => answerAccess(request, response, fault.answer, { mode: 'strict' }),
  waf: playFirewall,
  misdirected: (fault, play) => plain(play, fault.status, 'text/html', frontServerPage(`${fault.status} ${fault.status === 421 ? 'Misdirected Request' : 'Forbidden'}`)),
  rateLimit: ({ retryAfterSeconds }, { request, response }) => answerCloudflareError(request, response, { status: 429, code: 1_015, retryAfterSeconds }),
  requestTooLarge: (fault, play) => plain(play, fault.status, 'text/html', `<html><head><title>${fault.status}</title></head><body>Too large</body></html>`),
  argocd: (fault, { request, response }) => answerArgocdError(request, response, fault.answer),
  httpsRedirect: (_fault, play) => redirectToItself(play),
  webPage: (fault, { response }) => answerPage(response, fault.page),
  custom: (fault, play) => plain(play, fault.status, fault.contentType, fault.body),
  wrongEdge: (fault, play) => play.next(fault.as),
  network: breakConnection,
  staleSocket: breakConnection,
  reset: breakConnection,
  garbage: breakConnection,
  slowFirstByte: (fault, play) => after(play, fault.delayMs, () => play.next()),
  truncate: spoilAnswer,
  cutStream: spoilAnswer,
  slowBody: spoilAnswer,
  stall: spoilAnswer,
  gzipLie: spoilAnswer,
  clock: spoilAnswer,
  replay: spoilAnswer,
};

/** Lets a fault happen to one request: an answer of its own, a spoiled answer of the origin, or a broken connection. */
export function playFault<K extends Fault['kind']>(fault: Extract<Fault, { kind: K }>, play: Play): void {
  const player: Player<K> = PLAYERS[fault.kind];
  player(fault, play);
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
