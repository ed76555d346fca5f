import type { ApplicationKey } from './ids.ts';
import type { HealthStatus, SyncStatus } from './health.ts';
import type { Operation } from './operation.ts';

/** One source of an Application, cut down to what names it. */
export interface ApplicationSource {
  readonly repoUrl: string;
  readonly path?: string;
  readonly chart?: string;
  readonly targetRevision?: string;
  readonly ref?: string;
  readonly name?: string;
}

export interface ApplicationCondition {
  readonly type: string;
  readonly message: string;
  readonly lastTransitionAt?: number;
}

/**
 * An Application as we keep it, cut down from the manifest by the LIVE projection. Every field may be missing on some version;
 * absent is undefined. Times are the edge's own clock, in ms.
 */
export interface Application extends ApplicationKey {
  readonly uid: string;
  readonly project: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Value of the annotation that names a Product (`edgefleet.dev/product`), where the projection can read it. */
  readonly productAnnotation?: string;
  readonly destination: { readonly server?: string; readonly name?: string; readonly namespace?: string };
  /** One entry for a single-source Application. `revisions[i]` belongs to `sources[i]`. */
  readonly sources: readonly ApplicationSource[];
  readonly revisions: readonly string[];
  readonly sync: SyncStatus;
  readonly health: HealthStatus;
  readonly healthMessage?: string;
  /** 2.14 and later. */
  readonly healthSince?: number;
  readonly images: readonly string[];
  readonly externalUrls: readonly string[];
  readonly conditions: readonly ApplicationCondition[];
  readonly operation: Operation;
  readonly autoSync: boolean;
  readonly deletingSince?: number;
}
