import type { FleetDelta, FleetOverview, PackedMembers } from '../../../proxy-server/src/domain/fleet-view.ts';
import { unpackMembers } from '../../../proxy-server/src/domain/packed-members.ts';
import { EventStream, type StreamDeps, type StreamState } from '../api/event-stream.ts';
import type { HubProblem } from '../api/hub-problem.ts';
import type { StreamEvent } from '../api/sse-parser.ts';
import type { FleetStore } from './fleet-store.ts';
import type { QueryCache } from './query-cache.ts';
import { createValueStore } from './value-store.ts';

export const FLEET_TOPIC = 'fleet';
const EDGE_TOPIC = 'edge:';
/** Polling with an ETag costs an answer without a body while nothing changes. */
const POLL_EVERY_MS = 5_000;
const MEMBERS_RETRY_MS = 2_000;
/** What was heard this long ago at most is carried on by the stream; what is older is asked for whole, since that comes compressed. */
const RESUME_WITHIN_MS = 60_000;

export interface FeedStatus {
  readonly stream: StreamState;
  /** What the last answer about the fleet said, when it was no good one. */
  readonly problem?: HubProblem;
}

export interface FeedDeps extends StreamDeps {
  readonly fleet: FleetStore;
  readonly queries: QueryCache;
}

const withProblem = (stream: StreamState, problem: HubProblem | undefined): FeedStatus =>
  problem === undefined ? { stream } : { stream, problem };

/**
 * Keeps the store and the answers on screen true: one stream for all topics, polling where streams do not pass.
 *
 *     overview (compressed; an ETag where it is known) ──► stream after its revision ──► deltas
 *
 * A page that is left rests: the picture stays, and is brought up to date when the page is entered again.
 */
export class FleetFeed {
  readonly status = createValueStore<FeedStatus>({ stream: { kind: 'paused' } });
  private readonly deps: FeedDeps;
  private readonly stream: EventStream;
  private topics: readonly string[] = [];
  private start = 0;
  private pollTimer: number | undefined;
  private etag: string | undefined;
  private loadingMembers = false;

  constructor(deps: FeedDeps) {
    this.deps = deps;
    this.stream = new EventStream(deps, { onEvent: (event) => this.take(event), onState: (state) => this.enter(state) });
  }

  /** What the page on screen shows; another set of topics reopens the stream, none closes it. */
  watch(topics: readonly string[]): void {
    if (this.topics.join() === topics.join()) return;
    this.topics = topics;
    if (topics.length === 0) this.rest();
    else void this.begin();
  }

  retry(): void {
    this.stream.retry();
  }

  /** A tab that nobody looks at lets go of its stream after a while; one that is looked at again catches up first. */
  setHidden(hidden: boolean): void {
    const returns = !hidden && this.topics.length > 0 && this.status.get().stream.kind === 'paused';
    if (returns) void this.begin();
    else this.stream.setHidden(hidden);
  }

  /** Nothing is asked for any more; what is known stays. */
  rest(): void {
    this.topics = [];
    this.start += 1;
    this.stream.close();
    this.enter({ kind: 'paused' });
  }

  private get resting(): boolean {
    return this.topics.length === 0;
  }

  private async begin(): Promise<void> {
    this.start += 1;
    const { start, topics } = this;
    const { fleet, now } = this.deps;
    if (!topics.includes(FLEET_TOPIC)) {
      this.stream.open(topics, undefined);
      return;
    }
    if (fleet.picture().members === undefined) void this.loadMembers();
    if (fleet.picture().columns === undefined || now() - fleet.picture().heardAt > RESUME_WITHIN_MS) {
      this.stream.close();
      this.enter({ kind: 'connecting' });
      await this.tryOverview();
    }
    if (start !== this.start) return; // left, or moved on, meanwhile
    const { columns, revision } = fleet.picture();
    this.stream.open(topics, columns === undefined ? undefined : String(revision));
  }

  private report(problem: HubProblem | undefined): void {
    this.status.set(withProblem(this.status.get().stream, problem));
  }

  private async loadMembers(): Promise<void> {
    if (this.loadingMembers || this.resting) return;
    this.loadingMembers = true;
    const answer = await this.deps.client.get<PackedMembers>('overview/members');
    this.loadingMembers = false;
    const { fleet } = this.deps;
    if (answer.ok) fleet.takeMembers(unpackMembers(answer.value));
    else this.report(answer.error);
    // Names of one membership and columns of another: both are on their way, or a request failed.
    if (!fleet.isWhole()) this.deps.setTimer(() => void this.reload(), MEMBERS_RETRY_MS);
  }

  private async loadOverview(): Promise<void> {
    const answer = await this.deps.client.request('overview', this.etag === undefined ? {} : { etag: this.etag });
    this.report(answer.ok ? undefined : answer.error);
    if (!answer.ok) return;
    const told = Date.parse(answer.value.headers.get('Date') ?? '');
    if (answer.value.status === 304) {
      this.deps.fleet.hear(Number.isNaN(told) ? undefined : told);
      return;
    }
    this.etag = answer.value.headers.get('ETag') ?? undefined;
    const overview: FleetOverview = await answer.value.json();
    this.takeOverview(overview);
  }

  private tryOverview(): Promise<void> {
    return this.loadOverview().catch(() => this.report({ kind: 'version', status: 200 }));
  }

  private async reload(): Promise<void> {
    if (this.resting || this.deps.fleet.isWhole() || this.status.get().stream.kind === 'paused') return;
    this.etag = undefined;
    if (this.status.get().stream.kind === 'live') await this.tryOverview();
    await this.loadMembers();
  }

  private async poll(): Promise<void> {
    if (this.topics.includes(FLEET_TOPIC)) await this.tryOverview();
    for (const topic of this.topics)
      if (topic.startsWith(EDGE_TOPIC)) this.deps.queries.invalidate(`edges/${topic.slice(EDGE_TOPIC.length)}`);
    if (this.status.get().stream.kind === 'polling') this.pollTimer = this.deps.setTimer(() => void this.poll(), POLL_EVERY_MS);
  }

  private takeOverview(overview: FleetOverview): void {
    this.deps.fleet.takeOverview(overview);
    this.report(undefined);
    if (!this.deps.fleet.isWhole()) void this.loadMembers();
  }

  private take(event: StreamEvent): void {
    if (event.type === 'hello') {
      const { now }: { readonly now?: number } = JSON.parse(event.data);
      this.deps.fleet.hear(now);
    } else if (event.type === 'snapshot') {
      const overview: FleetOverview = JSON.parse(event.data);
      this.takeOverview(overview);
    } else if (event.type === 'delta') {
      const delta: FleetDelta = JSON.parse(event.data);
      this.deps.fleet.takeDelta(delta);
    } else if (event.type === 'members') {
      void this.loadMembers(); // a snapshot follows by itself
    } else if (event.type === 'edge') {
      const { edge }: { readonly edge: string } = JSON.parse(event.data);
      this.deps.queries.invalidate(`edges/${encodeURIComponent(edge)}`);
    }
  }

  private enter(stream: StreamState): void {
    const before = this.status.get();
    const own = stream.kind === 'waiting' || stream.kind === 'polling' ? stream.problem : undefined;
    this.status.set(withProblem(stream, stream.kind === 'connecting' ? before.problem : own));
    if (stream.kind === 'polling' && before.stream.kind !== 'polling') void this.poll();
    if (stream.kind !== 'polling' && this.pollTimer !== undefined) this.deps.clearTimer(this.pollTimer);
  }
}
