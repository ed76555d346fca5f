/**
 * What a reader asks, parsed and planned against one view at one moment. Everything the API answers with a query goes through here, so that
 * lists, facets, groups and the map select the same.
 */
import { ok, type Result } from '../domain/result.ts';
import { parseQuery, type QueryError } from '../domain/query.ts';
import type { FieldSource } from './fields.ts';
import { at } from './column.ts';
import { planQuery, rememberById, type QueryPlan } from './query-plan.ts';

/** Keys of the labels of the edges a view sees. */
export function labelKeys({ table, view }: FieldSource): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const slot of view.slots) for (const key in table.edges.configs[slot]?.labels) keys.add(key);
  return keys;
}

/** Slots of the edges that match, in row order. */
export function matchingEdges(query: string, source: FieldSource): Result<readonly number[], QueryError> {
  const parsed = parseQuery(query, labelKeys(source));
  if (!parsed.ok) return parsed;
  if (parsed.value.terms.length === 0) return ok(source.view.slots);
  const plan = planQuery(parsed.value, 'edges', source);
  const candidates = source.view.slots.filter(plan.edge);
  return ok(plan.application === undefined ? candidates : havingApplication(candidates, plan, source));
}

/** Those with an Application that matches: one scan over all Applications. */
function havingApplication(slots: readonly number[], plan: QueryPlan, { table: { applications }, view }: FieldSource): readonly number[] {
  const open = new Set(slots);
  const found = new Set<number>();
  for (let row = 0; row < applications.limit && open.size > 0; row += 1) {
    const slot = at(applications.edge, row);
    if (!open.has(slot) || !view.isListed(row) || plan.application?.(row) !== true) continue;
    open.delete(slot);
    found.add(slot);
  }
  return slots.filter((slot) => found.has(slot));
}

/** Rows of the Applications that match, in no order. */
export function matchingApplications(query: string, source: FieldSource): Result<readonly number[], QueryError> {
  const parsed = parseQuery(query, labelKeys(source));
  if (!parsed.ok) return parsed;
  const { edge, application } = planQuery(parsed.value, 'applications', source);
  const { applications } = source.table;
  const edgeHolds = rememberById(edge);
  const rows: number[] = [];
  for (let row = 0; row < applications.limit; row += 1) {
    if (source.view.isListed(row) && edgeHolds(at(applications.edge, row)) && application?.(row) !== false) rows.push(row);
  }
  return ok(rows);
}
