/** The part of the hub's own API that its page and the extension ask: session, version, settings, Applications. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendApiError, sendJson } from './answers.ts';
import type { HubApplication, HubUser, HubWorld } from './hub-world.ts';
import type { HubProfile } from './profile.ts';
import { decoded } from './proxy-headers.ts';
import { mayGetApplication, mayInvokeExtension, visibleApplications } from './rbac.ts';
import { SESSION_COOKIE } from './sessions.ts';
import type { Sessions } from './sessions.ts';

/** What the API answers from. */
export interface ApiContext {
  readonly profile: HubProfile;
  readonly world: HubWorld;
  readonly sessions: Sessions;
  readonly user: HubUser | undefined;
  readonly token: string | undefined;
  readonly basePath: string;
}

const GRPC_UNAUTHENTICATED = 16;
const GRPC_FORBIDDEN = 7;
const GRPC_NOT_FOUND = 5;
/** `account.proto` @ v3.5.1: /api/v1/account/can-i/{resource}/{action}/{subresource}. */
const MAY_INVOKE = '/api/v1/account/can-i/extensions/invoke/';
const BODY_LIMIT_BYTES = 4096;
/** A signed-out browser holds this instead of a session: the page does not sign it in again by itself. */
export const SIGNED_OUT = 'none';

/** The Application as the hub's API shows it. */
export function toApplication({ namespace, name, project, destination, ...rest }: HubApplication) {
  return {
    metadata: {
      name,
      namespace,
      labels: rest.labels,
      annotations: rest.annotations,
      creationTimestamp: '2026-01-15T08:00:00Z',
      uid: `uid-${name}`,
    },
    spec: { project, destination, source: { repoURL: rest.repoURL, path: rest.path, targetRevision: 'HEAD' } },
    status: {
      sync: { status: rest.sync, revision: '8f0c5b1d2a6f4c3e9b7a1d0e5f6c7b8a9d0e1f2a' },
      health: { status: rest.health },
      resources: [],
      summary: {},
      reconciledAt: '2026-11-23T12:00:00Z',
    },
  };
}

/** Sets the session cookie as Argo CD does: for this base path, out of reach of scripts. */
export function sessionCookie(token: string, basePath: string): string {
  return `${SESSION_COOKIE}=${token}; path=${basePath}/; SameSite=lax; httpOnly`;
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  let body = '';
  for await (const chunk of req) {
    body += String(chunk);
    if (body.length > BODY_LIMIT_BYTES) return undefined;
  }
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const usernameOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'username' in body ? body.username : undefined;

async function signIn(req: IncomingMessage, res: ServerResponse, context: ApiContext): Promise<void> {
  const username = usernameOf(await readJson(req));
  const user = context.world.users.find((candidate) => candidate.username === username);
  if (user === undefined) {
    sendApiError(res, 401, GRPC_UNAUTHENTICATED, 'Invalid username or password');
    return;
  }
  const token = context.sessions.open(user);
  res.setHeader('Set-Cookie', sessionCookie(token, context.basePath));
  sendJson(res, 200, { token });
}

function signOut(res: ServerResponse, context: ApiContext): void {
  if (context.token !== undefined) context.sessions.close(context.token);
  res.setHeader('Set-Cookie', sessionCookie(SIGNED_OUT, context.basePath));
  sendJson(res, 200, {});
}

function userInfo({ user }: ApiContext) {
  if (user === undefined) return {};
  return { loggedIn: true, username: user.username, iss: 'argocd', ...(user.groups.length > 0 ? { groups: user.groups } : {}) };
}

function settings(context: ApiContext) {
  return {
    url: context.basePath,
    appLabelKey: 'app.kubernetes.io/instance',
    googleAnalytics: { anonymizeUsers: true },
    help: {},
    trackingMethod: 'annotation',
    ...(context.user === undefined ? {} : { controllerNamespace: context.world.namespace }),
  };
}

/** One Application, refused in the words of RBAC when the user may not see it or names a project that is not its own. */
function sendApplication(res: ServerResponse, name: string, context: ApiContext, user: HubUser): void {
  const application = context.world.applications.find((candidate) => candidate.name === name);
  if (application === undefined || !mayGetApplication(user, application.project, name)) {
    sendApiError(res, 403, GRPC_FORBIDDEN, 'permission denied');
    return;
  }
  sendJson(res, 200, toApplication(application));
}

function sendForUser(res: ServerResponse, path: string, context: ApiContext, user: HubUser): void {
  if (path === '/api/v1/applications') {
    const items = visibleApplications(context.world, user).map(toApplication);
    sendJson(res, 200, { metadata: { resourceVersion: '1' }, items });
    return;
  }
  if (path.startsWith(MAY_INVOKE)) {
    sendJson(res, 200, { value: mayInvokeExtension(user, decoded(path.slice(MAY_INVOKE.length)) ?? '') ? 'yes' : 'no' });
    return;
  }
  const [name, part, ...rest] = path.slice('/api/v1/applications/'.length).split('/');
  if (!path.startsWith('/api/v1/applications/') || name === undefined || rest.length > 0) {
    sendApiError(res, 404, GRPC_NOT_FOUND, 'Not Found');
  } else if (part === 'resource-tree') {
    sendJson(res, 200, { nodes: [] });
  } else {
    sendApplication(res, decoded(name) ?? '', context, user);
  }
}

/** Answers one request below /api/. */
export async function hubApi(req: IncomingMessage, res: ServerResponse, path: string, context: ApiContext): Promise<void> {
  const question = `${req.method ?? 'GET'} ${path}`;
  if (question === 'GET /api/version') sendJson(res, 200, { Version: `${context.profile.argocd}+unknown` });
  else if (question === 'GET /api/v1/session/userinfo') sendJson(res, 200, userInfo(context));
  else if (question === 'GET /api/v1/settings') sendJson(res, 200, settings(context));
  else if (question === 'POST /api/v1/session') await signIn(req, res, context);
  else if (question === 'DELETE /api/v1/session') signOut(res, context);
  else if (context.user === undefined) sendApiError(res, 401, GRPC_UNAUTHENTICATED, 'no session information');
  else if (req.method === 'GET') sendForUser(res, path, context, context.user);
  else sendApiError(res, 501, 12, 'Method Not Allowed');
}
