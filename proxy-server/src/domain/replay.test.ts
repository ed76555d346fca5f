import { describe, expect, test } from '@jest/globals';
import { replayFailure, type ReplayReading } from './replay.ts';

const reading = (edgeClock: number, versions: Record<string, number>, observedAt: Record<string, number> = {}): ReplayReading => ({
  edgeClock,
  versions: new Map(Object.entries(versions)),
  observedAt: new Map(Object.entries(observedAt)),
});

describe('an older state', () => {
  test.each<[string, ReplayReading, ReplayReading, boolean]>([
    ['every version went back', reading(1, { a: 20, b: 30 }), reading(2, { a: 10, b: 29 }), true],
    ['one version went on', reading(1, { a: 20, b: 30 }), reading(2, { a: 10, b: 31 }), false],
    ['one version stayed', reading(1, { a: 20, b: 30 }), reading(2, { a: 10, b: 30 }), false],
    ['nothing can be compared', reading(1, { a: 20 }), reading(2, { c: 1 }), false],
    ['nothing was known', reading(1, {}), reading(2, { a: 1 }), false],
    ['nothing is there any more', reading(1, { a: 20 }), reading(2, {}), false],
    ['every comparison went back while the clock went on', reading(1, {}, { a: 20, b: 30 }), reading(2, {}, { a: 10, b: 20 }), true],
    ['the clock of the edge itself went back', reading(9, {}, { a: 20, b: 30 }), reading(2, {}, { a: 10, b: 20 }), false],
    ['the clock went back, and so did every version', reading(9, { a: 20 }), reading(2, { a: 10 }), true],
  ])('when %s', (_when, before, after, expected) => {
    expect(replayFailure(before, after)?.row).toBe(expected ? 41 : undefined);
  });
});
