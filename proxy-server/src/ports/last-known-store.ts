import type { ApplicationKey } from '../domain/ids.ts';
import type { KnownApplication, KnownApplications } from '../domain/known-applications.ts';
import type { ConnectionReport, EdgeFacts } from './fleet-sink.ts';

/** What is kept of an edge across restarts. */
export interface KnownEdge {
  readonly edge: string;
  readonly readAt?: number;
  readonly facts: EdgeFacts;
  readonly connection?: ConnectionReport;
  /** Serialised connectivity history, see domain/connectivity.ts. */
  readonly connectivity?: string;
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
  /** Applications come in parts, each the next of one reading. */
  load(onEdge: (edge: KnownEdge) => void, onApplications: (part: KnownApplications) => void): Promise<void>;
  hourly(): Promise<readonly { readonly hour: number; readonly figures: Readonly<Record<string, number>> }[]>;
  write(batch: LastKnownBatch): Promise<void>;
  close(): Promise<void>;
}
