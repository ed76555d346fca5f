/**
 * From Edge, Connector and Secret objects to routes. What a group of edges shares (TLS context, service tokens, which of them works) is one
 * `ConnectorAccess`, built once per Connector and kept while the Connector and its Secrets are the same objects; so a rotated Secret takes
 * effect with the next snapshot, without a restart, and touches only the edges it concerns. Each edge has a small pool of sockets of its
 * own (its stream and a few questions): sockets are never shared over host names, and one edge's trouble never queues another's request.
 */
import { isIP } from 'node:net';
import { makeFailure } from '../domain/classify.ts';
import type { Connector, Edge, Secret } from '../domain/edge.ts';
import type { ConnectorId, EdgeId, SecretId } from '../domain/ids.ts';
import { isLoopbackHost } from '../domain/loopback.ts';
import type { ConfigSnapshot } from '../ports/object-store.ts';
import { cloudflareAccess } from './cloudflare-connector.ts';
import type { ConnectorAccess, SecretReader, Unusable } from './connector-access.ts';
import { bareHost, createDialer, createSharedDial, dialedHost, type Dial } from './dialer.ts';
import { directAccess } from './direct-connector.ts';
import { createEdgeSockets } from './edge-sockets.ts';
import type { EdgeLimits } from './limits.ts';
import type { EdgeRoute, NoRoute, TokenKind } from './route.ts';

interface Kept<T> {
  readonly madeOf: readonly unknown[];
  readonly value: T;
}

const sameParts = (left: readonly unknown[], right: readonly unknown[]): boolean =>
  left.length === right.length && left.every((part, index) => part === right[index]);

/** Routes of the edges of a snapshot. An edge whose parts did not change keeps its route object: compare with `===`. */
export interface Routes {
  routeOf(edge: Edge, snapshot: ConfigSnapshot): EdgeRoute | NoRoute;
  /** The edge is gone: nothing of it is kept. Closing its route is up to whoever uses it. */
  forget(edge: EdgeId): void;
}

/** Routes by edge; a route is made anew only when its Edge, Connector or a Secret of theirs is another object. */
export function createRoutes(limits: EdgeLimits, userAgent: string): Routes {
  const accesses = new Map<ConnectorId, Kept<SharedAccess | Unusable>>();
  const routes = new Map<EdgeId, Kept<EdgeRoute | NoRoute>>();

  const accessOf = (connector: Connector, snapshot: ConfigSnapshot): SharedAccess | Unusable => {
    const read: SecretReader = (id) => snapshot.secrets.get(id);
    const madeOf = [connector, ...secretsOf(connector).map(read)];
    const kept = accesses.get(connector.id);
    if (kept !== undefined && sameParts(kept.madeOf, madeOf)) return kept.value;
    const made = connector.kind === 'cloudflare' ? cloudflareAccess(connector, read) : directAccess(connector, read);
    const value = 'unusable' in made ? made : { ...made, dial: createSharedDial(made, limits) };
    accesses.set(connector.id, { madeOf, value });
    return value;
  };

  return {
    routeOf(edge, snapshot) {
      const connector = snapshot.connectors.get(edge.connector);
      const access = connector === undefined ? { unusable: `Connector ${edge.connector} is not defined` } : accessOf(connector, snapshot);
      const tokens = snapshot.secrets.get(edge.tokenSecret);
      const madeOf = [edge.url, edge.access, access, tokens];
      const kept = routes.get(edge.id);
      if (kept !== undefined && sameParts(kept.madeOf, madeOf)) return kept.value;
      const value = toRoute({ edge, access, tokens, limits, userAgent });
      routes.set(edge.id, { madeOf, value });
      return value;
    },
    forget(edge) {
      routes.delete(edge);
    },
  };
}

const secretsOf = (connector: Connector): readonly SecretId[] =>
  (connector.kind === 'cloudflare' ? [connector.accessSecret] : [connector.caSecret, connector.clientCertificateSecret]).filter(
    (id) => id !== undefined,
  );

interface SharedAccess extends ConnectorAccess {
  readonly dial: Dial;
}

interface RouteParts {
  readonly edge: Edge;
  readonly access: SharedAccess | Unusable;
  readonly tokens: Secret | undefined;
  readonly limits: EdgeLimits;
  readonly userAgent: string;
}

function toRoute(parts: RouteParts): EdgeRoute | NoRoute {
  const { edge, access, tokens } = parts;
  if ('unusable' in access) return { missing: makeFailure(38, { sign: access.unusable }) };
  const read = tokenOf(tokens, 'read');
  if (read === undefined) {
    const sign = `Secret ${edge.tokenSecret} ${tokens === undefined ? 'is missing' : 'has no usable key read'}`;
    return { missing: makeFailure(22, { sign, detail: 'missing' }) };
  }
  if (!URL.canParse(edge.url)) return { missing: makeFailure(38, { sign: 'The URL of this edge cannot be read' }) };
  if (!access.tls.rejectUnauthorized && !isLoopbackHost(dialedHost(access, new URL(edge.url)))) {
    return {
      missing: makeFailure(38, { sign: `Connector ${edge.connector} skips certificate checks, which only loopback addresses may` }),
    };
  }
  const operate = edge.access === 'Operate' ? tokenOf(tokens, 'operate') : undefined;
  return openRoute({ ...parts, access, tokens: operate === undefined ? { read } : { read, operate } });
}

/** A token that can be a header; anything else would be a failure far from its cause. */
function tokenOf(secret: Secret | undefined, key: 'read' | 'operate'): string | undefined {
  const value = secret?.values.get(key)?.trim();
  return value !== undefined && isHeaderValue(value) ? value : undefined;
}

const isHeaderValue = (value: string): boolean => value !== '' && value.length <= 16_384 && /^[\x21-\x7e]+$/.test(value);

interface OpenParts extends Omit<RouteParts, 'access' | 'tokens'> {
  readonly access: SharedAccess;
  readonly tokens: { readonly read: string; readonly operate?: string };
}

function openRoute({ edge, access, tokens, limits, userAgent }: OpenParts): EdgeRoute {
  const url = new URL(edge.url);
  const pathPrefix = url.pathname.replace(/\/+$/, '');
  const sockets = createEdgeSockets(url.origin, {
    pipelining: 1,
    allowH2: false,
    headersTimeout: 0, // our own deadlines run on the clock we are given
    bodyTimeout: 0,
    keepAliveTimeout: limits.idleSocketMs,
    keepAliveMaxTimeout: limits.idleSocketMs,
    connect: createDialer(access, url, access.dial, limits),
  });
  const authorization = (token: TokenKind): Record<string, string> | undefined => {
    if (token === 'none') return {};
    const value = tokens[token];
    return value === undefined ? undefined : { authorization: `Bearer ${value}` };
  };
  const headers = (token: TokenKind): Readonly<Record<string, string>> | undefined => {
    const proof = authorization(token);
    return proof === undefined ? undefined : { 'user-agent': userAgent, ...access.headers(), ...proof };
  };
  return {
    edge: edge.id,
    kind: access.kind,
    host: url.host,
    origin: url.origin,
    pathPrefix,
    ...(access.beaconPath === undefined ? {} : { beaconPath: access.beaconPath }),
    sockets,
    headers,
    credential: () => access.credential(),
    tryOtherCredential: (refused) => access.tryOtherCredential(refused),
    target(token) {
      const all = headers(token);
      if (all === undefined) return undefined;
      const servername = access.tls.serverName ?? (isIP(bareHost(url)) === 0 ? bareHost(url) : undefined);
      return {
        origin: url.origin,
        pathPrefix,
        headers: all,
        tls: {
          ...access.tls.material,
          ...(servername === undefined ? {} : { servername }),
          rejectUnauthorized: access.tls.rejectUnauthorized,
        },
        ...(access.address === undefined ? {} : { address: access.address }),
      };
    },
    close: () => sockets.close(),
  };
}
