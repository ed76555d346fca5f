import { commonMessage } from '../domain/application-message.ts';
import type { ApplicationGroup } from '../domain/fleet-view.ts';
import { EDGE_LOOKS } from '../domain/look.ts';
import { quoteQueryValue } from '../domain/query.ts';
import type { GroupField } from '../ports/fleet-reader.ts';
import { at } from './column.ts';
import { messageOf, type FieldSource } from './fields.ts';
import type { FleetTable } from './fleet-table.ts';

/** Groups that are sent, largest first. */
const MAX_GROUPS = 500;

interface Gathered {
  applications: number;
  worst: number;
  readonly edges: Set<number>;
  readonly term: string;
}

/** A pattern with its `*` kept as such. */
export const quotePattern = (pattern: string): string => `"${pattern.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** The group an Application belongs to; '' where it has no such thing. */
function groupOf(table: FleetTable, by: GroupField, row: number): string {
  const { applications } = table;
  switch (by) {
    case 'name':
      return applications.text('name', row);
    case 'product':
      return applications.product.text(row);
    case 'version': {
      const product = applications.product.text(row);
      return product === '' ? '' : `${product} ${applications.version.text(row)}`;
    }
    case 'message':
      return commonMessage(messageOf(table, row));
    default:
      return by satisfies never;
  }
}

/** Selects the group of the Application in this row in the query language. */
function termOf({ applications }: FleetTable, by: GroupField, { row, value }: { readonly row: number; readonly value: string }): string {
  switch (by) {
    case 'name':
      return `application:${quoteQueryValue(value)}`;
    case 'product':
      return `product:${quoteQueryValue(value)}`;
    case 'version':
      return `version:${applications.product.text(row)}:${quoteQueryValue(applications.version.text(row))}`;
    case 'message':
      return `message:${quotePattern(value)}`;
    default:
      return by satisfies never;
  }
}

/** What these Applications have in common, by the number that share it. */
export function groupsOf(rows: readonly number[], by: GroupField, query: string, { table }: FieldSource): readonly ApplicationGroup[] {
  const groups = new Map<string, Gathered>();
  for (const row of rows) {
    const value = groupOf(table, by, row);
    if (value === '') continue;
    const group = groups.get(value) ?? {
      applications: 0,
      worst: EDGE_LOOKS.length,
      edges: new Set(),
      term: termOf(table, by, { row, value }),
    };
    if (group.applications === 0) groups.set(value, group);
    group.applications += 1;
    group.worst = Math.min(group.worst, at(table.applications.look, row));
    group.edges.add(at(table.applications.edge, row));
  }
  return [...groups]
    .sort(([leftValue, left], [rightValue, right]) => right.applications - left.applications || (leftValue < rightValue ? -1 : 1))
    .slice(0, MAX_GROUPS)
    .map(([value, group]) => toGroup(value, group, query));
}

function toGroup(value: string, { applications, edges, worst, term }: Gathered, query: string): ApplicationGroup {
  const look = EDGE_LOOKS[worst];
  return {
    value,
    applications,
    edges: edges.size,
    worst: look === undefined || look === 'Empty' ? 'Unjudged' : look,
    query: query.trim() === '' ? term : `${query.trim()} ${term}`,
  };
}
