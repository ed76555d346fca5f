import type { SecureContext } from 'node:tls';
import type { Secret } from '../domain/edge.ts';
import type { SecretId } from '../domain/ids.ts';

/** What the edges of one Connector share. */
export interface ConnectorAccess {
  readonly kind: 'cloudflare' | 'direct';
  readonly beaconPath?: string;
  readonly tls: TlsAccess;
  /** host:port to dial instead of the edge's own. */
  readonly address?: string;
  /** Headers that prove us to what stands in front of the edge. */
  headers(): Readonly<Record<string, string>>;
  credential(): number;
  tryOtherCredential(refused: number): boolean;
}

export interface TlsAccess {
  readonly secureContext?: SecureContext;
  readonly serverName?: string;
  readonly rejectUnauthorized: boolean;
  readonly material: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** Why a Connector cannot be used, in words for a person. */
export interface Unusable {
  readonly unusable: string;
}

export type SecretReader = (id: SecretId) => Secret | undefined;
