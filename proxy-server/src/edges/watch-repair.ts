/**
 * The repair: a small list compared with what the stream told. It covers the three ways in which a stream loses events without a word: between
 * its snapshot and its subscription, in an overflowing buffer of the server, and while it was cut (server/broadcast/broadcaster.go @ v3.5.1).
 */
import type { EdgeFailure } from '../domain/failure.ts';
import { applicationKeyText } from '../domain/ids.ts';
import { pruneVerdict } from '../domain/prune.ts';
import { keyOfText, printOf } from './application-marks.ts';
import { oneApplicationPath, repairFields } from './projections.ts';
import { openStream } from './stream-reader.ts';
import { keyOf, phaseOf, toApplication, toApplicationEvent, type ApplicationEvent, type ApplicationList } from './to-application.ts';
import type { WatchContext } from './watch-context.ts';
import { listApplications, versionNumber } from './watch-list.ts';
import { lostRights, mayRead } from './watch-probe.ts';

export type RepairResult =
  | { readonly kind: 'same' | 'repaired' }
  /** More differs than is asked for one by one: the snapshot has to be read anew. */
  | { readonly kind: 'tooMuch' }
  | { readonly kind: 'failed'; readonly failure: EdgeFailure };

export interface Differences {
  /** Listed otherwise than last seen, or never seen. */
  readonly changed: readonly string[];
  /** Seen, and not listed any more. */
  readonly gone: readonly string[];
}

/** What a repair list says against what was seen. Keys in `touched` changed while the list was under way and are left to the stream. */
export function differencesOf(list: ApplicationList, { memory }: Pick<WatchContext, 'memory'>, touched: ReadonlySet<string>): Differences {
  const listed = new Set<string>();
  const changed: string[] = [];
  for (const item of list.items) {
    const key = keyOf(item);
    const application = toApplication(item);
    if (key === undefined || application === undefined) continue;
    const keyText = applicationKeyText(key);
    listed.add(keyText);
    const differs = memory.marks.differs(keyText, printOf(application.sync, application.health, phaseOf(item)));
    if (differs && !touched.has(keyText)) changed.push(keyText);
  }
  const gone = [...memory.marks.keys()].filter((keyText) => !listed.has(keyText) && !touched.has(keyText));
  return { changed, gone };
}

/** Lists, compares, asks again for what differs, and takes away what is gone. `touched` is filled by the stream meanwhile. */
export async function repair(
  context: WatchContext,
  touched: ReadonlySet<string>,
  upsert: (event: ApplicationEvent) => unknown,
): Promise<RepairResult> {
  const list = await listApplications(context, repairFields);
  if (!list.ok) return { kind: 'failed', failure: list.error };
  context.memory.listVersion ??= versionNumber(list.value.resourceVersion);
  const { changed, gone } = differencesOf(list.value, context, touched);
  if (isStrange(context, { changed, gone })) return { kind: 'tooMuch' };
  const failure = await prune(context, gone);
  if (failure !== undefined) return { kind: 'failed', failure };
  if (changed.length > context.limits.maxRefetch) return { kind: 'tooMuch' };
  for (const keyText of changed) {
    const event = await oneApplication(context, keyText);
    if (event !== undefined && !touched.has(keyText)) upsert(event);
  }
  return { kind: changed.length + gone.length === 0 ? 'same' : 'repaired' };
}

/**
 * Most of what is known is gone and others are there: this list may be another Argo CD's, behind a balancer or a new address, while the stream
 * goes on telling of the known one. Lists name no uid, so only a snapshot can tell.
 */
const isStrange = ({ memory }: WatchContext, { changed, gone }: Differences): boolean =>
  pruneVerdict(memory.marks.size, gone.length) === 'askFirst' && changed.some((keyText) => !memory.marks.has(keyText));

/**
 * Takes away Applications that are gone, but before it takes more than half of them it asks the edge whether we may still see one. A failure
 * (row 23) means that nothing was taken; so does not being able to ask.
 */
export async function prune(context: WatchContext, gone: readonly string[]): Promise<EdgeFailure | undefined> {
  const { memory, sink, edge } = context;
  const [sample] = gone;
  const verdict = pruneVerdict(memory.marks.size, gone.length);
  if (sample === undefined || verdict === 'nothing') return undefined;
  if (verdict === 'askFirst') {
    const may = await mayRead(context, sample);
    if (!may.ok) return undefined;
    if (!may.value) return lostRights();
  }
  for (const keyText of gone) memory.marks.forget(keyText);
  sink.dropApplications(edge.id, gone.map(keyOfText));
  return undefined;
}

/** One Application in the live projection: the first message of a stream of its own. Undefined where nothing comes. */
function oneApplication(context: WatchContext, keyText: string): Promise<ApplicationEvent | undefined> {
  const { route, limits, client, runtime } = context;
  return new Promise((resolve) => {
    client.counted(route.edge);
    const stream = openStream(
      route,
      {
        path: oneApplicationPath(keyOfText(keyText)), framing: 'sse', headersMs: limits.oneApplicationMs,
        silenceMs: limits.oneApplicationMs, overallMs: limits.oneApplicationMs, limits,
      }, // prettier-ignore
      {
        onOpen: () => undefined,
        onComment: () => undefined,
        onMessage(message) {
          const event = toApplicationEvent(message);
          if (event === undefined || event.keyText !== keyText) return;
          queueMicrotask(() => stream.close());
          resolve(event.kind === 'deleted' ? undefined : event);
        },
        onEnd: () => resolve(undefined),
      },
      runtime,
    );
  });
}
