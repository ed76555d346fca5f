import { describe, expect, test } from '@jest/globals';
import { cpuSeconds, parseCpuSeconds, residentBytes } from './process-figures.ts';

describe('figures of a process', () => {
  test('CPU is user and system time, whatever the program is called', () => {
    const stat = '42 (a b) c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 11 0 1 2 3';
    expect(parseCpuSeconds(stat)).toBe(3);
    expect(parseCpuSeconds('42 (node) S 1')).toBeUndefined();
  });

  test('a process that is not there has none', () => {
    expect(cpuSeconds(undefined)).toBeUndefined();
    expect(residentBytes(2 ** 30)).toBeUndefined();
  });
});
