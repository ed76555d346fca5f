/** What a person may have done on Applications of edges, and what became of it, one target at a time. Times are ms since epoch. */

export interface SyncResource {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export type ActionSpec =
  | { readonly kind: 'refresh' | 'hardRefresh' | 'terminate' | 'autoSyncOn' }
  | {
      readonly kind: 'sync';
      readonly prune: boolean;
      readonly dryRun: boolean;
      readonly force: boolean;
      /** One source only; absent: the target revision. */
      readonly revision?: string;
      /** Empty: all. A sync of some resources leaves no history entry. */
      readonly resources: readonly SyncResource[];
      /** Replaces the Application's own list; absent: that list. */
      readonly syncOptions?: readonly string[];
    }
  | {
      readonly kind: 'rollback';
      /** Id of a history entry, or the one before the latest. */
      readonly to: number | 'previous';
      readonly prune: boolean;
      /** The person was asked and said yes: auto-sync is turned off first and stays off. */
      readonly turnAutoSyncOff: boolean;
    };
export type ActionKind = ActionSpec['kind'];

/** Who asked, as the hub proved it; kept so that rights are asked again before a deferred target is acted on. */
export interface ActionAsker {
  readonly subject: string;
  readonly username: string;
  readonly scopes: readonly string[];
}

export interface ActionRun {
  readonly id: string;
  readonly spec: ActionSpec;
  readonly by: ActionAsker;
  readonly reason: string;
  readonly createdAt: number;
  /** Targets that were not begun by then are not begun any more. */
  readonly expiresAt: number;
  /** At most so many targets at once. */
  readonly width: number;
  readonly stoppedAt?: number;
  readonly stoppedBy?: string;
}

/**
 * `Waiting`: its turn has not come. `Deferred`: the edge could not be reached when it came; it goes on when the edge returns. `Sent`: the intent is
 * written and the request may have reached the edge: nothing is repeated before the edge was looked at. `Running`: the edge took it.
 */
export const TARGET_STATES = ['Waiting', 'Deferred', 'Sent', 'Running', 'Succeeded', 'Failed', 'Refused', 'Stopped', 'Expired'] as const;
export type TargetState = (typeof TARGET_STATES)[number];

export const isFinal = (state: TargetState): boolean => !['Waiting', 'Deferred', 'Sent', 'Running'].includes(state);

/** Nothing of it has reached the edge, so it can be given up alone. */
export const isCancellable = (state: TargetState): boolean => state === 'Waiting' || state === 'Deferred';

/** An Application as it was seen at one moment, cut down to what decides about actions. */
export interface ActionSight {
  readonly uid: string;
  readonly autoSync: boolean;
  /** `spec.syncPolicy.automated` as it was, to be able to give it back. */
  readonly automated?: Readonly<Record<string, unknown>>;
  /** An operation that the controller has not picked up yet, else the latest one. */
  readonly operation?: {
    readonly queued: boolean;
    readonly startedAt?: string;
    readonly phase: string;
    readonly message: string;
    readonly automated: boolean;
    readonly username?: string;
    readonly revisions: readonly string[];
    /** Value of the info that carries our run's id. */
    readonly runId?: string;
  };
  readonly history: readonly { readonly id: number; readonly revisions: readonly string[] }[];
  readonly sync: string;
  readonly health: string;
  readonly deleting: boolean;
}

export interface ActionTarget {
  readonly run: string;
  readonly index: number;
  readonly edge: string;
  readonly namespace: string;
  readonly name: string;
  readonly project: string;
  readonly state: TargetState;
  /** For people: what is, or what went wrong and what to do. */
  readonly message: string;
  /** The step whose request may have been sent, written before it was. */
  readonly intent?: { readonly step: ActionStep; readonly at: number; readonly tries: number };
  readonly before?: ActionSight;
  readonly after?: ActionSight;
  readonly updatedAt: number;
}

/** The requests that a target needs, in their order. */
export type ActionStep = 'autoSyncOff' | 'act';
