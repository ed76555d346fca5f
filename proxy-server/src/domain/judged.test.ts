import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unjudgedReason, type JudgedFacts } from './judged.ts';

const MINUTE = 60_000;
const facts = (over: Partial<JudgedFacts>): JudgedFacts => ({ sync: 'Synced', conditionTypes: [], judgedWithinMs: 30 * MINUTE, ...over });

describe('whether a health status is evidence', () => {
  test.each<[string, Partial<JudgedFacts>, string | undefined]>([
    ['the comparison worked', {}, undefined],
    ['it is out of sync, which is a comparison too', { sync: 'OutOfSync' }, undefined],
    ['nothing was compared', { sync: 'Unknown' }, 'NotCompared'],
    ['the comparison failed', { sync: 'Unknown', conditionTypes: ['ComparisonError'] }, 'ComparisonFailed'],
    [
      'a comparison failed although an older result stands',
      { conditionTypes: ['OrphanedResourceWarning', 'InvalidSpecError'] },
      'ComparisonFailed',
    ],
    ['only warnings stand', { conditionTypes: ['OrphanedResourceWarning', 'SharedResourceWarning'] }, undefined],
    ['the controller looked within the limit', { observedAt: 0, edgeClockAtReading: 30 * MINUTE }, undefined],
    ['the controller has not looked for longer', { observedAt: 0, edgeClockAtReading: 30 * MINUTE + 1 }, 'ControllerSilent'],
    ['the edge clock went back', { observedAt: 100 * MINUTE, edgeClockAtReading: 0 }, undefined],
    ['observedAt cannot be read', { edgeClockAtReading: 10 ** 12 }, undefined],
  ])('when %s', (_when, over, expected) => {
    expect(unjudgedReason(facts(over))).toBe(expected);
  });

  test('a failed comparison is never judged, whatever else stands', () => {
    fc.assert(
      fc.property(fc.constantFrom('Synced', 'OutOfSync', 'Unknown'), fc.option(fc.nat(), { nil: undefined }), (sync, observedAt) => {
        const over = observedAt === undefined ? {} : { observedAt, edgeClockAtReading: observedAt };
        expect(unjudgedReason(facts({ sync, conditionTypes: ['ComparisonError'], ...over }))).toBe('ComparisonFailed');
      }),
    );
  });
});
