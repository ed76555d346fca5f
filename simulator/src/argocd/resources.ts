import type { Application } from '../world/edge.ts';
import type { ResourceTemplate } from '../world/catalog.ts';
import { trouble } from '../world/operations.ts';
import { sendJson } from './answer.ts';
import { type Json, without } from './go-json.ts';
import { namespaceOf, workloadOf } from './component-facts.ts';
import { invalidArgument, unknownError } from './argo-error.ts';
import { checkCache, findApplication, namedBy } from './find-application.ts';
import { rbacName } from './list.ts';
import { treeNodes } from './resource-tree.ts';
import { liveManifest, resourceVersionOf, targetManifest } from './manifest.ts';
import { parseFields, project } from './projection.ts';
import { readJsonBody, textOf } from './request-body.ts';
import { type Call, sessionOf } from './call.ts';

const NO_SUCH_REVISION = (revision: string): string =>
  `failed to initialize repository resources: rpc error: code = Internal desc = Failed to checkout revision ${revision}: \`git fetch origin ${revision} --tags --force --prune\` failed exit status 128: fatal: remote error: upload-pack: not our ref ${revision}`;

/** The error of a repository that has no such commit, with what the call says before it. */
export function noSuchRevision(revision: string, before: string): ReturnType<typeof unknownError> {
  return unknownError(`${before}${NO_SUCH_REVISION(revision)}`);
}

function isModified(application: Application, resource: ResourceTemplate): boolean {
  return application.sync === 'OutOfSync' && (application.health === 'Missing' || resource === workloadOf(application.component));
}

function diffOf(application: Application, resource: ResourceTemplate): Json {
  const target = targetManifest(application, resource, application.desired, true);
  const missing = application.health === 'Missing';
  const predicted = missing
    ? target
    : { ...liveManifest(application, resource, true), ...(target['spec'] === undefined ? {} : { spec: target['spec'] }) };
  return without({
    group: resource.group === '' ? undefined : resource.group,
    kind: resource.kind,
    namespace: namespaceOf(application.component),
    name: resource.name,
    targetState: JSON.stringify(target),
    liveState: missing ? 'null' : JSON.stringify(liveManifest(application, resource, false)),
    normalizedLiveState: missing ? 'null' : JSON.stringify(liveManifest(application, resource, true)),
    predictedLiveState: JSON.stringify(predicted),
    resourceVersion: missing ? undefined : resourceVersionOf(application, resource),
    modified: isModified(application, resource) ? true : undefined,
  });
}

function asked(call: Call, resource: ResourceTemplate, application: Application): boolean {
  const wanted = (name: string, value: string): boolean => (call.query.get(name) ?? '') === '' || call.query.get(name) === value;
  return (
    wanted('kind', resource.kind) &&
    wanted('name', resource.name) &&
    wanted('group', resource.group) &&
    wanted('version', resource.version) &&
    wanted('namespace', namespaceOf(application.component))
  );
}

/** GET /{name}/managed-resources: items are absent, not empty, where nothing matches. */
export function answerManagedResources(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  if (call.edge.cacheEmpty && call.profile.cacheMissIsEmpty) {
    sendJson(call, {});
    return;
  }
  checkCache(call, application, 'managed resources');
  const compared = application.sync === 'Synced' || application.sync === 'OutOfSync';
  const resources = application.component.resources.filter(
    (resource) => compared && resource.hook === undefined && asked(call, resource, application),
  );
  const items = resources.map((resource) => diffOf(application, resource));
  sendJson(call, project(items.length === 0 ? {} : { items }, parseFields(call.query.get('fields') ?? undefined)));
}

/** GET /{name}/manifests. */
export function answerManifests(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  const { component } = application;
  const revision = call.query.get('revision') ?? '';
  const version = revision === '' || revision === 'main' ? application.desired : call.world.revisions.versionOf(revision);
  if (version === undefined) throw noSuchRevision(revision, '');
  if (application.trouble === 'unrendered')
    throw unknownError(`${component.path.replace('{edge}', call.edge.name)}: app path does not exist`);
  const manifests = component.resources.map((resource) => JSON.stringify(targetManifest(application, resource, version, false)));
  sendJson(call, {
    manifests,
    ...(call.profile.manifestsRevision
      ? {
          revision: call.world.revisions.of(component, version),
          sourceType: component.delivery === 'kustomize' ? 'Kustomize' : component.delivery === 'helm' ? 'Helm' : 'Directory',
        }
      : {}),
  });
}

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly group: string;
}

const named = ({ query }: Call): Named => ({
  kind: query.get('kind') ?? '',
  name: query.get('resourceName') ?? '',
  namespace: query.get('namespace') ?? '',
  group: query.get('group') ?? '',
});

const notPartOf = (application: Application, { kind, group, name }: Named): Error =>
  invalidArgument(`${kind} ${group} ${name} not found as part of application ${application.component.name}`);

function managedResource(application: Application, { kind, name, namespace, group }: Named): ResourceTemplate | undefined {
  if (namespace !== namespaceOf(application.component)) return undefined;
  return application.component.resources.find((resource) => resource.kind === kind && resource.name === name && resource.group === group);
}

function resourceOf(call: Call, application: Application): ResourceTemplate {
  const found = managedResource(application, named(call));
  if (found === undefined) throw notPartOf(application, named(call));
  return found;
}

/** GET /{name}/resource: the live object, managed or owned by one that is: whatever the tree has. */
export function answerResource(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  const resource = managedResource(application, named(call));
  const manifest = resource === undefined ? ownedManifest(call, application) : liveManifest(application, resource, false);
  sendJson(call, { manifest: JSON.stringify(manifest) });
}

/** What a controller of the cluster made: as much of it as the tree tells, and the containers of a Pod. */
function ownedManifest(call: Call, application: Application): Json {
  const asked = named(call);
  const node = treeNodes(application, call.profile).find(
    ({ kind, name, namespace, group = '' }) =>
      kind === asked.kind && name === asked.name && namespace === asked.namespace && group === asked.group,
  );
  if (node === undefined) throw notPartOf(application, asked);
  const { group, version, kind, name, namespace, uid, resourceVersion, createdAt, images } = node;
  const containers = (Array.isArray(images) ? images : []).map((image) => ({ image, name: String(image).split(/[/:]/).at(-2) }));
  return without({
    apiVersion: group === undefined ? version : `${String(group)}/${String(version)}`,
    kind,
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp: createdAt },
    spec: kind === 'Pod' ? { containers, nodeName: `${application.edge.name}-node-1` } : undefined,
  });
}

const ICONS: Readonly<Record<string, string>> = {
  pause: 'fa-pause-circle',
  restart: 'fa-redo',
  resume: 'fa-play-circle',
  scale: 'fa-plus-circle',
};

/** GET /{name}/resource/actions. */
export function answerActions(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  const resource = resourceOf(call, application);
  if (resource.kind !== 'Deployment') {
    sendJson(call, {});
    return;
  }
  const paused = application.trouble === 'paused';
  const names = call.profile.actionIcons ? ['pause', 'restart', 'resume', 'scale'] : ['restart', 'resume'];
  const actions = names.map((name) =>
    without({
      name,
      params: name === 'scale' ? [{ name: 'replicas' }] : undefined,
      disabled: (name === 'resume' && !paused) || (name === 'pause' && paused) ? true : undefined,
      iconClass: call.profile.actionIcons ? `fa fa-fw ${ICONS[name] ?? ''}` : undefined,
    }),
  );
  sendJson(call, { actions });
}

/** POST /{name}/resource/actions and /actions/v2: resume ends a pause, pause begins one, anything else changes nothing that is shown. */
export async function runAction(call: Call): Promise<void> {
  const session = sessionOf(call);
  const body = await readJsonBody(call.request);
  const action = textOf(body['action']) || (call.query.get('action') ?? '');
  const application = findApplication(call, session, {
    ...namedBy(call),
    project: textOf(body['project']) || (call.query.get('project') ?? ''),
  });
  session.enforce('applications', `action/${textOf(body['group'])}/${textOf(body['kind'])}/${action}`, rbacName(application));
  if (action === 'resume' || action === 'pause') trouble(call.world, application, action === 'pause' ? 'paused' : 'none');
  else call.world.touch(application);
  sendJson(call, {});
}
