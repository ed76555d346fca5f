/** Kubernetes objects as Git asks for them and as they run: what diff, live view and manifests show. Secrets are masked, as Argo CD does. */
import type { Application } from '../world/application.ts';
import type { ResourceTemplate } from '../world/catalog.ts';
import { hexOf, uuidOf } from '../world/random.ts';
import { type Json, namespaceOf, without } from './application-object.ts';
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

/** The object as it runs: the target of the live version, and what the cluster adds. */
export function liveManifest(application: Application, resource: ResourceTemplate, normalized: boolean): Json {
  const target = targetManifest(application, resource, application.live, true);
  const at = timeOf(application.deployedAt);
  const metadata: Json = { ...Object(target['metadata']) };
  const isWorkload = resource.images !== undefined;
  const drifted = application.trouble === 'drifted' && isWorkload ? { replicas: (resource.replicas ?? 1) + 1 } : {};
  return without({
    ...target,
    metadata: without({
      ...metadata,
      annotations: {
        ...Object(metadata['annotations']),
        ...(isWorkload ? { 'deployment.kubernetes.io/revision': String(application.deployments) } : {}),
        'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(target)}\n`,
      },
      creationTimestamp: normalized ? undefined : timeOf(application.createdAt),
      generation: isWorkload ? application.deployments : undefined,
      managedFields: [
        {
          apiVersion: target['apiVersion'],
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:metadata': { 'f:annotations': {} } },
          manager: 'argocd-controller',
          operation: 'Update',
          time: at,
        },
      ],
      resourceVersion: resourceVersionOf(application, resource),
      uid: resourceUid(application, resource.kind, resource.name),
    }),
    spec:
      target['spec'] === undefined
        ? undefined
        : { ...Object(target['spec']), ...drifted, ...(resource.kind === 'Service' ? { clusterIP: '10.0.0.18', type: 'ClusterIP' } : {}) },
    status:
      normalized || resource.kind === 'ConfigMap' || resource.kind === 'Secret'
        ? undefined
        : resource.kind === 'Service'
          ? { loadBalancer: {} }
          : { observedGeneration: application.deployments },
    type: resource.kind === 'Secret' ? 'Opaque' : undefined,
  });
}

/** resourceVersion of an object: moves when its Application is deployed. */
export function resourceVersionOf(application: Application, resource: Pick<ResourceTemplate, 'kind' | 'name'>): string {
  return String(
    1000 + (Number.parseInt(hexOf(4, application.edge.name, resource.kind, resource.name), 16) % 900) + application.deployments,
  );
}
