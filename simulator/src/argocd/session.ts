import type { IncomingMessage } from 'node:http';
import type { ArgoError } from './argo-error.ts';
import { permissionDenied, unauthenticated } from './argo-error.ts';
import type { VersionProfile } from './profiles.ts';
import { isAllowed } from './rights.ts';
import { ACCOUNTS, looksLikeJwt, readToken } from './tokens.ts';
import type { Edge, TokenClaims } from '../world/edge.ts';
import type { World } from '../world/world.ts';

/** Who asks, proven. */
export interface Session {
  readonly account: string;
  readonly claims: TokenClaims;
  /** Whether the account may do this, by the edge's policy as it is now. */
  can(resource: string, action: string, object: string): boolean;
  /** Throws the detailed 403 that names the line that is missing. */
  enforce(resource: string, action: string, object: string): void;
}

const NO_SESSION = 'no session information';

/** The token of a request, found in the order of `getToken` in `server/server.go`. */
export function tokenFrom(request: IncomingMessage): string | undefined {
  const metadata = request.headers['grpc-metadata-token'];
  if (typeof metadata === 'string' && metadata !== '') return metadata;
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined && looksLikeJwt(bearer)) return bearer;
  return /(?:^|;\s*)argocd\.token=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
}

function refusal(words: VersionProfile['jwtWords'], version5: string, version4: string): ArgoError {
  return unauthenticated(`invalid session: ${words === 'v5' ? version5 : version4}`);
}

function checkStanding(edge: Edge, claims: TokenClaims, isOfSeed: boolean): string | undefined {
  const { access } = edge;
  if (ACCOUNTS[claims.account] === undefined) return `account '${claims.account}' does not exist`;
  if (access.disabled.has(claims.account)) return `account ${claims.account} is disabled`;
  const known = isOfSeed || access.issued.has(claims.id);
  if (!known || access.revoked.has(claims.id)) return `account ${claims.account} does not have token with id ${claims.id}`;
  return undefined;
}

/** Proves who asks, or throws the 401 in the words of the version. */
export function authenticate(world: World, edge: Edge, profile: VersionProfile, request: IncomingMessage): Session {
  const token = tokenFrom(request);
  if (token === undefined || !looksLikeJwt(token)) throw unauthenticated(NO_SESSION);
  const reading = readToken(world.seed, edge, token);
  if (reading.kind === 'malformed')
    throw refusal(profile.jwtWords, `token is malformed: could not JSON decode header: ${reading.message}`, reading.message);
  if (reading.kind === 'badSignature')
    throw refusal(profile.jwtWords, 'token signature is invalid: signature is invalid', 'signature is invalid');
  const { claims, isOfSeed } = reading;
  const expired =
    edge.access.expired.has(claims.id) || (claims.expiresAt !== undefined && claims.expiresAt <= world.clock.now() + edge.skewMs);
  if (expired) throw refusal(profile.jwtWords, 'token has invalid claims: token is expired', 'Token is expired');
  const standing = checkStanding(edge, claims, isOfSeed);
  if (standing !== undefined) throw unauthenticated(`invalid session: ${standing}`);
  const { account } = claims;
  const can = (resource: string, action: string, object: string): boolean => isAllowed(edge, account, { resource, action, object });
  return {
    account,
    claims,
    can,
    enforce: (resource, action, object) => {
      if (can(resource, action, object)) return;
      const issued = `${new Date(claims.issuedAt).toISOString().slice(0, 19)}Z`;
      throw permissionDenied(`permission denied: ${resource}, ${action}, ${object}, sub: ${account}, iat: ${issued}`);
    },
  };
}
