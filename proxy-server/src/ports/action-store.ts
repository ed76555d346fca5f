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
  update(target: ActionTarget, audit?: AuditEntry): Promise<void>;
  /** Stops what was not begun; what was sent is followed to its end. False where there is no such run, or it was stopped already. */
  stop(run: string, by: string, at: number, audit: AuditEntry): Promise<boolean>;
  /** `spec.syncPolicy.automated` as the latest rollback of this Application found it. */
  /** The rollback that turned auto-sync off, where it is the latest action on the Application that could have changed that. */
  autoSyncOff(edge: string, namespace: string, name: string): Promise<AutoSyncOff | undefined>;
  automatedBefore(edge: string, namespace: string, name: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}
