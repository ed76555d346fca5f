import type { SyncStatus } from './health.ts';

/** What an Application's latest operation is doing (design: Fleet state). Argo CD's Failed and Error are both `Failed`. */
export const OPERATION_STATES = ['None', 'Queued', 'Running', 'Retrying', 'Succeeded', 'Failed', 'Terminating'] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/** The operation as the edge reports it, reduced to what is kept. Times are the edge's own clock, ms since epoch. */
export interface Operation {
  readonly state: OperationState;
  readonly dryRun: boolean;
  readonly message?: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly retryCount: number;
  /** `automated`, or the account that started it; absent on 2.10. */
  readonly initiatedBy?: string;
  readonly revisions: readonly string[];
}

export const NO_OPERATION: Operation = { state: 'None', dryRun: false, retryCount: 0, revisions: [] };

/** The facts that name an operation's state; `requested` is the presence of `operation` beside an absent operationState. */
export interface OperationFacts {
  readonly requested: boolean;
  readonly phase?: string;
  readonly retryCount: number;
  readonly dryRun: boolean;
}

/**
 * Running with a retry count is failing, not progress: under auto-sync an operation that cannot succeed stays in phase Running for
 * its whole retry budget. A dry run counts as none once it has ended.
 */
export function toOperationState(facts: OperationFacts): OperationState {
  const { phase } = facts;
  if (phase === undefined || phase === '') return facts.requested ? 'Queued' : 'None';
  if (phase === 'Terminating') return 'Terminating';
  if (phase === 'Running') return facts.retryCount > 0 ? 'Retrying' : 'Running';
  if (facts.dryRun) return 'None';
  if (phase === 'Succeeded') return 'Succeeded';
  return 'Failed';
}

/** The part of an operation that makes an Application look `Failing`, whatever its health says. */
export function isFailing(operation: OperationState, sync: SyncStatus): boolean {
  return operation === 'Retrying' || (operation === 'Failed' && sync !== 'Synced');
}
