/**
 * The headers and the path that reach an extension's backend, as Argo CD up to 3.5 makes them: pure.
 *
 *   client's headers ─► Cookie, Authorization away ─► Argocd-* set ─► configured headers set ─► hop-by-hop away ─► X-Forwarded-For
 *
 * The order is the weakness: hop-by-hop removal comes last, so a client that names a header in `Connection` takes away what the hub set,
 * its identity headers and the configured secret included. A backend must refuse a request without them.
 * https://github.com/argoproj/argo-cd/blob/v3.5.1/server/extension/extension.go and Go's net/http/httputil ReverseProxy (Director).
 */
import type { HubApplication, HubUser } from './hub-world.ts';

/** Lower-case name to its lines, in the order in which they came: Go sends on every line of a header that a client sent twice. */
export type HeaderMap = ReadonlyMap<string, readonly string[]>;

export interface ProxyHop {
  readonly user: HubUser;
  readonly application: HubApplication;
  readonly controlPlaneNamespace: string;
  readonly sendsUserId: boolean;
  /** `services[].headers` of extension.config. */
  readonly configured: Readonly<Record<string, string>>;
  readonly clientAddress: string;
}

const HOP_BY_HOP = [
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const listed = (lines: readonly string[] | undefined): readonly string[] =>
  (lines ?? [])
    .flatMap((line) => line.split(','))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');

/** Removes the standard hop-by-hop headers and every header that `Connection` names. */
export function withoutHopByHop(headers: HeaderMap): Map<string, readonly string[]> {
  const kept = new Map(headers);
  for (const name of [...listed(headers.get('connection')), ...HOP_BY_HOP]) kept.delete(name);
  return kept;
}

/** What Argo CD says about user, Application and itself; groups only when there are any, so a client's claim passes without. */
function identityHeaders({
  user,
  application,
  controlPlaneNamespace,
  sendsUserId,
}: ProxyHop): readonly (readonly [string, string | undefined])[] {
  return [
    ['argocd-target-cluster-url', application.destination.server],
    ['argocd-target-cluster-name', application.destination.name],
    ['argocd-namespace', controlPlaneNamespace],
    ['argocd-username', user.username],
    ['argocd-user-groups', user.groups.length > 0 ? user.groups.join(',') : undefined],
    ['argocd-user-id', sendsUserId ? user.userId : undefined],
  ];
}

/** The headers of the request to the backend. */
export function backendHeaders(client: HeaderMap, hop: ProxyHop): Map<string, readonly string[]> {
  const headers = new Map(client);
  for (const name of ['cookie', 'authorization', 'host']) headers.delete(name);
  for (const [name, value] of identityHeaders(hop)) if (value !== undefined) headers.set(name, [value]);
  for (const [name, value] of Object.entries(hop.configured)) headers.set(name.toLowerCase(), [value]);
  const kept = withoutHopByHop(headers);
  kept.set('x-forwarded-for', [[...(kept.get('x-forwarded-for') ?? []), hop.clientAddress].join(', ')]);
  if (!kept.has('accept-encoding')) kept.set('accept-encoding', ['gzip']);
  return kept;
}

/** The text behind percent signs; undefined where they stand for nothing. */
export function decoded(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined; // only a URIError can come from here
  }
}

/** A path as Go's URL writes it again after it was decoded: `%2F` has become a slash. Undefined for a path that cannot be decoded. */
export function goPath(escaped: string): string | undefined {
  const plain = decoded(escaped);
  if (plain === undefined) return undefined;
  return encodeURIComponent(plain)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(24|26|2B|2C|2F|3A|3B|3D|40)/g, (code) => decodeURIComponent(code));
}
