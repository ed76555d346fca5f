import type { Application } from '../domain/application.ts';
import type { ApplicationKey } from '../domain/ids.ts';
import type { ConnectionReport, EdgeFacts } from './fleet-sink.ts';

/** What is kept of an edge across restarts. Applications carry the last reading of observedAt. */
export interface KnownEdge {
  readonly edge: string;
  readonly readAt?: number;
  readonly facts: EdgeFacts;
  readonly connection?: ConnectionReport;
  /** Serialised connectivity history, see domain/connectivity.ts. */
  readonly connectivity?: string;
}

export interface KnownApplication {
  readonly edge: string;
  readonly application: Application;
  readonly observedAt?: number;
  readonly edgeClockAtReading?: number;
}

/** All that a batch changes; written in one transaction or not at all. */
export interface LastKnownBatch {
  readonly edges: readonly KnownEdge[];
  readonly droppedEdges: readonly string[];
  readonly applications: readonly KnownApplication[];
  readonly droppedApplications: readonly (ApplicationKey & { readonly edge: string })[];
  /** Hourly figures per facet for a week, for the 24 h deltas. */
  readonly hourly?: { readonly hour: number; readonly figures: Readonly<Record<string, number>> };
}

/**
 * The last known fleet on disk. Losing the process loses nothing that `write` has resolved for. A damaged file, or one of a newer
 * version, is set aside with words and never overwritten.
 */
export interface LastKnownStore {
  /** Words about what was found: a file set aside, a migration done. */
  readonly notices: readonly string[];
  load(onEdge: (edge: KnownEdge) => void, onApplication: (application: KnownApplication) => void): Promise<void>;
  hourly(): Promise<readonly { readonly hour: number; readonly figures: Readonly<Record<string, number>> }[]>;
  write(batch: LastKnownBatch): Promise<void>;
  close(): Promise<void>;
}
