import type { ArgocdVersion } from '../domain/argocd-version.ts';
import type { ClockSkew } from '../domain/clock-skew.ts';
import type { Edge } from '../domain/edge.ts';
import type { ConnectionEvent } from '../domain/edge-connection.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import type { ReplayReading } from '../domain/replay.ts';
import type { EdgeFacts, FleetSink } from '../ports/fleet-sink.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { ApplicationMarks } from './application-marks.ts';
import type { EdgeClient } from './edge-client.ts';
import type { EdgeLimits } from './limits.ts';
import type { EdgeRoute } from './route.ts';

/** What the last list that was proven to be of the known Argo CD said, where lists are all there is. */
export interface PolledProof {
  /** When each was created, by `namespace/name`. */
  readonly births: ReadonlyMap<string, string>;
  readonly listVersion: number | undefined;
  readonly uids: ReadonlyMap<string, string>;
  /** When each was last compared. */
  readonly observedAt: ReadonlyMap<string, number>;
  readonly readAt: number;
}

/** What the watch of one edge remembers from one connection to the next. Bounded; lost with the process, and then asked for again. */
export interface WatchMemory {
  readonly marks: ApplicationMarks;
  facts: EdgeFacts;
  version: ArgocdVersion | undefined;
  skew: ClockSkew | undefined;
  /** How long the last probe took that was answered. */
  usualProbeMs: number | undefined;
  /** Its list is too big for one answer: ask by project. */
  splitByProject: boolean;
  /** The highest version a list named, and the last snapshot of times: what an older state would fall behind. */
  listVersion: number | undefined;
  reading: ReplayReading | undefined;
  /** What the last list of a polled edge was proven by. */
  polled: PolledProof | undefined;
  /** What it tells may be another Argo CD's, or an old state (rows 39 and 41): until that is ruled out, nothing it says is proof of life. */
  doubted: boolean;
  uselessStreams: number;
  uselessAt: number | undefined;
  /** The last question that needed rights was answered well: only then do keep-alive comments prove anything. */
  rightsProven: boolean;
  /** The generation for which another Argo CD was accepted. */
  acceptedGeneration: number | undefined;
}

/** What the parts of a watch share. `route` and `edge` are those of this connection; a change of either starts a new one. */
export interface WatchContext {
  readonly edge: Edge;
  readonly route: EdgeRoute;
  readonly client: EdgeClient;
  readonly sink: FleetSink;
  readonly runtime: Runtime;
  readonly limits: EdgeLimits;
  readonly memory: WatchMemory;
  /** How long a probe of this connection may take. */
  readonly probeMs: number;
  /** How long the first TICK may be put off, so that a start of many is spread. */
  readonly spreadMs: () => number;
  /** Waits until the edges of a start are connected; to be given back. */
  readonly later: () => Promise<() => void>;
  report(event: ConnectionEvent): void;
  /** Runs work that nobody waits for. If it throws, that is a fault of ours: it is logged, and costs this edge its watch and no other anything. */
  guard(work: () => unknown): void;
}

/** A watch that is under way. Its end is told once through `onEnd`, never after `close`. */
export interface WatchSession {
  /** Ask something that needs rights, now. */
  verify(): void;
  close(): void;
}

/** How a watch ended by itself. `again`: at once, nothing is wrong. */
export type SessionEnd =
  | { readonly kind: 'again' | 'cut' | 'silent' }
  /** `atOnce`: it never got going, so the probe before it still speaks for the way there. */
  | { readonly kind: 'failed'; readonly failure: EdgeFailure; readonly atOnce?: boolean };

/** Proof of life over a channel that carries state. */
export function heard({ sink, edge, runtime, memory }: WatchContext): void {
  if (!memory.doubted) sink.heard(edge.id, runtime.clock.now());
}

/** An answer that needed rights was good. */
export function reportRights({ memory, report }: WatchContext): void {
  memory.rightsProven = true;
  if (!memory.doubted) report({ kind: 'answered', proof: 'rights' });
}

/** Says a fact about the edge's Argo CD, if it is news. */
export function putFacts({ sink, edge, memory }: WatchContext, news: Partial<EdgeFacts>): void {
  const before: Readonly<Record<string, unknown>> = { ...memory.facts };
  const changed = Object.entries(news).some(([key, value]) => !isSame(before[key], value));
  if (!changed) return;
  memory.facts = { ...memory.facts, ...news };
  sink.putFacts(edge.id, memory.facts);
}

const isSame = (left: unknown, right: unknown): boolean =>
  Array.isArray(left) && Array.isArray(right)
    ? left.length === right.length && left.every((entry, index) => entry === right[index])
    : left === right;
