import type { AuditEntry, AuditOutcome, StoredAuditEntry } from '../domain/audit.ts';

export interface AuditQuery {
  readonly since?: number;
  readonly until?: number;
  readonly username?: string;
  readonly edge?: string;
  readonly application?: string;
  readonly action?: string;
  readonly outcome?: AuditOutcome;
  readonly run?: string;
  readonly limit: number;
  /** Ids below this one: the next page. */
  readonly before?: number;
}

/** The record of every action and every refusal. It can be added to and read, and nothing else. */
export interface AuditLog {
  record(entries: readonly AuditEntry[]): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<readonly StoredAuditEntry[]>;
}
