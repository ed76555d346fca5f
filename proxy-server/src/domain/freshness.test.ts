import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_CONTACT, FRESHNESSES, freshnessAt, READ_AGE_CLASSES_MS, readAgeClass } from './freshness.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 10 ** 12;

describe('freshness', () => {
  test.each<[string, number | undefined, string | undefined]>([
    ['never heard', undefined, undefined],
    ['heard this moment', 0, 'Fresh'],
    ['heard just within staleAfter', 5 * MINUTE, 'Fresh'],
    ['heard just before', 5 * MINUTE + 1, 'Stale'],
    ['heard six hours ago', 6 * HOUR, 'Stale'],
    ['heard more than silentAfter ago', 6 * HOUR + 1, 'Silent'],
    ['heard more than maxExpectedOutage ago', 14 * 24 * HOUR + 1, 'Overdue'],
    ['heard in the future, because our clock went back', -HOUR, 'Fresh'],
  ])('%s', (_when, ageMs, expected) => {
    expect(freshnessAt(ageMs === undefined ? undefined : NOW - ageMs, DEFAULT_CONTACT, NOW)).toBe(expected);
  });

  test('only ever gets worse while time passes', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 10), fc.nat(10 ** 10), (first, more) => {
        const rank = (now: number): number => FRESHNESSES.indexOf(freshnessAt(0, DEFAULT_CONTACT, now) ?? 'Fresh');
        expect(rank(first + more)).toBeGreaterThanOrEqual(rank(first));
      }),
    );
  });

  test('the class of an age grows with the age, and is the last one only for edges never heard', () => {
    expect(readAgeClass(undefined, NOW)).toBe(READ_AGE_CLASSES_MS.length + 1);
    expect(readAgeClass(NOW, NOW)).toBe(0);
    expect(readAgeClass(NOW + HOUR, NOW)).toBe(0);
    expect(READ_AGE_CLASSES_MS.map((age) => readAgeClass(NOW - age, NOW))).toEqual(READ_AGE_CLASSES_MS.map((_, index) => index));
    expect(readAgeClass(0, NOW)).toBe(READ_AGE_CLASSES_MS.length);
  });
});
