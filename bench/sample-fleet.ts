/** A fleet of any size for what is measured in one process: 20 Applications an edge, texts shared and unshared as in real fleets. */
import type { Application } from '../proxy-server/src/domain/application.ts';
import type { Edge, Product } from '../proxy-server/src/domain/edge.ts';
import { DEFAULT_CONTACT } from '../proxy-server/src/domain/freshness.ts';
import { parseConnectorId, parseEdgeId, parseProductId, parseSecretId } from '../proxy-server/src/domain/ids.ts';
import { HEALTH_STATUSES } from '../proxy-server/src/domain/health.ts';

export const APPLICATIONS_PER_EDGE = 20;
const REGIONS = ['north', 'south', 'east', 'west', 'centre', 'islands'];
const FORMATS = ['express', 'super', 'hyper'];
const COMPONENTS = [
  'pos-api', 'pos-ui', 'pos-sync', 'kds', 'loyalty', 'signage', 'printer', 'scales', 'self-checkout', 'prices',
  'inventory', 'cameras', 'fiscal', 'payments', 'gateway', 'metrics', 'logs', 'dns-cache', 'updates', 'backup',
]; // prettier-ignore

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A name of the sample fleet is no name');
  return value;
}

/** The same number for the same index, spread over [0, 1). */
export function spread(index: number, salt = 0): number {
  let mixed = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

const of = <T>(list: readonly T[], index: number, salt: number): T => required(list[Math.floor(spread(index, salt) * list.length)]);

export const POS: Product = {
  id: required(parseProductId('pos')),
  matchLabels: { 'app.kubernetes.io/part-of': 'pos' },
  version: ['pos-api', 'pos-ui', 'pos-sync'].map((name) => ({ kind: 'image', image: `registry.example.com/retail/${name}` })),
};

export function sampleEdge(index: number): Edge {
  const name = `store-${String(index).padStart(5, '0')}`;
  return {
    id: required(parseEdgeId(name)),
    labels: { region: of(REGIONS, index, 1), format: of(FORMATS, index, 2), ring: String(Math.floor(spread(index, 3) * 4)) },
    displayName: `Store ${index}, ${of(REGIONS, index, 1)} street ${Math.floor(spread(index, 4) * 400)}`,
    timeZone: 'Europe/Oslo',
    url: `https://${name}.edge.example.com`,
    connector: required(parseConnectorId(`retail-${of(REGIONS, index, 1)}`)),
    tokenSecret: required(parseSecretId(`${name}-argocd`)),
    access: 'ReadOnly',
    identity: 'Pinned',
    contact: DEFAULT_CONTACT,
    windows: [],
    pins: [],
    lifecycle: 'Active',
    generation: 1,
  };
}

const hex = (index: number, length: number): string => {
  let text = '';
  for (let salt = 10; text.length < length; salt += 1) text += Math.floor(spread(index, salt) * 2 ** 32).toString(16).padStart(8, '0'); // prettier-ignore
  return text.slice(0, length);
};
const uid = (index: number): string =>
  `${hex(index, 8)}-${hex(index + 1, 4)}-4${hex(index + 2, 3)}-a${hex(index + 3, 3)}-${hex(index + 4, 12)}`;

/** `uniqueNames`: every Application is called after its edge, and lives in a path of its own: the worst case for interning. */
export function sampleApplication(edge: number, nth: number, uniqueNames = false): Application {
  const index = edge * APPLICATIONS_PER_EDGE + nth;
  const component = required(COMPONENTS[nth % COMPONENTS.length]);
  const site = `store-${String(edge).padStart(5, '0')}`;
  const version = `4.${9 + Math.floor(spread(edge, 5) * 3)}.${Math.floor(spread(edge, 6) * 3)}`;
  const isWell = spread(index, 7) < 0.97;
  const health = isWell ? 'Healthy' : of(HEALTH_STATUSES, index, 8);
  const time = 1_760_000_000_000 + Math.floor(spread(index, 9) * 30 * 86_400) * 1000;
  return {
    namespace: 'argocd',
    name: uniqueNames ? `${site}-${component}` : component,
    uid: uid(index),
    project: nth % 5 === 0 ? 'platform' : 'retail',
    labels: { 'app.kubernetes.io/part-of': component.startsWith('pos') ? 'pos' : component, tier: nth % 2 === 0 ? 'front' : 'back' },
    destination: { server: 'https://kubernetes.default.svc', namespace: component },
    sources: [{ repoUrl: 'https://git.example.com/retail/deploy.git', path: uniqueNames ? `edges/${site}/${component}` : `apps/${component}`, targetRevision: 'main' }],
    revisions: [hex(Math.floor(spread(index, 10) * 40), 40)],
    sync: spread(index, 11) < 0.96 ? 'Synced' : 'OutOfSync',
    health,
    ...(isWell ? {} : { healthMessage: `Deployment "${component}" exceeded its progress deadline` }),
    healthSince: time,
    images: [`registry.example.com/retail/${component}:${version}`],
    externalUrls: [],
    conditions: [],
    operation: { state: 'Succeeded', dryRun: false, message: 'successfully synced (all tasks run)', startedAt: time, finishedAt: time + 12_000, retryCount: 0, initiatedBy: 'automated', revisions: [] },
    autoSync: true,
  }; // prettier-ignore
}
