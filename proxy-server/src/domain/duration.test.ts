import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDurationMs } from './duration.ts';

describe('parseDurationMs', () => {
  test.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['6h', 21_600_000],
    ['14d', 1_209_600_000],
    ['0s', 0],
    ['007m', 420_000],
  ])('%s is %d ms', (raw, ms) => {
    expect(parseDurationMs(raw)).toBe(ms);
  });

  test.each(['', '5', 'm', '1h30m', '-5m', '1.5h', '5 m', '5M', '5w', '12345678s', '5m\n'])('%p is none', (raw) => {
    expect(parseDurationMs(raw)).toBeUndefined();
  });

  test('whatever it reads is a whole number of ms that a timer can be told', () => {
    fc.assert(
      fc.property(fc.nat(9_999_999), fc.constantFrom('s', 'm', 'h', 'd'), (count, unit) => {
        expect(Number.isSafeInteger(parseDurationMs(`${count}${unit}`))).toBe(true);
      }),
    );
  });
});
