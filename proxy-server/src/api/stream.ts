/**
 * The fleet as a stream of events, read by fetch (an EventSource cannot send the headers that the hub asks for).
 *
 *   reader.subscribe ──► dirty ──(one tick)──► per visibility: deltas since ──► merged, encoded once ──► the same bytes to every reader
 *
 * Published revisions are taken together in ticks, so a burst costs one frame. The stream is not compressed: argocd-server does not do it on
 * this route, a compressor per browser would cost more than all the rest, and a frame is a few hundred bytes; what is large (the first
 * overview) is asked for over plain requests, which are compressed once for all. A stream ends after a while and is opened again, because
 * the hub checks the user's rights only when one opens.
 */
import type { FleetDelta, FleetOverview } from '../domain/fleet-view.ts';
import type { Identity } from '../domain/identity.ts';
import type { Visibility } from '../domain/visibility.ts';
import type { FleetReader, Published } from '../ports/fleet-reader.ts';
import type { Rights } from '../ports/rights.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import { encodeFrame, HEARTBEAT_FRAME, mergeDeltas } from './stream-frames.ts';
import { offer, type StreamClient, type StreamTopics } from './stream-client.ts';
import type { ServerResponse } from 'node:http';

export interface StreamLimits {
  readonly maxClients: number;
  readonly maxClientsPerUser: number;
  readonly maxBacklogBytes: number;
}

/** Frames are coalesced over this long: shorter than the eye, longer than a burst. */
const TICK_MS = 30;
export const HEARTBEAT_MS = 15_000;
/** A reader that has not caught up for this long is cut. */
const MAX_BEHIND_MS = 30_000;
/** The hub checks rights when a stream opens, and only then. */
const MAX_AGE_MS = 30 * 60_000;

export interface StreamRequest {
  readonly identity: Identity;
  readonly visibility: Visibility;
  readonly topics: StreamTopics;
  /** The revision the reader has; undefined: none. */
  readonly after: number | undefined;
}

export interface FleetStream {
  readonly clients: number;
  /** False where there are too many: of this user, or in all. */
  hasRoomFor(identity: Identity): boolean;
  open(res: ServerResponse, request: StreamRequest): void;
  /** Rights may have changed: readers whose view changed get a new snapshot. */
  recheckRights(): void;
  close(): void;
}

export interface StreamOptions {
  readonly fleet: FleetReader;
  readonly rights: Rights;
  readonly runtime: Runtime;
  readonly limits: StreamLimits;
}

/** What one tick has encoded, by visibility and by where its readers stand. */
interface TickFrames {
  readonly snapshots: Map<string, Buffer>;
  readonly deltas: Map<string, Buffer | undefined>;
  readonly edges: Map<string, Buffer>;
}

class Stream implements FleetStream {
  readonly #options: StreamOptions;
  readonly #clients = new Set<StreamClient>();
  readonly #changedEdges = new Set<string>();
  readonly #unsubscribe: () => void;
  #membershipChanged = false;
  #tick: Cancel | undefined;
  #lastTickAt = Number.NEGATIVE_INFINITY;
  #heartbeat: Cancel;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#unsubscribe = options.fleet.subscribe((published) => this.#onPublished(published));
    this.#heartbeat = options.runtime.timers.after(HEARTBEAT_MS, () => this.#beat());
  }

  get clients(): number {
    return this.#clients.size;
  }

  hasRoomFor(identity: Identity): boolean {
    const { maxClients, maxClientsPerUser } = this.#options.limits;
    if (this.#clients.size >= maxClients) return false;
    let own = 0;
    for (const client of this.#clients) if (client.identity.subject === identity.subject) own += 1;
    return own < maxClientsPerUser;
  }

  open(res: ServerResponse, request: StreamRequest): void {
    const { fleet, runtime } = this.#options;
    const { identity, visibility, topics, after } = request;
    const now = runtime.clock.now();
    const client: StreamClient = { identity, visibility, topics, res, openedAt: now, revision: fleet.revision, behindSince: undefined };
    res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    res.socket?.setNoDelay(true);
    const missed = after === undefined ? undefined : this.#missedSince(visibility, after);
    const membership = topics.fleet ? fleet.overview(visibility).membership : '';
    res.write(
      encodeFrame('hello', fleet.revision, {
        revision: fleet.revision,
        membership,
        now,
        heartbeatMs: HEARTBEAT_MS,
        resumed: missed !== undefined,
      }),
    );
    if (topics.fleet) this.#greet(client, missed);
    this.#clients.add(client);
    res.on('close', () => this.#clients.delete(client));
    res.on('error', () => this.#clients.delete(client)); // a reader that went away is no error of ours
    res.on('drain', () => this.#caughtUp(client));
  }

  /** Undefined where the reader must start anew. */
  #missedSince(visibility: Visibility, after: number): readonly FleetDelta[] | undefined {
    const { fleet } = this.#options;
    return after > fleet.revision ? undefined : fleet.deltasSince(visibility, after);
  }

  #greet(client: StreamClient, missed: readonly FleetDelta[] | undefined): void {
    if (missed === undefined) {
      const overview = this.#options.fleet.overview(client.visibility);
      client.res.write(encodeFrame('snapshot', overview.revision, overview));
      client.revision = overview.revision;
      return;
    }
    const delta = mergeDeltas(missed);
    if (delta !== undefined) client.res.write(encodeFrame('delta', delta.revision, delta));
  }

  #onPublished(published: Published): void {
    if (this.#clients.size === 0) return;
    this.#membershipChanged = this.#membershipChanged || published.membershipChanged;
    for (const edge of published.edges) this.#changedEdges.add(edge);
    this.#tick ??= this.#options.runtime.timers.after(this.#untilTick(), () => this.#sendTick());
  }

  /** None where the last frame is long enough ago, so that a change waits only where others went before it. */
  #untilTick(): number {
    return Math.max(0, Math.min(TICK_MS, this.#lastTickAt + TICK_MS - this.#options.runtime.clock.now()));
  }

  #sendTick(): void {
    this.#tick = undefined;
    this.#lastTickAt = this.#options.runtime.clock.now();
    const frames: TickFrames = { snapshots: new Map(), deltas: new Map(), edges: new Map() };
    for (const client of this.#clients) {
      if (client.topics.fleet) this.#sendFleet(client, frames);
      this.#sendEdges(client, frames);
    }
    this.#changedEdges.clear();
    this.#membershipChanged = false;
  }

  #sendFleet(client: StreamClient, frames: TickFrames): void {
    const frame = this.#membershipChanged ? undefined : this.#deltaFrame(client, frames);
    if (frame === 'nothing') return;
    if (frame === undefined) this.#sendSnapshot(client, frames);
    else if (this.#offer(client, frame)) client.revision = this.#options.fleet.revision;
  }

  /** Undefined where only a snapshot helps. */
  #deltaFrame(client: StreamClient, frames: TickFrames): Buffer | 'nothing' | undefined {
    const { fleet } = this.#options;
    if (client.revision === fleet.revision) return 'nothing';
    const key = `${client.revision} ${client.visibility.key}`;
    if (!frames.deltas.has(key)) {
      const deltas = fleet.deltasSince(client.visibility, client.revision);
      const merged = deltas === undefined ? undefined : mergeDeltas(deltas);
      const empty: FleetDelta = { revision: fleet.revision, now: this.#options.runtime.clock.now(), rows: [] };
      frames.deltas.set(
        key,
        deltas === undefined ? undefined : encodeFrame('delta', fleet.revision, { ...(merged ?? empty), revision: fleet.revision }),
      );
    }
    return frames.deltas.get(key);
  }

  /** `members` first: rows may have moved, and the snapshot's columns are in the new order. */
  #sendSnapshot(client: StreamClient, frames: TickFrames): void {
    const { key } = client.visibility;
    let frame = frames.snapshots.get(key);
    if (frame === undefined) {
      const overview: FleetOverview = this.#options.fleet.overview(client.visibility);
      const { revision, membership } = overview;
      frame = Buffer.concat([encodeFrame('members', revision, { revision, membership }), encodeFrame('snapshot', revision, overview)]);
      frames.snapshots.set(key, frame);
    }
    if (this.#offer(client, frame)) client.revision = this.#options.fleet.revision;
  }

  #sendEdges(client: StreamClient, frames: TickFrames): void {
    const { fleet } = this.#options;
    for (const edge of client.topics.edges) {
      if (!this.#changedEdges.has(edge)) continue;
      if (fleet.edge(client.visibility, edge) === undefined) continue;
      let frame = frames.edges.get(edge);
      if (frame === undefined) {
        frame = encodeFrame('edge', fleet.revision, { revision: fleet.revision, edge });
        frames.edges.set(edge, frame);
      }
      this.#offer(client, frame);
    }
  }

  #offer(client: StreamClient, frame: Buffer): boolean {
    const sent = offer(client, frame, this.#options.limits.maxBacklogBytes);
    if (!sent && client.behindSince === undefined && !client.res.destroyed) {
      client.behindSince = this.#options.runtime.clock.now();
      this.#options.runtime.metrics.count('stream_dropped', { reason: 'behind' });
    }
    return sent;
  }

  /** A reader that was too far behind starts anew: what it missed is not sent piece by piece. */
  #caughtUp(client: StreamClient): void {
    if (client.behindSince === undefined || client.res.destroyed) return;
    client.behindSince = undefined;
    const frames: TickFrames = { snapshots: new Map(), deltas: new Map(), edges: new Map() };
    if (client.topics.fleet) this.#sendSnapshot(client, frames);
    const { revision } = this.#options.fleet;
    for (const edge of client.topics.edges) this.#offer(client, encodeFrame('edge', revision, { revision, edge }));
  }

  recheckRights(): void {
    const frames: TickFrames = { snapshots: new Map(), deltas: new Map(), edges: new Map() };
    for (const client of this.#clients) {
      const visibility = this.#options.rights.visibility(client.identity);
      const changed = visibility.key !== client.visibility.key;
      client.visibility = visibility;
      if (changed && client.topics.fleet) this.#sendSnapshot(client, frames);
    }
  }

  #beat(): void {
    const { runtime } = this.#options;
    const now = runtime.clock.now();
    this.recheckRights();
    for (const client of this.#clients) {
      if (client.behindSince !== undefined && now - client.behindSince > MAX_BEHIND_MS) this.#cut(client, 'stalled');
      else if (now - client.openedAt > MAX_AGE_MS) client.res.end();
      else if (client.res.writableLength === 0) client.res.write(HEARTBEAT_FRAME);
    }
    this.#heartbeat = runtime.timers.after(HEARTBEAT_MS, () => this.#beat());
  }

  #cut(client: StreamClient, reason: string): void {
    const { runtime } = this.#options;
    runtime.metrics.count('stream_dropped', { reason });
    runtime.log.warn({ reason, clients: this.#clients.size }, 'Dropped a slow reader of the stream');
    this.#clients.delete(client);
    client.res.destroy();
  }

  close(): void {
    this.#unsubscribe();
    this.#tick?.();
    this.#heartbeat();
    for (const client of this.#clients) client.res.end();
    this.#clients.clear();
  }
}

export function createFleetStream(options: StreamOptions): FleetStream {
  return new Stream(options);
}
