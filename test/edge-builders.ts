import type { Connector, Edge, Secret } from '../proxy-server/src/domain/edge.ts';
import { DEFAULT_CONTACT } from '../proxy-server/src/domain/freshness.ts';
import { parseConnectorId, parseEdgeId, parseSecretId } from '../proxy-server/src/domain/ids.ts';

const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('A name of a test is no name');
  return value;
};

export const anEdgeId = (name: string): Edge['id'] => required(parseEdgeId(name));

/** An Active edge at `url`, reached over Connector `plain`, its token in Secret `<name>-argocd`. */
export function anEdge(name: string, url: string, over: Partial<Edge> = {}): Edge {
  return {
    id: anEdgeId(name),
    labels: {},
    displayName: name,
    timeZone: 'UTC',
    url,
    connector: required(parseConnectorId('plain')),
    tokenSecret: required(parseSecretId(`${name}-argocd`)),
    access: 'ReadOnly',
    identity: 'Pinned',
    contact: DEFAULT_CONTACT,
    windows: [],
    pins: [],
    lifecycle: 'Active',
    generation: 1,
    ...over,
  };
}

export const aSecret = (name: string, values: Readonly<Record<string, string>>): Secret => ({
  id: required(parseSecretId(name)),
  values: new Map(Object.entries(values)),
});

export const aDirectConnector = (over: Partial<Extract<Connector, { kind: 'direct' }>> = {}): Connector => ({
  kind: 'direct',
  id: required(parseConnectorId('plain')),
  insecureSkipVerify: false,
  ...over,
});

export const aCloudflareConnector = (over: Partial<Extract<Connector, { kind: 'cloudflare' }>> = {}): Connector => ({
  kind: 'cloudflare',
  id: required(parseConnectorId('plain')),
  accessSecret: required(parseSecretId('access')),
  ...over,
});
