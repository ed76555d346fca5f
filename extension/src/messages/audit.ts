import type { AuditedAction, AuditOutcome } from '../../../proxy-server/src/domain/audit.ts';
import { kindWords } from './actions.ts';

export const outcomeWords: Readonly<Record<AuditOutcome, string>> = {
  asked: 'Asked',
  refused: 'Refused',
  sent: 'Sent',
  succeeded: 'Succeeded',
  failed: 'Failed',
  stopped: 'Stopped',
  expired: 'Expired',
};

export const auditedWords: Readonly<Record<AuditedAction, string>> = { ...kindWords, stop: 'Stop', doctor: 'Doctor', logs: 'Logs' };

/** The words of the audit. */
export const auditWords = {
  title: 'Audit',
  loading: 'Loading the audit',
  note: 'Every action and every refusal, newest first. It can be added to and read, and nothing else. You see what concerns Applications that you may see, and what you asked for yourself.',
  filter: 'Filter the audit',
  user: 'User',
  edge: 'Edge',
  application: 'Application',
  action: 'Action',
  outcome: 'Outcome',
  since: 'From',
  until: 'To',
  any: 'any',
  clear: 'Clear the filters',
  csv: 'Export as CSV',
  empty: { title: 'Nothing was recorded yet', text: 'Actions and refusals appear here as soon as somebody asks for one.' },
  nothing: { title: 'Nothing matches', text: 'No line of the audit that you may see fits these filters.' },
  when: 'When',
  who: 'Who',
  what: 'What',
  where: 'Where',
  why: 'Why',
  change: 'Before and after',
  claims: (groups: string) => `claimed groups: ${groups}`,
  parts: {
    sync: 'sync',
    health: 'health',
    autoSync: 'auto-sync',
    on: 'on',
    off: 'off',
    history: 'history',
    operation: 'operation',
    queued: 'Queued',
    none: 'none',
    unchanged: 'unchanged',
  },
  more: 'Earlier lines',
  run: 'the whole action',
} as const;
