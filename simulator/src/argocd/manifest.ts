/** Kubernetes objects as Git asks for them and as they run: what diff, live view and manifests show. Secrets are masked, as Argo CD does. */
import type { Application } from '../world/edge.ts';
import type { ResourceTemplate } from '../world/catalog.ts';
import { hexOf, uuidOf } from '../world/random.ts';
import { type Json, when, without } from './go-json.ts';
import { namespaceOf } from './component-facts.ts';
import { timeOf } from './application-text.ts';

export const MASK = '++++++++';

/** uid of an object of an Application. */
export function resourceUid(application: Application, kind: string, name: string): string {
  return uuidOf('resource', application.edge.name, application.component.name, kind, name);
}

const labelOf = (resource: ResourceTemplate): Json => ({ app: resource.name });

function specOf(application: Application, resource: ResourceTemplate, version: string): Json {
  switch (resource.kind) {
    case 'Service':
      return { ports: [{ port: 80, targetPort: 8080 }], selector: labelOf(resource) };
    case 'Ingress':
      return { rules: [{ host: `${resource.name}.${application.edge.name}.example.com` }] };
    case 'Job':
    case 'CronJob':
      return { template: { spec: { containers: containersOf(resource, version), restartPolicy: 'Never' } } };
    default:
      return without({
        paused: application.trouble === 'paused' ? true : undefined,
        replicas: resource.replicas ?? 1,
        selector: { matchLabels: labelOf(resource) },
        template: { metadata: { labels: labelOf(resource) }, spec: { containers: containersOf(resource, version) } },
      });
  }
}

function containersOf(resource: ResourceTemplate, version: string): Json[] {
  return (resource.images ?? []).map((image) => ({ image: `${image}:${version}`, name: image.split('/').at(-1) ?? 'main' }));
}

/** The object as the manifests of a version have it. */
export function targetManifest(application: Application, resource: ResourceTemplate, version: string, namespaced: boolean): Json {
  const { component, edge } = application;
  const namespace = namespaceOf(component);
  const holdsData = resource.kind === 'ConfigMap' || resource.kind === 'Secret';
  const data = Object.fromEntries(
    Object.entries(resource.data ?? { key: 'value' }).map(([key, value]) => [
      key,
      resource.kind === 'Secret' ? MASK : value.replace('{edge}', edge.name),
    ]),
  );
  return without({
    apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
    data: holdsData ? data : undefined,
    kind: resource.kind,
    metadata: without({
      annotations: {
        'argocd.argoproj.io/tracking-id': `${component.name}:${resource.group === '' ? '' : resource.group}/${resource.kind}:${namespace}/${resource.name}`,
      },
      labels: resource.kind === 'Deployment' ? { 'app.kubernetes.io/part-of': component.partOf } : undefined,
      name: resource.name,
      namespace: namespaced ? namespace : undefined,
    }),
    spec: holdsData ? undefined : specOf(application, resource, version),
  });
}

function liveSpec(application: Application, resource: ResourceTemplate, target: Json): Json | undefined {
  if (target['spec'] === undefined) return undefined;
  const drifted = application.trouble === 'drifted' && resource.images !== undefined ? { replicas: (resource.replicas ?? 1) + 1 } : {};
  const assigned = resource.kind === 'Service' ? { clusterIP: '10.0.0.18', type: 'ClusterIP' } : {};
  return { ...Object(target['spec']), ...drifted, ...assigned };
}

function liveMetadata(application: Application, resource: ResourceTemplate, target: Json, normalized: boolean): Json {
  const given: Json = { ...Object(target['metadata']) };
  const isWorkload = resource.images !== undefined;
  return without({
    ...given,
    annotations: {
      ...Object(given['annotations']),
      ...(isWorkload ? { 'deployment.kubernetes.io/revision': String(application.deployments) } : {}),
      'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(target)}\n`,
    },
    creationTimestamp: when(!normalized, () => timeOf(application.createdAt)),
    generation: when(isWorkload, () => application.deployments),
    managedFields: [
      {
        apiVersion: target['apiVersion'],
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:annotations': {} } },
        manager: 'argocd-controller',
        operation: 'Update',
        time: timeOf(application.deployedAt),
      },
    ],
    resourceVersion: resourceVersionOf(application, resource),
    uid: resourceUid(application, resource.kind, resource.name),
  });
}

/** The object as it runs: the target of the live version, and what the cluster adds. Normalized it has lost what a diff leaves out. */
export function liveManifest(application: Application, resource: ResourceTemplate, normalized: boolean): Json {
  const target = targetManifest(application, resource, application.live, true);
  const status = resource.kind === 'Service' ? { loadBalancer: {} } : { observedGeneration: application.deployments };
  return without({
    ...target,
    metadata: liveMetadata(application, resource, target, normalized),
    spec: liveSpec(application, resource, target),
    status: when(!normalized && target['spec'] !== undefined, () => status),
    type: when(resource.kind === 'Secret', () => 'Opaque'),
  });
}

/** resourceVersion of an object: moves when its Application is deployed. */
export function resourceVersionOf(application: Application, resource: Pick<ResourceTemplate, 'kind' | 'name'>): string {
  return String(
    1000 + (Number.parseInt(hexOf(4, application.edge.name, resource.kind, resource.name), 16) % 900) + application.deployments,
  );
}
