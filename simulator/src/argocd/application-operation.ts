/** The `operation` of an Application, and what became of it: operationState with its syncResult. */
import type { Application, Operation } from '../world/edge.ts';
import type { Component, ResourceTemplate } from '../world/catalog.ts';
import type { TextKey, Texts } from './application-text.ts';
import { isSingle, namespaceOf, sourceOf, sourcesOf, workloadOf, WORKLOADS } from './component-facts.ts';
import { filled, type Json, when, without } from './go-json.ts';
import type { VersionProfile } from './profiles.ts';

/** With what an Application is written: the version's habits and the words. */
export interface Pen {
  readonly profile: VersionProfile;
  readonly texts: Texts;
  /** True where nobody will see the history: it is most of an object. */
  readonly leavesOutHistory?: boolean;
}

/** Who began something, as history and operation say it. */
export const initiatedBy = (username: string): Json => (username === '' ? { automated: true } : { username });

/** Names of the words for version and revision: of the operation asked for, or of the one in operationState. */
type OperationKeys = readonly [version: TextKey, revision: TextKey];
const PENDING: OperationKeys = ['pendingVersion', 'pendingRevision'];
const LAST: OperationKeys = ['operationVersion', 'operationRevision'];

function syncOf(component: Component, operation: Operation, [version, revision]: OperationKeys, { profile, texts }: Pen): Json {
  const single = isSingle(component);
  const named = profile.operationSource || operation.rollback;
  const { strategy } = operation;
  return without({
    revision: when(single, () => texts.text(revision)),
    prune: when(operation.prune, () => true),
    dryRun: when(operation.dryRun, () => true),
    syncStrategy: strategy === undefined ? undefined : { [strategy]: {} },
    resources: filled(operation.resources),
    source: when(single && named, () => sourceOf(component, texts)),
    syncOptions: operation.syncOptions,
    sources: when(named, () => sourcesOf(component, texts.text(version), texts)),
    revisions: when(!single, () => [texts.text(version), texts.text(revision)]),
  });
}

function operationOf(application: Application, operation: Operation, keys: OperationKeys, pen: Pen): Json {
  return without({
    sync: syncOf(application.component, operation, keys, pen),
    initiatedBy: initiatedBy(operation.username),
    info: filled(operation.infos),
    retry: operation.retry,
  });
}

/** The `operation` field: there from the request to the end of the operation. */
export function pendingOperation(application: Application, pen: Pen): Json | undefined {
  const { operation } = application;
  return operation === undefined ? undefined : operationOf(application, operation, PENDING, pen);
}

function resultMessage(resource: ResourceTemplate, dryRun: boolean): string {
  const kind = resource.group === '' ? resource.kind.toLowerCase() : `${resource.kind.toLowerCase()}.${resource.group}`;
  return `${kind}/${resource.name} ${WORKLOADS.has(resource.kind) ? 'configured' : 'unchanged'}${dryRun ? ' (dry run)' : ''}`;
}

const hookPhaseOf = (resource: ResourceTemplate, isDryRun: boolean): string =>
  isDryRun || resource.hook !== undefined ? 'Succeeded' : 'Running';

function resultResource(application: Application, resource: ResourceTemplate, { profile, texts }: Pen): Json {
  const { trouble, operationState } = application;
  const isDryRun = operationState?.operation.dryRun === true;
  const failed = trouble === 'syncFailed' && resource === workloadOf(application.component);
  return without({
    group: resource.group,
    version: resource.version,
    kind: resource.kind,
    namespace: namespaceOf(application.component),
    name: resource.name,
    status: failed ? 'SyncFailed' : 'Synced',
    message: failed ? texts.text('message') : resultMessage(resource, isDryRun),
    hookType: resource.hook,
    hookPhase: failed ? 'Failed' : hookPhaseOf(resource, isDryRun),
    syncPhase: resource.hook ?? 'Sync',
    images: when(profile.resultImages && resource.images !== undefined, () =>
      (resource.images ?? []).map((image) => `${image}:${texts.text('operationVersion')}`),
    ),
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
function syncResultOf(application: Application, pen: Pen): Json {
  const { texts } = pen;
  const { component, trouble, operationState } = application;
  const asked = new Set(operationState?.operation.resources.map((resource) => `${resource['kind'] ?? ''}/${resource['name'] ?? ''}`));
  const applied = component.resources.filter((resource) => asked.size === 0 || asked.has(`${resource.kind}/${resource.name}`));
  const foreign = component.resources.filter((resource) => resource.group.endsWith('example.com'));
  return without({
    resources:
      trouble === 'unsyncable' && foreign.length > 0
        ? foreign.map((resource) => unknownKind(application, resource))
        : applied.map((resource) => resultResource(application, resource, pen)),
    revision: isSingle(component) ? texts.text('operationRevision') : '',
    source: isSingle(component) ? sourceOf(component, texts) : { repoURL: '' },
    sources: sourcesOf(component, texts.text('operationVersion'), texts),
    revisions: isSingle(component) ? undefined : [texts.text('operationVersion'), texts.text('operationRevision')],
  });
}

/** status.operationState. */
export function operationStateOf(application: Application, pen: Pen): Json | undefined {
  const { texts } = pen;
  const state = application.operationState;
  if (state === undefined) return undefined;
  return without({
    operation: operationOf(application, state.operation, LAST, pen),
    phase: state.phase,
    message: state.message === '' ? undefined : texts.text('message'),
    syncResult: state.applied ? syncResultOf(application, pen) : undefined,
    startedAt: texts.text('startedAt'),
    finishedAt: state.finishedAt === undefined ? undefined : texts.text('finishedAt'),
    retryCount: state.retryCount > 0 ? texts.number('retryCount') : undefined,
  });
}
