import type { Application } from '../world/application.ts';
import { hexOf, uuidOf } from '../world/random.ts';
import { sendJson } from './answer.ts';
import { type Json, homeOf, without, workloadOf } from './application-object.ts';
import { timeOf } from './application-text.ts';
import { permissionDenied } from './argo-error.ts';
import { createEventWriter } from './event-writer.ts';
import { findApplication, namedBy, sessionOf } from './find-application.ts';
import { goJson } from './go-json.ts';
import { rbacName } from './list.ts';
import { podNames } from './resource-tree.ts';
import type { Call } from './routes.ts';

function eventOf(call: Call, application: Application, reason: string, message: string, at: number): Json {
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
      uid: uuidOf(edge.name, component.name, application.createdAt),
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

/** GET /{name}/events: what the controller would have written about the last operation and the change of health since. */
export function answerEvents(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  const { operationState: state } = application;
  const items: Json[] = [];
  if (state !== undefined) {
    const revision = call.world.revisions.of(application.component, state.operation.version);
    const who = state.operation.username === '' ? 'automated sync' : 'sync';
    items.push(eventOf(call, application, 'OperationStarted', `Initiated ${who} to '${revision}'`, state.startedAt));
    if (state.finishedAt !== undefined && state.retryCount === 0) {
      items.push(
        eventOf(
          call,
          application,
          'OperationCompleted',
          `Sync operation to ${revision} ${state.phase === 'Succeeded' ? 'succeeded' : `failed: ${state.message}`}`,
          state.finishedAt,
        ),
      );
    }
  }
  items.push(
    eventOf(call, application, 'ResourceUpdated', `Updated health status: Progressing -> ${application.health}`, application.healthAt),
  );
  sendJson(call, { metadata: { resourceVersion: String(call.edge.resourceVersion) }, items });
}

const FOLLOW_MS = 1000;
const DEFAULT_LINES = 100;

function logLine(at: number, content: string, pod: string): string {
  return goJson({ result: { content, timeStamp: timeOf(at), last: false, timeStampStr: new Date(at).toISOString(), podName: pod } });
}

/** GET /{name}/logs and /{name}/pods/{pod}/logs: lines of a Pod, and new ones while the client follows. */
export function answerLogs(call: Call): void {
  const session = sessionOf(call);
  const application = findApplication(call, session, namedBy(call));
  if (call.profile.logsNeedRight && !session.can('logs', 'get', rbacName(application))) throw permissionDenied();
  const workload = workloadOf(application.component);
  const pod =
    call.parameters['pod'] ?? call.query.get('podName') ?? (workload === undefined ? undefined : podNames(application, workload)[0]);
  const container = call.query.get('container') ?? '';
  const containers = (workload?.images ?? []).map((image) => image.split('/').at(-1));
  let beat: ReturnType<typeof setInterval> | undefined;
  const writer = createEventWriter(call, call.streams, () => clearInterval(beat));
  const now = (): number => call.world.clock.now() + call.edge.skewMs;
  const end = (): void => {
    writer.send([
      goJson({ result: { content: '', timeStamp: timeOf(now()), last: true, timeStampStr: new Date(now()).toISOString(), podName: '' } }),
    ]);
    writer.end();
  };
  if (workload === undefined || pod === undefined || (container !== '' && !containers.includes(container))) {
    writer.send([
      goJson({
        result: {
          content: `container ${container} is not valid for pod ${pod ?? ''}`,
          timeStamp: null,
          last: false,
          timeStampStr: '0001-01-01T00:00:00Z',
          podName: '',
        },
      }),
    ]);
    end();
    return;
  }
  const filter = call.query.get('filter') ?? '';
  const passes = (line: string): boolean =>
    filter === '' || (filter.startsWith('!') ? !line.includes(filter.slice(1)) : line.includes(filter));
  const lineAt = (at: number): string => {
    const words =
      application.trouble === 'crash'
        ? 'level=fatal msg="cannot open printer device" device=/dev/usb/lp0'
        : `level=info msg="handled request" status=200 durationMs=${Math.floor(at / 1000) % 90}`;
    return `${new Date(at).toISOString()} ${words} site=${call.edge.name}`;
  };
  const count = Math.min(DEFAULT_LINES, Number(call.query.get('tailLines') ?? '') || DEFAULT_LINES);
  const times = Array.from({ length: count }, (_, index) => now() - (count - index) * FOLLOW_MS);
  writer.send(
    times
      .map((at) => [at, lineAt(at)] as const)
      .filter(([, line]) => passes(line))
      .map(([at, line]) => logLine(at, line, pod)),
  );
  if (call.query.get('follow') !== 'true') {
    end();
    return;
  }
  beat = setInterval(() => writer.send([lineAt(now())].filter(passes).map((line) => logLine(now(), line, pod))), FOLLOW_MS);
}
