import { describe, expect, test } from '@jest/globals';
import { seededRandom } from './seeded-random.ts';
import { trendOf } from './leaks.ts';

const ALLOWANCE = { share: 0.1, plus: 5 };

describe('trendOf', () => {
  test('noise around one height is flat, a single peak too', () => {
    expect(trendOf('heap', [100, 104, 98, 300, 101, 99, 103, 97, 102], ALLOWANCE)).toEqual({ name: 'heap', first: 100, last: 102, max: 300, flat: true }); // prettier-ignore
  });

  test('a little more each time grows', () => {
    const samples = Array.from({ length: 30 }, (_unused, index) => 100 + index * 2);
    expect(trendOf('heap', samples, ALLOWANCE)).toMatchObject({ flat: false });
  });

  test('what may not grow at all grows with the first', () => {
    expect(trendOf('servers', [1, 1, 1, 2, 2, 2], { share: 0, plus: 0 }).flat).toBe(false);
  });
});

test('the same seed gives the same numbers, another one others', () => {
  const numbers = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).not.toEqual(numbers(2));
  expect(numbers(3).every((value) => value >= 0 && value < 1)).toBe(true);
});
