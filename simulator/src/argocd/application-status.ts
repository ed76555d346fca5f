/** The status of an Application. */
import type { Application } from '../world/edge.ts';
import type { ResourceTemplate } from '../world/catalog.ts';
import { TROUBLES } from '../world/trouble.ts';
import { initiatedBy, operationStateOf, type Pen } from './application-operation.ts';
import { historyLengthOf } from './application-text.ts';
import { destinationOf, isSingle, namespaceOf, resourceHealth, sourceOf, sourcesOf, workloadOf } from './component-facts.ts';
import { type Json, when, without } from './go-json.ts';

/** Whether resource health was filled in from the tree: by get and watch, never by list and writes (3.0). */
export type View = 'stored' | 'inferred';

function resourceSync(application: Application, resource: ResourceTemplate): string {
  if (application.sync !== 'OutOfSync') return 'Synced';
  return application.health === 'Missing' || resource === workloadOf(application.component) ? 'OutOfSync' : 'Synced';
}

function resourcesOf(application: Application, { profile }: Pen, view: View): unknown[] | undefined {
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

function comparisonOf(application: Application, { profile, texts }: Pen): Json {
  const { component, sync } = application;
  if (sync === '') return { status: '', comparedTo: { source: { repoURL: '' }, destination: {} } };
  const known = sync !== 'Unknown';
  const revision = known ? texts.text('desiredRevision') : 'main';
  return without({
    status: sync,
    comparedTo: without({
      source: isSingle(component) ? sourceOf(component, texts) : { repoURL: '' },
      destination: destinationOf(component),
      sources: sourcesOf(component, texts.text('desired'), texts),
    }),
    revision: isSingle(component) && (known || profile.healthInTree) ? revision : undefined,
    revisions: isSingle(component) ? undefined : [texts.text('desired'), revision],
  });
}

function historyOf(application: Application, { profile, texts, leavesOutHistory }: Pen): Json[] | undefined {
  const { component } = application;
  const length = historyLengthOf(application);
  if (length === 0 || leavesOutHistory === true) return undefined;
  const users = application.records.slice(-length);
  return Array.from({ length }, (_, index) => {
    const version = texts.text('historyVersion', index);
    const username = users[index - (length - users.length)]?.username ?? '';
    return without({
      revision: isSingle(component) ? texts.text('historyRevision', index) : undefined,
      deployedAt: texts.text('historyDeployedAt', index),
      id: texts.number('historyId', index),
      source: isSingle(component) ? sourceOf(component, texts) : { repoURL: '' },
      deployStartedAt: texts.text('historyStartedAt', index),
      sources: sourcesOf(component, version, texts),
      revisions: isSingle(component) ? undefined : [version, texts.text('historyRevision', index)],
      initiatedBy: profile.historyInitiatedBy ? initiatedBy(username) : undefined,
    });
  });
}

function imagesOf(application: Application, { texts }: Pen): string[] {
  if (!application.imagesSeen) return [];
  return application.component.resources.flatMap((resource) => (resource.images ?? []).map((image) => `${image}:${texts.text('live')}`));
}

function healthOf(application: Application, { profile, texts }: Pen): Json {
  if (application.health === '') return {};
  return without({ status: application.health, lastTransitionTime: when(profile.healthTransitionTime, () => texts.text('healthAt')) });
}

function conditionsOf(application: Application, { texts }: Pen): Json[] | undefined {
  const { condition } = TROUBLES[application.trouble];
  if (condition === undefined) return undefined;
  return [{ type: condition.type, message: texts.text('condition'), lastTransitionTime: texts.text('conditionAt') }];
}

/** The whole status, in the order of the Go struct. */
export function statusOf(application: Application, view: View, pen: Pen): Json {
  const { component, sync } = application;
  const { profile, texts } = pen;
  const compared = sync !== '';
  const rendered = compared && sync !== 'Unknown';
  const single = isSingle(component);
  const images = imagesOf(application, pen);
  return without({
    resources: resourcesOf(application, pen, view),
    sync: comparisonOf(application, pen),
    health: healthOf(application, pen),
    history: historyOf(application, pen),
    conditions: conditionsOf(application, pen),
    reconciledAt: when(compared, () => texts.text('reconciledAt')),
    operationState: operationStateOf(application, pen),
    sourceType: when(rendered && single, () => (component.delivery === 'kustomize' ? 'Kustomize' : 'Directory')),
    summary: images.length > 0 ? { images } : {},
    resourceHealthSource: when(profile.healthInTree && compared, () => 'appTree'),
    sourceTypes: when(rendered && !single, () => ['Helm', '']),
    controllerNamespace: when(compared, () => 'argocd'),
    sourceHydrator: when(profile.healthTransitionTime, () => ({})),
  });
}
