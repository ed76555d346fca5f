import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backOffCeilingMs, betweenMs, fullJitterMs } from './backoff.ts';

const probe = { baseMs: 15_000, capMs: 300_000 };

describe('back-off', () => {
  test.each([
    [0, 15_000],
    [1, 30_000],
    [4, 240_000],
    [5, 300_000],
    [1_000, 300_000],
    [-1, 15_000],
  ])('attempt %i waits at most %i ms', (attempt, expected) => {
    expect(backOffCeilingMs(probe, attempt)).toBe(expected);
  });

  test('full jitter lies between nothing and the ceiling, and never falls with the number of tries at the same chance', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 0.999_999, noNaN: true }), (attempt, chance) => {
        const waitMs = fullJitterMs(probe, attempt, chance);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThan(backOffCeilingMs(probe, attempt) + 1);
        expect(fullJitterMs(probe, attempt + 1, chance)).toBeGreaterThanOrEqual(waitMs);
      }),
    );
  });

  test('a time between two bounds stays between them', () => {
    expect(betweenMs(1_000, 5_000, 0)).toBe(1_000);
    expect(betweenMs(1_000, 5_000, 0.5)).toBe(3_000);
  });
});
