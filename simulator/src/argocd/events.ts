import type { Application } from '../world/edge.ts';
import { hexOf, uuidOf } from '../world/random.ts';
import { sendJson } from './answer.ts';
import { type Json, without } from './go-json.ts';
import { homeOf } from './component-facts.ts';
import { timeOf, uidOf } from './application-text.ts';
import { findApplication, namedBy } from './find-application.ts';
import { type Call, sessionOf } from './call.ts';

interface Happening {
  readonly reason: 'OperationStarted' | 'OperationCompleted' | 'ResourceUpdated';
  readonly message: string;
  readonly at: number;
}

function eventOf(call: Call, application: Application, { reason, message, at }: Happening): Json {
  const { component, edge } = application;
  const hash = hexOf(16, 'event', edge.name, component.name, message, at);
  const { eventReporting, eventSpec } = call.profile;
  const annotations = {
    'dest-namespace': component.destination.namespace,
    'dest-server': component.destination.server ?? '',
    ...(eventSpec ? { spec: JSON.stringify(call.fragments.object(application, 'stored')['spec']) } : {}),
  };
  return without({
    metadata: {
      name: `${component.name}.${hash}`,
      namespace: homeOf(component),
      uid: uuidOf('event', hash),
      resourceVersion: String(application.resourceVersion),
      creationTimestamp: timeOf(at),
      annotations,
      managedFields: [
        {
          manager: 'argocd-application-controller',
          operation: 'Update',
          apiVersion: 'v1',
          time: timeOf(at),
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:count': {} },
        },
      ],
    },
    involvedObject: {
      kind: 'Application',
      namespace: homeOf(component),
      name: component.name,
      uid: uidOf(application),
      apiVersion: 'argoproj.io/v1alpha1',
      resourceVersion: String(application.resourceVersion),
    },
    reason,
    message,
    source: { component: 'argocd-application-controller' },
    firstTimestamp: timeOf(at),
    lastTimestamp: timeOf(at),
    count: 1,
    type: 'Normal',
    eventTime: null,
    reportingComponent: eventReporting ? 'argocd-application-controller' : undefined,
    reportingInstance: eventReporting ? '' : undefined,
  });
}

function happenings(call: Call, application: Application): Happening[] {
  const { operationState: state, health, healthAt } = application;
  const settled: Happening = { reason: 'ResourceUpdated', message: `Updated health status: Progressing -> ${health}`, at: healthAt };
  if (state === undefined) return [settled];
  const revision = call.world.revisions.of(application.component, state.operation.version);
  const who = state.operation.username === '' ? 'automated sync' : 'sync';
  const started: Happening = { reason: 'OperationStarted', message: `Initiated ${who} to '${revision}'`, at: state.startedAt };
  if (state.finishedAt === undefined || state.retryCount > 0) return [started, settled];
  const outcome = state.phase === 'Succeeded' ? 'succeeded' : `failed: ${state.message}`;
  return [started, { reason: 'OperationCompleted', message: `Sync operation to ${revision} ${outcome}`, at: state.finishedAt }, settled];
}

/** GET /{name}/events: what the controller would have written about the last operation and the change of health since. */
export function answerEvents(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  const items = happenings(call, application).map((happening) => eventOf(call, application, happening));
  sendJson(call, { metadata: { resourceVersion: String(call.edge.resourceVersion) }, items });
}
