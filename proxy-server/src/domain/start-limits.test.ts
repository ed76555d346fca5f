import { describe, expect, test } from '@jest/globals';
import { startLimits, type StartFacts } from './start-limits.ts';

const AMPLE: StartFacts = { openFiles: 1_048_576, localPorts: 60_000, heapBytes: 8_000_000_000, now: Date.UTC(2026, 10, 23) };

describe('startLimits', () => {
  test('on an ample machine ten thousand edges fit without a word', () => {
    const { fleetSize, warnings } = startLimits(AMPLE, 10_000);
    expect(fleetSize).toBeGreaterThan(10_000);
    expect(warnings).toEqual([]);
  });

  test.each<[what: string, over: Partial<StartFacts>, words: RegExp]>([
    ['files', { openFiles: 1_024 }, /^1024 files may be open: .*ulimit -n.* enough for about 0 edges, and there are 5000$/],
    ['ports', { localPorts: 6_000 }, /^6000 ports .*ip_local_port_range.* about 4000 edges/],
    ['heap', { heapBytes: 500_000_000 }, /^The heap may grow to 500 MB: .*max-old-space-size.* about 2500 edges/],
    ['clock', { now: 0 }, /^The clock says 1970-01-01/],
  ])('where %s are short, it is said with the limit to raise', (_what, over, words) => {
    expect(startLimits({ ...AMPLE, ...over }, 5_000).warnings).toEqual([expect.stringMatching(words)]);
  });

  test('what the system does not tell limits nothing, and a small fleet is warned of nothing it does not reach', () => {
    const { openFiles: _openFiles, localPorts: _localPorts, ...facts } = AMPLE;
    expect(startLimits(facts, 10_000).warnings).toEqual([]);
    expect(startLimits({ ...AMPLE, openFiles: 4_096 }, 100).warnings).toEqual([]);
  });
});
