import type { Application } from '../world/edge.ts';
import type { ResourceTemplate } from '../world/catalog.ts';
import { hexOf } from '../world/random.ts';
import { TROUBLES } from '../world/trouble.ts';
import { sendJson } from './answer.ts';
import { type Json, without } from './go-json.ts';
import { namespaceOf, resourceHealth, workloadOf } from './component-facts.ts';
import { timeOf } from './application-text.ts';
import { createEventWriter } from './event-writer.ts';
import { checkCache, findApplication, namedBy } from './find-application.ts';
import { goJson } from './go-json.ts';
import { resourceUid, resourceVersionOf } from './manifest.ts';
import type { VersionProfile } from './profiles.ts';
import { parseFields, project } from './projection.ts';
import { type Call, sessionOf } from './call.ts';

const PODS = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

interface Node {
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly name: string;
}

function nodeOf(application: Application, node: Node, more: Json): Json {
  return without({
    group: node.group === '' ? undefined : node.group,
    version: node.version ?? 'v1',
    kind: node.kind,
    namespace: namespaceOf(application.component),
    name: node.name,
    uid: resourceUid(application, node.kind, node.name),
    parentRefs: undefined,
    info: undefined,
    networkingInfo: undefined,
    resourceVersion: resourceVersionOf(application, node),
    images: undefined,
    health: undefined,
    createdAt: timeOf(application.deployedAt),
    ...more,
  });
}

const parentOf = (application: Application, node: Node): Json[] => [
  without({
    group: node.group === '' ? undefined : node.group,
    version: 'v1',
    kind: node.kind,
    namespace: namespaceOf(application.component),
    name: node.name,
    uid: resourceUid(application, node.kind, node.name),
  }),
];

/** Name of the ReplicaSet of a Deployment at a version, and of a Pod in it. */
function replicaSetName(resource: ResourceTemplate, version: string): string {
  return `${resource.name}-${hexOf(10, 'template', resource.name, version)}`;
}

/** Names of the Pods that run for a workload now. */
export function podNames(application: Application, resource: ResourceTemplate): string[] {
  const base = resource.kind === 'Deployment' ? replicaSetName(resource, application.live) : resource.name;
  return Array.from({ length: resource.replicas ?? 1 }, (_, index) =>
    resource.kind === 'StatefulSet' ? `${base}-${index}` : `${base}-${hexOf(5, base, index, application.edge.name)}`,
  );
}

function podNode(application: Application, resource: ResourceTemplate, name: string, owner: Node): Json {
  const pod = resource === workloadOf(application.component) ? TROUBLES[application.trouble].pod : undefined;
  const info = [
    { name: 'Status Reason', value: pod?.reason ?? 'Running' },
    { name: 'Node', value: `${application.edge.name}-node-1` },
    { name: 'Containers', value: pod === undefined ? '1/1' : '0/1' },
    ...(pod === undefined ? [] : [{ name: 'Restart Count', value: '7' }]),
    { name: 'cpu', value: '0' },
    { name: 'memory', value: '0' },
  ];
  return nodeOf(
    application,
    { kind: 'Pod', name },
    {
      parentRefs: parentOf(application, owner),
      info,
      networkingInfo: { labels: { app: resource.name, 'pod-template-hash': hexOf(10, 'template', resource.name, application.live) } },
      images: (resource.images ?? []).map((image) => `${image}:${application.live}`),
      health:
        pod === undefined ? { status: 'Healthy' } : { status: pod.status, message: pod.message(name, namespaceOf(application.component)) },
    },
  );
}

function workloadNodes(application: Application, resource: ResourceTemplate): Json[] {
  const paused = application.trouble === 'paused' && resource === workloadOf(application.component);
  if (!PODS.has(resource.kind) || application.health === 'Missing' || paused) return [];
  if (resource.kind !== 'Deployment') return podNames(application, resource).map((name) => podNode(application, resource, name, resource));
  const set: Node = { group: 'apps', kind: 'ReplicaSet', name: replicaSetName(resource, application.live) };
  const failing = resourceHealth(application, resource)?.['status'] === 'Degraded';
  const health = failing
    ? { status: 'Progressing', message: 'Waiting for rollout to finish: 0 out of 1 new replicas are available...' }
    : { status: 'Healthy' };
  return [
    nodeOf(application, set, {
      parentRefs: parentOf(application, resource),
      info: [{ name: 'Revision', value: `Rev:${application.deployments}` }],
      health,
    }),
    ...podNames(application, resource).map((name) => podNode(application, resource, name, set)),
  ];
}

function childNodes(application: Application, resource: ResourceTemplate): Json[] {
  if (resource.kind !== 'Service' || application.health === 'Missing') return workloadNodes(application, resource);
  return [
    nodeOf(application, { kind: 'Endpoints', name: resource.name }, { parentRefs: parentOf(application, resource) }),
    nodeOf(
      application,
      { group: 'discovery.k8s.io', kind: 'EndpointSlice', name: `${resource.name}-${hexOf(5, resource.name)}` },
      { parentRefs: parentOf(application, resource) },
    ),
  ];
}

function managedNode(application: Application, resource: ResourceTemplate): Json {
  const health = resourceHealth(application, resource);
  if (application.health === 'Missing') {
    return without({
      group: resource.group === '' ? undefined : resource.group,
      version: resource.version,
      kind: resource.kind,
      namespace: namespaceOf(application.component),
      name: resource.name,
      health,
    });
  }
  return nodeOf(application, resource, {
    info: PODS.has(resource.kind) ? [{ name: 'Revision', value: `Rev:${application.deployments}` }] : undefined,
    networkingInfo: resource.kind === 'Service' ? { targetLabels: { app: resource.name } } : undefined,
    health,
  });
}

function withoutParentVersions(node: Json): Json {
  const { parentRefs } = node;
  return Array.isArray(parentRefs)
    ? { ...node, parentRefs: parentRefs.map((parent: Json) => without({ ...parent, version: undefined })) }
    : node;
}

/** The nodes of an Application's tree; none where nothing could be compared. */
export function treeNodes(application: Application, profile: VersionProfile): Json[] {
  if (application.sync === 'Unknown' || application.sync === '') return [];
  const built = application.component.resources.flatMap((resource) => [
    managedNode(application, resource),
    ...childNodes(application, resource),
  ]);
  const nodes = profile.parentVersion ? built : built.map(withoutParentVersions);
  const key = (node: Json): string => [node['group'] ?? '', node['kind'], node['name']].join('/');
  return nodes.sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

/** The tree of an Application; empty where nothing could be compared. */
export function treeOf(application: Application, profile: VersionProfile): Json {
  const nodes = treeNodes(application, profile);
  return nodes.length === 0 ? {} : { nodes };
}

/** GET /{name}/resource-tree. */
export function answerTree(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  checkCache(call, application, 'resource tree');
  sendJson(call, project(treeOf(application, call.profile), parseFields(call.query.get('fields') ?? undefined)));
}

/** GET /stream/applications/{name}/resource-tree: no first tree, silent until something changes; trees are not compared with each other. */
export function openTreeStream(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  const fields = parseFields(call.query.get('fields') ?? undefined);
  const unlisten = call.world.listen(call.edge, (type, changed) => {
    if (changed === application && type !== 'DELETED')
      writer.send([goJson(project({ result: treeOf(application, call.profile) }, fields))]);
  });
  const writer = createEventWriter(call, call.streams, unlisten);
}
