import { describe, expect, test } from '@jest/globals';
import { isFailing, toOperationState, type OperationFacts } from './operation.ts';

const facts = (over: Partial<OperationFacts>): OperationFacts => ({ requested: false, retryCount: 0, dryRun: false, ...over });

describe('what an operation is doing', () => {
  test.each<[string, Partial<OperationFacts>, string]>([
    ['there is none', {}, 'None'],
    ['it was asked for and no controller took it up', { requested: true }, 'Queued'],
    ['an empty phase stands where none was taken up', { requested: true, phase: '' }, 'Queued'],
    ['it runs', { phase: 'Running', requested: true }, 'Running'],
    ['it runs for the second time', { phase: 'Running', retryCount: 1 }, 'Retrying'],
    ['it is being stopped', { phase: 'Terminating', retryCount: 3 }, 'Terminating'],
    ['it succeeded', { phase: 'Succeeded' }, 'Succeeded'],
    ['it succeeded after retries', { phase: 'Succeeded', retryCount: 4 }, 'Succeeded'],
    ['it failed', { phase: 'Failed' }, 'Failed'],
    ['it ended in an error', { phase: 'Error' }, 'Failed'],
    ['a dry run ended well', { phase: 'Succeeded', dryRun: true }, 'None'],
    ['a dry run ended badly', { phase: 'Failed', dryRun: true }, 'None'],
    ['a dry run runs', { phase: 'Running', dryRun: true }, 'Running'],
    ['its phase is a word we do not know', { phase: 'Pondering' }, 'Failed'],
  ])('when %s', (_when, over, expected) => {
    expect(toOperationState(facts(over))).toBe(expected);
  });

  test('fails while it is retried, and after it failed until the Application is synced', () => {
    expect(isFailing('Retrying', 'Synced')).toBe(true);
    expect(isFailing('Failed', 'OutOfSync')).toBe(true);
    expect(isFailing('Failed', 'Unknown')).toBe(true);
    expect(isFailing('Failed', 'Synced')).toBe(false);
    expect(isFailing('Running', 'OutOfSync')).toBe(false);
  });
});
