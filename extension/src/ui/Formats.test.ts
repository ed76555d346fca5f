import { describe, expect, test } from '@jest/globals';
import { createFormats, largestUnit } from './Formats.tsx';

const formats = createFormats({ locale: 'en-GB', zone: 'Europe/Oslo', now: () => 0 });
const AT = Date.UTC(2026, 10, 23, 13, 32);

describe('times', () => {
  test.each([
    [-5_000, '5 seconds ago'],
    [-59_999, '59 seconds ago'],
    [-31 * 60_000, '31 minutes ago'],
    [-30 * 3_600_000, '30 hours ago'],
    [-41 * 86_400_000, '41 days ago'],
    [24_000, 'in 24 seconds'],
    [-300, '0 seconds ago'],
  ])('%i ms is %s', (ms, words) => {
    expect(formats.relative(AT + ms, AT)).toBe(words);
  });

  test('the absolute time is in the wanted zone and names it', () => {
    expect(formats.absolute(AT)).toMatch(/14:32:00 (CET|GMT\+1)/);
    expect(formats.clock(AT, 'Europe/Helsinki')).toBe('15:32');
    expect(formats.iso(AT)).toBe('2026-11-23T13:32:00.000Z');
  });

  test('a zone that is none does not take the page down', () => {
    expect(() => formats.clock(AT, 'Mars/Olympus')).not.toThrow();
    expect(createFormats({ zone: 'nonsense', now: () => 0 }).zone).not.toBe('nonsense');
  });

  test('a duration is in its largest whole unit', () => {
    expect(formats.duration(14 * 86_400_000)).toBe('14 days');
    expect(formats.duration(5 * 60_000)).toBe('5 minutes');
    expect(largestUnit(47 * 3_600_000)).toEqual({ unit: 'hour', amount: 47 });
  });
});

describe('numbers', () => {
  test('signs are real ones', () => {
    expect([formats.signed(38), formats.signed(-5), formats.signed(0)]).toEqual(['+38', '\u22125', '\u00b10']);
  });
  test('names sort as people count', () => {
    expect(['edge-10', 'edge-9'].sort(formats.compare)).toEqual(['edge-9', 'edge-10']);
  });
});
