/**
 * Who asks. The hub's proxy sets the identity headers, but a client can have them (and the configured secret) removed by naming them in
 * `Connection`, can claim any groups, and on hubs before 3.2 any user id (argo-cd server/extension/extension.go @ v3.5.1). So: the secret of a
 * registration and the user's name must both be there, groups grant nothing, and the id counts only where the hub is known to set it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Secret } from '../domain/edge.ts';
import { setsUserId, VIEW_SCOPE, type Identity } from '../domain/identity.ts';
import { RequestProblem } from './problem.ts';

export const SECRET_HEADER = 'x-edge-fleet-secret';

/** Headers that must come once: a second one was put there by somebody else. */
const ONCE = [SECRET_HEADER, 'argocd-username', 'argocd-user-id', 'argocd-application-name', 'argocd-project-name'];
const MAX_VALUE_CHARS = 1_024;
const MAX_GROUPS = 200;
const NO_SECRET = 'The secret of the extension is missing';
const NO_USERNAME = 'The name of the user is missing';

export interface IdentityFacts {
  /** The Secret `edge-fleet-scopes`: one key per registration, `<key>.next` while it is rotated. */
  readonly scopes: Secret | undefined;
  /** Version of the hub's Argo CD, where it is known. */
  readonly hubVersion: string | undefined;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The registrations whose secret this is. Every secret is compared, and each in constant time. */
function scopesOf(given: string, scopes: Secret | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  const asked = digest(given);
  for (const [key, value] of scopes?.values ?? []) {
    const scope = key.replace(/\.next$/, '');
    const ours = scope === VIEW_SCOPE || scope.startsWith(`${VIEW_SCOPE}-`);
    if (timingSafeEqual(asked, digest(value)) && ours && value !== '') found.add(scope);
  }
  return found;
}

function refuseDoubles(req: IncomingMessage): void {
  const { rawHeaders } = req;
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (ONCE.includes(name) && seen.has(name)) throw unauthenticated(`The header ${name} came twice`);
    seen.add(name);
  }
}

const unauthenticated = (detail: string): RequestProblem =>
  new RequestProblem('Unauthenticated', `${detail}. Requests must come through the proxy extension of the hub's Argo CD`);

/** One header's text; undefined where it is missing, empty, too long or holds control characters. */
function valueOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  if (typeof value !== 'string' || value === '' || value.length > MAX_VALUE_CHARS) return undefined;
  return /[\u0000-\u001f\u007f]/.test(value) ? undefined : value;
}

function needed(headers: IncomingHttpHeaders, name: string, words: string): string {
  const value = valueOf(headers, name);
  if (value === undefined) throw unauthenticated(words);
  return value;
}

function anchorOf(headers: IncomingHttpHeaders): Identity['anchor'] {
  const application = needed(headers, 'argocd-application-name', 'The name of the anchor Application is missing');
  const project = needed(headers, 'argocd-project-name', 'The project of the anchor Application is missing');
  const [namespace, name, ...more] = application.split(':');
  if (namespace === undefined || namespace === '' || name === undefined || name === '' || more.length > 0) {
    throw unauthenticated('The name of the anchor Application cannot be read');
  }
  return { namespace, name, project };
}

/** Throws the 401 problem where what the hub always sends is missing: no secret need be known to refuse that. */
export function needHubHeaders(req: IncomingMessage): void {
  refuseDoubles(req);
  needed(req.headers, SECRET_HEADER, NO_SECRET);
  needed(req.headers, 'argocd-username', NO_USERNAME);
  anchorOf(req.headers);
}

/** Throws the 401 problem unless the hub vouches for the request. */
export function identify(req: IncomingMessage, facts: IdentityFacts): Identity {
  refuseDoubles(req);
  const { headers } = req;
  const secret = needed(headers, SECRET_HEADER, NO_SECRET);
  const scopes = scopesOf(secret, facts.scopes);
  if (scopes.size === 0) throw unauthenticated('The secret of the extension is not one that is configured');
  const username = needed(headers, 'argocd-username', NO_USERNAME);
  const believed = setsUserId(facts.hubVersion);
  const userId = believed ? needed(headers, 'argocd-user-id', 'The id of the user is missing') : undefined;
  const groups = valueOf(headers, 'argocd-user-groups');
  return {
    subject: userId ?? username,
    username,
    ...(userId === undefined ? {} : { userId }),
    scopes,
    claimedGroups: groups === undefined ? [] : groups.split(',').slice(0, MAX_GROUPS),
    anchor: anchorOf(headers),
  };
}
