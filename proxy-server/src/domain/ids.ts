/**
 * Branded names: a string that went through its parser. All are Kubernetes object names (DNS labels), so they are safe in a URL,
 * a label, a metric and a file name.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type EdgeId = Branded<'Edge'>;
export type ConnectorId = Branded<'Connector'>;
export type ProductId = Branded<'Product'>;
export type SecretId = Branded<'Secret'>;

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const isDnsLabel = (raw: string): boolean => DNS_LABEL.test(raw);

export const parseEdgeId = (raw: string): EdgeId | undefined => (isDnsLabel(raw) ? (raw as EdgeId) : undefined);
export const parseConnectorId = (raw: string): ConnectorId | undefined => (isDnsLabel(raw) ? (raw as ConnectorId) : undefined);
export const parseProductId = (raw: string): ProductId | undefined => (isDnsLabel(raw) ? (raw as ProductId) : undefined);
/** Secrets may be named as DNS subdomains (with dots), as Kubernetes allows. */
export const parseSecretId = (raw: string): SecretId | undefined =>
  raw.length <= 253 && raw.split('.').every(isDnsLabel) ? (raw as SecretId) : undefined;

/** One Application on one edge. Names repeat over namespaces, so both belong to the key. */
export interface ApplicationKey {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name`, as Argo CD itself writes it. */
export const applicationKeyText = (key: ApplicationKey): string => `${key.namespace}/${key.name}`;
