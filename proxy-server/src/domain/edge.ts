import type { Contact } from './freshness.ts';
import type { ConnectorId, EdgeId, ProductId, SecretId } from './ids.ts';
import type { Lifecycle } from './edge-state.ts';

/** Our kinds as the rest of the code sees them: parsed, defaulted, durations in ms. The wire form is `contract/kinds.ts`. */
export interface Edge {
  readonly id: EdgeId;
  readonly labels: Readonly<Record<string, string>>;
  readonly displayName: string;
  readonly timeZone: string;
  /** Scheme, host, optional port and path prefix, without a trailing slash. */
  readonly url: string;
  readonly connector: ConnectorId;
  readonly tokenSecret: SecretId;
  readonly access: 'ReadOnly' | 'Operate' | 'CountsOnly';
  readonly identity: 'Pinned' | 'AcceptNext';
  readonly contact: Contact;
  readonly windows: readonly { readonly cron: string; readonly durationMs: number }[];
  readonly pins: readonly { readonly product: ProductId; readonly version: string; readonly reason: string; readonly until?: string }[];
  readonly lifecycle: Lifecycle;
  /** metadata.generation; in a folder a number that grows with each change of the object. */
  readonly generation: number;
  /** `status.identity` where the store keeps status (Kubernetes). */
  readonly acceptedIdentity?: { readonly id: string; readonly acceptedGeneration: number };
}

/** Only counts leave the row of such an edge: no names, no address, no words of its own, for nobody. */
export const showsOnlyCounts = ({ access }: Pick<Edge, 'access'>): boolean => access === 'CountsOnly';

export interface CloudflareConnector {
  readonly kind: 'cloudflare';
  readonly id: ConnectorId;
  readonly accessSecret: SecretId;
  readonly beaconPath?: string;
  readonly statusApi?: { readonly accountId: string; readonly tokenSecret: SecretId; readonly tunnelPrefix: string };
}

export interface DirectConnector {
  readonly kind: 'direct';
  readonly id: ConnectorId;
  readonly caSecret?: SecretId;
  readonly clientCertificateSecret?: SecretId;
  readonly serverName?: string;
  /** host:port to connect to, whatever host the edge's URL names. */
  readonly address?: string;
  readonly insecureSkipVerify: boolean;
}

export type Connector = CloudflareConnector | DirectConnector;

export type VersionRule = { readonly kind: 'image'; readonly image: string } | { readonly kind: 'chart' } | { readonly kind: 'revision' };

export interface Product {
  readonly id: ProductId;
  /** `key=value` of an annotation; wins over the selector. */
  readonly annotation?: { readonly key: string; readonly value: string };
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly version: readonly VersionRule[];
}

/** Values of a Secret by key. Never logged, never sent. */
export interface Secret {
  readonly id: SecretId;
  readonly values: ReadonlyMap<string, string>;
}
