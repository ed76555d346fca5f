import { describe, expect, test } from '@jest/globals';
import { cronProblem, isTimeZone } from './schedule-words.ts';

describe('cronProblem', () => {
  test.each(['0 1 * * *', '*/15 22-23 * * 1-5', '0 1 1 JAN,JUL *', '  0 1 * * *  '])('%p is a schedule', (expression) => {
    expect(cronProblem(expression)).toBeUndefined();
  });

  test.each([
    '',
    '0 1 * *',
    '0 0 1 * * *',
    '@daily',
    '2026-12-24T00:00:00',
    '60 1 * * *',
    '0 24 * * *',
    '0 1 32 * *',
    'a b c d e',
    '0 1 * * MOO',
  ])('%p is none, and it is said why', (expression) => {
    expect(cronProblem(expression)).toMatch(/\w{3}/);
  });
});

describe('isTimeZone', () => {
  test.each(['UTC', 'Europe/Oslo', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Kolkata', 'US/Eastern'])('%s is one', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  test.each(['', '+02:00', 'Europe/Oslow', 'Local time', 'UTC '])('%p is none', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
