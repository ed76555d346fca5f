import type { Connection, EdgeState, Lifecycle } from './edge-state.ts';
import type { Freshness } from './freshness.ts';
import type { HealthStatus, SyncStatus } from './health.ts';
import type { UnjudgedReason } from './judged.ts';
import type { ApplicationLook, EdgeLook } from './look.ts';
import type { OperationState } from './operation.ts';
import type { ApplicationCondition, ApplicationSource } from './application.ts';
import type { TextColumn } from './text-column.ts';

/**
 * The shapes in which the fleet is read: by routes, by the stream and by the pages. `contract/fleet.ts` holds the same shapes as zod and
 * must agree with these to compile. Times are ms since epoch; `readAt` is the hub's clock, `observedAt` the edge's.
 */

/** Values of a column in `codes` order; see column-codec.ts. */
export interface DictionaryColumn {
  readonly values: readonly string[];
  readonly codes: string;
}

/** A label with more different values than this (a serial number) is no column; it can still be asked for. */
export const MAX_LABEL_VALUES = 200;

/** What rarely changes, by row. Rows are ordered by name (numeric collation) and stay put while `membership` stays the same. */
export interface FleetMembers {
  readonly membership: string;
  readonly names: readonly string[];
  /** Only where it differs from the name; sparse by row index. */
  readonly displayNames: Readonly<Record<string, string>>;
  readonly connector: DictionaryColumn;
  /** Every label with at most MAX_LABEL_VALUES different values; an absent label is the value ''. */
  readonly labels: Readonly<Record<string, DictionaryColumn>>;
}

/** The same on the wire: see text-column.ts. */
export interface PackedMembers extends Omit<FleetMembers, 'names' | 'displayNames'> {
  readonly count: number;
  readonly names: TextColumn;
  /** Empty where it is the name. Numbers may be told from the first number of the name in the same row. */
  readonly displayNames: TextColumn;
}

/** One character per edge. Codes index EDGE_STATES, EDGE_LOOKS, SYNC_STATUSES, CONNECTIONS; `freshness` FRESHNESSES, 4 = never heard; `readAge` readAgeClass. */
export interface FleetStatusColumns {
  readonly state: string;
  readonly look: string;
  readonly sync: string;
  readonly connection: string;
  readonly freshness: string;
  readonly readAge: string;
}
export const STATUS_COLUMNS = [
  'state',
  'look',
  'sync',
  'connection',
  'freshness',
  'readAge',
] as const satisfies readonly (keyof FleetStatusColumns)[];

export interface FleetCounts {
  readonly edges: number;
  readonly applications: number;
  /** Adds up to `edges`. */
  readonly byState: Readonly<Record<EdgeState, number>>;
  /** Active, heard edges with at least one OutOfSync Application. */
  readonly outOfSync: number;
  /** Active, heard edges behind the newest version of a Product that runs anywhere. */
  readonly behind: number;
  readonly notHeard: number;
  /** Edges whose readAt is within the last minute. */
  readonly currentEdges: number;
  /** The oldest readAt among edges that are expected to be heard, and whose it is. */
  readonly oldest?: { readonly edge: string; readonly readAt: number };
  /** The same among those counted in `notHeard`; absent where none of them was ever heard. */
  readonly oldestNotHeard?: { readonly edge: string; readonly readAt: number };
}

export type WhoActs = 'site' | 'network team' | 'platform team' | 'us' | 'wait';

/** A reason for attention with all the edges that share it; `query` selects them. */
export interface Cause {
  readonly id: string;
  readonly kind: 'connection' | 'look' | 'message' | 'identity' | 'clock' | 'silence' | 'config';
  readonly title: string;
  readonly sentence: string;
  readonly remedy: string;
  readonly whoActs: WhoActs;
  readonly edges: number;
  readonly applications: number;
  readonly since?: number;
  readonly query: string;
  /** A mass outage, over 5 % of the fleet within a minute: shown as the one banner. */
  readonly banner: boolean;
}

/** Values of one field with the number of edges that have it, most first; `more` were cut. */
export interface Facet {
  readonly field: string;
  readonly title: string;
  readonly values: readonly { readonly value: string; readonly edges: number }[];
  readonly more: number;
}

export interface FleetOverview {
  readonly revision: number;
  readonly membership: string;
  readonly now: number;
  readonly counts: FleetCounts;
  /** Change of each figure against 24 h ago; absent until that is known. */
  readonly deltas24h?: Readonly<Record<string, number>>;
  readonly causes: readonly Cause[];
  readonly facets: readonly Facet[];
  readonly status: FleetStatusColumns;
}

/** Rows that changed: `[row, one character per STATUS_COLUMNS]`. Counts and causes are whole whenever they changed. */
export interface FleetDelta {
  readonly revision: number;
  readonly now: number;
  readonly rows: readonly (readonly [row: number, chars: string])[];
  readonly counts?: FleetCounts;
  readonly causes?: readonly Cause[];
}

export interface EdgeRow {
  readonly name: string;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly connector: string;
  readonly lifecycle: Lifecycle;
  readonly access: 'ReadOnly' | 'Operate' | 'CountsOnly';
  readonly state: EdgeState;
  readonly look: EdgeLook;
  /** The worst of its Applications; absent where none is known. */
  readonly sync?: SyncStatus;
  readonly connection: Connection;
  /** Class of the failure as in conditions, e.g. `EdgeOffline`. */
  readonly reason?: string;
  readonly connectionSince?: number;
  readonly freshness?: Freshness;
  readonly readAt?: number;
  readonly applications: number;
  readonly byLook: Readonly<Partial<Record<ApplicationLook, number>>>;
  readonly outOfSync: number;
  readonly argocdVersion?: string;
  readonly clockSkewMs?: number;
  /** Resolved version by Product; an edge where Applications of one Product disagree lists them joined by ' + '. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A failed request in words; the row is that of the failure table. */
export interface FailureView {
  readonly row: number;
  readonly reason: string;
  readonly title: string;
  readonly sentence: string;
  readonly danger: string;
  readonly remedy: string;
  readonly whoActs: WhoActs;
  /** What a person pastes into a ticket: status, sign, ray id. */
  readonly codes: readonly string[];
  readonly sharedBy?: number;
}

/** Codes as in domain/connectivity.ts, oldest first; `until` is the end of the last cell. */
export interface ConnectivityStrip {
  readonly until: number;
  readonly cellMs: number;
  readonly codes: string;
}

export interface EdgeDetail extends EdgeRow {
  readonly now: number;
  readonly revision: number;
  readonly timeZone: string;
  /** Absent, like all that names things of the edge or what runs there, where only counts leave its row. */
  readonly url?: string;
  readonly contact: {
    readonly staleAfterMs: number;
    readonly silentAfterMs: number;
    readonly maxExpectedOutageMs: number;
    readonly judgedWithinMs: number;
  };
  readonly windows: readonly { readonly cron: string; readonly durationMs: number; readonly nextStart?: number }[];
  readonly pins: readonly { readonly product: string; readonly version: string; readonly reason: string; readonly until?: string }[];
  readonly failure?: FailureView;
  readonly attempts: number;
  readonly nextProbeAt?: number;
  readonly mode?: 'stream' | 'poll';
  readonly missingCapabilities: readonly string[];
  readonly day: ConnectivityStrip;
  readonly month: ConnectivityStrip;
  /** Requests we made to this edge in the last minute: the bound that an edge may hold us to. */
  readonly requestsLastMinute: number;
  readonly notices: readonly {
    readonly kind: 'identity' | 'clock' | 'replayed' | 'version';
    readonly sentence: string;
    readonly remedy: string;
  }[];
  readonly yaml?: string;
}

export interface OperationView {
  readonly state: OperationState;
  readonly dryRun: boolean;
  readonly message?: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly retryCount: number;
  readonly initiatedBy?: string;
}

export interface ApplicationRow {
  readonly edge: string;
  readonly edgeState: EdgeState;
  readonly namespace: string;
  readonly name: string;
  readonly project: string;
  readonly product?: string;
  readonly version?: string;
  readonly look: ApplicationLook;
  readonly health: HealthStatus;
  readonly judged: boolean;
  readonly unjudgedReason?: UnjudgedReason;
  readonly sync: SyncStatus;
  readonly operation: OperationView;
  /** The one sentence that explains the look: condition, operation message or health message. */
  readonly message?: string;
  readonly healthSince?: number;
  readonly readAt?: number;
  readonly observedAt?: number;
  readonly autoSync: boolean;
}

export interface ApplicationDetail extends ApplicationRow {
  readonly now: number;
  readonly revision: number;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly destination: { readonly server?: string; readonly name?: string; readonly namespace?: string };
  readonly sources: readonly ApplicationSource[];
  readonly revisions: readonly string[];
  readonly images: readonly string[];
  readonly externalUrls: readonly string[];
  readonly conditions: readonly ApplicationCondition[];
  readonly healthMessage?: string;
  readonly deletingSince?: number;
}

export interface ApplicationGroup {
  readonly value: string;
  readonly applications: number;
  readonly edges: number;
  readonly worst: ApplicationLook;
  /** Edges of the group that are not heard: what is said of them is the last known. */
  readonly notHeard: number;
  /** When the edge heard longest ago was heard; absent where none ever was. */
  readonly oldestReadAt?: number;
  readonly query: string;
}

/** One page of a list. `cursor` asks for what follows, and survives change: it names the last row, not a position. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly cursor?: string;
  readonly revision: number;
  readonly now: number;
}
