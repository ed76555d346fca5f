import type { Application } from '../world/edge.ts';
import type { ResourceTemplate } from '../world/catalog.ts';
import { timeOf } from './application-text.ts';
import { permissionDenied } from './argo-error.ts';
import { workloadOf } from './component-facts.ts';
import { createEventWriter, type EventWriter } from './event-writer.ts';
import { findApplication, namedBy } from './find-application.ts';
import { goJson } from './go-json.ts';
import { rbacName } from './list.ts';
import { podNames } from './resource-tree.ts';
import { type Call, sessionOf } from './call.ts';

const FOLLOW_MS = 1000;
const DEFAULT_LINES = 100;
const MOST_LINES = 1000;

function logMessage(at: number, content: string, pod: string): string {
  return goJson({ result: { content, timeStamp: timeOf(at), last: false, timeStampStr: new Date(at).toISOString(), podName: pod } });
}

/** The line a Pod wrote at a moment: the same however often it is asked for. */
function lineAt(application: Application, at: number): string {
  const words =
    application.trouble === 'crash'
      ? 'level=fatal msg="cannot open printer device" device=/dev/usb/lp0'
      : `level=info msg="handled request" status=200 durationMs=${Math.floor(at / 1000) % 90}`;
  return `${new Date(at).toISOString()} ${words} site=${application.edge.name}`;
}

/** Which lines were asked for: those with the text, or with `!` those without it. */
function lineFilter(filter: string): (line: string) => boolean {
  if (filter === '') return () => true;
  return filter.startsWith('!') ? (line) => !line.includes(filter.slice(1)) : (line) => line.includes(filter);
}

const edgeNow = (call: Call): number => call.world.clock.now() + call.edge.skewMs;

function endLogs(call: Call, writer: EventWriter): void {
  const at = edgeNow(call);
  writer.send([
    goJson({ result: { content: '', timeStamp: timeOf(at), last: true, timeStampStr: new Date(at).toISOString(), podName: '' } }),
  ]);
  writer.end();
}

/** The Pod whose lines are asked for, or the words that stand in the place of its lines. */
function podOf(call: Call, application: Application): { readonly pod: string } | { readonly refusal: string } {
  const workload = workloadOf(application.component);
  const pods = workload === undefined ? [] : podNames(application, workload);
  const pod = call.parameters['pod'] ?? call.query.get('podName') ?? pods[0] ?? '';
  const container = call.query.get('container') ?? '';
  const isKnown = pods.includes(pod) && (container === '' || containersOf(workload).includes(container));
  return isKnown ? { pod } : { refusal: `container ${container} is not valid for pod ${pod}` };
}

const containersOf = (workload: ResourceTemplate | undefined): string[] =>
  (workload?.images ?? []).map((image) => image.slice(image.lastIndexOf('/') + 1));

/** GET /{name}/logs and /{name}/pods/{pod}/logs: lines of a Pod, and new ones while the client follows. */
export function answerLogs(call: Call): void {
  const session = sessionOf(call);
  const application = findApplication(call, session, namedBy(call));
  if (call.profile.logsNeedRight && !session.can('logs', 'get', rbacName(application))) throw permissionDenied();
  const found = podOf(call, application);
  if ('refusal' in found) {
    const writer = createEventWriter(call, call.streams, () => undefined);
    const timeStampStr = '0001-01-01T00:00:00Z';
    writer.send([goJson({ result: { content: found.refusal, timeStamp: null, last: false, timeStampStr, podName: '' } })]);
    endLogs(call, writer);
    return;
  }
  writeLines(call, application, found.pod);
}

function writeLines(call: Call, application: Application, pod: string): void {
  const passes = lineFilter(call.query.get('filter') ?? '');
  const messages = (times: readonly number[]): string[] =>
    times.filter((at) => passes(lineAt(application, at))).map((at) => logMessage(at, lineAt(application, at), pod));
  const asked = Number(call.query.get('tailLines') ?? '') || DEFAULT_LINES;
  const count = Math.min(MOST_LINES, Math.max(0, asked));
  const now = edgeNow(call);
  const tail = messages(Array.from({ length: count }, (_, index) => now - (count - index) * FOLLOW_MS));
  if (call.query.get('follow') !== 'true') {
    const writer = createEventWriter(call, call.streams, () => undefined);
    writer.send(tail);
    endLogs(call, writer);
    return;
  }
  const beat = setInterval(() => writer.send(messages([edgeNow(call)])), FOLLOW_MS);
  const writer = createEventWriter(call, call.streams, () => clearInterval(beat));
  writer.send(tail);
}
