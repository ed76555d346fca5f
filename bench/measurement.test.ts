import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { percentiles, toColumns, toTable, verdictOf, type Measurement } from './measurement.ts';

describe('percentiles', () => {
  test('of nothing are zero', () => {
    expect(percentiles([])).toEqual({ p50: 0, p99: 0, max: 0, count: 0 });
  });

  test('of a hundred numbers are the fiftieth and the ninety-ninth, in whatever order they come', () => {
    const numbers = Array.from({ length: 100 }, (_unused, index) => 100 - index);
    expect(percentiles(numbers)).toEqual({ p50: 50, p99: 99, max: 100, count: 100 });
  });

  test('are values that were there, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (values) => {
        const { p50, p99, max } = percentiles(values);
        expect(values).toContain(p50);
        expect(p50 <= p99 && p99 <= max).toBe(true);
      }),
    );
  });
});

const measurement = (over: Partial<Measurement> = {}): Measurement => ({
  what: 'query',
  unit: 'ms',
  baseline: { words: 'objects', value: 820 },
  ours: 8.2,
  mustReach: 20,
  moonshot: 5,
  ...over,
});

describe('verdictOf', () => {
  test.each<[ours: number, verdict: string]>([
    [5, 'moonshot'],
    [5.01, 'reached'],
    [20, 'reached'],
    [20.01, 'MISSED'],
  ])('%p of 20 and 5 is %s', (ours, verdict) => {
    expect(verdictOf(measurement({ ours }))).toBe(verdict);
  });

  test('what is held to nothing has none', () => {
    expect(verdictOf({ ours: 1 })).toBe('');
  });
});

describe('tables', () => {
  test('cells stand under one another, and no line ends in blanks', () => {
    expect(toColumns([['a', 'long'], ['longer', 'b'], ['c', '']])).toBe('a       long\nlonger  b\nc'); // prettier-ignore
  });

  test('a measurement is a line with its ratio and verdict, and its words below', () => {
    const [head, line, , ...notes] = toTable([measurement({ detail: 'p50 1.0' })]).split('\n');
    expect(head).toMatch(/^what +baseline +ours +unit +ratio +must reach +moonshot$/);
    expect(line).toMatch(/^query +820 +8\.2 +ms +100× +20 +5 +reached$/);
    expect(notes).toEqual(['query', '  baseline: objects', '  ours: p50 1.0']);
  });
});
