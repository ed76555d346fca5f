import { describe, expect, test } from '@jest/globals';
import { closingLine, summarise } from './summary.ts';
import type { JestReport } from './summary.ts';

const aReport = (over: Partial<JestReport> = {}): JestReport => ({ numPassedTests: 3, numFailedTests: 0, testResults: [], ...over });
const aFile = (status: string, tests: readonly string[]) => ({
  name: 'a.test.ts',
  status,
  message: '',
  assertionResults: tests.map((one, index) => ({ status: one, fullName: `test ${index}` })),
});
const NOTHING_ELSE = { failed: 0, skipped: [] };

describe('summarise', () => {
  test('reports are added up', () => {
    const summary = summarise(
      [aReport(), aReport({ numPassedTests: 2, numFailedTests: 1, testResults: [aFile('failed', ['failed'])] })],
      NOTHING_ELSE,
    );
    expect(summary).toEqual({ passed: 5, failed: 1, skipped: [] });
  });

  test('a file that cannot be run counts as one failure', () => {
    expect(summarise([aReport({ testResults: [aFile('failed', [])] })], NOTHING_ELSE).failed).toBe(1);
  });

  test('skipped tests are named', () => {
    expect(summarise([aReport({ testResults: [aFile('passed', ['passed', 'pending'])] })], NOTHING_ELSE).skipped).toEqual(['test 1']);
  });

  test('a run of nothing fails', () => {
    expect(summarise([], NOTHING_ELSE).failed).toBe(1);
  });

  test('what could not be started counts too', () => {
    expect(summarise([aReport()], { failed: 1, skipped: ['x'] })).toEqual({ passed: 3, failed: 1, skipped: ['x'] });
  });
});

describe('closingLine', () => {
  test('skips are said only when there are any', () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: [] })).toBe('3 passed, 0 failed');
    expect(closingLine({ passed: 3, failed: 1, skipped: ['a', 'b'] })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
