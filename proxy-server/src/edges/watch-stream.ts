/**
 * The live watch of one edge: the projected stream is the list.
 *
 *   open ─► every Application as ADDED ─► settled: all expected were seen, or 2 s quiet ─► prune ─► events, until
 *                                                      cut │ 45 s silent │ refused by a TICK │ 30-60 min old (opened anew)
 *
 * What it tells is merged only when it is clear that this is the Argo CD that is known here, and a big loss only when the edge was asked about it.
 */
import { betweenMs } from '../domain/backoff.ts';
import { failureRow, isRefusedByAccess } from '../domain/failure-table.ts';
import type { AnswerHeaders, EdgeFailure } from '../domain/failure.ts';
import type { Cancel } from '../ports/runtime.ts';
import { createApplicationWriter, type ApplicationWriter } from './application-writer.ts';
import { createIdentityGate, type IdentityGate } from './identity-gate.ts';
import { livePath } from './projections.ts';
import { openStream, type OpenStream, type StreamEnd, type StreamListener } from './stream-reader.ts';
import { toApplicationEvent } from './to-application.ts';
import { WatchChores } from './watch-chores.ts';
import { heard, reportRights, type SessionEnd, type WatchContext, type WatchSession } from './watch-context.ts';
import { noteClock, noteMode } from './watch-probe.ts';
import { prune } from './watch-repair.ts';

/** Streams in a row that came to nothing, after which polling is tried: something on the way swallows keep-alives, or breaks what passes. */
const USELESS_STREAMS = 3;

/** Opens the stream. `expected`: what the list of names held; without it only quiet ends the snapshot, and nothing is pruned. */
export function watchStream(
  context: WatchContext,
  expected: ReadonlySet<string> | undefined,
  onEnd: (end: SessionEnd) => void,
): WatchSession {
  const session = new StreamSession(context, expected, onEnd);
  session.open();
  return session;
}

/**
 * The first word of a stream that was opened before anything was asked. `nothing`: no Application and no trouble on the way, so only questions
 * tell. A failure: the edge is not there, or refuses.
 */
export type FirstWord = 'event' | 'nothing' | EdgeFailure;

/** Opens the stream of an edge of which nothing is known. It lives on where its first word is an event, and has ended without a word else. */
export function watchStreamAtOnce(
  context: WatchContext,
  onEnd: (end: SessionEnd) => void,
): { readonly session: WatchSession; readonly firstWord: Promise<FirstWord> } {
  const session = new StreamSession(context, undefined, onEnd);
  return { session, firstWord: session.openAtOnce() };
}

/** What any question would have met with too: the edge is not asked twice within a moment. Of two service tokens a question tries both. */
const saysOfTheWay = ({ row }: EdgeFailure): boolean => {
  const { effect } = failureRow(row);
  return effect === 'outOfReachAfterTwo' || (effect === 'refusedAtOnce' && !isRefusedByAccess(row));
};

class StreamSession implements WatchSession, StreamListener {
  readonly #context: WatchContext;
  readonly #expected: ReadonlySet<string> | undefined;
  readonly #onEnd: (end: SessionEnd) => void;
  readonly #writer: ApplicationWriter;
  readonly #openedAt: number;
  /** Only until the snapshot is settled. */
  #gate: IdentityGate | undefined;
  #missing: Set<string> | undefined;
  #lastDataAt: number;
  /** Until the first word of a stream that was opened at once. */
  #onFirstWord: ((word: FirstWord) => void) | undefined;
  #cancelFirstWord: Cancel = () => undefined;
  #over = false;
  #stream: OpenStream | undefined;
  #chores: WatchChores | undefined;
  #cancelSettle: Cancel = () => undefined;
  #cancelRecycle: Cancel = () => undefined;

  constructor(context: WatchContext, expected: ReadonlySet<string> | undefined, onEnd: (end: SessionEnd) => void) {
    this.#context = context;
    this.#expected = expected;
    this.#onEnd = onEnd;
    this.#writer = createApplicationWriter(context);
    this.#gate = createIdentityGate(context, this.#writer);
    this.#missing = new Set(expected);
    this.#openedAt = context.runtime.clock.now();
    this.#lastDataAt = this.#openedAt;
  }

  open(): void {
    const { route, limits, runtime, memory, client } = this.#context;
    memory.marks.begin();
    client.counted(route.edge);
    const { streamHeadersMs: headersMs, silenceMs } = limits;
    this.#stream = openStream(route, { path: livePath, framing: 'sse', headersMs, silenceMs, limits }, this, runtime);
  }

  openAtOnce(): Promise<FirstWord> {
    const { runtime, limits } = this.#context;
    const word = new Promise<FirstWord>((resolve) => (this.#onFirstWord = resolve));
    this.#cancelFirstWord = runtime.timers.after(limits.firstEventMs, () => this.close());
    this.open();
    return word;
  }

  verify(): void {
    this.#chores?.verify();
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#tellFirstWord('nothing');
    this.#cancelSettle();
    this.#cancelRecycle();
    this.#chores?.close();
    this.#writer.flush();
    this.#stream?.close();
  }

  onOpen(headers: AnswerHeaders): void {
    const { runtime, limits } = this.#context;
    noteClock(this.#context, headers, runtime.clock.now());
    const ageMs = betweenMs(...limits.recycleEveryMs, runtime.random());
    this.#cancelRecycle = runtime.timers.after(ageMs, () => this.#finish({ kind: 'again' }));
    this.#lastDataAt = runtime.clock.now();
    this.#settleWhenQuiet();
  }

  onMessage(message: object): void {
    const event = toApplicationEvent(message);
    if (event === undefined || this.#over) return;
    if (this.#gate === undefined) return this.#writer.apply(event);
    this.#lastDataAt = this.#context.runtime.clock.now();
    this.#tellFirstWord('event');
    this.#gate.offer(event);
    this.#missing?.delete(event.keyText);
    if (this.#missing?.size === 0 && this.#expected !== undefined) this.#settle();
  }

  onComment(): void {
    const { memory } = this.#context;
    memory.uselessStreams = 0; // keep-alives come through
    if (memory.rightsProven && this.#gate === undefined) heard(this.#context);
  }

  onEnd({ kind, failure }: StreamEnd): void {
    if (this.#onFirstWord !== undefined) {
      if (kind === 'failed' && saysOfTheWay(failure)) this.#tellFirstWord(failure);
      return this.close();
    }
    this.#noteUseless(kind, failure);
    if (kind === 'failed') return this.#finish({ kind: 'failed', failure, atOnce: this.#gate !== undefined });
    this.#finish({ kind: kind === 'idle' ? 'again' : kind });
  }

  #tellFirstWord(word: FirstWord): void {
    const tell = this.#onFirstWord;
    if (tell === undefined) return;
    this.#onFirstWord = undefined;
    this.#cancelFirstWord();
    if (word === 'event') this.#context.report({ kind: 'answered', proof: 'version' });
    tell(word);
  }

  #finish(end: SessionEnd): void {
    if (this.#over) return;
    this.close();
    this.#onEnd(end);
  }

  #settleWhenQuiet(): void {
    const { runtime, limits } = this.#context;
    const leftMs = (): number => this.#lastDataAt + limits.settleQuietMs - runtime.clock.now();
    this.#cancelSettle = runtime.timers.after(Math.max(leftMs(), 0), () => {
      if (leftMs() <= 0) this.#settle();
      else this.#settleWhenQuiet();
    });
  }

  /** The snapshot is whole, as far as can be told: there is no marker for its end. */
  #settle(): void {
    const gate = this.#gate;
    if (gate === undefined || this.#over) return;
    this.#gate = undefined;
    this.#missing = undefined;
    this.#cancelSettle();
    const another = gate.complete();
    if (another !== undefined) return this.#finish({ kind: 'failed', failure: another });
    this.#writer.flush();
    const { memory } = this.#context;
    memory.doubted = false;
    noteMode(this.#context, 'stream');
    heard(this.#context);
    reportRights(this.#context);
    this.#context.guard(() => this.#pruneThenWork());
  }

  async #pruneThenWork(): Promise<void> {
    const { memory } = this.#context;
    const expected = this.#expected;
    const gone = expected === undefined ? [] : memory.marks.unseen().filter((keyText) => !expected.has(keyText));
    const failure = await prune(this.#context, gone);
    if (failure !== undefined) return this.#finish({ kind: 'failed', failure });
    if (this.#over) return;
    this.#chores = new WatchChores(this.#context, this.#writer, (end) => this.#finish(end));
    this.#chores.start();
  }

  /**
   * No first byte although there is something to tell, never a keep-alive, or always an end before the snapshot was whole: streams do not come
   * through here. A refusal says nothing of streams.
   */
  #noteUseless(kind: StreamEnd['kind'], failure: EdgeFailure): void {
    const { memory, limits, runtime } = this.#context;
    const lived = runtime.clock.now() - this.#openedAt > 2 * limits.silenceMs;
    if (kind === 'silent' ? lived : kind !== 'idle' && this.#gate === undefined) return;
    if (kind === 'failed' && failureRow(failure.row).effect !== 'reachable') return;
    memory.uselessStreams += 1;
    if (kind === 'idle' || memory.uselessStreams >= USELESS_STREAMS) memory.uselessAt = runtime.clock.now();
  }
}
