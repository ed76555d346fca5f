import { expect, test } from '@jest/globals';
import { pruneVerdict } from './prune.ts';

test.each<[known: number, gone: number, expected: string]>([
  [0, 0, 'nothing'],
  [10, 0, 'nothing'],
  [10, 1, 'take'],
  [10, 5, 'take'],
  [10, 6, 'askFirst'],
  [10, 10, 'askFirst'],
  [1, 1, 'askFirst'],
  [3, 1, 'take'],
])('of %i known Applications %i gone: %s', (known, gone, expected) => {
  expect(pruneVerdict(known, gone)).toBe(expected);
});
