import type { ActionRun, ActionTarget, TargetState } from '../domain/action.ts';
import type { AuditEntry } from '../domain/audit.ts';

export interface RunSummary {
  readonly run: ActionRun;
  readonly counts: Readonly<Partial<Record<TargetState, number>>>;
}

export interface TargetPage {
  readonly limit: number;
  /** Numbers above this one. */
  readonly after?: number;
  readonly state?: TargetState;
}

export interface CancelledTarget {
  readonly target: ActionTarget;
  readonly audit: readonly AuditEntry[];
}

/** Who turned auto-sync off for a rollback. */
export interface AutoSyncOff {
  readonly run: ActionRun;
  readonly at: number;
}

/**
 * What was asked, what was meant to be sent, and what became of it. Whatever has resolved survives the process. An audit line is written in the
 * same transaction as the change that it tells of.
 */
export interface ActionStore {
  /**
   * Writes a run and its targets. A target whose Application another run has under way comes back Refused: there is one writer per
   * Application, and beside it at most one that terminates and one that compares. Returns the targets as written.
   */
  create(run: ActionRun, targets: readonly ActionTarget[], audit: (target: ActionTarget) => AuditEntry): Promise<readonly ActionTarget[]>;
  run(id: string): Promise<ActionRun | undefined>;
  runs(limit: number, before?: number): Promise<readonly RunSummary[]>;
  targets(run: string, page: TargetPage): Promise<readonly ActionTarget[]>;
  counts(run: string): Promise<RunSummary['counts']>;
  target(run: string, index: number): Promise<ActionTarget | undefined>;
  /** Targets that have not ended, of all runs. */
  open(): Promise<readonly ActionTarget[]>;
  /** False where the target has ended meanwhile (somebody gave it up): then nothing is written, and it must not go on. */
  update(target: ActionTarget, audit?: AuditEntry): Promise<boolean>;
  /** Stops what was not begun; what was sent is followed to its end. False where there is no such run, or it was stopped already. */
  stop(run: string, by: string, at: number, audit: AuditEntry): Promise<boolean>;
  /** Ends those of the numbered targets that are neither begun nor ended, each with its lines of audit; returns them as they are then. */
  cancel(run: string, numbers: readonly number[], end: (target: ActionTarget) => CancelledTarget): Promise<readonly ActionTarget[]>;
  /** The rollback that turned auto-sync off, where it is the latest action on the Application that could have changed that. */
  autoSyncOff(edge: string, namespace: string, name: string): Promise<AutoSyncOff | undefined>;
  /** `spec.syncPolicy.automated` as the latest rollback of this Application found it. */
  automatedBefore(edge: string, namespace: string, name: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}
