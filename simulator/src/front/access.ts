/**
 * Cloudflare Access for machines, as far as its documentation goes
 * (cloudflare-docs: cloudflare-one/access-controls/service-credentials/service-tokens.mdx): service token headers are checked against the known
 * tokens, refusals differ by mode, and what passes carries a signed assertion whose keys are served under /cdn-cgi/access/certs.
 */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * `off`: nobody asks. `strict`: 401 or 403, no cookie. `service-auth-only`: 403, or 401 where the application is set so. `mixed`: people may
 * log in too, so machines that fail are sent to the login. `allow-mistake`: the policy is Allow, so even a good token is sent there.
 */
export interface AccessOptions {
  readonly mode: 'off' | 'strict' | 'service-auth-only' | 'mixed' | 'allow-mistake';
  readonly team?: string;
  readonly audience?: string;
  readonly answer401?: boolean;
  readonly tokens?: readonly ServiceToken[];
}

export interface ServiceToken {
  readonly id: string;
  readonly secret: string;
  /** Neither expired nor disabled; absent: good. */
  readonly usable?: boolean;
  /** Named by a policy of this application; absent: allowed. */
  readonly allowed?: boolean;
}

export interface Access {
  /** True when the request was refused and answered here; else it carries the assertion. */
  refuse(request: IncomingMessage, response: ServerResponse): boolean;
}

export type AccessAnswer = 'login' | 'unauthorized' | 'forbidden' | 'noAssertion';

/** Plays Cloudflare Access in one of its modes: lets a request through or answers it. */
export function createAccess(options: AccessOptions, now: () => number): Access {
  const assertion = createAssertions(options, now);
  return {
    refuse(request, response) {
      if (options.mode === 'off') return false;
      if (request.url?.startsWith('/cdn-cgi/access/certs') === true) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [assertion.jwk()] }));
        return true;
      }
      const standing = standingOf(request, options.tokens ?? []);
      const answer = refusalOf(options, standing.kind);
      if (answer !== undefined) {
        answerAccess(request, response, answer, options);
        return true;
      }
      request.headers['cf-access-jwt-assertion'] = assertion.of(standing.id);
      if (options.mode !== 'strict')
        response.setHeader('set-cookie', `CF_Authorization=${assertion.of(standing.id)}; Path=/; Secure; HttpOnly`);
      return false;
    },
  };
}

interface Standing {
  readonly kind: 'good' | 'missing' | 'unusable' | 'notAllowed' | 'malformed';
  readonly id: string;
}

/** Half or doubled headers are refused as such, as strict mode does. */
function standingOf(request: IncomingMessage, tokens: readonly ServiceToken[]): Standing {
  const { 'cf-access-client-id': ids = [], 'cf-access-client-secret': secrets = [] } = request.headersDistinct;
  const [id = ''] = ids;
  if (ids.length + secrets.length === 0) return { kind: 'missing', id };
  if (ids.length !== 1 || secrets.length !== 1) return { kind: 'malformed', id };
  const token = tokens.find((known) => known.id === id && known.secret === secrets[0]);
  if (token === undefined || token.usable === false) return { kind: 'unusable', id };
  return { kind: token.allowed === false ? 'notAllowed' : 'good', id };
}

function refusalOf({ mode, answer401 }: AccessOptions, standing: Standing['kind']): AccessAnswer | undefined {
  if (mode === 'allow-mistake') return 'login';
  if (standing === 'good') return undefined;
  if (mode === 'mixed') return 'login';
  if (mode === 'strict') return standing === 'notAllowed' ? 'forbidden' : 'unauthorized';
  return answer401 === true ? 'unauthorized' : 'forbidden';
}

const accessPage = (title: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title} ・ Cloudflare Access</title></head><body><h1>${title}</h1><p>You do not have permission to view this page.</p></body></html>\n`;

/** The refusals of Access, and of cloudflared where it demands an assertion that did not come. */
export function answerAccess(request: IncomingMessage, response: ServerResponse, answer: AccessAnswer, options: AccessOptions): void {
  const { team = 'acme', audience = 'a0b1c2d3' } = options;
  const host = request.headers.host ?? 'unknown';
  switch (answer) {
    case 'login':
      response.setHeader(
        'location',
        `https://${team}.cloudflareaccess.com/cdn-cgi/access/login/${host}?kid=${audience}&redirect_url=${encodeURIComponent(request.url ?? '/')}`,
      );
      return void response.writeHead(302, { 'content-type': 'text/html', 'content-length': 0 }).end();
    case 'unauthorized':
      return void response.writeHead(401, { 'content-type': 'text/html; charset=utf-8' }).end(accessPage('Unauthorized'));
    case 'forbidden':
      return void response.writeHead(403, { 'content-type': 'text/html; charset=utf-8' }).end(accessPage('Forbidden'));
    case 'noAssertion':
      return void response.writeHead(403, { 'content-length': 0 }).end();
    default:
      return answer satisfies never;
  }
}

const LIFE_SECONDS = 60;

/** RS256 assertions, one per token and minute: signing for each request would cost more than the request. The key is made at first use. */
function createAssertions(options: AccessOptions, now: () => number): { of(id: string): string; jwk(): unknown } {
  let pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;
  const keys = (): NonNullable<typeof pair> => (pair ??= generateKeyPairSync('rsa', { modulusLength: 2_048 }));
  const made = new Map<string, { readonly text: string; readonly until: number }>();
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  return {
    jwk: () => ({ ...keys().publicKey.export({ format: 'jwk' }), kid: 'lab', alg: 'RS256', use: 'sig' }),
    of(id) {
      const seconds = Math.floor(now() / 1_000);
      const kept = made.get(id);
      if (kept !== undefined && kept.until > seconds) return kept.text;
      const { team = 'acme', audience = 'a0b1c2d3' } = options;
      const claims = {
        type: 'app',
        aud: [audience],
        iss: `https://${team}.cloudflareaccess.com`,
        common_name: id,
        sub: '',
        iat: seconds,
        exp: seconds + 2 * LIFE_SECONDS,
      };
      const signed = `${encode({ alg: 'RS256', kid: 'lab', typ: 'JWT' })}.${encode(claims)}`;
      const text = `${signed}.${sign('sha256', Buffer.from(signed), keys().privateKey).toString('base64url')}`;
      if (options.tokens?.some((token) => token.id === id) === true) made.set(id, { text, until: seconds + LIFE_SECONDS });
      return text;
    },
  };
}
