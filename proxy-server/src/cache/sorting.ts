/**
 * Sorting and paging that survive change. A cursor names the sort key and the name of the last row that was sent, not a place: what follows
 * is what sorts after it now. A row that keeps its key and stays in the list is seen exactly once on a walk through all pages, whatever
 * comes, goes or moves meanwhile.
 */
import { compareVersions } from '../domain/version-order.ts';
import { textOf, type FieldReading } from './fields.ts';

export type SortValue = number | string;

/** One criterion: the value of a row, and how two values compare. */
export interface SortKey {
  value(id: number): SortValue;
  compare(left: SortValue, right: SortValue): number;
  /** Where values hold only until the next change: the form a cursor carries, and back. */
  toCursor?(value: SortValue): SortValue;
  fromCursor?(value: SortValue): SortValue;
}

/** Absent numbers come last, ascending; JSON has no infinity, so this stands for it. */
const ABSENT = Number.MAX_VALUE;

export const compareValues = (left: SortValue, right: SortValue): number => (left === right ? 0 : left < right ? -1 : 1);

/** Absent values come last, ascending. */
function compareTexts(left: SortValue, right: SortValue): number {
  if (left === '' || right === '') return Number(left === '') - Number(right === '');
  return compareValues(left, right);
}

function compareRunning(left: SortValue, right: SortValue): number {
  if (left === right || left === '' || right === '') return compareTexts(left, right);
  return compareVersions(String(left), String(right)) || compareValues(left, right);
}

const lowest = (versions: readonly string[]): string =>
  versions.reduce((low, version) => (compareVersions(version, low) < 0 ? version : low), versions[0] ?? '');

/** The order of a field: words by their place in their list, versions by age, numbers by size, texts without case. */
export function sortKeyOf(reading: FieldReading, descending: boolean): SortKey {
  const { value, compare } = ascending(reading);
  return { value, compare: descending ? (left, right) => compare(right, left) : compare };
}

function ascending(reading: FieldReading): SortKey {
  switch (reading.kind) {
    case 'words':
      return { value: (id) => reading.code(id), compare: compareValues };
    case 'number':
      return { value: (id) => reading.value(id) ?? ABSENT, compare: compareValues };
    case 'versions':
      return { value: (id) => lowest(reading.texts(id)), compare: compareRunning };
    case 'texts':
    case 'interned':
      return { value: (id) => textOf(reading, id).toLowerCase(), compare: compareTexts };
    default:
      return reading satisfies never;
  }
}

/** What a cursor says: the sort it belongs to, the values of the last row by it. */
export interface Cursor {
  readonly sort: readonly string[];
  readonly after: readonly SortValue[];
}

/** Opaque to everybody else. */
export const encodeCursor = ({ sort, after }: Cursor): string => encodeURIComponent(JSON.stringify([sort, after]));

const MAX_CURSOR_LENGTH = 4_000;

/** Undefined for what is no cursor of this sort. */
export function decodeCursor(text: string, sort: readonly string[]): readonly SortValue[] | undefined {
  if (text.length > MAX_CURSOR_LENGTH) return undefined;
  try {
    const cursor: unknown = JSON.parse(decodeURIComponent(text));
    if (!Array.isArray(cursor) || !Array.isArray(cursor[1]) || JSON.stringify(cursor[0]) !== JSON.stringify(sort)) return undefined;
    const after: readonly unknown[] = cursor[1];
    const values = after.filter((value) => typeof value === 'string' || typeof value === 'number');
    return values.length === after.length ? values : undefined;
  } catch {
    return undefined; // not written by us
  }
}

/** Compares a row with given values, or with another row. */
function compareKeys(keys: readonly SortKey[], left: readonly SortValue[], right: readonly SortValue[]): number {
  for (const [index, key] of keys.entries()) {
    const order = key.compare(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

interface Candidate {
  readonly id: number;
  readonly values: SortValue[];
}

/**
 * The first `limit` of the rows that sort after `after`, in order, with the values of the last one. Keeps no more than `limit` rows at a time
 * (a heap with the last on top), so that most rows of a long list cost one comparison.
 */
export function firstAfter(
  ids: Iterable<number>,
  keys: readonly SortKey[],
  limit: number,
  after: readonly SortValue[] | undefined,
): readonly Candidate[] {
  const heap: Candidate[] = [];
  const valuesOf = (id: number): SortValue[] => keys.map((key) => key.value(id));
  for (const id of ids) {
    if (heap.length >= limit && isBeyond(id, keys, heap[0])) continue;
    const values = valuesOf(id);
    if (after !== undefined && compareKeys(keys, values, after) <= 0) continue;
    if (heap.length < limit) push(heap, { id, values }, keys);
    else if (compareKeys(keys, values, heap[0]?.values ?? []) < 0) replaceTop(heap, { id, values }, keys);
  }
  return heap.sort((left, right) => compareKeys(keys, left.values, right.values));
}

/** True where the first criterion alone shows that the row comes after all that are kept. */
function isBeyond(id: number, [first]: readonly SortKey[], last: Candidate | undefined): boolean {
  return first !== undefined && last !== undefined && first.compare(first.value(id), last.values[0] ?? '') > 0;
}

function push(heap: Candidate[], candidate: Candidate, keys: readonly SortKey[]): void {
  let index = heap.length;
  heap.push(candidate);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || compareKeys(keys, above.values, candidate.values) >= 0) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = candidate;
}

function replaceTop(heap: Candidate[], candidate: Candidate, keys: readonly SortKey[]): void {
  let index = 0;
  for (;;) {
    const child = laterChild(heap, index, keys);
    const below = heap[child];
    if (below === undefined || compareKeys(keys, below.values, candidate.values) <= 0) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = candidate;
}

function laterChild(heap: readonly Candidate[], index: number, keys: readonly SortKey[]): number {
  const left = index * 2 + 1;
  const [first, second] = [heap[left], heap[left + 1]];
  return first !== undefined && second !== undefined && compareKeys(keys, second.values, first.values) > 0 ? left + 1 : left;
}
