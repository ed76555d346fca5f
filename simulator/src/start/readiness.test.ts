import { describe, expect, test } from '@jest/globals';
import { heardShare } from './readiness.ts';

describe('heardShare', () => {
  test.each([
    ['all are heard', { counts: { edges: 10, notHeard: 0 } }, 1],
    ['some are not', { counts: { edges: 10, notHeard: 2 } }, 0.8],
    ['there is no edge', { counts: { edges: 0, notHeard: 0 } }, 1],
    ['the answer is of another shape', 'Unauthorized', 0],
    ['a count is missing', { counts: { edges: 10 } }, 0],
  ])('when %s', (_when, overview, share) => {
    expect(heardShare(overview)).toBeCloseTo(share);
  });
});
