import { hexOf } from './random.ts';

/** One Kubernetes object that a component's manifests hold. */
export interface ResourceTemplate {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  /** Image names without tag: the tag is the version of the Application. */
  readonly images?: readonly string[];
  readonly replicas?: number;
  readonly hook?: 'PreSync' | 'PostSync';
  readonly data?: Readonly<Record<string, string>>;
}

/** What one Application deploys, wherever it runs. Everything here is the same on every edge; an `{edge}` in a path is the edge's name. */
export interface Component {
  /** Name of the Application. */
  readonly name: string;
  readonly product: string;
  /** Said by annotation edgefleet.dev/product; otherwise only by the label app.kubernetes.io/part-of. */
  readonly annotated: boolean;
  readonly partOf: string;
  readonly project: string;
  /** Namespace of the Application itself; argocd where absent. */
  readonly home?: string;
  readonly destination: { readonly server?: string; readonly name?: string; readonly namespace: string };
  readonly delivery: 'kustomize' | 'directory' | 'helm';
  readonly repoUrl: string;
  readonly path: string;
  readonly chart?: { readonly repoUrl: string; readonly name: string; readonly valueFile: string };
  readonly automated: { readonly prune: boolean; readonly selfHeal?: boolean } | undefined;
  readonly syncOptions: readonly string[];
  readonly retryLimit?: number;
  readonly finalizers: readonly string[];
  readonly resources: readonly ResourceTemplate[];
  /** First version of the track, `major.minor`; later ones follow from it. */
  readonly track: readonly [major: number, minor: number];
}

export const IN_CLUSTER = 'https://kubernetes.default.svc';
const GIT = 'https://git.example.com';
const CHARTS = 'https://charts.example.com';
const REGISTRY = 'registry.example.com';

type Shape = 'api' | 'web' | 'worker' | 'store' | 'job' | 'agent';

function workload(name: string, namespace: string, shape: Shape): ResourceTemplate[] {
  const image = `${REGISTRY}/${namespace}/${name}`;
  const config: ResourceTemplate = {
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    name: `${name}-config`,
    data: { LOG_LEVEL: 'info', SITE: '{edge}' },
  };
  const service: ResourceTemplate = { group: '', version: 'v1', kind: 'Service', name };
  const deployment: ResourceTemplate = {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    name,
    images: [image],
    replicas: shape === 'api' ? 2 : 1,
  };
  switch (shape) {
    case 'api':
      return [
        config,
        { group: '', version: 'v1', kind: 'Secret', name: `${name}-credentials`, data: { password: '++++++++' } },
        service,
        deployment,
      ];
    case 'web':
      return [config, service, deployment, { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress', name }];
    case 'worker':
      return [config, deployment];
    case 'store':
      return [config, service, { group: 'apps', version: 'v1', kind: 'StatefulSet', name, images: [image], replicas: 1 }];
    case 'job':
      return [config, { group: 'batch', version: 'v1', kind: 'CronJob', name, images: [image] }];
    case 'agent':
      return [config, { group: 'apps', version: 'v1', kind: 'DaemonSet', name, images: [image], replicas: 1 }];
  }
}

interface Line {
  readonly name: string;
  readonly shape: Shape;
  readonly delivery?: Component['delivery'];
  readonly manual?: boolean;
}

function product(name: string, repo: string, track: readonly [number, number], lines: readonly Line[]): Component[] {
  return lines.map((line) => ({
    name: line.name,
    product: name,
    annotated: line.delivery !== 'helm',
    partOf: name,
    project: repo,
    destination: line.delivery === 'helm' ? { name: 'in-cluster', namespace: name } : { server: IN_CLUSTER, namespace: name },
    delivery: line.delivery ?? 'kustomize',
    repoUrl: `${GIT}/${repo}/deploy.git`,
    path: `apps/${line.name}/overlays/{edge}`,
    ...(line.delivery === 'helm'
      ? { chart: { repoUrl: CHARTS, name: line.name, valueFile: `$values/values/${line.name}/{edge}.yaml` } }
      : {}),
    automated: line.manual === true ? undefined : { prune: true, selfHeal: true },
    syncOptions: ['CreateNamespace=true'],
    retryLimit: 5,
    finalizers: ['resources-finalizer.argocd.argoproj.io'],
    resources: workload(line.name, name, line.shape),
    track,
  }));
}

const POS = product(
  'pos',
  'retail',
  [4, 10],
  [
    { name: 'pos-api', shape: 'api' },
    { name: 'pos-till', shape: 'web' },
    { name: 'pos-printer', shape: 'worker' },
    { name: 'pos-ledger', shape: 'store' },
  ],
);
const INVENTORY = product(
  'inventory',
  'retail',
  [3, 1],
  [
    { name: 'inventory-api', shape: 'api', delivery: 'helm' },
    { name: 'inventory-scanner', shape: 'worker', delivery: 'helm' },
    { name: 'inventory-reorder', shape: 'job', delivery: 'helm' },
  ],
);
const SIGNAGE = product(
  'signage',
  'retail',
  [2, 0],
  [
    { name: 'signage-player', shape: 'web', delivery: 'directory', manual: true },
    { name: 'signage-cache', shape: 'store', delivery: 'directory' },
  ],
);
const KIOSK = product(
  'kiosk',
  'retail',
  [1, 7],
  [
    { name: 'kiosk-web', shape: 'web', delivery: 'helm' },
    { name: 'kiosk-pay', shape: 'api', delivery: 'helm' },
  ],
);
const LOYALTY = product(
  'loyalty',
  'retail',
  [2, 2],
  [
    { name: 'loyalty', shape: 'api' },
    { name: 'coupons', shape: 'worker' },
  ],
);
const PLATFORM = product(
  'platform',
  'platform',
  [1, 14],
  [
    { name: 'ingress', shape: 'agent', delivery: 'helm' },
    { name: 'metrics', shape: 'agent', delivery: 'helm' },
    { name: 'logs', shape: 'agent', delivery: 'helm' },
    { name: 'certificates', shape: 'worker', delivery: 'helm' },
    { name: 'backup', shape: 'job', delivery: 'helm' },
  ],
);
const FOOD = product(
  'food',
  'retail',
  [0, 9],
  [
    { name: 'bakery', shape: 'worker' },
    { name: 'cold-chain', shape: 'api' },
  ],
);
const RADIO = product(
  'radio',
  'telecom',
  [23, 2],
  [
    { name: 'radio-unit', shape: 'agent', delivery: 'helm' },
    { name: 'distributed-unit', shape: 'store', delivery: 'helm' },
    { name: 'timing', shape: 'agent', delivery: 'helm' },
    { name: 'slice-control', shape: 'api', delivery: 'helm' },
    { name: 'user-plane', shape: 'agent', delivery: 'helm' },
    { name: 'probe', shape: 'worker' },
  ],
);
const CARE = product(
  'care',
  'health',
  [7, 3],
  [
    { name: 'imaging', shape: 'store' },
    { name: 'ward-board', shape: 'web' },
    { name: 'lab-gateway', shape: 'api' },
    { name: 'pharmacy', shape: 'api' },
    { name: 'device-hub', shape: 'agent' },
    { name: 'archive', shape: 'job' },
  ],
);
const VOYAGE = product(
  'voyage',
  'ships',
  [5, 4],
  [
    { name: 'cargo', shape: 'api' },
    { name: 'crew-portal', shape: 'web' },
    { name: 'bridge-display', shape: 'web' },
    { name: 'weather', shape: 'worker' },
    { name: 'satellite-queue', shape: 'store' },
    { name: 'engine-telemetry', shape: 'agent' },
  ],
);
const EXTRA = product(
  'extras',
  'platform',
  [0, 3],
  Array.from({ length: 30 }, (_, index): Line => ({
    name: `${['shelf', 'door', 'queue', 'light', 'meter', 'locker', 'print', 'sound', 'camera', 'scale'][index % 10] ?? 'extra'}-${['sensor', 'bridge', 'cache'][Math.floor(index / 10)] ?? 'agent'}`,
    shape: (['worker', 'api', 'web'] as const)[index % 3] ?? 'worker',
  })),
);

/** The Applications of each kind of site, in the order they are given out; more than asked for are cut off, fewer are filled up. */
export const CATALOG: Readonly<Record<'store' | 'hypermarket' | 'ship' | 'cell' | 'hospital', readonly Component[]>> = {
  store: [...POS, ...INVENTORY, ...KIOSK, ...SIGNAGE, ...LOYALTY, ...PLATFORM, ...EXTRA],
  hypermarket: [...POS, ...INVENTORY, ...FOOD, ...KIOSK, ...SIGNAGE, ...LOYALTY, ...PLATFORM, ...EXTRA],
  ship: [...VOYAGE, ...PLATFORM, ...POS, ...EXTRA],
  cell: [...RADIO, ...PLATFORM, ...EXTRA],
  hospital: [...CARE, ...PLATFORM, ...INVENTORY, ...EXTRA],
};

/** The Products of the world with the one image that tells their version. */
export const PRODUCTS: readonly { readonly name: string; readonly image?: string; readonly chart?: boolean }[] = [
  { name: 'pos', image: `${REGISTRY}/pos/pos-api` },
  { name: 'inventory', chart: true },
  { name: 'signage', image: `${REGISTRY}/signage/signage-player` },
  { name: 'kiosk', chart: true },
  { name: 'loyalty', image: `${REGISTRY}/loyalty/loyalty` },
  { name: 'platform', chart: true },
  { name: 'food', image: `${REGISTRY}/food/bakery` },
  { name: 'radio', chart: true },
  { name: 'care', image: `${REGISTRY}/care/imaging` },
  { name: 'voyage', image: `${REGISTRY}/voyage/cargo` },
];

/** The version `step` releases after the first of a component's track: three patches to a minor. */
export function versionAt(component: Component, step: number): string {
  const [major, minor] = component.track;
  return `${major}.${minor + Math.floor(step / 3)}.${step % 3}`;
}

/** Commits of the deploy repositories, remembered per world: one per version of a Product, the same on every edge. */
export interface Revisions {
  of(component: Component, version: string): string;
  /** The version a commit belongs to, where it was ever asked for. */
  versionOf(revision: string): string | undefined;
}

/** An empty book of commits; the commit of a version depends on repository, Product and version alone. */
export function createRevisions(): Revisions {
  const byProduct = new Map<string, Map<string, string>>();
  const byRevision = new Map<string, string>();
  const add = (component: Component, version: string): string => {
    const revision = hexOf(40, 'revision', component.repoUrl, `${component.product}@${version}`);
    const byVersion = byProduct.get(component.product) ?? new Map<string, string>();
    byProduct.set(component.product, byVersion.set(version, revision));
    byRevision.set(revision, version);
    return revision;
  };
  return {
    of: (component, version) => byProduct.get(component.product)?.get(version) ?? add(component, version),
    versionOf: (revision) => byRevision.get(revision),
  };
}
