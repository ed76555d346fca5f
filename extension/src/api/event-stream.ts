import type { HubClient } from './hub-client.ts';
import type { HubProblem } from './hub-problem.ts';
import { backOffMs } from './back-off.ts';
import { createSseParser, type StreamEvent } from './sse-parser.ts';

/**
 * Server-sent events over `fetch`, since EventSource cannot carry the headers that the hub's proxy demands. One stream for all topics:
 *
 *     connecting ──► live ──(end, error, 45 s of silence)──► waiting ──(back-off)──► connecting
 *         │                                                       ▲
 *         └──(refused, or never a byte, three times)──► polling ──┘ (tries the stream again with each back-off)
 *
 * A hidden tab pauses after 30 s and resumes from the last id when it is looked at again.
 */
export type StreamState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly since: number }
  | { readonly kind: 'waiting'; readonly until: number; readonly problem?: HubProblem }
  | { readonly kind: 'polling'; readonly until: number; readonly problem?: HubProblem }
  | { readonly kind: 'paused' };

export interface StreamDeps {
  readonly client: HubClient;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: (run: () => void, afterMs: number) => number;
  readonly clearTimer: (timer: number) => void;
}

export interface StreamHandlers {
  readonly onEvent: (event: StreamEvent) => void;
  readonly onState: (state: StreamState) => void;
}

export interface EventStream {
  /** Opens, or reopens with other topics; `after` is the revision to resume from. */
  open(topics: readonly string[], after: string | undefined): void;
  /** Now rather than at the end of the back-off. */
  retry(): void;
  setHidden(hidden: boolean): void;
  close(): void;
}

const SILENCE_MS = 45_000;
const HIDDEN_GRACE_MS = 30_000;
const EMPTY_ENDS_BEFORE_POLLING = 3;
/** After this long a stream counts as having worked, and the next back-off starts small. */
const SETTLED_MS = 10_000;

export function createEventStream(deps: StreamDeps, handlers: StreamHandlers): EventStream {
  let topics: readonly string[] = [];
  let lastId: string | undefined;
  let attempt = 0;
  let emptyEnds = 0;
  let running: AbortController | undefined;
  let timer: number | undefined;
  let hideTimer: number | undefined;
  let state: StreamState = { kind: 'paused' };

  const enter = (next: StreamState): void => {
    state = next;
    handlers.onState(next);
  };
  const clear = (): void => {
    if (timer !== undefined) deps.clearTimer(timer);
    timer = undefined;
  };
  const stop = (): void => {
    clear();
    running?.abort();
    running = undefined;
  };
  const later = (problem: HubProblem | undefined): void => {
    const delay = Math.max(backOffMs(attempt, deps.random), problem?.retryAfterMs ?? 0);
    attempt += 1;
    const polls = emptyEnds >= EMPTY_ENDS_BEFORE_POLLING;
    enter({ kind: polls ? 'polling' : 'waiting', until: deps.now() + delay, ...(problem === undefined ? {} : { problem }) });
    timer = deps.setTimer(() => void connect(), delay);
  };
  const watchSilence = (run: AbortController): void => {
    clear();
    timer = deps.setTimer(() => run.abort(), SILENCE_MS);
  };
  const onEvent = (event: StreamEvent): void => {
    if (event.id !== undefined) lastId = event.id;
    handlers.onEvent(event);
  };

  /** Reads to the end. True once anything came. */
  const read = async (body: ReadableStream<Uint8Array>, run: AbortController): Promise<boolean> => {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const parser = createSseParser(onEvent);
    let heard = false;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || run.signal.aborted) return heard;
        if (!heard) enter({ kind: 'live', since: deps.now() });
        heard = true;
        watchSilence(run);
        parser.push(decoder.decode(value, { stream: true }));
      }
    } catch {
      return heard; // cut, silent or overlong: all are answered by opening it again
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  };

  const connect = async (): Promise<void> => {
    stop();
    const run = new AbortController();
    running = run;
    if (state.kind !== 'polling') enter({ kind: 'connecting' });
    const after = lastId === undefined ? '' : `&after=${encodeURIComponent(lastId)}`;
    const path = `stream?topics=${topics.map(encodeURIComponent).join(',')}${after}`;
    const startedAt = deps.now();
    watchSilence(run);
    // Exactly this Accept: anything else makes argocd-server compress, and so hold back, the stream.
    const answer = await deps.client.request(path, { accept: 'text/event-stream', signal: run.signal, endless: true });
    if (running !== run) return;
    const body = answer.ok ? answer.value.body : null;
    const heard = body !== null && (await read(body, run));
    if (running !== run) return;
    stop();
    if (heard && deps.now() - startedAt >= SETTLED_MS) attempt = 0;
    emptyEnds = heard ? 0 : emptyEnds + 1;
    later(answer.ok ? undefined : answer.error);
  };

  return {
    open(nextTopics, after) {
      topics = nextTopics;
      lastId = after;
      attempt = 0;
      void connect();
    },
    retry() {
      if (state.kind !== 'waiting' && state.kind !== 'polling') return;
      void connect();
    },
    setHidden(hidden) {
      if (hideTimer !== undefined) deps.clearTimer(hideTimer);
      hideTimer = undefined;
      if (!hidden) {
        if (state.kind === 'paused' && topics.length > 0) void connect();
        return;
      }
      hideTimer = deps.setTimer(() => {
        stop();
        enter({ kind: 'paused' });
      }, HIDDEN_GRACE_MS);
    },
    close() {
      if (hideTimer !== undefined) deps.clearTimer(hideTimer);
      topics = [];
      stop();
    },
  };
}
