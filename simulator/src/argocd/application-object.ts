/**
 * An Application as Argo CD writes it, key by key in the order of the Go structs (`pkg/apis/application/v1alpha1/types.go` @ v3.5.1).
 * It branches only on what `shapeOf` names; everything that differs between Applications of one shape comes through `Texts`.
 */
import type { Application, Operation } from '../world/application.ts';
import type { Component, ResourceTemplate } from '../world/catalog.ts';
import { TROUBLES } from '../world/trouble.ts';
import type { TextKey, Texts } from './application-text.ts';
import { historyLengthOf } from './application-text.ts';
import type { VersionProfile } from './profiles.ts';

export type Json = { [key: string]: unknown };

/** Whether resource health was filled in from the tree: by get and watch, never by list and writes (3.0). */
export type View = 'stored' | 'inferred';

/** Drops what is undefined, keeping the order of keys: Go's `omitempty`. */
export function without(entries: Json): Json {
  for (const key of Object.keys(entries)) {
    if (entries[key] === undefined) delete entries[key];
  }
  return entries;
}

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
const WITH_HEALTH = new Set([...WORKLOADS, 'Service', 'Ingress', 'Job', 'CronJob', 'Pod']);

/** The object whose trouble is the Application's. */
export function workloadOf(component: Component): ResourceTemplate | undefined {
  return (
    component.resources.find((resource) => WORKLOADS.has(resource.kind)) ??
    component.resources.find((resource) => resource.images !== undefined)
  );
}

/** Namespace an object of a component lives in. */
export function namespaceOf(component: Component): string {
  return component.destination.namespace;
}

/** Namespace of the Application itself. */
export function homeOf(component: Component): string {
  return component.home ?? 'argocd';
}

/** Health of one object of an Application, as the tree knows it. */
export function resourceHealth(application: Application, resource: ResourceTemplate): Json | undefined {
  const words = TROUBLES[application.trouble];
  if (application.health === 'Missing') return { status: 'Missing' };
  if (resource.hook !== undefined) return { status: 'Healthy', message: 'Reached expected number of succeeded pods' };
  if (!WITH_HEALTH.has(resource.kind)) return undefined;
  if (resource === workloadOf(application.component) && words.workload !== undefined) {
    return without({ status: words.workload.status, message: words.workload.message?.(resource.name) });
  }
  return { status: 'Healthy' };
}

function resourceSync(application: Application, resource: ResourceTemplate): string {
  if (application.sync !== 'OutOfSync') return 'Synced';
  return application.health === 'Missing' || resource === workloadOf(application.component) ? 'OutOfSync' : 'Synced';
}

function resourcesOf(application: Application, profile: VersionProfile, view: View): unknown[] | undefined {
  if (application.sync === 'Unknown' || application.sync === '') return undefined;
  const shown = profile.healthInTree ? view === 'inferred' : true;
  return application.component.resources
    .filter((resource) => resource.hook === undefined || application.deployments > 0)
    .map((resource) =>
      without({
        group: resource.group === '' ? undefined : resource.group,
        version: resource.version,
        kind: resource.kind,
        namespace: namespaceOf(application.component),
        name: resource.name,
        status: resource.hook === undefined ? resourceSync(application, resource) : undefined,
        health: shown && !(resource.hook !== undefined && !profile.healthInTree) ? resourceHealth(application, resource) : undefined,
        hook: resource.hook === undefined ? undefined : true,
      }),
    );
}

/** `source` of a component with one source. */
export function sourceOf(component: Component, texts: Texts): Json {
  return { repoURL: component.repoUrl, path: component.path.replace('{edge}', texts.text('edge')), targetRevision: 'main' };
}

/** `sources` of a Helm component: the chart at a version, and the repository of its values. */
export function sourcesOf(component: Component, version: string, texts: Texts): Json[] | undefined {
  const { chart } = component;
  if (chart === undefined) return undefined;
  return [
    {
      repoURL: chart.repoUrl,
      targetRevision: version,
      helm: { valueFiles: [chart.valueFile.replace('{edge}', texts.text('edge'))] },
      chart: chart.name,
    },
    { repoURL: component.repoUrl, targetRevision: 'main', ref: 'values' },
  ];
}

const single = (component: Component): boolean => component.chart === undefined;

function destinationOf(component: Component): Json {
  return without({ server: component.destination.server, namespace: component.destination.namespace, name: component.destination.name });
}

function syncPolicyOf(application: Application): Json | undefined {
  const { component, automated } = application;
  const policy = without({
    automated: automated === undefined ? undefined : { ...automated },
    syncOptions: component.syncOptions.length > 0 ? [...component.syncOptions] : undefined,
    retry: component.retryLimit === undefined ? undefined : { limit: component.retryLimit },
  });
  return Object.keys(policy).length === 0 ? undefined : policy;
}

function specOf(application: Application, texts: Texts): Json {
  const { component } = application;
  return without({
    source: single(component) ? sourceOf(component, texts) : undefined,
    destination: destinationOf(component),
    project: component.project,
    syncPolicy: syncPolicyOf(application),
    sources: sourcesOf(component, texts.text('desired'), texts),
  });
}

function comparisonOf(application: Application, profile: VersionProfile, texts: Texts): Json {
  const { component, sync } = application;
  if (sync === '') return { status: '', comparedTo: { source: { repoURL: '' }, destination: {} } };
  const known = sync !== 'Unknown';
  const revision = known ? texts.text('desiredRevision') : 'main';
  return without({
    status: sync,
    comparedTo: without({
      source: single(component) ? sourceOf(component, texts) : { repoURL: '' },
      destination: destinationOf(component),
      sources: sourcesOf(component, texts.text('desired'), texts),
    }),
    revision: single(component) && (known || profile.healthInTree) ? revision : undefined,
    revisions: single(component) ? undefined : [texts.text('desired'), revision],
  });
}

const initiatedBy = (username: string): Json => (username === '' ? { automated: true } : { username });

/** The `operation` field, and the copy of it in operationState. */
export function operationOf(
  application: Application,
  operation: Operation,
  profile: VersionProfile,
  texts: Texts,
  keys: readonly [version: TextKey, revision: TextKey],
): Json {
  const { component } = application;
  const [version, revision] = keys;
  const named = profile.operationSource || operation.rollback;
  return without({
    sync: without({
      revision: single(component) ? texts.text(revision) : undefined,
      prune: operation.prune ? true : undefined,
      dryRun: operation.dryRun ? true : undefined,
      syncStrategy: operation.strategy === undefined ? undefined : { [operation.strategy]: {} },
      resources: operation.resources.length > 0 ? operation.resources : undefined,
      source: single(component) && named ? sourceOf(component, texts) : undefined,
      syncOptions: operation.syncOptions,
      sources: named ? sourcesOf(component, texts.text(version), texts) : undefined,
      revisions: single(component) ? undefined : [texts.text(version), texts.text(revision)],
    }),
    initiatedBy: initiatedBy(operation.username),
    info: operation.infos.length > 0 ? operation.infos : undefined,
    retry: operation.retry,
  });
}

function resultMessage(resource: ResourceTemplate, dryRun: boolean): string {
  const kind = resource.group === '' ? resource.kind.toLowerCase() : `${resource.kind.toLowerCase()}.${resource.group}`;
  return `${kind}/${resource.name} ${WORKLOADS.has(resource.kind) ? 'configured' : 'unchanged'}${dryRun ? ' (dry run)' : ''}`;
}

function resultResource(application: Application, resource: ResourceTemplate, profile: VersionProfile, texts: Texts): Json {
  const { trouble, operationState } = application;
  const failed = trouble === 'syncFailed' && resource === workloadOf(application.component);
  return without({
    group: resource.group,
    version: resource.version,
    kind: resource.kind,
    namespace: namespaceOf(application.component),
    name: resource.name,
    status: failed ? 'SyncFailed' : 'Synced',
    message: failed ? texts.text('message') : resultMessage(resource, operationState?.operation.dryRun ?? false),
    hookType: resource.hook,
    hookPhase: failed ? 'Failed' : operationState?.operation.dryRun === true || resource.hook !== undefined ? 'Succeeded' : 'Running',
    syncPhase: resource.hook ?? 'Sync',
    images:
      profile.resultImages && resource.images !== undefined
        ? resource.images.map((image) => `${image}:${texts.text('operationVersion')}`)
        : undefined,
  });
}

const unknownKind = (application: Application, resource: ResourceTemplate): Json => ({
  group: resource.group,
  version: resource.version,
  kind: resource.kind,
  namespace: namespaceOf(application.component),
  name: resource.name,
  status: 'SyncFailed',
  message: `The Kubernetes API could not find ${resource.group}/${resource.kind} for requested resource ${namespaceOf(application.component)}/${resource.name}. Make sure the "${resource.kind}" CRD is installed on the destination cluster.`,
  syncPhase: 'Sync',
});

/** `syncResult`: what was applied, object by object. */
function syncResultOf(application: Application, profile: VersionProfile, texts: Texts): Json {
  const { component, trouble, operationState } = application;
  const asked = new Set(operationState?.operation.resources.map((resource) => `${resource['kind'] ?? ''}/${resource['name'] ?? ''}`));
  const applied = component.resources.filter((resource) => asked.size === 0 || asked.has(`${resource.kind}/${resource.name}`));
  const foreign = component.resources.filter((resource) => resource.group.endsWith('example.com'));
  return without({
    resources:
      trouble === 'unsyncable' && foreign.length > 0
        ? foreign.map((resource) => unknownKind(application, resource))
        : applied.map((resource) => resultResource(application, resource, profile, texts)),
    revision: single(component) ? texts.text('operationRevision') : '',
    source: single(component) ? sourceOf(component, texts) : { repoURL: '' },
    sources: sourcesOf(component, texts.text('operationVersion'), texts),
    revisions: single(component) ? undefined : [texts.text('operationVersion'), texts.text('operationRevision')],
  });
}

function operationStateOf(application: Application, profile: VersionProfile, texts: Texts): Json | undefined {
  const state = application.operationState;
  if (state === undefined) return undefined;
  return without({
    operation: operationOf(application, state.operation, profile, texts, ['operationVersion', 'operationRevision']),
    phase: state.phase,
    message: state.message === '' ? undefined : texts.text('message'),
    syncResult: state.applied ? syncResultOf(application, profile, texts) : undefined,
    startedAt: texts.text('startedAt'),
    finishedAt: state.finishedAt === undefined ? undefined : texts.text('finishedAt'),
    retryCount: state.retryCount > 0 ? texts.number('retryCount') : undefined,
  });
}

function historyOf(application: Application, profile: VersionProfile, texts: Texts): Json[] | undefined {
  const { component } = application;
  const length = historyLengthOf(application);
  if (length === 0) return undefined;
  const users = application.records.slice(-length);
  return Array.from({ length }, (_, index) => {
    const version = texts.text('historyVersion', index);
    const username = users[index - (length - users.length)]?.username ?? '';
    return without({
      revision: single(component) ? texts.text('historyRevision', index) : undefined,
      deployedAt: texts.text('historyDeployedAt', index),
      id: texts.number('historyId', index),
      source: single(component) ? sourceOf(component, texts) : { repoURL: '' },
      deployStartedAt: texts.text('historyStartedAt', index),
      sources: sourcesOf(component, version, texts),
      revisions: single(component) ? undefined : [version, texts.text('historyRevision', index)],
      initiatedBy: profile.historyInitiatedBy ? initiatedBy(username) : undefined,
    });
  });
}

function imagesOf(application: Application, texts: Texts): string[] {
  return application.component.resources.flatMap((resource) => (resource.images ?? []).map((image) => `${image}:${texts.text('live')}`));
}

function statusOf(application: Application, profile: VersionProfile, view: View, texts: Texts): Json {
  const { component, health, sync } = application;
  const compared = sync !== '';
  const condition = TROUBLES[application.trouble].condition;
  const rendered = compared && sync !== 'Unknown';
  const images = application.imagesSeen ? imagesOf(application, texts) : [];
  const sourceType = component.delivery === 'kustomize' ? 'Kustomize' : 'Directory';
  return without({
    resources: resourcesOf(application, profile, view),
    sync: comparisonOf(application, profile, texts),
    health:
      health === ''
        ? {}
        : without({ status: health, lastTransitionTime: profile.healthTransitionTime ? texts.text('healthAt') : undefined }),
    history: historyOf(application, profile, texts),
    conditions:
      condition === undefined
        ? undefined
        : [{ type: condition.type, message: texts.text('condition'), lastTransitionTime: texts.text('conditionAt') }],
    reconciledAt: compared ? texts.text('reconciledAt') : undefined,
    operationState: operationStateOf(application, profile, texts),
    sourceType: rendered && single(component) ? sourceType : undefined,
    summary: images.length > 0 ? { images } : {},
    resourceHealthSource: profile.healthInTree && compared ? 'appTree' : undefined,
    sourceTypes: rendered && !single(component) ? ['Helm', ''] : undefined,
    controllerNamespace: compared ? 'argocd' : undefined,
    sourceHydrator: profile.healthTransitionTime ? {} : undefined,
  });
}

function metadataOf(application: Application, profile: VersionProfile, texts: Texts): Json {
  const { component } = application;
  const annotations = {
    ...(application.refreshed && profile.hydrateRemains ? { 'argocd.argoproj.io/hydrate': 'normal' } : {}),
    ...(application.refreshing ? { 'argocd.argoproj.io/refresh': 'normal' } : {}),
    ...(application.annotations ?? (component.annotated ? { 'edgefleet.dev/product': component.product } : {})),
  };
  const labels = application.labels ?? { 'app.kubernetes.io/part-of': component.partOf };
  return without({
    name: component.name,
    namespace: homeOf(component),
    uid: texts.text('uid'),
    resourceVersion: texts.text('resourceVersion'),
    generation: texts.number('generation'),
    creationTimestamp: texts.text('createdAt'),
    deletionTimestamp: application.deletedAt === undefined || component.finalizers.length === 0 ? undefined : texts.text('deletedAt'),
    labels: Object.keys(labels).length > 0 ? labels : undefined,
    annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
    finalizers: component.finalizers.length > 0 ? component.finalizers : undefined,
    managedFields: [
      {
        manager: 'argocd-application-controller',
        operation: 'Update',
        apiVersion: 'argoproj.io/v1alpha1',
        time: texts.text('healthAt'),
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:status': {
            '.': {},
            'f:controllerNamespace': {},
            'f:health': { '.': {}, 'f:status': {} },
            'f:reconciledAt': {},
            'f:sync': { '.': {}, 'f:status': {} },
          },
        },
      },
    ],
  });
}

/** The whole object. */
export function applicationObject(application: Application, profile: VersionProfile, view: View, texts: Texts): Json {
  return without({
    metadata: metadataOf(application, profile, texts),
    spec: specOf(application, texts),
    status: statusOf(application, profile, view, texts),
    operation:
      application.operation === undefined
        ? undefined
        : operationOf(application, application.operation, profile, texts, ['pendingVersion', 'pendingRevision']),
  });
}
