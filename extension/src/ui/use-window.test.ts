import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rowsBetween } from './use-window.ts';

const startOf = (heights: readonly number[], index: number): number => heights.slice(0, index).reduce((sum, height) => sum + height, 0);

describe('the rows in a view', () => {
  test('of equal heights are those it covers', () => {
    expect(rowsBetween(100, () => 30, 90, 180)).toEqual({ first: 3, end: 6 });
    expect(rowsBetween(100, () => 30, 100, 170)).toEqual({ first: 3, end: 6 });
  });

  test('of no list are none, and beyond the end the last one is kept', () => {
    expect(rowsBetween(0, () => 30, 0, 600)).toEqual({ first: 0, end: 0 });
    expect(rowsBetween(3, () => 30, 5_000, 5_600)).toEqual({ first: 2, end: 3 });
  });

  test('whatever their heights, no row in sight is missing and none out of sight is drawn', () => {
    const heights = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(heights, fc.nat(4_000), fc.integer({ min: 1, max: 900 }), (rows, at, room) => {
        const top = Math.min(at, startOf(rows, rows.length) - 1);
        const { first, end } = rowsBetween(rows.length, (index) => rows[index]!, top, top + room);
        const inSight = rows.map((height, index) => startOf(rows, index) < top + room && startOf(rows, index) + height > top);
        expect(inSight.map((seen, index) => (seen ? index : -1)).filter((index) => index >= 0)).toEqual(
          Array.from({ length: end - first }, (_unused, offset) => first + offset),
        );
      }),
    );
  });
});
