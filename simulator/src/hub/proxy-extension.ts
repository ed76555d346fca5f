/** The hub's proxy extension, `/extensions/<name>/<path>`: asks admission, then sends the request on as Go's ReverseProxy would. */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, createGunzip } from 'node:zlib';
import type { HubProfile } from './profile.ts';
import type { HubUser, HubWorld } from './hub-world.ts';
import { admit } from './proxy-admission.ts';
import { backendHeaders, goPath, withoutHopByHop } from './proxy-headers.ts';
import type { HeaderMap } from './proxy-headers.ts';
import { sendPlainError } from './answers.ts';

/** One registration of extension.config: only scheme and host of `url` count; a path in it is ignored. */
export interface ExtensionRegistration {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type ExtensionRegistrations = Readonly<Record<string, ExtensionRegistration>>;

/** What the proxy knows beyond the request itself. */
export interface ProxyContext {
  readonly profile: HubProfile;
  readonly world: HubWorld;
  readonly extensions: ExtensionRegistrations;
  readonly hasCookie: boolean;
  readonly user: HubUser | undefined;
}

const URL_PREFIX = '/extensions/';

/** `/extensions/<name>/<rest>` in its parts; the rest of `/extensions/<name>` is `/`. */
function splitPath(path: string): { readonly name: string; readonly rest: string } {
  const [name = '', ...segments] = path.slice(URL_PREFIX.length).split('/');
  return { name, rest: `/${segments.join('/')}` };
}

function headerMap(message: IncomingMessage): HeaderMap {
  return new Map(Object.entries(message.headersDistinct).map(([name, values]) => [name, values ?? []]));
}

/** Raw headers of a backend's answer without hop-by-hop ones and those that are `gone`, every Set-Cookie on its own line. */
function answerHeaders(answer: IncomingMessage, gone: readonly string[]): string[] {
  const kept = withoutHopByHop(headerMap(answer));
  for (const name of gone) kept.delete(name);
  return answer.rawHeaders.flatMap((value, index, all) => {
    const name = all[index - 1];
    return index % 2 === 1 && name !== undefined && kept.has(name.toLowerCase()) ? [name, value] : [];
  });
}

/**
 * The answer's headers and body for the browser. Go's transport asks for gzip by itself when the client asks for nothing, and then
 * unpacks what it gets. https://pkg.go.dev/net/http#Transport (DisableCompression)
 */
function passAnswer(req: IncomingMessage, res: ServerResponse, answer: IncomingMessage): void {
  const unpacks = req.headers['accept-encoding'] === undefined && answer.headers['content-encoding'] === 'gzip';
  const gone = unpacks ? ['content-encoding', 'content-length'] : [];
  res.writeHead(answer.statusCode ?? 502, answerHeaders(answer, gone));
  res.flushHeaders();
  const body = unpacks ? answer.pipe(createGunzip({ flush: constants.Z_SYNC_FLUSH })) : answer;
  body.pipe(res);
  for (const stream of [answer, body]) stream.on('error', () => res.destroy());
  answer.on('aborted', () => res.destroy());
}

/** One line stays one; node writes a list as a line each. */
const toLines = (headers: HeaderMap): Record<string, string | string[]> =>
  Object.fromEntries([...headers].map(([name, lines]) => [name, lines.length === 1 ? (lines[0] ?? '') : [...lines]]));

function forward(req: IncomingMessage, res: ServerResponse, target: URL, headers: HeaderMap): void {
  const outgoing = httpRequest(target, { method: req.method, headers: toLines(headers), agent: false });
  outgoing.removeHeader('connection');
  outgoing.on('response', (answer) => passAnswer(req, res, answer));
  outgoing.on('error', () => {
    if (res.headersSent) res.destroy();
    else res.writeHead(502, { 'content-length': '0' }).end();
  });
  res.on('close', () => outgoing.destroy());
  if (req.headers['content-length'] === undefined && req.headers['transfer-encoding'] === undefined) outgoing.end();
  else req.pipe(outgoing);
}

/** Answers one request below /extensions/. `path` is without the hub's base path; `search` starts with `?` or is empty. */
export function proxyExtension(
  req: IncomingMessage,
  res: ServerResponse,
  { path, search }: { path: string; search: string },
  context: ProxyContext,
): void {
  const { name, rest } = splitPath(path);
  const client = headerMap(req);
  const admission = admit(
    {
      extension: name,
      hasCookie: context.hasCookie,
      user: context.user,
      applicationHeader: client.get('argocd-application-name')?.[0],
      projectHeader: client.get('argocd-project-name')?.[0],
    },
    context.world,
    new Set(Object.keys(context.extensions)),
  );
  if (admission.kind === 'refused') {
    sendPlainError(res, admission.status, admission.text);
    return;
  }
  const registration = context.extensions[name];
  if (registration === undefined) return sendPlainError(res, 404, 'Extension not found');
  const backendPath = goPath(rest);
  if (backendPath === undefined) return sendPlainError(res, 400, 'Bad Request');
  const headers = backendHeaders(client, {
    user: admission.user,
    application: admission.application,
    controlPlaneNamespace: context.world.namespace,
    sendsUserId: context.profile.sendsUserId,
    configured: registration.headers,
    clientAddress: (req.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  });
  forward(req, res, new URL(`${new URL(registration.url).origin}${backendPath}${search}`), headers);
}
