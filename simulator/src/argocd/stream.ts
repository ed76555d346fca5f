/**
 * GET /api/v1/stream/applications (`Watch` in `server/application/application.go`; the same from 2.10 to 3.6): every Application the account may see
 * as ADDED, then each write. With a resourceVersion nothing is replayed. The server compares what it sends per `metadata.name` and drops repeats.
 */
import type { Application } from '../world/edge.ts';
import { hashOf } from '../world/random.ts';
import type { ChangeType } from '../world/world.ts';
import type { Query } from './answer.ts';
import { type Call, sessionOf } from './call.ts';
import { homeOf } from './component-facts.ts';
import { createEventWriter } from './event-writer.ts';
import { applicationFilter, rbacName } from './list.ts';
import type { StreamView } from './views.ts';

/** Applications written at once at the start: one write of many messages costs a tenth of many writes. */
const SNAPSHOT_BATCH = 50;

function wants(query: Query): (application: Application) => boolean {
  const passes = applicationFilter(query);
  const name = query.get('name') ?? '';
  const home = query.get('appNamespace') ?? 'argocd';
  // Without a name appNamespace is ignored, as the server does.
  return (application) =>
    passes(application) && (name === '' || (application.component.name === name && homeOf(application.component) === home));
}

/** Drops a message equal to the last one of its Application. */
function createRepeatFilter({ showsType }: StreamView): (application: Application, type: ChangeType, message: string) => boolean {
  let last: Map<string, number> | undefined; // of a stream that shows types nothing need be remembered of the snapshot
  return (application, type, message) => {
    if (showsType && type === 'ADDED') return true;
    last ??= new Map();
    const { name } = application.component;
    const mark = hashOf(message) * 2048 + (message.length % 2048);
    if (last.get(name) === mark) return false;
    last.set(name, mark);
    return true;
  };
}

function bySnapshotOrder({ component: left }: Application, { component: right }: Application): number {
  const [leftHome, rightHome] = [homeOf(left), homeOf(right)];
  if (leftHome === rightHome) return left.name < right.name ? -1 : 1;
  return `${leftHome}/${left.name}` < `${rightHome}/${right.name}` ? -1 : 1;
}

/** Opens the stream; it lives until the client or the edge ends it. */
export function openApplicationStream(call: Call): void {
  const { edge, query, world } = call;
  const session = sessionOf(call);
  const view = call.views.stream(query.get('fields') ?? '');
  const { renderers } = view;
  const wanted = wants(query);
  const isNew = createRepeatFilter(view);
  const since = Number(query.get('resourceVersion') ?? '') || 0;
  const visible = (application: Application): boolean => wanted(application) && session.can('applications', 'get', rbacName(application));
  const unlisten = world.listen(edge, (type, application) => {
    if (application.resourceVersion < since || !visible(application)) return;
    const message = renderers[type].render(application);
    if (isNew(application, type, message)) writer.send([message]);
  });
  edge.traffic.streamsOpened += 1;
  edge.traffic.openStreams += 1;
  edge.traffic.mostOpenStreams = Math.max(edge.traffic.mostOpenStreams, edge.traffic.openStreams);
  const writer = createEventWriter(call, call.streams, () => {
    unlisten();
    edge.traffic.openStreams -= 1;
  });
  if (since > 0 && (query.get('name') ?? '') === '') return;
  const snapshot = edge.applications.filter(visible).sort(bySnapshotOrder);
  for (let start = 0; start < snapshot.length; start += SNAPSHOT_BATCH) {
    const messages: string[] = [];
    for (const application of snapshot.slice(start, start + SNAPSHOT_BATCH)) {
      const message = renderers.ADDED.render(application);
      if (isNew(application, 'ADDED', message)) messages.push(message);
    }
    writer.send(messages);
  }
}
