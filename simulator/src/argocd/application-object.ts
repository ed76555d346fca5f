/**
 * An Application as Argo CD writes it, key by key in the order of the Go structs (`pkg/apis/application/v1alpha1/types.go` @ v3.5.1).
 * It branches only on what `shapeOf` names; everything that differs between Applications of one shape comes through `Texts`.
 */
import type { Application } from '../world/edge.ts';
import { pendingOperation, type Pen } from './application-operation.ts';
import { statusOf, type View } from './application-status.ts';
import type { Texts } from './application-text.ts';
import { destinationOf, homeOf, isSingle, sourceOf, sourcesOf } from './component-facts.ts';
import { filled, type Json, when, without } from './go-json.ts';
import type { VersionProfile } from './profiles.ts';

function syncPolicyOf(application: Application): Json | undefined {
  const { component, automated } = application;
  const policy = without({
    automated: automated === undefined ? undefined : { ...automated },
    syncOptions: filled(component.syncOptions),
    retry: component.retryLimit === undefined ? undefined : { limit: component.retryLimit },
  });
  return filled(policy);
}

function specOf(application: Application, texts: Texts): Json {
  const { component } = application;
  return without({
    source: when(isSingle(component), () => sourceOf(component, texts)),
    destination: destinationOf(component),
    project: component.project,
    syncPolicy: syncPolicyOf(application),
    sources: sourcesOf(component, texts.text('desired'), texts),
  });
}

function annotationsOf(application: Application, profile: VersionProfile): Record<string, string> {
  const { component } = application;
  return {
    ...(application.refreshed && profile.hydrateRemains ? { 'argocd.argoproj.io/hydrate': 'normal' } : {}),
    ...(application.refreshing ? { 'argocd.argoproj.io/refresh': 'normal' } : {}),
    ...(application.annotations ?? (component.annotated ? { 'edgefleet.dev/product': component.product } : {})),
  };
}

function metadataOf(application: Application, { profile, texts }: Pen): Json {
  const { component } = application;
  const annotations = annotationsOf(application, profile);
  const labels = application.labels ?? { 'app.kubernetes.io/part-of': component.partOf };
  return without({
    name: component.name,
    namespace: homeOf(component),
    uid: texts.text('uid'),
    resourceVersion: texts.text('resourceVersion'),
    generation: texts.number('generation'),
    creationTimestamp: texts.text('createdAt'),
    deletionTimestamp: when(application.deletedAt !== undefined && component.finalizers.length > 0, () => texts.text('deletedAt')),
    labels: filled(labels),
    annotations: filled(annotations),
    finalizers: filled(component.finalizers),
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
export function applicationObject(application: Application, view: View, pen: Pen): Json {
  return without({
    metadata: metadataOf(application, pen),
    spec: specOf(application, pen.texts),
    status: statusOf(application, view, pen),
    operation: pendingOperation(application, pen),
  });
}
