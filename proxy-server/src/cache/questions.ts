/**
 * What a reader asks, parsed and planned against one view at one moment. Everything the API answers with a query goes through here, so that
 * lists, facets, groups and the map select the same.
 */
import { ok, type Result } from '../domain/result.ts';
import { parseQuery, type QueryError } from '../domain/query.ts';
import type { FieldSource } from './fields.ts';
import { at } from './column.ts';
import { planQuery, rememberById, type QueryPlan } from './query-plan.ts';

/** Slots of the edges that match, in row order. */
export function matchingEdges(query: string, source: FieldSource): Result<readonly number[], QueryError> {
  const parsed = parseQuery(query, source.view.labelKeys);
  if (!parsed.ok) return parsed;
  if (parsed.value.terms.length === 0) return ok(source.view.slots);
  const plan = planQuery(parsed.value, 'edges', source);
  const candidates = source.view.slots.filter(plan.edge);
  return ok(plan.application === undefined ? candidates : havingApplication(candidates, plan, source));
}

/** Those with an Application that matches: one scan over all Applications. */
function havingApplication(
  slots: readonly number[],
  plan: QueryPlan,
  { table: { applications, edges }, view }: FieldSource,
): readonly number[] {
  const open = new Uint8Array(edges.limit);
  for (const slot of slots) open[slot] = 1;
  for (let row = 0; row < applications.limit; row += 1) {
    const slot = at(applications.edge, row);
    if (at(open, slot) === 1 && plan.application?.(row) === true && view.isListed(row)) open[slot] = 2;
  }
  return slots.filter((slot) => at(open, slot) === 2);
}

/** Rows of the Applications that match, in no order. */
export function matchingApplications(query: string, source: FieldSource): Result<readonly number[], QueryError> {
  const parsed = parseQuery(query, source.view.labelKeys);
  if (!parsed.ok) return parsed;
  const { edge, application } = planQuery(parsed.value, 'applications', source);
  const { applications } = source.table;
  const edgeHolds = rememberById(edge);
  const rows: number[] = [];
  for (let row = 0; row < applications.limit; row += 1) {
    if (application?.(row) !== false && source.view.isListed(row) && edgeHolds(at(applications.edge, row))) rows.push(row);
  }
  return ok(rows);
}
