import { parseAllDocuments, parse, stringify } from 'yaml';

/** Reads a file below manifests/. */
export type ReadManifest = (path: string) => string;

const data = (read: ReadManifest, path: string): unknown => {
  const object: unknown = parse(read(path));
  return typeof object === 'object' && object !== null && 'data' in object ? object.data : {};
};

const initContainers = (read: ReadManifest): unknown => {
  const patch: unknown = parse(read('hub/extension-image/argocd-server.yaml'));
  return ['spec', 'template', 'spec', 'initContainers'].reduce(
    (value: unknown, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    patch,
  );
};

const HUB_WORDS = `# Values of the argo-cd chart for the hub: what manifests/hub/argocd and manifests/hub/extension-image patch, made from them.
`;
const EDGE_WORDS = `# Values of the argo-cd chart for an edge: the read account, its rights, and cloudflared, made from manifests/edge. For access: Operate add
# accounts.edge-fleet-ops and policy.edge-fleet-ops.csv from manifests/edge/operate.
`;
const WIDTH = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** For the chart argo-cd of argo-helm, on the hub. */
export function hubHelmValues(read: ReadManifest): string {
  const mount = [{ name: 'extensions', mountPath: '/tmp/extensions' }];
  const values = {
    configs: {
      params: data(read, 'hub/argocd/argocd-cmd-params-cm.yaml'),
      cm: data(read, 'hub/argocd/argocd-cm.yaml'),
      rbac: data(read, 'hub/argocd/argocd-rbac-cm.yaml'),
    },
    server: { initContainers: initContainers(read), volumeMounts: mount, volumes: [{ name: 'extensions', emptyDir: {} }] },
  };
  return HUB_WORDS + stringify(values, WIDTH);
}

const CLOUDFLARED = ['namespace.yaml', 'deployment.yaml', 'network-policy.yaml', 'disruption-budget.yaml'] as const;

function inConnectorNamespace(object: unknown): unknown {
  if (typeof object !== 'object' || object === null || !('metadata' in object) || !('kind' in object) || object.kind === 'Namespace')
    return object;
  const { metadata } = object;
  return { ...object, metadata: { ...(typeof metadata === 'object' ? metadata : {}), namespace: 'fleet-connector' } };
}

/** For the chart argo-cd of argo-helm, on an edge. */
export function edgeHelmValues(read: ReadManifest): string {
  const objects = CLOUDFLARED.flatMap((file) =>
    parseAllDocuments(read(`edge/cloudflared/${file}`)).map((document): unknown => document.toJS()),
  );
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cloudflared' },
    data: { 'config.yaml': read('edge/cloudflared/config.yaml') },
  };
  const values = {
    configs: { cm: data(read, 'edge/account/argocd-cm.yaml'), rbac: data(read, 'edge/account/argocd-rbac-cm.yaml') },
    extraObjects: [...objects, config].map(inConnectorNamespace),
  };
  return EDGE_WORDS + stringify(values, WIDTH);
}

/** Every image that the manifests name, for a mirror. */
export function imageList(texts: readonly string[]): string {
  const images = texts.flatMap((text) => [...text.matchAll(/^\s*-?\s*(?:image|reference): ([^\s{"]+)$/gm)].map((match) => match[1] ?? ''));
  return `${[...new Set(images)].sort().join('\n')}\n`;
}
