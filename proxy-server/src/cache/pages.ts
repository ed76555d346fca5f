import { err, ok, type Result } from '../domain/result.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import type { QueryError } from '../domain/query.ts';
import { QUERY_FIELDS, queryField } from '../domain/query-fields.ts';
import type { Page } from '../domain/fleet-view.ts';
import type { ListRequest } from '../ports/fleet-reader.ts';
import { uintAt } from './column.ts';
import { compareNames } from './edge-order.ts';
import { applicationField, edgeField, type FieldReading, type FieldSource } from './fields.ts';
import type { SortKey } from './sort-key.ts';
import { decodeCursor, encodeCursor, firstAfter, sortKeyOf } from './sorting.ts';

/** Where the rows of a list come from, and the order of last resort. */
export interface ListKind {
  readonly field: (source: FieldSource, name: string, argument?: string) => FieldReading | undefined;
  readonly slotOf: (source: FieldSource, id: number) => number;
  /** Makes the order total: no two rows are equal in all of these. */
  readonly ties: (source: FieldSource) => readonly SortKey[];
}

export const EDGE_LIST: ListKind = { field: edgeField, slotOf: (_source, slot) => slot, ties: () => [] };

export const APPLICATION_LIST: ListKind = {
  field: (source, name, argument) => applicationField(source, name, argument) ?? byEdge(source, edgeField(source, name, argument)),
  slotOf: ({ table }, row) => uintAt(table.applications.edge, row),
  ties: (source) => ['namespace', 'application'].flatMap((name) => toKey(applicationField(source, name))),
};

const toKey = (reading: FieldReading | undefined): readonly SortKey[] => (reading === undefined ? [] : [sortKeyOf(reading, false)]);

/** The field of an Application's edge. */
function byEdge({ table: { applications } }: FieldSource, reading: FieldReading | undefined): FieldReading | undefined {
  if (reading === undefined) return undefined;
  const slot = (row: number): number => uintAt(applications.edge, row);
  switch (reading.kind) {
    case 'words':
      return { kind: 'words', words: reading.words, code: (row) => reading.code(slot(row)) };
    case 'number':
      return { ...reading, value: (row) => reading.value(slot(row)) };
    case 'interned':
      return { kind: 'interned', order: reading.order, table: reading.table, textId: (row) => reading.textId(slot(row)) };
    case 'texts':
    case 'versions':
      return { ...reading, texts: (row) => reading.texts(slot(row)) };
    default:
      return reading satisfies never;
  }
}

/** By edge, as rows stand; in a cursor by the edge's name, because rows move. */
function edgeNameKey({ view, table }: FieldSource, slotOf: (id: number) => number, descending: boolean): SortKey {
  return {
    value: (id) => view.rowOf(slotOf(id)),
    descending,
    isEdgeOrder: true,
    compare: compareNames,
    toCursor: (row) => table.edges.names[view.slots[Number(row)] ?? -1] ?? '',
    fromCursor: (name) => view.positionOf(String(name)),
  };
}

function keysOf(sort: readonly string[], kind: ListKind, source: FieldSource): Result<readonly SortKey[], QueryError> {
  const slotOf = (id: number): number => kind.slotOf(source, id);
  const keys: SortKey[] = [];
  for (const criterion of sort) {
    const descending = criterion.startsWith('-');
    const field = descending ? criterion.slice(1) : criterion;
    if (field === 'name' || field === 'edge') {
      keys.push(edgeNameKey(source, slotOf, descending));
      continue;
    }
    const reading = readingOf(field, kind, source);
    if (reading === undefined) return err(unknownSort(field));
    keys.push(sortKeyOf(reading, descending));
  }
  return ok([...keys, edgeNameKey(source, slotOf, false), ...kind.ties(source)]);
}

/** `region`, `label:region`, `version:pos`, or any field. */
function readingOf(field: string, kind: ListKind, source: FieldSource): FieldReading | undefined {
  const colon = field.indexOf(':');
  const name = colon < 0 ? field : field.slice(0, colon);
  const known = queryField(name);
  if (known === undefined) return source.view.labelKeys.has(field) ? kind.field(source, 'label', field) : undefined;
  if ((known.argument === undefined) !== colon < 0 && !(known.name === 'version' && kind === APPLICATION_LIST)) return undefined;
  return kind.field(source, known.name, colon < 0 ? undefined : field.slice(colon + 1));
}

function unknownSort(field: string): QueryError {
  const nearest = nearestWord(field, QUERY_FIELDS.map(({ name }) => name)); // prettier-ignore
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return { message: `There is no field ${field} to sort by${hint}`, position: 0, length: 0, ...(nearest === undefined ? {} : { nearest }) };
}

/** One page of these rows in the order that was asked for. A cursor of another order, or none of ours, begins anew. */
export function pageOf<T>(
  ids: ArrayLike<number>,
  { sort, limit, cursor }: ListRequest,
  kind: ListKind,
  { source, toItem }: { readonly source: FieldSource; readonly toItem: (id: number) => T | undefined },
): Result<Page<T>, QueryError> {
  const keys = keysOf(sort, kind, source);
  if (!keys.ok) return keys;
  const after = cursor === undefined ? undefined : decodeCursor(cursor, sort);
  const start = after?.map((value, index) => keys.value[index]?.fromCursor?.(value) ?? value);
  const rows = firstAfter({ ids, keys: keys.value, limit: limit + 1, after: start });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const next = last?.values.map((value, index) => keys.value[index]?.toCursor?.(value) ?? value);
  return ok({
    items: page.flatMap(({ id }) => toItem(id) ?? []),
    total: ids.length,
    ...(next === undefined ? {} : { cursor: encodeCursor({ sort, after: next }) }),
    revision: source.table.revision,
    now: source.now,
  });
}
