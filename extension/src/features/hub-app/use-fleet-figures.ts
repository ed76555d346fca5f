import * as React from 'react';
import type { ApplicationRow, EdgeRow, Facet, Page } from '../../../../proxy-server/src/domain/fleet-view.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { figureQueries, fleetFigures, type FleetFigures } from './fleet-figures.ts';

/** Somebody reads it beside other things of the hub: half a minute is fresh enough. */
const REFRESH_MS = 30_000;

export interface FigureAnswers {
  readonly edges: number;
  readonly failing: number;
  readonly figures: FleetFigures;
  /** When the oldest of the answers came. */
  readonly at: number;
}

export interface FigureState {
  readonly answers?: FigureAnswers;
  readonly problem?: HubProblem;
}

/** Counts for one Product, or for the whole fleet: lists of one row, asked for their totals. */
export function useFleetFigures(product: string | undefined): FigureState {
  const queries = figureQueries(product);
  const facets = useQuery<{ readonly items: readonly Facet[] }>(`facets?query=${encodeURIComponent(queries.all)}`, {
    refreshMs: REFRESH_MS,
  });
  const edges = useQuery<Page<EdgeRow>>(`edges?query=${encodeURIComponent(queries.all)}&limit=1`, { refreshMs: REFRESH_MS });
  const failing = useQuery<Page<ApplicationRow>>(`applications?query=${encodeURIComponent(queries.failing)}&limit=1`, {
    refreshMs: REFRESH_MS,
  });
  const problem = facets.problem ?? edges.problem ?? failing.problem;
  const items = facets.data?.items;
  const figures = React.useMemo(() => (items === undefined ? undefined : fleetFigures(items, product)), [items, product]);
  const more = problem === undefined ? {} : { problem };
  if (figures === undefined || edges.data === undefined || failing.data === undefined) return more;
  const at = Math.min(facets.at, edges.at, failing.at);
  return { ...more, answers: { edges: edges.data.total, failing: failing.data.total, figures, at } };
}
