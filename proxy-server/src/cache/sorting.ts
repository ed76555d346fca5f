/**
 * Sorting and paging that survive change. A cursor names the sort key and the name of the last row that was sent, not a place: what follows
 * is what sorts after it now. A row that keeps its key and stays in the list is seen exactly once on a walk through all pages, whatever
 * comes, goes or moves meanwhile.
 */
import { versionComparer } from '../domain/version-order.ts';
import { textOf, type FieldReading } from './fields.ts';
import { pageCandidates, type PageScan } from './page-candidates.ts';
import type { SortKey, SortValue } from './sort-key.ts';
import { compareTexts, textComparer, versionTexts } from './text-ranks.ts';

/** Absent numbers come last, ascending; JSON has no infinity, so this stands for it. */
const ABSENT = Number.MAX_VALUE;

/** The order of a field: words by their place in their list, versions by age, numbers by size, texts without case. */
export const sortKeyOf = (reading: FieldReading, descending: boolean): SortKey => ({
  compare: compareTexts,
  ...orderOf(reading),
  descending,
});

/** Codes are bytes. */
const CODES = { places: Float64Array.from({ length: 256 }, (_unused, code) => code), limit: 256 };

/** Those that many rows share are put together once. */
function textsOf(reading: Extract<FieldReading, { kind: 'texts' }>): (id: number) => string {
  const { shared } = reading;
  if (shared === undefined) return (id) => textOf(reading, id).toLowerCase();
  const known: string[] = [];
  return (id) => (known[shared.idOf(id)] ??= textOf(reading, id).toLowerCase());
}

type Order = Pick<SortKey, 'value'> & Partial<SortKey>;

function orderOf(reading: FieldReading): Order {
  switch (reading.kind) {
    case 'words':
      return { value: (id) => reading.code(id), ...(reading.ids === undefined ? {} : { coded: { ids: reading.ids, ...CODES } }) };
    case 'number':
      return { value: (id) => reading.value(id) ?? ABSENT };
    case 'versions':
      return runningOrder(reading);
    case 'interned':
      return reading.table.limit <= MAX_RANKED ? rankedOrder(reading) : plainOrder(reading);
    case 'texts':
      return { value: textsOf(reading) };
    default:
      return reading satisfies never;
  }
}

/** By the oldest version that runs; absent ones last. */
function runningOrder(reading: Extract<FieldReading, { kind: 'versions' }>): Order {
  const compareVersions = versionComparer();
  const older = (left: string, right: string): string => (compareVersions(left, right) < 0 ? left : right);
  return { value: (id) => reading.texts(id).reduce(older), compare: versionTexts() };
}

type Interned = Extract<FieldReading, { kind: 'interned' }>;

/** Texts that are put in order once for many requests; with more of them each row is compared by its text. */
const MAX_RANKED = 4_096;

const plainOrder = (reading: Interned): Order => ({
  value: (id) => reading.table.text(reading.textId(id)).toLowerCase(),
  compare: textComparer(reading.order),
});

/** By the place of the text among all texts of its column: a number for each row, a text again in a cursor. */
function rankedOrder(reading: Interned): Order {
  const { ranks, texts, rankOf } = reading.table.ranks(reading.order);
  return {
    value: (id) => ranks[reading.textId(id)] ?? 0,
    ...(reading.ids === undefined ? {} : { coded: { ids: reading.ids, places: ranks, limit: texts.length } }),
    toCursor: (rank) => texts[Number(rank)] ?? '',
    fromCursor: (text) => rankOf(String(text)),
  };
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

/** Compares two values of a criterion. */
function compareBy(key: SortKey, left: SortValue, right: SortValue): number {
  const order = typeof left === 'number' && typeof right === 'number' ? left - right : key.compare(String(left), String(right));
  return key.descending ? -order : order;
}

/** Compares two rows by their values. */
function compareKeys(keys: readonly SortKey[], left: readonly SortValue[], right: readonly SortValue[]): number {
  for (const [index, key] of keys.entries()) {
    const order = compareBy(key, left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

interface Candidate {
  readonly id: number;
  readonly values: SortValue[];
}

/** Compares a row with given values, looking no further than the first difference. */
function compareRow(id: number, keys: readonly SortKey[], values: readonly SortValue[]): number {
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    const order = key === undefined ? 0 : compareBy(key, key.value(id), values[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * The first `limit` of the rows that sort after `after`, in order, with the values of each. Keeps no more than `limit` rows at a time (a heap
 * with the last on top), so that most rows of a long list cost one comparison.
 */
export function firstAfter(scan: PageScan): readonly Candidate[] {
  const { keys, limit, after } = scan;
  const ids = pageCandidates(scan);
  const heap: Candidate[] = [];
  const candidate = (id: number): Candidate => ({ id, values: keys.map((key) => key.value(id)) });
  for (let nth = 0; nth < ids.length; nth += 1) {
    const id = ids[nth] ?? 0;
    const [last] = heap;
    const isFull = heap.length >= limit && last !== undefined;
    if (isFull && compareRow(id, keys, last.values) >= 0) continue;
    if (after !== undefined && compareRow(id, keys, after) <= 0) continue;
    if (isFull) replaceTop(heap, candidate(id), keys);
    else push(heap, candidate(id), keys);
  }
  return heap.sort((left, right) => compareKeys(keys, left.values, right.values));
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
