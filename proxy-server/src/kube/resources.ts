/**
 * What is asked of the hub's Kubernetes API, and nothing else is: lists and watches in our own namespace, and the status of our kinds.
 * `manifests/base/rbac.yaml` grants exactly this; a test compares the two.
 */
import { CoreV1Api, CustomObjectsApi, type KubeConfig, type KubernetesListObject, type KubernetesObject } from '@kubernetes/client-node';
import { API_GROUP, POLICY_NAME, type FleetKind } from '../contract/kinds.ts';

/** Secrets without this label are never asked for. */
export const SECRET_SELECTOR = 'edgefleet.dev/secret=true';
const VERSION = 'v1alpha1';

export const PLURALS: Readonly<Record<FleetKind, string>> = { Edge: 'edges', Connector: 'connectors', Product: 'products' };

export interface Resource {
  readonly kind: 'Edge' | 'Connector' | 'Product' | 'Secret' | 'ConfigMap';
  /** What to do where the API refuses to list it, by status. */
  readonly remedies: Readonly<Record<number, string>>;
  readonly path: (namespace: string) => string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  list(config: KubeConfig, namespace: string): Promise<KubernetesListObject<KubernetesObject>>;
}

const forbidden = (what: string): string =>
  `Apply manifests/base/rbac.yaml: the service account may not list and watch ${what} in its namespace`;

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** The generated client says `any` about custom objects: what came is looked at here, its items one by one by the parser. */
function asList(answer: unknown): KubernetesListObject<KubernetesObject> {
  const items = field(answer, 'items');
  if (!Array.isArray(items)) throw new Error('the Kubernetes API answered a list without items');
  return { metadata: { resourceVersion: String(field(field(answer, 'metadata'), 'resourceVersion') ?? '') }, items };
}

const fleetKind = (kind: FleetKind): Resource => ({
  kind,
  remedies: {
    403: forbidden(PLURALS[kind]),
    404: `Apply manifests/crds/${kind.toLowerCase()}.yaml: the cluster does not know the kind ${kind}`,
  },
  path: (namespace) => `/apis/${API_GROUP}/${VERSION}/namespaces/${namespace}/${PLURALS[kind]}`,
  list: async (config, namespace) => {
    const api = config.makeApiClient(CustomObjectsApi);
    return asList(await api.listNamespacedCustomObject({ group: API_GROUP, version: VERSION, namespace, plural: PLURALS[kind] }));
  },
});

const POLICY_SELECTOR = `metadata.name=${POLICY_NAME}`;

export const RESOURCES: readonly Resource[] = [
  fleetKind('Edge'),
  fleetKind('Connector'),
  fleetKind('Product'),
  {
    kind: 'Secret',
    remedies: { 403: forbidden('secrets') },
    path: (namespace) => `/api/v1/namespaces/${namespace}/secrets`,
    labelSelector: SECRET_SELECTOR,
    list: (config, namespace) => config.makeApiClient(CoreV1Api).listNamespacedSecret({ namespace, labelSelector: SECRET_SELECTOR }),
  },
  {
    kind: 'ConfigMap',
    remedies: { 403: forbidden(`the ConfigMap ${POLICY_NAME}`) },
    path: (namespace) => `/api/v1/namespaces/${namespace}/configmaps`,
    fieldSelector: POLICY_SELECTOR,
    list: (config, namespace) => config.makeApiClient(CoreV1Api).listNamespacedConfigMap({ namespace, fieldSelector: POLICY_SELECTOR }),
  },
];
