import { expect, test } from '@jest/globals';
import { nextWindowStart } from './window-start.ts';

const at = (text: string): number => Date.parse(text);

test.each([
  ['in its own time zone', '0 1 * * *', 'Europe/Oslo', '2026-11-23T12:00:00Z', '2026-11-24T00:00:00Z'],
  ['today still', '0 22 * * *', 'UTC', '2026-11-23T12:00:00Z', '2026-11-23T22:00:00Z'],
  ['on the next day that counts', '30 2 * * 1', 'UTC', '2026-11-24T00:00:00Z', '2026-11-30T02:30:00Z'],
])('a window starts %s', (...[, cron, timeZone, now, expected]) => {
  expect(nextWindowStart(cron, timeZone, at(now))).toBe(at(expected));
});

test('a schedule that cannot be read, or a place nobody knows, has no start', () => {
  expect(nextWindowStart('never', 'UTC', 0)).toBeUndefined();
  expect(nextWindowStart('0 1 * * *', 'Europe/Atlantis', 0)).toBeUndefined();
});
