/**
 * What a reader asks, parsed and planned against one view at one moment. Everything the API answers with a query goes through here, so that
 * lists, facets, groups and the map select the same.
 */
import { ok, type Result } from '../domain/result.ts';
import { parseQuery, type QueryError } from '../domain/query.ts';
import type { FieldSource } from './fields.ts';
import { planQuery } from './query-plan.ts';

/** Slots of the edges that match, in row order. */
export function matchingEdges(query: string, source: FieldSource): Result<readonly number[], QueryError> {
  const parsed = parseQuery(query, source.view.labelKeys);
  if (!parsed.ok) return parsed;
  const { slots, narrow } = planQuery(parsed.value, 'edges', source);
  if (narrow === undefined) return ok(slots);
  const selection = source.view.listed(slots);
  narrow(selection);
  const { edge } = source.table.applications;
  const having = new Uint8Array(source.table.edges.limit);
  for (const row of selection.rows()) having[edge[row] ?? 0] = 1;
  return ok(slots.filter((slot) => having[slot] === 1));
}

/** Rows of the Applications that match, edge by edge in row order; good until the next question. */
export function matchingApplications(query: string, source: FieldSource): Result<Uint32Array, QueryError> {
  const parsed = parseQuery(query, source.view.labelKeys);
  if (!parsed.ok) return parsed;
  const { slots, narrow } = planQuery(parsed.value, 'applications', source);
  const selection = source.view.listed(slots);
  narrow?.(selection);
  return ok(selection.rows());
}
