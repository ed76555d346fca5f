/**
 * Edges that hold what the recorded Argo CDs held (test/fixtures/argocd): one per recorded version, with the same ten Applications in the same
 * states. The contract suite asks them the recorded questions; nothing else uses them.
 */
import { type Application, createEdge, type Edge } from './edge.ts';
import type { Component, ResourceTemplate } from './catalog.ts';
import { IN_CLUSTER } from './catalog.ts';
import { createApplication, putTrouble } from './population.ts';
import { hashOf } from './random.ts';
import type { World } from './world.ts';

/** Lines of the recorded versions; the edge of one is `recorded-2-10` and so on. */
export const RECORDED_LINES = ['2.10', '2.14', '3.4', '3.5'] as const;

/** Name of the edge that plays the recorded Argo CD of a line. */
export function recordedEdgeName(line: string): string {
  return `recorded-${line.replace('.', '-')}`;
}

const GIT = 'http://git.example.com/retail/deploy.git';
const ROLLOUT_MS = 300;

const deployment = (name: string, image: string, replicas = 1): ResourceTemplate => ({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  name,
  images: [`registry.example.com/${image}`],
  replicas,
});
const configMap = (name: string): ResourceTemplate => ({ group: '', version: 'v1', kind: 'ConfigMap', name });

const BASE: Omit<Component, 'name' | 'path' | 'resources' | 'track'> = {
  product: 'retail',
  annotated: true,
  partOf: 'retail',
  project: 'default',
  destination: { server: IN_CLUSTER, namespace: 'retail' },
  delivery: 'directory',
  repoUrl: GIT,
  automated: { prune: true, selfHeal: true },
  syncOptions: ['CreateNamespace=true'],
  finalizers: [],
};
const MANUAL = { automated: undefined, syncOptions: [] } as const;

const COMPONENTS: readonly Component[] = [
  {
    ...BASE,
    name: 'pos',
    product: 'pos',
    partOf: 'pos',
    destination: { server: IN_CLUSTER, namespace: 'pos' },
    delivery: 'kustomize',
    path: 'apps/pos/overlays/store-0417',
    track: [4, 11],
    resources: [
      { ...configMap('pos-config'), data: { CURRENCY: 'NOK', LOG_LEVEL: 'info', STORE: '0417' } },
      { group: '', version: 'v1', kind: 'Secret', name: 'pos-db', data: { password: '' } },
      { group: '', version: 'v1', kind: 'Service', name: 'pos-api' },
      deployment('pos-api', 'pos/api', 2),
      deployment('pos-till', 'pos/till'),
    ],
  },
  {
    ...BASE,
    name: 'kiosk',
    product: 'kiosk',
    partOf: 'kiosk',
    annotated: false,
    destination: { name: 'in-cluster', namespace: 'retail' },
    delivery: 'helm',
    path: '',
    automated: { prune: true },
    syncOptions: [],
    retryLimit: 2,
    finalizers: ['resources-finalizer.argocd.argoproj.io'],
    track: [1, 8],
    chart: { repoUrl: 'http://charts.example.com', name: 'kiosk', valueFile: '$values/values/kiosk/values.yaml' },
    resources: [deployment('kiosk', 'retail/kiosk')],
  },
  { ...BASE, ...MANUAL, name: 'signage', path: 'apps/signage', track: [2, 0], resources: [deployment('signage', 'retail/signage')] },
  { ...BASE, name: 'inventory', path: 'apps/inventory', track: [3, 2], resources: [deployment('inventory', 'retail/inventory')] },
  {
    ...BASE,
    name: 'bakery',
    path: 'apps/bakery',
    track: [1, 0],
    resources: [configMap('oven'), { group: 'bakery.example.com', version: 'v1', kind: 'Oven', name: 'left' }],
  },
  { ...BASE, name: 'loyalty', path: 'apps/loyalty', track: [2, 0], resources: [deployment('loyalty', 'retail/loyalty')] },
  {
    ...BASE,
    name: 'migrations',
    path: 'apps/hooks',
    track: [1, 0],
    resources: [
      configMap('after-migration'),
      {
        group: 'batch',
        version: 'v1',
        kind: 'Job',
        name: 'migrate-71911fe-presync-1795448392',
        images: ['registry.example.com/retail/migrate'],
        hook: 'PreSync',
      },
    ],
  },
  { ...BASE, name: 'ghost', path: 'apps/does-not-exist', track: [1, 0], resources: [] },
  {
    ...BASE,
    name: 'big',
    path: 'apps/big',
    track: [1, 0],
    resources: Array.from({ length: 300 }, (_, index) => configMap(`item-${String(index + 1).padStart(3, '0')}`)),
  },
  {
    ...BASE,
    ...MANUAL,
    name: 'frozen',
    project: 'team-b',
    destination: { server: IN_CLUSTER, namespace: 'team-b' },
    path: 'apps/signage',
    track: [2, 0],
    resources: [deployment('signage', 'retail/signage')],
  },
];

/** What only exists because somebody creates it while a stream is watched. */
export const POPUP: Component = {
  ...BASE,
  ...MANUAL,
  name: 'popup',
  path: 'apps/signage',
  track: [2, 0],
  resources: [deployment('signage', 'retail/signage')],
};

const TROUBLES: Readonly<Record<string, Application['trouble']>> = {
  signage: 'neverSynced',
  inventory: 'crash',
  bakery: 'unsyncable',
  loyalty: 'paused',
  ghost: 'unrendered',
  frozen: 'neverSynced',
};
const DEPLOYMENTS: Readonly<Record<string, number>> = { pos: 3, signage: 0, bakery: 0, ghost: 0, frozen: 0 };

function applicationOf(world: World, edge: Edge, component: Component): Application {
  const application = createApplication(edge, component, world.seed, world.startAt);
  const trouble = TROUBLES[component.name];
  if (trouble !== undefined) putTrouble(application, trouble, world.startAt);
  application.deployments = DEPLOYMENTS[component.name] ?? 1;
  application.refreshed = component.name === 'pos';
  if (component.name === 'ghost') application.operationState = undefined;
  if (['ghost', 'bakery', 'loyalty', 'big'].includes(component.name)) application.imagesSeen = false;
  return application;
}

/** Takes the recorded edges into the world. */
export function addRecordedEdges(world: World): void {
  for (const line of RECORDED_LINES) {
    const name = recordedEdgeName(line);
    const edge = createEdge(
      {
        name,
        displayName: `Recorded Argo CD ${line}`,
        labels: { segment: 'recorded', region: 'lab', ring: '0' },
        timeZone: 'Europe/Oslo',
        segment: 'store',
        connector: 'recorded',
        reach: 'direct',
        argocd: line,
      },
      100_000 + (hashOf(name) % 1000),
    );
    edge.rolloutMs = ROLLOUT_MS;
    for (const component of COMPONENTS) edge.applications.push(applicationOf(world, edge, component));
    edge.applications.sort((left, right) => (left.component.name < right.component.name ? -1 : 1));
    world.add(edge);
  }
}
