/**
 * A Connector without a vendor: plain HTTPS (or HTTP) to the edge's own address, with its own CA, a client certificate, another server name,
 * or one address for many names where the configuration says so.
 */
import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { DirectConnector } from '../domain/edge.ts';
import type { ConnectorAccess, SecretReader, TlsAccess, Unusable } from './connector-access.ts';

/** Unusable where a Secret it names is missing or holds no PEM that can be read; never throws. */
export function directAccess(connector: DirectConnector, read: SecretReader): ConnectorAccess | Unusable {
  const tls = tlsAccess(connector, read);
  if ('unusable' in tls) return tls;
  return {
    kind: 'direct',
    tls,
    ...(connector.address === undefined ? {} : { address: connector.address }),
    headers: () => ({}),
    credential: () => 0,
    tryOtherCredential: () => false,
  };
}

type Material = TlsAccess['material'];

function tlsAccess(connector: DirectConnector, read: SecretReader): TlsAccess | Unusable {
  const ca = caOf(connector, read);
  if ('unusable' in ca) return ca;
  const client = clientCertificateOf(connector, read);
  if ('unusable' in client) return client;
  const material = { ...ca, ...client };
  const context = secureContext(material);
  if (context === undefined) return { unusable: `A certificate or key of Connector ${connector.id} cannot be read` };
  return {
    secureContext: context,
    ...(connector.serverName === undefined ? {} : { serverName: connector.serverName }),
    rejectUnauthorized: !connector.insecureSkipVerify,
    material,
  };
}

function caOf(connector: DirectConnector, read: SecretReader): Material | Unusable {
  const { caSecret } = connector;
  if (caSecret === undefined) return {};
  const ca = read(caSecret)?.values.get('ca.crt');
  if (ca === undefined) return lacks(connector, caSecret, 'ca.crt');
  return isBundle(ca) ? { ca } : { unusable: `Secret ${caSecret} of Connector ${connector.id} holds no certificate that can be read` };
}

/** OpenSSL passes over what it cannot read in a bundle, and would then trust nobody: that is found here, with words. */
function isBundle(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch (thrown) {
    if (isTlsMaterialError(thrown)) return false;
    throw thrown;
  }
}

function clientCertificateOf(connector: DirectConnector, read: SecretReader): Material | Unusable {
  const { clientCertificateSecret } = connector;
  if (clientCertificateSecret === undefined) return {};
  const values = read(clientCertificateSecret)?.values;
  const cert = values?.get('tls.crt');
  const key = values?.get('tls.key');
  return cert === undefined || key === undefined ? lacks(connector, clientCertificateSecret, 'tls.crt or tls.key') : { cert, key };
}

const lacks = (connector: DirectConnector, secret: string, key: string): Unusable => ({
  unusable: `Secret ${secret} of Connector ${connector.id} is missing or has no ${key}`,
});

/** One context for all edges of the Connector: building one parses every CA of the system anew. */
function secureContext(material: Material): SecureContext | undefined {
  try {
    return createSecureContext(material);
  } catch (thrown) {
    if (isTlsMaterialError(thrown)) return undefined;
    throw thrown;
  }
}

/** OpenSSL's words for text that is no PEM, and for a key that does not belong to its certificate. */
function isTlsMaterialError(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return false;
  return typeof thrown.code === 'string' && /^ERR_(OSSL|SSL|CRYPTO|TLS|INVALID_ARG)/.test(thrown.code);
}
