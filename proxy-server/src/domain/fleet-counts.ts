import { EDGE_STATES, type EdgeState } from './edge-state.ts';
import type { FleetCounts } from './fleet-view.ts';

/** The counts of a fleet without edges. */
export const emptyByState = (): Record<EdgeState, number> => {
  const counts: Partial<Record<EdgeState, number>> = {};
  return Object.assign(counts, ...EDGE_STATES.map((state) => ({ [state]: 0 })));
};

/**
 * A figure that is noted every hour: the word under which its change over 24 h is written by the hub and looked up by the pages. Each state
 * under its own name, and the totals under theirs.
 */
export type CountFigure = EdgeState | Exclude<keyof FleetCounts, 'byState' | 'oldest' | 'oldestNotHeard'>;

/** Every figure there is of these counts. */
export function countFigures(counts: FleetCounts): Record<CountFigure, number> {
  const { edges, applications, outOfSync, behind, notHeard, currentEdges } = counts;
  return { ...counts.byState, edges, applications, outOfSync, behind, notHeard, currentEdges };
}

/** What a value of a facet is called among the figures. */
export const facetFigure = (field: string, value: string): string => `${field}=${value}`;

/** Change of every figure that both have; a figure that only one has is not compared. */
export function figureDeltas(now: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): Record<string, number> {
  const deltas: Record<string, number> = {};
  for (const [name, value] of Object.entries(now)) {
    const past = before[name];
    if (past !== undefined) deltas[name] = value - past;
  }
  return deltas;
}
