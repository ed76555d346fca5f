import { describe, expect, test } from '@jest/globals';
import type { Page } from '../../../proxy-server/src/domain/fleet-view.ts';
import { lotsOf, noRows, pagedRowsReducer } from './paged-rows.ts';

interface Row {
  readonly name: string;
  readonly value: number;
}

const keyOf = ({ name }: Row): string => name;
const reduce = pagedRowsReducer(keyOf);
const rowsOf = (from: number, to: number, value = 0): readonly Row[] =>
  Array.from({ length: to - from }, (_unused, index) => ({ name: `store-${from + index}`, value }));
const page = (items: readonly Row[], cursor?: string): Page<Row> => ({
  items, total: 1_000, revision: 1, now: 0, ...(cursor === undefined ? {} : { cursor }),
}); // prettier-ignore
const first = reduce(noRows(), { kind: 'page', question: 'q', first: true, page: page(rowsOf(0, 100), 'c1') });

describe('rows loaded page after page', () => {
  test('grow by what follows, without doubles', () => {
    const both = reduce(first, { kind: 'page', question: 'q', first: false, page: page(rowsOf(90, 200)) });
    expect(both.rows.map(keyOf)).toEqual(rowsOf(0, 200).map(keyOf));
    expect(both.cursor).toBeUndefined();
  });

  test('asked for again by name they change in place, wherever the list has them now', () => {
    const asked = rowsOf(50, 60).map(keyOf);
    const again = reduce(first, { kind: 'again', question: 'q', asked, rows: [...rowsOf(50, 60, 9)].reverse() });
    expect(again.rows.map(keyOf)).toEqual(first.rows.map(keyOf));
    expect(again.rows.filter(({ value }) => value === 9).map(keyOf)).toEqual(asked);
  });

  test('a row that is no more goes; one that was not asked for stays', () => {
    const again = reduce(first, { kind: 'again', question: 'q', asked: ['store-3', 'store-4'], rows: rowsOf(4, 5) });
    expect(again.rows).toHaveLength(99);
    expect(again.rows.some(({ name }) => name === 'store-3')).toBe(false);
  });

  test('an answer to another question changes nothing', () => {
    expect(reduce(first, { kind: 'page', question: 'old', first: false, page: page(rowsOf(0, 1)) })).toBe(first);
    expect(reduce(first, { kind: 'again', question: 'old', asked: [], rows: rowsOf(0, 1, 9) })).toBe(first);
    expect(reduce(first, { kind: 'total', question: 'old', total: 1 })).toBe(first);
  });

  test('a failure keeps the rows', () => {
    const failed = reduce(first, { kind: 'failed', problem: { kind: 'offline', status: 0 } });
    expect([failed.rows, failed.problem?.kind, failed.loading]).toEqual([first.rows, 'offline', false]);
  });

  test('names too long for one address are asked for in several lots, none left out', () => {
    const long = rowsOf(0, 60).map(({ name, value }) => ({ name: name.padEnd(253, 'x'), value }));
    const lots = lotsOf(long, keyOf);
    expect(lots.length).toBeGreaterThan(1);
    expect(lots.flat()).toEqual(long);
    expect(lots.every((lot) => lot.reduce((sum, row) => sum + keyOf(row).length, 0) <= 4_000)).toBe(true);
  });
});
