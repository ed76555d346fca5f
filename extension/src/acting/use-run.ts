import * as React from 'react';
import type { ActionRunAnswer, StateCounts } from '../../../proxy-server/src/contract/actions.ts';
import type { TargetState } from '../../../proxy-server/src/domain/action.ts';
import { isFinal, TARGET_STATES } from '../../../proxy-server/src/domain/action.ts';
import { useQuery, type QueryResult } from '../hooks/use-query.ts';

const MOVING_MS = 1_500;
/** Only edges that are away are waited for. */
const WAITING_MS = 10_000;

export const countOf = (counts: StateCounts, which: (state: TargetState) => boolean = () => true): number =>
  TARGET_STATES.filter(which).reduce((sum, state) => sum + (counts[state] ?? 0), 0);

const refreshOf = (counts: StateCounts | undefined): number | undefined => {
  if (counts === undefined) return MOVING_MS;
  const open = countOf(counts, (state) => !isFinal(state));
  return open === 0 ? undefined : open === counts.Deferred ? WAITING_MS : MOVING_MS;
};

/** A run as it goes on: asked again while something of it is open, and not after. */
export function useRun(id: string, query: string): QueryResult<ActionRunAnswer> {
  const [refreshMs, setRefreshMs] = React.useState<number | undefined>(MOVING_MS);
  const result = useQuery<ActionRunAnswer>(`actions/${id}?${query}`, refreshMs === undefined ? {} : { refreshMs });
  const next = refreshOf(result.data?.counts);
  if (next !== refreshMs) setRefreshMs(next);
  return result;
}
