import { describe, expect, test } from '@jest/globals';
import { nextClockSkew, type ClockSkew } from './clock-skew.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const measured = (offMs: number, before?: ClockSkew, tookMs = 0): ClockSkew | undefined =>
  nextClockSkew(before, { dateHeader: new Date(NOW + offMs).toUTCString(), askedAt: NOW - tookMs / 2, answeredAt: NOW + tookMs / 2 });

describe('the clock of an edge', () => {
  test.each([
    [0, undefined],
    [-4 * 60_000, undefined],
    [7_200_000, '2 h ahead'],
    [-6 * 60_000, '6 min behind'],
    [40 * 24 * 3_600_000, '960 h ahead'],
  ])('off by %d ms reads %s', (offMs, sign) => {
    const skew = measured(offMs);
    expect(Math.abs((skew?.skewMs ?? Infinity) - offMs)).toBeLessThanOrEqual(1_000);
    expect(skew?.failure?.sign).toBe(sign);
    if (sign !== undefined) expect(skew?.failure).toMatchObject({ row: 40, kind: 'clockSkewed' });
  });

  test('that jumps is told even while it is nearly right, and once only', () => {
    const jumped = measured(120_000, measured(0));
    expect(jumped?.failure?.sign).toBe('it jumped, now 2 min ahead');
    expect(measured(121_000, jumped)?.failure).toBeUndefined();
  });

  test('drifting by seconds is no jump, and a slow answer is no proof of one', () => {
    expect(measured(3_000, measured(0))?.failure).toBeUndefined();
    expect(measured(70_000, measured(0), 30_000)?.failure).toBeUndefined();
  });

  test.each([undefined, '', 'yesterday', '0'.repeat(100_000)])('a Date that cannot be read teaches nothing', (dateHeader) => {
    const before = measured(0);
    expect(nextClockSkew(before, { dateHeader, askedAt: NOW, answeredAt: NOW })).toBe(before);
  });
});
