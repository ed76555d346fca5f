import { lookRank } from '../../../../proxy-server/src/domain/look.ts';
import type { ApplicationRow } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { lookWas, lookWords, operationWords, syncWords } from '../../messages/states.ts';
import { isLastKnown } from '../../words/application-facts.ts';

/** Worst first, then by name: a table of one edge is read from the top. The order is decided once per answer that adds or removes rows. */
export function orderApplications(
  rows: readonly ApplicationRow[],
  compare: (left: string, right: string) => number,
): readonly ApplicationRow[] {
  return [...rows].sort((left, right) => lookRank(left.look) - lookRank(right.look) || compare(left.name, right.name));
}

export const applicationKey = (row: ApplicationRow): string => `${row.namespace}/${row.name}`;

/** "17 Healthy · 1 Degraded": the looks that occur, worst first, in the past tense where they are old. */
export function lookSummary(rows: readonly ApplicationRow[], away: boolean): string {
  const counts = new Map<ApplicationRow['look'], number>();
  for (const { look } of rows) counts.set(look, (counts.get(look) ?? 0) + 1);
  const old = rows[0] !== undefined && isLastKnown(rows[0], away);
  return [...counts]
    .sort(([left], [right]) => lookRank(left) - lookRank(right))
    .map(([look, count]) => (old ? lookWas(look, count) : `${count.toLocaleString()} ${lookWords[look].is}`))
    .join(' \u00b7 ');
}

/** Text search over what a row shows, without case. */
export function matchesText(row: ApplicationRow, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const shown = [
    row.name,
    row.namespace,
    row.project,
    row.product,
    row.version,
    row.message,
    lookWords[row.look].is,
    syncWords[row.sync].is,
    operationWords[row.operation.state],
  ];
  return shown.some((part) => part?.toLowerCase().includes(wanted) === true);
}
