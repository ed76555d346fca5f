import type { ActionKind, ActionSight } from './action.ts';

/** What is written down: actions on Applications, the end that somebody put to one, doctor, and logs that were refused. */
export type AuditedAction = ActionKind | 'stop' | 'doctor' | 'logs';

/** One line of the audit. Written once, never changed, never taken away. */
export interface AuditEntry {
  readonly at: number;
  readonly subject: string;
  readonly username: string;
  /** What the browser claimed; shown, grants nothing. */
  readonly claimedGroups: readonly string[];
  readonly action: AuditedAction;
  readonly outcome: AuditOutcome;
  readonly edge: string;
  readonly namespace: string;
  readonly application: string;
  readonly project: string;
  readonly reason: string;
  readonly run: string;
  readonly message: string;
  readonly before?: ActionSight;
  readonly after?: ActionSight;
}

/** `asked`: taken on. `refused`: by the hub, before anything was sent. `sent`: the request was about to leave. The others are ends. */
export const AUDIT_OUTCOMES = ['asked', 'refused', 'sent', 'succeeded', 'failed', 'stopped', 'expired'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export interface StoredAuditEntry extends AuditEntry {
  readonly id: number;
}

/** One sentence of what an Application looked like, for a cell of a table. */
export function sightText(sight: ActionSight | undefined): string {
  if (sight === undefined) return '';
  const latest = sight.history.at(-1);
  const parts = [
    sight.sync, sight.health, sight.autoSync ? 'auto-sync on' : 'auto-sync off',
    ...(latest === undefined ? [] : [`history ${latest.id} at ${latest.revisions.join(' ')}`]),
    ...(sight.operation === undefined ? [] : [`operation ${sight.operation.queued ? 'Queued' : sight.operation.phase}`]),
  ]; // prettier-ignore
  return parts.filter((part) => part !== '').join(', ');
}
