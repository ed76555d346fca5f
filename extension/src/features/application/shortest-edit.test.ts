import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shortestEdit } from './shortest-edit.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

/** Length of the longest common subsequence, by the table. */
function common(from: readonly string[], to: readonly string[]): number {
  const rows = [new Array<number>(to.length + 1).fill(0)];
  for (const line of from) {
    const above = rows.at(-1)!;
    const row = [0];
    to.forEach((other, at) => row.push(line === other ? above[at]! + 1 : Math.max(above[at + 1]!, row[at]!)));
    rows.push(row);
  }
  return rows.at(-1)!.at(-1)!;
}

test('what is kept and taken is the one text, what is kept and added the other, and no shorter way leads there', () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const steps = shortestEdit(from, to, 1_000)!;
      const without = (kind: string): readonly string[] => steps.filter((one) => one.kind !== kind).map((one) => one.text);
      expect(without('added')).toEqual(from);
      expect(without('removed')).toEqual(to);
      expect(steps.filter(({ kind }) => kind !== 'same')).toHaveLength(from.length + to.length - 2 * common(from, to));
    }),
    { numRuns: 2_000 },
  );
});

test('texts that differ by more than the bound are not compared', () => {
  expect(shortestEdit(['a', 'b'], ['c', 'd'], 4)).toHaveLength(4);
  expect(shortestEdit(['a', 'b'], ['c', 'd'], 3)).toBeUndefined();
  expect(shortestEdit([], [], 0)).toEqual([]);
});
