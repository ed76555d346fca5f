/**
 * A Connector over Cloudflare Tunnel and Access: the two service token headers on every request, no cookies kept. While the token is being
 * rotated there are two of them; which one works is remembered for all edges of the Connector, so a rotation costs one refused request.
 */
import { createSecureContext } from 'node:tls';
import type { CloudflareConnector, Secret } from '../domain/edge.ts';
import type { ConnectorAccess, SecretReader, Unusable } from './connector-access.ts';

type Headers = Readonly<Record<string, string>>;

/** Undefined where a half of the pair is missing or could not be a header. */
function serviceToken(secret: Secret, prefix: string): Headers | undefined {
  const id = secret.values.get(`${prefix}client-id`)?.trim() ?? '';
  const value = secret.values.get(`${prefix}client-secret`)?.trim() ?? '';
  if (!/^[\x21-\x7e]{1,1024}$/.test(id) || !/^[\x21-\x7e]{1,1024}$/.test(value)) return undefined;
  return { 'cf-access-client-id': id, 'cf-access-client-secret': value };
}

/** Unusable without the Secret or its first pair; never throws. */
export function cloudflareAccess(connector: CloudflareConnector, read: SecretReader): ConnectorAccess | Unusable {
  const secret = read(connector.accessSecret);
  if (secret === undefined) return { unusable: `Secret ${connector.accessSecret} of Connector ${connector.id} is missing` };
  const tokens = [serviceToken(secret, ''), serviceToken(secret, 'next-')].filter((token) => token !== undefined);
  if (tokens.length === 0) return { unusable: `Secret ${connector.accessSecret} has no client-id and client-secret` };
  let current = 0;
  return {
    kind: 'cloudflare',
    ...(connector.beaconPath === undefined ? {} : { beaconPath: connector.beaconPath }),
    tls: { secureContext: createSecureContext(), rejectUnauthorized: true, material: {} },
    headers: () => tokens[current] ?? {},
    credential: () => current,
    tryOtherCredential(refused) {
      if (tokens.length < 2) return false;
      if (refused === current) current = (current + 1) % tokens.length; // another edge may have changed it already
      return true;
    },
  };
}
