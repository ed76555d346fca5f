/**
 * GET /api/v1/stream/applications (`Watch` in `server/application/application.go`; the same from 2.10 to 3.6): every Application the account may see
 * as ADDED, then each write. With a resourceVersion nothing is replayed. The server compares what it sends per `metadata.name` and drops repeats.
 */
import type { Application } from '../world/edge.ts';
import { hashOf } from '../world/random.ts';
import type { ChangeType } from '../world/world.ts';
import type { Exchange } from './answer.ts';
import { homeOf } from './component-facts.ts';
import type { StreamSettings } from './event-writer.ts';
import { createEventWriter } from './event-writer.ts';
import type { Fragments, Renderer } from './fragments.ts';
import { applicationFilter, rbacName } from './list.ts';
import type { Fields } from './projection.ts';
import { parseFields, project } from './projection.ts';
import type { Session } from './session.ts';

/** Applications written at once at the start: one write of many messages costs a tenth of many writes. */
const SNAPSHOT_BATCH = 50;

type Renderers = Readonly<Record<ChangeType, Renderer>>;

function renderersOf(fragments: Fragments, parameter: string, fields: Fields | undefined): Renderers {
  const of = (type: ChangeType): Renderer =>
    fragments.renderer(`stream ${type} ${parameter}`, 'inferred', (application) => project({ result: { type, application } }, fields));
  return { ADDED: of('ADDED'), MODIFIED: of('MODIFIED'), DELETED: of('DELETED') };
}

function wants(query: URLSearchParams): (application: Application) => boolean {
  const passes = applicationFilter(query);
  const name = query.get('name') ?? '';
  const home = query.get('appNamespace') ?? 'argocd';
  // Without a name appNamespace is ignored, as the server does.
  return (application) =>
    passes(application) && (name === '' || (application.component.name === name && homeOf(application.component) === home));
}

/** Drops a message equal to the last one of its Application. */
function createRepeatFilter(fields: Fields | undefined): (application: Application, type: ChangeType, message: string) => boolean {
  const last = new Map<string, number>();
  // With the type among the fields the first MODIFIED always differs from ADDED: nothing need be remembered of the snapshot.
  const typeSeen = JSON.stringify(project({ result: { type: 'ADDED' } }, fields)).includes('ADDED');
  return (application, type, message) => {
    if (typeSeen && type === 'ADDED') return true;
    const { name } = application.component;
    const mark = hashOf(message) * 2048 + (message.length % 2048);
    if (last.get(name) === mark) return false;
    last.set(name, mark);
    return true;
  };
}

function bySnapshotOrder(left: Application, right: Application): number {
  const key = ({ component }: Application): string => `${homeOf(component)}/${component.name}`;
  return key(left) < key(right) ? -1 : 1;
}

/** Opens the stream; it lives until the client or the edge ends it. */
export function openApplicationStream(exchange: Exchange, session: Session, fragments: Fragments, settings: StreamSettings): void {
  const { edge, query, world } = exchange;
  const parameter = query.get('fields') ?? '';
  const fields = parseFields(parameter);
  const renderers = renderersOf(fragments, parameter, fields);
  const wanted = wants(query);
  const isNew = createRepeatFilter(fields);
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
  const writer = createEventWriter(exchange, settings, () => {
    unlisten();
    edge.traffic.openStreams -= 1;
  });
  if (since > 0 && (query.get('name') ?? '') === '') return;
  const snapshot = edge.applications.filter(visible).sort(bySnapshotOrder);
  for (let start = 0; start < snapshot.length; start += SNAPSHOT_BATCH) {
    const batch = snapshot.slice(start, start + SNAPSHOT_BATCH);
    const messages = batch.map((application) => ({ application, message: renderers.ADDED.render(application) }));
    writer.send(messages.filter(({ application, message }) => isNew(application, 'ADDED', message)).map(({ message }) => message));
  }
}
