/**
 * The TICK: a snapshot of name and `status.reconciledAt` as compressed lines. It reads observedAt, and because it is a new request it is also
 * the proof that token and rights still hold: an open stream outlives a revoked token (server/application/application.go Watch @ v3.5.1).
 */
import { headerText } from '../domain/classify-headers.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import { failureRow } from '../domain/failure-table.ts';
import { replayFailure, type ReplayReading } from '../domain/replay.ts';
import { pruneVerdict } from '../domain/prune.ts';
import { keyOfText } from './application-marks.ts';
import { COMPRESS_FROM } from './limits.ts';
import { tickPath } from './projections.ts';
import { openStream, type OpenStream, type StreamEnd } from './stream-reader.ts';
import { toApplicationEvent } from './to-application.ts';
import { heard, type WatchContext } from './watch-context.ts';
import { edgeClockNow, lostRights, mayRead } from './watch-probe.ts';

interface Snapshot {
  readonly observed: ReadonlyMap<string, number | undefined>;
  readonly edgeClock: number;
  /** How the stream ended, where it was not us who had seen enough. */
  readonly end: StreamEnd | undefined;
}

/** So many Applications tell a replay as well as all of them do. */
const REPLAY_SAMPLE = 16;

/** `proven`: it answered, and token and rights hold. `failed`: it says otherwise. `unknown`: nothing was learnt. */
export type TickResult = { readonly kind: 'proven' | 'unknown' } | { readonly kind: 'failed'; readonly failure: EdgeFailure };

/** Tells observedAt to the sink where all is well. The stop function ends it without a word. */
export function runTick(context: WatchContext, onDone: (result: TickResult) => void): () => void {
  let stopped = false;
  const done = (result: TickResult): void => {
    context.memory.rightsProven = result.kind === 'proven';
    if (result.kind === 'proven') heard(context);
    onDone(result);
  };
  const stream = readSnapshot(context, (snapshot) => {
    context.guard(async () => {
      let result: TickResult = { kind: 'unknown' };
      try {
        result = await judge(context, snapshot);
      } finally {
        if (!stopped) done(result);
      }
    });
  });
  return () => {
    stopped = true;
    stream.close();
  };
}

/** A TICK to wait for. */
export const tickOnce = (context: WatchContext): Promise<TickResult> => new Promise((resolve) => runTick(context, resolve));

/** Reads until every known Application was seen, or nothing came for a while. */
function readSnapshot(context: WatchContext, onDone: (snapshot: Snapshot) => void): OpenStream {
  const { route, limits, memory, runtime, client } = context;
  const observed = new Map<string, number | undefined>();
  let edgeClock = edgeClockNow(context);
  let missing = memory.marks.size;
  let over = false;
  const done = (end: StreamEnd | undefined): void => {
    if (over) return;
    over = true;
    queueMicrotask(() => stream.close());
    onDone({ observed, edgeClock, end });
  };
  client.counted(route.edge);
  const stream = openStream(
    route,
    {
      path: tickPath, framing: 'ndjson', compressed: memory.marks.size >= COMPRESS_FROM, headersMs: limits.streamHeadersMs, silenceMs: limits.settleQuietMs,
      overallMs: limits.overallMs, limits,
    }, // prettier-ignore
    {
      onOpen(headers) {
        const date = Date.parse(headerText(headers, 'date').slice(0, 64));
        if (Number.isFinite(date)) edgeClock = date;
      },
      onMessage(message) {
        const event = toApplicationEvent(message);
        if (event === undefined || event.kind === 'deleted' || observed.size >= limits.maxApplicationsPerEdge) return;
        const { keyText } = event;
        if (!observed.has(keyText) && memory.marks.has(keyText)) missing -= 1;
        observed.set(keyText, event.reconciledAt);
        if (missing <= 0) done(undefined);
      },
      onComment: () => undefined,
      onEnd: done,
    },
    runtime,
  );
  return stream;
}

async function judge(context: WatchContext, { observed, edgeClock, end }: Snapshot): Promise<TickResult> {
  if (end !== undefined && end.kind === 'failed') return { kind: 'failed', failure: end.failure };
  const rights = await rightsAfter(context, observed);
  if (typeof rights !== 'string') return { kind: 'failed', failure: rights };
  const { memory, sink, edge } = context;
  const reading = readingOf(observed, edgeClock);
  const replayed = memory.reading === undefined ? undefined : replayFailure(memory.reading, reading);
  if (replayed !== undefined) return { kind: 'failed', failure: replayed };
  if (reading.observedAt.size > 0) memory.reading = reading;
  const observedAt = [...observed].map(([keyText, time]) => ({ key: keyOfText(keyText), observedAt: time }));
  if (observedAt.length > 0) sink.putObserved(edge.id, { edgeClock, observedAt });
  return { kind: rights === 'hold' ? 'proven' : 'unknown' };
}

/** Where more than half of what we know is not told any more, the edge is asked about one of them. Not being able to ask proves nothing. */
async function rightsAfter(context: WatchContext, observed: ReadonlyMap<string, unknown>): Promise<'hold' | 'unknown' | EdgeFailure> {
  const { marks } = context.memory;
  const gone = [...marks.keys()].filter((keyText) => !observed.has(keyText));
  const [sample] = gone;
  if (sample === undefined || pruneVerdict(marks.size, gone.length) !== 'askFirst') return observed.size > 0 ? 'hold' : 'unknown';
  const may = await mayRead(context, sample);
  if (may.ok) return may.value ? 'hold' : lostRights();
  return failureRow(may.error.row).effect === 'reachable' ? 'unknown' : may.error;
}

function readingOf(observed: ReadonlyMap<string, number | undefined>, edgeClock: number): ReplayReading {
  const sample = new Map<string, number>();
  for (const [keyText, time] of observed) {
    if (time !== undefined) sample.set(keyText, time);
    if (sample.size >= REPLAY_SAMPLE) break;
  }
  return { edgeClock, versions: new Map(), observedAt: sample };
}
