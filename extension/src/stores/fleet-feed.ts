import type { FleetDelta, FleetMembers, FleetOverview } from '../../../proxy-server/src/domain/fleet-view.ts';
import { createEventStream, type EventStream, type StreamDeps, type StreamState } from '../api/event-stream.ts';
import type { HubProblem } from '../api/hub-problem.ts';
import type { StreamEvent } from '../api/sse-parser.ts';
import type { FleetStore } from './fleet-store.ts';
import type { QueryCache } from './query-cache.ts';
import { createValueStore, type ValueStore } from './value-store.ts';

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

/** Keeps the store and the answers on screen true: one stream for all topics, polling where streams do not pass. */
export interface FleetFeed {
  readonly status: ValueStore<FeedStatus>;
  /** What the page on screen shows; another set of topics reopens the stream. */
  watch(topics: readonly string[]): void;
  retry(): void;
  setHidden(hidden: boolean): void;
  close(): void;
}

export interface FeedDeps extends StreamDeps {
  readonly fleet: FleetStore;
  readonly queries: QueryCache;
}

const isSame = (left: readonly string[], right: readonly string[]): boolean => left.join() === right.join();

export function createFleetFeed(deps: FeedDeps): FleetFeed {
  const { fleet, queries, client } = deps;
  const status = createValueStore<FeedStatus>({ stream: { kind: 'paused' } });
  let topics: readonly string[] = [];
  let closed = false;
  let pollTimer: number | undefined;
  let etag: string | undefined;
  let loadingMembers = false;

  const report = (problem: HubProblem | undefined): void => {
    const { stream } = status.get();
    status.set(problem === undefined ? { stream } : { stream, problem });
  };
  const loadMembers = async (): Promise<void> => {
    if (loadingMembers || closed) return;
    loadingMembers = true;
    const answer = await client.get<FleetMembers>('overview/members');
    loadingMembers = false;
    if (closed) return;
    if (answer.ok) fleet.takeMembers(answer.value);
    else report(answer.error);
    if (!fleet.isWhole() && fleet.picture().columns !== undefined) deps.setTimer(() => void reload(), MEMBERS_RETRY_MS);
  };
  const takeOverview = (overview: FleetOverview): void => {
    fleet.takeOverview(overview);
    report(undefined);
    if (!fleet.isWhole()) void loadMembers();
  };
  const loadOverview = async (): Promise<void> => {
    const answer = await client.request('overview', etag === undefined ? {} : { etag });
    if (closed) return;
    if (!answer.ok) return report(answer.error);
    report(undefined);
    if (answer.value.status === 304) return;
    etag = answer.value.headers.get('ETag') ?? undefined;
    const overview: FleetOverview = await answer.value.json();
    takeOverview(overview);
  };
  const reload = async (): Promise<void> => {
    if (closed || fleet.isWhole()) return;
    await loadMembers();
    if (!fleet.isWhole()) {
      etag = undefined;
      await loadOverview();
    }
  };
  const poll = async (): Promise<void> => {
    if (topics.includes(FLEET_TOPIC)) await loadOverview().catch(() => report({ kind: 'version', status: 200 }));
    for (const topic of topics) if (topic.startsWith(EDGE_TOPIC)) queries.invalidate(`edges/${topic.slice(EDGE_TOPIC.length)}`);
    if (!closed && status.get().stream.kind === 'polling') pollTimer = deps.setTimer(() => void poll(), POLL_EVERY_MS);
  };

  const onEvent = (event: StreamEvent): void => {
    switch (event.type) {
      case 'snapshot': {
        const overview: FleetOverview = JSON.parse(event.data);
        return takeOverview(overview);
      }
      case 'delta': {
        const delta: FleetDelta = JSON.parse(event.data);
        return fleet.takeDelta(delta);
      }
      case 'members':
        etag = undefined;
        void loadMembers().then(() => (fleet.isWhole() ? undefined : loadOverview()));
        return undefined;
      case 'edge': {
        const { edge }: { readonly edge: string } = JSON.parse(event.data);
        return queries.invalidate(`edges/${encodeURIComponent(edge)}`);
      }
      default:
        return undefined; // hello, and what a newer server may add
    }
  };
  const onState = (stream: StreamState): void => {
    const before = status.get();
    const problem = stream.kind === 'waiting' || stream.kind === 'polling' ? stream.problem : undefined;
    const kept = stream.kind === 'connecting' ? before.problem : problem;
    status.set(kept === undefined ? { stream } : { stream, problem: kept });
    if (stream.kind === 'polling' && before.stream.kind !== 'polling') void poll();
    if (stream.kind === 'live' && pollTimer !== undefined) deps.clearTimer(pollTimer);
  };
  const stream: EventStream = createEventStream(deps, { onEvent, onState });

  return {
    status,
    watch(next) {
      if (isSame(topics, next)) return;
      topics = next;
      const { revision, columns, members } = fleet.picture();
      const canResume = columns !== undefined && topics.includes(FLEET_TOPIC);
      stream.open(topics, canResume ? String(revision) : undefined);
      if (topics.includes(FLEET_TOPIC) && members === undefined) void loadMembers();
    },
    retry: () => stream.retry(),
    setHidden: (hidden) => stream.setHidden(hidden),
    close() {
      closed = true;
      if (pollTimer !== undefined) deps.clearTimer(pollTimer);
      stream.close();
    },
  };
}
