/**
 * Plays the hub Argo CD: its page, its extensions.js, the part of its API that an extension asks, and its proxy extension. It is for
 * looking at the extension without a cluster and for testing it against what differs between hub versions; it deploys nothing.
 * A browser may choose another version or sub-path than the default by a cookie, so both can be switched without a restart. Below a
 * sub-path nothing is answered at the root, so that a URL which forgets `<base>` fails here as it would on a real hub.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { sendPlainError, sendScript } from './answers.ts';
import { extensionsScript } from './extensions-js.ts';
import { hubApi, sessionCookie, SIGNED_OUT } from './hub-api.ts';
import type { HubUser, HubWorld } from './hub-world.ts';
import { hubProfile } from './profile.ts';
import type { HubProfile, HubVersion } from './profile.ts';
import { proxyExtension } from './proxy-extension.ts';
import type { ExtensionRegistrations } from './proxy-extension.ts';
import { cookieValue, createSessions, SESSION_COOKIE } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import { indexHtml, parseShellChoice, sendAsset, SHELL_COOKIE } from './shell-page.ts';

const SESSION_LIMIT = 1000;
const BUNDLES: readonly string[] = ['/extensions.js', '/shell-16.js', '/shell-19.js'];

/** How a hub is set up. */
export interface HubOptions {
  readonly version: HubVersion;
  /** Empty for the root, else `/argocd`: `--rootpath` of argocd-server. */
  readonly basePath: string;
  readonly world: HubWorld;
  readonly extensions: ExtensionRegistrations;
  /** Plays /tmp/extensions of argocd-server. */
  readonly extensionsDir: string;
  /** Where shell-16.js and shell-19.js lie. */
  readonly shellDir: string;
  /** `--content-security-policy` of argocd-server. */
  readonly contentSecurityPolicy?: string;
  /** Holds back an answer, to have the two scripts of the page arrive in either order. */
  readonly delaysMs?: { readonly shell?: number; readonly extensions?: number };
}

/** A running hub. */
export interface Hub {
  readonly port: number;
  /** The address of its page, with the sub-path. */
  readonly url: string;
  /** A session for this user name, as the value of the cookie argocd.token; throws for a name that the world does not have. */
  signIn(username: string): string;
  close(): Promise<void>;
}

/** One request with what its cookies say. */
interface Visit {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path: string;
  readonly search: string;
  readonly profile: HubProfile;
  readonly basePath: string;
  readonly token: string | undefined;
  readonly user: HubUser | undefined;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function isPageRequest(req: IncomingMessage): boolean {
  return req.method === 'GET' && (req.headers.accept ?? '').includes('text/html');
}

/** What every request of one hub is answered from. */
interface HubState {
  readonly options: HubOptions;
  readonly sessions: Sessions;
}

function visitOf({ options, sessions }: HubState, req: IncomingMessage, res: ServerResponse): Visit {
  const { pathname, search } = new URL(req.url ?? '/', 'http://hub');
  const { version, basePath } = parseShellChoice(cookieValue(req.headers.cookie, SHELL_COOKIE)) ?? options;
  const token = cookieValue(req.headers.cookie, SESSION_COOKIE);
  return { req, res, path: pathname, search, profile: hubProfile(version), basePath, token, user: sessions.find(token) };
}

/** The page; a browser that comes for the first time is signed in as the first user of the world. */
function sendPage({ options, sessions }: HubState, { res, profile, basePath, token, user }: Visit): void {
  const [first] = options.world.users;
  if (user === undefined && token !== SIGNED_OUT && first !== undefined)
    res.setHeader('Set-Cookie', sessionCookie(sessions.open(first), basePath));
  const names = options.world.users.map(({ username }) => username);
  res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(indexHtml(profile, basePath, names));
}

function sendBundle({ options }: HubState, { req, res, path, profile }: Visit): void {
  const isExtensions = path === '/extensions.js';
  const read = () =>
    isExtensions ? extensionsScript(options.extensionsDir, profile.wrapsExtensions) : readFileSync(join(options.shellDir, path));
  const delayMs = (isExtensions ? options.delaysMs?.extensions : options.delaysMs?.shell) ?? 0;
  setTimeout(() => sendScript(res, req.headers['accept-encoding'], read()), delayMs);
}

async function answer(state: HubState, visit: Visit): Promise<void> {
  const { req, res, path } = visit;
  const { world, extensions } = state.options;
  if (BUNDLES.includes(path)) sendBundle(state, visit);
  else if (path.startsWith('/extensions/')) {
    proxyExtension(req, res, visit, { profile: visit.profile, world, extensions, hasCookie: visit.token !== undefined, user: visit.user });
  } else if (path.startsWith('/api/')) await hubApi(req, res, path, { ...visit, world, sessions: state.sessions });
  else if (path.startsWith('/assets/') && sendAsset(res, path.slice('/assets/'.length))) return;
  else if (isPageRequest(req)) sendPage(state, visit);
  else sendPlainError(res, 404, '404 page not found');
}

async function serve(state: HubState, visit: Visit): Promise<void> {
  const { req, res, basePath } = visit;
  const path = visit.path.slice(basePath.length) || '/';
  if (!`${visit.path}/`.startsWith(`${basePath}/`)) {
    if (isPageRequest(req)) res.writeHead(307, { Location: `${basePath}/` }).end();
    else sendPlainError(res, 404, '404 page not found');
    return;
  }
  if (!path.startsWith('/extensions/') && !path.startsWith('/api/')) {
    res.setHeader('Content-Security-Policy', state.options.contentSecurityPolicy ?? "frame-ancestors 'self';");
    res.setHeader('X-Frame-Options', 'sameorigin');
  }
  await answer(state, { ...visit, path });
}

function onFailure(res: ServerResponse): (thrown: unknown) => void {
  return (thrown) => {
    if (res.headersSent) res.destroy();
    else sendPlainError(res, 500, String(thrown));
  };
}

/** Starts a hub on `port` of the loopback interface (0: any free one). Rejects when the port is taken. */
export async function startHub(options: HubOptions, port = 0): Promise<Hub> {
  const state: HubState = { options, sessions: createSessions(SESSION_LIMIT) };
  const server = createServer((req, res) => {
    serve(state, visitOf(state, req, res)).catch(onFailure(res));
  });
  const bound = await listen(server, port);
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}${options.basePath}/`,
    signIn: (username) => {
      const user = options.world.users.find((candidate) => candidate.username === username);
      if (user === undefined) throw new Error(`The hub has no user ${username}`);
      return state.sessions.open(user);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
