import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SortKey, SortValue } from './sort-key.ts';
import { firstAfter } from './sorting.ts';

interface Row {
  readonly edge: number;
  readonly code: number;
  readonly name: number;
}

/** Rows come edge by edge; the names of one edge's rows differ. */
const aList = fc
  .array(fc.record({ edge: fc.nat(6), code: fc.nat(3) }), { maxLength: 40 })
  .map((rows): readonly Row[] =>
    [...rows].sort((left, right) => left.edge - right.edge).map((row, name) => ({ ...row, name: 1_000 - name })),
  );

const key = (value: (id: number) => number, descending: boolean, more: Partial<SortKey> = {}): SortKey => ({
  value,
  descending,
  compare: () => 0,
  ...more,
});

/** Places are not codes: they are what a column's numbers are in the order of its texts. */
const PLACES = Float64Array.of(2, 0, 3, 1);

function keysOf(rows: readonly Row[], sort: readonly string[]): readonly SortKey[] {
  const codes = Uint8Array.from(rows, ({ code }) => code);
  const place = (id: number): number => PLACES[codes[id]!]!;
  const make = (name: string): SortKey => {
    const descending = name.startsWith('-');
    return name.endsWith('edge')
      ? key((id) => rows[id]!.edge, descending, { isEdgeOrder: true })
      : key(place, descending, { coded: { ids: codes, places: PLACES, limit: 4 } });
  };
  return [...sort.map(make), make('edge'), key((id) => rows[id]!.name, false)];
}

function compareBy(keys: readonly SortKey[], left: readonly SortValue[], right: readonly SortValue[]): number {
  for (const [index, { descending }] of keys.entries()) {
    const order = Number(left[index]) - Number(right[index]);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

describe('a page', () => {
  const sorts = [[], ['edge'], ['-edge'], ['code'], ['-code'], ['code', '-edge'], ['code', 'edge'], ['-code', 'code']];
  test.each(sorts.map((sort) => [sort.join(' ') || 'as rows come', sort] as const))('by %s has the rows a full sort has', (_name, sort) => {
    fc.assert(
      fc.property(aList, fc.integer({ min: 1, max: 8 }), fc.tuple(fc.nat(12), fc.nat(12), fc.nat(80)), (rows, limit, [one, two, name]) => {
        const keys = keysOf(rows, sort);
        const valuesOf = (id: number): readonly SortValue[] => keys.map(({ value }) => value(id));
        const ids = rows.map((_row, id) => id);
        const sorted = ids.map((id) => ({ id, values: valuesOf(id) })).sort((left, right) => compareBy(keys, left.values, right.values));
        // Halves stand for texts and edges that are gone.
        const after = keys.map((_key, index) => (index === keys.length - 1 ? 930 + name : (index === 0 ? one : two) / 2 - 0.5));
        const anywhere = [undefined, after, ...sorted.map(({ values }) => values)];
        for (const start of anywhere) {
          const expected = sorted.filter(({ values }) => start === undefined || compareBy(keys, values, start) > 0).slice(0, limit);
          expect(firstAfter({ ids, keys, limit, after: start }).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
        }
      }),
    );
  });

  test('after a cursor that nobody wrote is found in no time', () => {
    const rows = [{ edge: 0, code: 1, name: 1 }];
    const keys = keysOf(rows, ['code']);
    expect(firstAfter({ ids: [0], keys, limit: 5, after: [-1e15, 0, 0] })).toHaveLength(1);
    expect(firstAfter({ ids: [0], keys, limit: 5, after: [1e15, 0, 0] })).toHaveLength(0);
  });
});
