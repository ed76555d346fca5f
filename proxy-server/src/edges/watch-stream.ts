/**
 * The live watch of one edge: the projected stream is the list.
 *
 *   open ─► every Application as ADDED ─► settled: all expected were seen, or 2 s quiet ─► prune ─► events, until
 *                                                      cut │ 45 s silent │ refused by a TICK │ 30-60 min old (opened anew)
 *
 * What it tells is merged only when it is clear that this is the Argo CD that is known here, and a big loss only when the edge was asked about it.
 */
import { betweenMs } from '../domain/backoff.ts';
import { applicationKeyText } from '../domain/ids.ts';
import type { Cancel } from '../ports/runtime.ts';
import { createApplicationWriter } from './application-writer.ts';
import { createIdentityGate } from './identity-gate.ts';
import { livePath } from './projections.ts';
import { openStream, type StreamEnd } from './stream-reader.ts';
import { toApplicationEvent } from './to-application.ts';
import { startChores, type WatchChores } from './watch-chores.ts';
import { heard, reportRights, type SessionEnd, type WatchContext, type WatchSession } from './watch-context.ts';
import { noteClock, noteMode } from './watch-probe.ts';
import { prune } from './watch-repair.ts';

/** Silent streams in a row after which polling is tried: something on the way swallows the keep-alives. */
const SILENT_STREAMS = 3;

/** Opens the stream. `expected`: what the list of names held; without it only quiet ends the snapshot, and nothing is pruned. */
export function watchStream(
  context: WatchContext,
  expected: ReadonlySet<string> | undefined,
  onEnd: (end: SessionEnd) => void,
): WatchSession {
  const { route, runtime, limits, memory, client } = context;
  const { clock, timers } = runtime;
  const writer = createApplicationWriter(context);
  const gate = createIdentityGate(context, writer);
  const missing = new Set(expected);
  const openedAt = clock.now();
  let lastDataAt = openedAt;
  let settled = false;
  let over = false;
  let chores: WatchChores | undefined;
  let cancelSettle: Cancel = () => undefined;
  let cancelRecycle: Cancel = () => undefined;
  memory.marks.begin();

  const close = (): void => {
    if (over) return;
    over = true;
    cancelSettle();
    cancelRecycle();
    chores?.close();
    writer.flush();
    stream.close();
  };
  const finish = (end: SessionEnd): void => {
    if (over) return;
    close();
    onEnd(end);
  };
  const settleWhenQuiet = (): void => {
    cancelSettle = timers.after(Math.max(lastDataAt + limits.settleQuietMs - clock.now(), 0), () => {
      if (clock.now() - lastDataAt >= limits.settleQuietMs) settle();
      else settleWhenQuiet();
    });
  };
  const settle = (): void => {
    if (settled || over) return;
    settled = true;
    cancelSettle();
    const another = gate.complete();
    if (another !== undefined) return finish({ kind: 'failed', failure: another });
    writer.flush();
    memory.doubted = false;
    memory.uselessStreams = 0;
    noteMode(context, 'stream');
    heard(context);
    reportRights(context);
    void pruneUnseen().then(() => {
      if (!over) chores = startChores(context, writer, finish);
    });
  };
  const pruneUnseen = async (): Promise<void> => {
    if (expected === undefined) return;
    const failure = await prune(
      context,
      memory.marks.unseen().filter((keyText) => !expected.has(keyText)),
    );
    if (failure !== undefined) finish({ kind: 'failed', failure });
  };
  const ended = (end: StreamEnd): void => {
    if (end.kind === 'idle' || end.kind === 'silent') noteUseless(end.kind);
    if (end.kind === 'failed') finish({ kind: 'failed', failure: end.failure });
    else finish({ kind: end.kind === 'idle' ? 'again' : end.kind });
  };
  /** No first byte although there is something to tell, or never a keep-alive: streams do not come through here. */
  const noteUseless = (kind: 'idle' | 'silent'): void => {
    if (kind === 'silent' && settled && clock.now() - openedAt > 2 * limits.silenceMs) return;
    memory.uselessStreams += 1;
    if (kind === 'idle' || memory.uselessStreams >= SILENT_STREAMS) memory.uselessAt = clock.now();
  };

  client.counted(route.edge);
  const stream = openStream(
    route,
    { path: livePath, framing: 'sse', headersMs: limits.streamHeadersMs, silenceMs: limits.silenceMs, maxLineBytes: limits.maxLineBytes },
    {
      onOpen(headers) {
        noteClock(context, headers, clock.now());
        cancelRecycle = timers.after(betweenMs(...limits.recycleEveryMs, runtime.random()), () => finish({ kind: 'again' }));
        lastDataAt = clock.now();
        settleWhenQuiet();
      },
      onMessage(message) {
        const event = toApplicationEvent(message);
        if (event === undefined || over) return;
        heard(context);
        if (settled) return writer.apply(event);
        lastDataAt = clock.now();
        gate.offer(event);
        missing.delete(applicationKeyText(event.application));
        if (missing.size === 0 && expected !== undefined) settle();
      },
      onComment() {
        if (memory.rightsProven && settled) heard(context);
      },
      onEnd: ended,
    },
    runtime,
  );
  return { verify: () => chores?.verify(), close };
}
