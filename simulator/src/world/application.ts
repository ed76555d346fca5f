import type { Component } from './catalog.ts';
import type { Edge } from './edge.ts';

/**
 * One Application as the world keeps it: what changes, and nothing that follows from the seed. Everything a client sees is computed
 * from this when it is asked for; 200,000 of these must fit beside the sockets that stream them.
 */
export interface Application {
  readonly edge: Edge;
  readonly component: Component;
  readonly createdAt: number;
  /** Empty until somebody asked for it. */
  uid: string;
  resourceVersion: number;
  generation: number;
  /** Argo CD's words; empty until the first comparison. */
  sync: 'Synced' | 'OutOfSync' | 'Unknown' | '';
  health: Health | '';
  healthAt: number;
  trouble: Trouble;
  /** The version that runs, and the one that Git asks for. */
  live: string;
  desired: string;
  /** When something about it was last written. */
  changedAt: number;
  /** Images are in status.summary only while something runs. */
  imagesSeen: boolean;
  automated: Component['automated'];
  /** Deployments so far: the last history id + 1. The newest ten are shown. */
  deployments: number;
  deployedAt: number;
  /** Release steps behind `live`, for the history that the seed tells. */
  step: number;
  /** Deployments recorded since the world began; older ones follow from the seed. */
  records: readonly Deployment[];
  /** Asked for and not finished: the object's `operation`. */
  operation: Operation | undefined;
  operationState: OperationState | undefined;
  /** The refresh annotation while it is there, and the one 3.5 leaves behind. */
  refreshing: boolean;
  refreshed: boolean;
  labels: Readonly<Record<string, string>> | undefined;
  annotations: Readonly<Record<string, string>> | undefined;
  deletedAt: number | undefined;
}

export type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';

/** What is wrong (or special) with an Application. `world/trouble.ts` has the words. */
export type Trouble =
  | 'none'
  | 'crash'
  | 'imagePull'
  | 'unrendered'
  | 'repoDown'
  | 'unsyncable'
  | 'paused'
  | 'rollingOut'
  | 'neverSynced'
  | 'drifted'
  | 'syncFailed'
  | 'orphans';

/** One entry of status.history. */
export interface Deployment {
  readonly id: number;
  readonly version: string;
  readonly startedAt: number;
  readonly deployedAt: number;
  /** Empty: by Argo CD itself. */
  readonly username: string;
}

/** What was asked of the controller. */
export interface Operation {
  /** Empty: by Argo CD itself. */
  readonly username: string;
  readonly version: string;
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly strategy: 'hook' | 'apply' | undefined;
  readonly infos: readonly { readonly name: string; readonly value: string }[];
  readonly resources: readonly Readonly<Record<string, string>>[];
  readonly syncOptions: readonly string[] | undefined;
  readonly retry: Readonly<Record<string, unknown>>;
  readonly rollback: boolean;
}

/** What became of it: status.operationState. */
export interface OperationState {
  readonly operation: Operation;
  readonly phase: 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';
  readonly message: string;
  readonly startedAt: number;
  readonly finishedAt: number | undefined;
  readonly retryCount: number;
  /** There is a syncResult: the controller has come as far as applying. */
  readonly applied: boolean;
}

/** The operation that auto-sync starts for a version. */
export function automatedOperation(application: Pick<Application, 'component'>, version: string): Operation {
  const { component } = application;
  return {
    username: '',
    version,
    dryRun: false,
    prune: component.automated?.prune ?? false,
    strategy: undefined,
    infos: [],
    resources: [],
    syncOptions: component.syncOptions.length > 0 ? component.syncOptions : undefined,
    retry: { limit: component.retryLimit ?? 5 },
    rollback: false,
  };
}
