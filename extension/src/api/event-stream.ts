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

const SILENCE_MS = 45_000;
const HIDDEN_GRACE_MS = 30_000;
const EMPTY_ENDS_BEFORE_POLLING = 3;
/** After this long a stream counts as having worked, and the next back-off starts small. */
const SETTLED_MS = 10_000;

export class EventStream {
  private readonly deps: StreamDeps;
  private readonly handlers: StreamHandlers;
  private topics: readonly string[] = [];
  private lastId: string | undefined;
  private attempt = 0;
  private emptyEnds = 0;
  private running: AbortController | undefined;
  private timer: number | undefined;
  private hideTimer: number | undefined;
  private state: StreamState = { kind: 'paused' };

  constructor(deps: StreamDeps, handlers: StreamHandlers) {
    this.deps = deps;
    this.handlers = handlers;
  }

  /** Opens, or reopens with other topics; `after` is the revision to resume from. */
  open(topics: readonly string[], after: string | undefined): void {
    this.topics = topics;
    this.lastId = after;
    this.attempt = 0;
    void this.connect();
  }

  /** Now rather than at the end of the back-off. */
  retry(): void {
    if (this.state.kind === 'waiting' || this.state.kind === 'polling') void this.connect();
  }

  setHidden(hidden: boolean): void {
    if (this.hideTimer !== undefined) this.deps.clearTimer(this.hideTimer);
    this.hideTimer = undefined;
    if (!hidden && this.state.kind === 'paused' && this.topics.length > 0) void this.connect();
    if (!hidden) return;
    this.hideTimer = this.deps.setTimer(() => {
      this.stop();
      this.enter({ kind: 'paused' });
    }, HIDDEN_GRACE_MS);
  }

  close(): void {
    if (this.hideTimer !== undefined) this.deps.clearTimer(this.hideTimer);
    this.topics = [];
    this.stop();
  }

  private enter(next: StreamState): void {
    this.state = next;
    this.handlers.onState(next);
  }

  private clear(): void {
    if (this.timer !== undefined) this.deps.clearTimer(this.timer);
    this.timer = undefined;
  }

  private stop(): void {
    this.clear();
    this.running?.abort();
    this.running = undefined;
  }

  private later(problem: HubProblem | undefined): void {
    const delay = Math.max(backOffMs(this.attempt, this.deps.random), problem?.retryAfterMs ?? 0);
    this.attempt += 1;
    const kind = this.emptyEnds >= EMPTY_ENDS_BEFORE_POLLING ? 'polling' : 'waiting';
    this.enter({ kind, until: this.deps.now() + delay, ...(problem === undefined ? {} : { problem }) });
    this.timer = this.deps.setTimer(() => void this.connect(), delay);
  }

  private watchSilence(run: AbortController): void {
    this.clear();
    this.timer = this.deps.setTimer(() => run.abort(), SILENCE_MS);
  }

  private onEvent(event: StreamEvent): void {
    if (event.id !== undefined) this.lastId = event.id;
    this.handlers.onEvent(event);
  }

  /** Reads to the end. True once anything came. */
  private async read(body: ReadableStream<Uint8Array>, run: AbortController): Promise<boolean> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const parser = createSseParser((event) => this.onEvent(event));
    let heard = false;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || run.signal.aborted) return heard;
        if (!heard) this.enter({ kind: 'live', since: this.deps.now() });
        heard = true;
        this.watchSilence(run);
        parser.push(decoder.decode(value, { stream: true }));
      }
    } catch {
      return heard; // cut, silent, overlong or unreadable: all are answered by opening it again
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  private path(): string {
    const after = this.lastId === undefined ? '' : `&after=${encodeURIComponent(this.lastId)}`;
    return `stream?topics=${this.topics.map(encodeURIComponent).join(',')}${after}`;
  }

  private async connect(): Promise<void> {
    this.stop();
    const run = new AbortController();
    this.running = run;
    if (this.state.kind !== 'polling') this.enter({ kind: 'connecting' });
    const startedAt = this.deps.now();
    this.watchSilence(run);
    // Exactly this Accept: anything else makes argocd-server compress, and so hold back, the stream.
    const answer = await this.deps.client.request(this.path(), { accept: 'text/event-stream', signal: run.signal, endless: true });
    if (this.running !== run) return;
    const body = answer.ok ? answer.value.body : null;
    const heard = body !== null && (await this.read(body, run));
    if (this.running !== run) return;
    this.stop();
    if (heard && this.deps.now() - startedAt >= SETTLED_MS) this.attempt = 0;
    this.emptyEnds = heard ? 0 : this.emptyEnds + 1;
    this.later(answer.ok ? undefined : answer.error);
  }
}
