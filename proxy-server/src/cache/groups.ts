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

interface Grouping {
  readonly value: string;
  /** Selects the group in the query language. */
  readonly term: string;
}

/** A pattern with its `*` kept as such. */
export const quotePattern = (pattern: string): string => `"${pattern.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** The group an Application belongs to; undefined where it has no such thing. */
function groupingOf(table: FleetTable, by: GroupField, row: number): Grouping | undefined {
  const { applications } = table;
  const product = applications.products.text(at(applications.product, row));
  switch (by) {
    case 'name': {
      const name = applications.text('name', row);
      return { value: name, term: `application:${quoteQueryValue(name)}` };
    }
    case 'product':
      return product === '' ? undefined : { value: product, term: `product:${quoteQueryValue(product)}` };
    case 'version': {
      const version = applications.versions.text(at(applications.version, row));
      return product === '' ? undefined : { value: `${product} ${version}`, term: `version:${product}:${quoteQueryValue(version)}` };
    }
    case 'message': {
      const message = commonMessage(messageOf(table, row));
      return message === '' ? undefined : { value: message, term: `message:${quotePattern(message)}` };
    }
    default:
      return by satisfies never;
  }
}

/** What these Applications have in common, by the number that share it. */
export function groupsOf(rows: readonly number[], by: GroupField, query: string, { table }: FieldSource): readonly ApplicationGroup[] {
  const groups = new Map<string, Gathered>();
  for (const row of rows) {
    const grouping = groupingOf(table, by, row);
    if (grouping === undefined) continue;
    const group = groups.get(grouping.value) ?? { applications: 0, worst: EDGE_LOOKS.length, edges: new Set(), term: grouping.term };
    group.applications += 1;
    group.worst = Math.min(group.worst, at(table.applications.look, row));
    group.edges.add(at(table.applications.edge, row));
    groups.set(grouping.value, group);
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
