/** Reads that were refused, for the audit: who tries the same again and again stands there once a minute, so that nobody fills the disk by asking. */
import type { AuditEntry } from '../domain/audit.ts';
import type { Identity } from '../domain/identity.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Runtime } from '../ports/runtime.ts';

export interface RefusedRead {
  readonly identity: Identity;
  readonly edge: string;
  readonly namespace: string;
  readonly application: string;
  readonly project: string;
  readonly message: string;
}

const AGAIN_MS = 60_000;
/** Remembered at once; beyond it the oldest is forgotten, and would be written once more. */
const MAX_REMEMBERED = 10_000;

export function createRefusedReads(audit: AuditLog, { clock, log }: Pick<Runtime, 'clock' | 'log'>): (read: RefusedRead) => void {
  const written = new Map<string, number>();
  return ({ identity: { subject, username, claimedGroups }, ...where }) => {
    const at = clock.now();
    const key = [subject, where.edge, where.namespace, where.application].join('\n');
    if (at - (written.get(key) ?? -Infinity) < AGAIN_MS) return;
    const [oldest] = written.keys();
    if (written.size >= MAX_REMEMBERED && oldest !== undefined) written.delete(oldest);
    written.delete(key);
    written.set(key, at);
    const entry: AuditEntry = { ...where, at, outcome: 'refused', subject, username, claimedGroups, action: 'logs', reason: '', run: '' };
    audit.record([entry]).catch((thrown: unknown) => log.error({ err: thrown, edge: where.edge }, 'Writing the audit failed'));
  };
}
