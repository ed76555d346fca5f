import type { Application } from '../domain/application.ts';
import type { Edge } from '../domain/edge.ts';
import type { Connection } from '../domain/edge-state.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import type { ApplicationKey, EdgeId } from '../domain/ids.ts';

/** The connection of an edge as its watcher sees it. */
export interface ConnectionReport {
  readonly connection: Connection;
  /** When this connection value began, ms. */
  readonly since: number;
  /** Why, where it is not plainly well; also beside Reachable (rows 10, 25, 34, 37, 38, 41). */
  readonly failure?: EdgeFailure;
  readonly nextProbeAt?: number;
  /** Tries since the edge was last heard. */
  readonly attempts: number;
}

/** What is known about an edge's Argo CD itself. */
export interface EdgeFacts {
  readonly argocdVersion?: string;
  /** How Applications are read: a live stream, or polled lists where streams do not work. */
  readonly mode?: 'stream' | 'poll';
  /** Plain words on what this version cannot give us. */
  readonly missingCapabilities?: readonly string[];
  /** Edge clock minus ours, ms. */
  readonly clockSkewMs?: number;
  /** Digest of what makes this Argo CD this one. */
  readonly identity?: string;
  /** The `metadata.generation` for which a different Argo CD was accepted (`identity: AcceptNext`); from then on it acts as Pinned. */
  readonly acceptedGeneration?: number;
  readonly url?: string;
}

/** One reading of observedAt (`status.reconciledAt`) for many Applications, and the edge's own clock at that reading. */
export interface ObservedReading {
  readonly edgeClock: number;
  readonly observedAt: readonly { readonly key: ApplicationKey; readonly observedAt: number | undefined }[];
}

/**
 * Where watchers put what edges tell them. Every call is cheap and returns at once: changes are staged, committed to storage in
 * batches, and only then visible to readers.
 */
export interface FleetSink {
  /** The edge exists with this configuration; called again whenever it changes. */
  putEdge(edge: Edge): void;
  /** The edge left the configuration: all that is known of it goes. */
  dropEdge(edge: EdgeId): void;
  putApplications(edge: EdgeId, applications: readonly Application[]): void;
  dropApplications(edge: EdgeId, keys: readonly ApplicationKey[]): void;
  putObserved(edge: EdgeId, reading: ObservedReading): void;
  putFacts(edge: EdgeId, facts: EdgeFacts): void;
  putConnection(edge: EdgeId, report: ConnectionReport): void;
  /** Proof of life over a channel that carries state. Alone decides freshness; not committed more than once a minute. */
  heard(edge: EdgeId, readAt: number): void;
  /** What is staged or shown for an edge: for pruning, and to greet an edge after a restart. */
  known(edge: EdgeId): {
    readonly applications: readonly (ApplicationKey & { readonly uid: string })[];
    readonly identity?: string;
    /** The generation for which a different Argo CD was accepted, also before a restart. */
    readonly acceptedGeneration?: number;
    readonly readAt?: number;
    /** As last reported, also before a restart. */
    readonly connection?: ConnectionReport;
  };
}
