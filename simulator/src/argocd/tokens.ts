/**
 * Tokens as argocd-server makes them (`util/session/sessionmanager.go`): HS256 JWTs signed with a key of the edge, so that a token of another edge
 * or of an older key has a bad signature. Tokens of the seed need no book-keeping; revoking and expiring are remembered per edge.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Edge, TokenClaims, TokenReading } from '../world/edge.ts';
import { uuidOf } from '../world/random.ts';

export const ACCOUNTS: Readonly<Record<string, readonly string[]>> = {
  admin: ['login'],
  fleet: ['apiKey'],
  nobody: ['apiKey'],
  operator: ['apiKey'],
  teamb: ['apiKey', 'login'],
};
/** Tokens of the seed were all issued at this moment: a token depends on seed, edge and account only. */
export const SEED_TOKENS_ISSUED_AT = Date.UTC(2026, 0, 5, 6);

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

const signatureOf = (seed: number, edge: Edge, text: string): string =>
  createHmac('sha256', `${seed}/${edge.name}/${edge.access.keyGeneration}`).update(text).digest('base64url');

/** The id (`jti`) of an account's token of the seed. */
export function seedTokenId(seed: number, edge: Pick<Edge, 'name'>, account: string): string {
  return uuidOf(seed, 'token', edge.name, account);
}

/** Writes and signs a token. */
export function signToken(seed: number, edge: Edge, claims: TokenClaims): string {
  const issued = Math.floor(claims.issuedAt / 1000);
  const payload = {
    iss: 'argocd',
    sub: claims.account === 'admin' ? 'admin:login' : `${claims.account}:apiKey`,
    ...(claims.expiresAt === undefined ? {} : { exp: Math.floor(claims.expiresAt / 1000) }),
    nbf: issued,
    iat: issued,
    jti: claims.id,
  };
  const text = `${HEADER}.${encode(payload)}`;
  return `${text}.${signatureOf(seed, edge, text)}`;
}

const seedClaims = (seed: number, edge: Edge, account: string): TokenClaims => ({
  account,
  id: seedTokenId(seed, edge, account),
  issuedAt: SEED_TOKENS_ISSUED_AT,
  expiresAt: undefined,
});

/** The token of the seed for an account of an edge: the one that the config folder holds. */
export function tokenOf(seed: number, edge: Edge, account: string): string {
  return signToken(seed, edge, seedClaims(seed, edge, account));
}

/**
 * The same, for a world of this seed that the edge is part of: what is signed for it needs no proof when somebody comes with it, and a fleet
 * comes with all of its tokens at once.
 */
export function handOutToken(seed: number, edge: Edge, account: string): string {
  const claims = seedClaims(seed, edge, account);
  const token = signToken(seed, edge, claims);
  edge.access.lastToken = { token, keyGeneration: edge.access.keyGeneration, reading: { kind: 'claims', claims, isOfSeed: true } };
  return token;
}

/** True if the text has the form of a JWT; argocd-server skips a bearer value that has not. */
export function looksLikeJwt(text: string): boolean {
  return text.split('.').length === 3;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === 'SyntaxError') return undefined;
    throw thrown;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function claimsOf(payload: string): TokenClaims | undefined {
  const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  if (!isRecord(claims)) return undefined;
  const { sub, jti, iat, exp } = claims;
  return {
    account: typeof sub === 'string' ? (sub.split(':')[0] ?? '') : '',
    id: typeof jti === 'string' ? jti : '',
    issuedAt: typeof iat === 'number' ? iat * 1000 : 0,
    expiresAt: typeof exp === 'number' ? exp * 1000 : undefined,
  };
}

/** Takes a token apart and proves its signature; says nothing about expiry or revocation. Who asks with one goes on asking with it. */
export function readToken(seed: number, edge: Edge, token: string): TokenReading {
  const { keyGeneration, lastToken: last } = edge.access;
  if (last?.token === token && last.keyGeneration === keyGeneration) return last.reading;
  const reading = readAnew(seed, edge, token);
  edge.access.lastToken = { token, keyGeneration, reading };
  return reading;
}

function readAnew(seed: number, edge: Edge, token: string): TokenReading {
  const [header = '', payload = '', signature = ''] = token.split('.');
  if (header !== HEADER) {
    const headerText = Buffer.from(header, 'base64url').toString('latin1');
    if (parseJson(headerText) === undefined)
      return { kind: 'malformed', message: `invalid character '${headerText.slice(0, 1)}' looking for beginning of value` };
  }
  const expected = Buffer.from(signatureOf(seed, edge, `${header}.${payload}`));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return { kind: 'badSignature' };
  const claims = claimsOf(payload);
  return claims === undefined
    ? { kind: 'malformed', message: 'unexpected end of JSON input' }
    : { kind: 'claims', claims, isOfSeed: claims.id === seedTokenId(seed, edge, claims.account) };
}
