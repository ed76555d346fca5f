import type { StoredAuditEntry } from '../../../../proxy-server/src/domain/audit.ts';

export type AuditLine = StoredAuditEntry;

export interface AuditLines {
  readonly items: readonly AuditLine[];
  readonly before?: number;
}

/** Keys of the address; `from` and `to` are days, both included. */
export const FILTER_KEYS = ['user', 'edge', 'app', 'action', 'outcome', 'from', 'to', 'run'] as const;

const PAGE = 200;
const PARAMETERS = { user: 'username', edge: 'edge', app: 'application', action: 'action', outcome: 'outcome', run: 'run' } as const;

/** Midnight of a day where the reader is; undefined where it is no day. */
function midnight(day: string | null, plusDays: number): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '') ?? [];
  return year === undefined ? undefined : new Date(Number(year), Number(month) - 1, Number(date) + plusDays).getTime();
}

/** What the address filters, as the API is asked for it. */
export function auditQuery(search: URLSearchParams): string {
  const asked = new URLSearchParams({ limit: String(PAGE) });
  for (const [key, parameter] of Object.entries(PARAMETERS)) {
    const value = search.get(key)?.trim() ?? '';
    if (value !== '') asked.set(parameter, value);
  }
  const since = midnight(search.get('from'), 0);
  const until = midnight(search.get('to'), 1);
  if (since !== undefined) asked.set('since', String(since));
  if (until !== undefined) asked.set('until', String(until));
  return asked.toString();
}
