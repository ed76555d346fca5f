import { isNotHeard } from '../../../proxy-server/src/domain/edge-state.ts';
import type { ApplicationRow } from '../../../proxy-server/src/domain/fleet-view.ts';
import { withValues } from '../query/query-terms.ts';
import { healthSaid, unjudgedWords } from '../messages/states.ts';

/** The page of one Application. */
export const applicationTo = ({ edge, namespace, name }: Pick<ApplicationRow, 'edge' | 'namespace' | 'name'>): string =>
  `/edges/${[edge, 'applications', namespace, name].map(encodeURIComponent).join('/')}`;

export const applicationRowKey = ({ edge, namespace, name }: Pick<ApplicationRow, 'edge' | 'namespace' | 'name'>): string =>
  `${edge}/${namespace}/${name}`;

/** The query that finds these Applications, and their namesakes on each other's edges. */
export function queryOfApplications(rows: readonly ApplicationRow[]): string {
  const all = (field: string, values: readonly string[]): string => withValues('', field, [...new Set(values)]);
  return `${all(
    'name',
    rows.map(({ edge }) => edge),
  )} ${all(
    'application',
    rows.map(({ name }) => name),
  )}`;
}

/** True where what is known of the Application is only the last known: its edge is not heard, or the hub is away. */
export const isLastKnown = (row: Pick<ApplicationRow, 'edgeState'>, hubAway: boolean): boolean => hubAway || isNotHeard(row.edgeState);

/** Why the health is no evidence, and what Argo CD claims all the same. */
export function unjudgedNote(row: Pick<ApplicationRow, 'judged' | 'unjudgedReason' | 'health'>): string | undefined {
  if (row.judged) return undefined;
  const why = row.unjudgedReason === undefined ? undefined : unjudgedWords[row.unjudgedReason];
  return [why, healthSaid(row.health)].filter((part) => part !== undefined).join('; ');
}

/** What explains the look: not the word of a sync that went well, which stands in where Argo CD names no reason. */
export function explanationOf({ message, operation }: Pick<ApplicationRow, 'message' | 'operation'>): string | undefined {
  return operation.state === 'Succeeded' && message === operation.message ? undefined : message;
}
