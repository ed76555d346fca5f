import type { ApplicationGroup } from '../domain/fleet-view.ts';
import { EDGE_STATES, isNotHeard } from '../domain/edge-state.ts';
import { EDGE_LOOKS } from '../domain/look.ts';
import { quoteQueryValue } from '../domain/query.ts';
import type { GroupField } from '../ports/fleet-reader.ts';
import type { ApplicationColumns } from './application-columns.ts';
import { byteAt, uintAt } from './column.ts';
import type { EdgeSlots } from './edge-slots.ts';
import type { FieldSource } from './fields.ts';
import { applicationLookOf, Messages } from './messages.ts';

/** Groups that are sent, largest first. */
const MAX_GROUPS = 500;

interface Gathered {
  applications: number;
  edges: number;
  lastEdge: number;
  worst: number;
  notHeard: number;
  oldestReadAt: number | undefined;
  /** One of them. */
  readonly row: number;
}

/** A pattern with its `*` kept as such. */
export const quotePattern = (pattern: string): string => `"${pattern.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** What groups are told apart by. */
interface Grouping {
  /** The same number for rows with the same value; undefined where a row has none. */
  keyOf(row: number): number | undefined;
  value(row: number): string;
  /** Selects the group of this row in the query language. */
  term(row: number): string;
}

function groupingOf(applications: ApplicationColumns, by: GroupField): Grouping {
  const { product, version } = applications;
  switch (by) {
    case 'name':
      return byText((row) => applications.id('name', row), (row) => applications.text('name', row), 'application'); // prettier-ignore
    case 'product':
      return byText((row) => product.id(row), (row) => product.text(row), 'product'); // prettier-ignore
    case 'version':
      return {
        keyOf: (row) => (product.id(row) === 0 ? undefined : product.id(row) * version.table.limit + version.id(row)),
        value: (row) => `${product.text(row)} ${version.text(row)}`,
        term: (row) => `version:${product.text(row)}:${quoteQueryValue(version.text(row))}`,
      };
    case 'message':
      return byMessage(applications);
    default:
      return by satisfies never;
  }
}

const byText = (idOf: (row: number) => number, textOf: (row: number) => string, field: string): Grouping => ({
  keyOf: (row) => idOf(row) || undefined,
  value: textOf,
  term: (row) => `${field}:${quoteQueryValue(textOf(row))}`,
});

/** By what messages have in common. */
function byMessage(applications: ApplicationColumns): Grouping {
  const messages = new Messages(applications);
  const value = (row: number): string => messages.common(messages.idOf(row));
  return {
    keyOf: (row) => messages.commonId(messages.idOf(row)) || undefined,
    value,
    term: (row) => `message:${quotePattern(value(row))}`,
  };
}

/** What these Applications have in common, by the number that share it. Rows come edge by edge. */
export function groupsOf(rows: Uint32Array, by: GroupField, query: string, { table }: FieldSource): readonly ApplicationGroup[] {
  const { applications, edges } = table;
  const { keyOf, value, term } = groupingOf(applications, by);
  const groups = new Map<number, Gathered>();
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    const key = keyOf(row);
    if (key === undefined) continue;
    const edge = uintAt(applications.edge, row);
    const group = gather(groups, key, { row, look: byteAt(applications.look, row) });
    if (edge === group.lastEdge) continue;
    group.lastEdge = edge;
    group.edges += 1;
    hear(group, edges, edge);
  }
  return [...groups.values()]
    .map((group) => ({ group, value: value(group.row) }))
    .sort((left, right) => right.group.applications - left.group.applications || (left.value < right.value ? -1 : 1))
    .slice(0, MAX_GROUPS)
    .map(({ group, value: name }) => ({
      value: name,
      applications: group.applications,
      edges: group.edges,
      worst: applicationLookOf(group.worst),
      notHeard: group.notHeard,
      ...(group.oldestReadAt === undefined ? {} : { oldestReadAt: group.oldestReadAt }),
      query: query.trim() === '' ? term(group.row) : `${query.trim()} ${term(group.row)}`,
    }));
}

function gather(groups: Map<number, Gathered>, key: number, { row, look }: { readonly row: number; readonly look: number }): Gathered {
  let group = groups.get(key);
  if (group === undefined) {
    group = { applications: 0, edges: 0, lastEdge: -1, worst: EDGE_LOOKS.length, notHeard: 0, oldestReadAt: undefined, row };
    groups.set(key, group);
  }
  group.applications += 1;
  if (look < group.worst) group.worst = look;
  return group;
}

/** How old what is said of an edge is. */
function hear(group: Gathered, edges: EdgeSlots, slot: number): void {
  if (isNotHeard(EDGE_STATES[edges.stateCode(slot, 0)] ?? 'NeverReached')) group.notHeard += 1;
  const readAt = edges.readAt(slot);
  if (readAt !== undefined && readAt < (group.oldestReadAt ?? Infinity)) group.oldestReadAt = readAt;
}
