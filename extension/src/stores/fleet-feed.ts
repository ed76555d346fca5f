import type { FleetDelta, FleetMembers, FleetOverview } from '../../../proxy-server/src/domain/fleet-view.ts';
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

/** Keeps the store and the answers on screen true: one stream for all topics, polling where streams do not pass. */
export class FleetFeed {
  readonly status = createValueStore<FeedStatus>({ stream: { kind: 'paused' } });
  private readonly deps: FeedDeps;
  private readonly stream: EventStream;
  private topics: readonly string[] = [];
  private closed = false;
  private pollTimer: number | undefined;
  private etag: string | undefined;
  private loadingMembers = false;

  constructor(deps: FeedDeps) {
    this.deps = deps;
    this.stream = new EventStream(deps, { onEvent: (event) => this.take(event), onState: (state) => this.enter(state) });
  }

  /** What the page on screen shows; another set of topics reopens the stream. */
  watch(topics: readonly string[]): void {
    if (this.topics.join() === topics.join()) return;
    this.topics = topics;
    const { revision, columns, members } = this.deps.fleet.picture();
    const canResume = columns !== undefined && topics.includes(FLEET_TOPIC);
    if (topics.length === 0) this.stream.close();
    else this.stream.open(topics, canResume ? String(revision) : undefined);
    if (topics.includes(FLEET_TOPIC) && members === undefined) void this.loadMembers();
  }

  retry(): void {
    this.stream.retry();
  }

  setHidden(hidden: boolean): void {
    this.stream.setHidden(hidden);
  }

  close(): void {
    this.closed = true;
    if (this.pollTimer !== undefined) this.deps.clearTimer(this.pollTimer);
    this.stream.close();
  }

  private report(problem: HubProblem | undefined): void {
    this.status.set(withProblem(this.status.get().stream, problem));
  }

  private async loadMembers(): Promise<void> {
    if (this.loadingMembers || this.closed) return;
    this.loadingMembers = true;
    const answer = await this.deps.client.get<FleetMembers>('overview/members');
    this.loadingMembers = false;
    if (this.closed) return;
    const { fleet } = this.deps;
    if (answer.ok) fleet.takeMembers(answer.value);
    else this.report(answer.error);
    // Names of one membership and columns of another: both are on their way, or a request failed.
    if (!fleet.isWhole()) this.deps.setTimer(() => void this.reload(), MEMBERS_RETRY_MS);
  }

  private async loadOverview(): Promise<void> {
    const answer = await this.deps.client.request('overview', this.etag === undefined ? {} : { etag: this.etag });
    if (this.closed) return;
    this.report(answer.ok ? undefined : answer.error);
    if (!answer.ok || answer.value.status === 304) return;
    this.etag = answer.value.headers.get('ETag') ?? undefined;
    const overview: FleetOverview = await answer.value.json();
    this.takeOverview(overview);
  }

  private async reload(): Promise<void> {
    if (this.closed || this.deps.fleet.isWhole() || this.status.get().stream.kind === 'paused') return;
    this.etag = undefined;
    if (this.status.get().stream.kind === 'live') await this.loadOverview().catch(() => this.report({ kind: 'version', status: 200 }));
    await this.loadMembers();
  }

  private async poll(): Promise<void> {
    if (this.topics.includes(FLEET_TOPIC)) await this.loadOverview().catch(() => this.report({ kind: 'version', status: 200 }));
    for (const topic of this.topics)
      if (topic.startsWith(EDGE_TOPIC)) this.deps.queries.invalidate(`edges/${topic.slice(EDGE_TOPIC.length)}`);
    if (!this.closed && this.status.get().stream.kind === 'polling')
      this.pollTimer = this.deps.setTimer(() => void this.poll(), POLL_EVERY_MS);
  }

  private takeOverview(overview: FleetOverview): void {
    this.deps.fleet.takeOverview(overview);
    this.report(undefined);
    if (!this.deps.fleet.isWhole()) void this.loadMembers();
  }

  private take(event: StreamEvent): void {
    if (event.type === 'snapshot') {
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
    if (stream.kind === 'live' && this.pollTimer !== undefined) this.deps.clearTimer(this.pollTimer);
  }
}
