import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HEALTH_STATUSES, SYNC_STATUSES } from './health.ts';
import { applicationLook, EDGE_LOOKS, lookRank, worseLook, type LookFacts } from './look.ts';
import { OPERATION_STATES } from './operation.ts';

const facts = (over: Partial<LookFacts>): LookFacts => ({ health: 'Healthy', sync: 'Synced', operation: 'None', judged: true, ...over });
const anyFacts = fc.record({
  health: fc.constantFrom(...HEALTH_STATUSES),
  sync: fc.constantFrom(...SYNC_STATUSES),
  operation: fc.constantFrom(...OPERATION_STATES),
  judged: fc.boolean(),
});

describe('the look of an Application', () => {
  test.each<[string, Partial<LookFacts>, string]>([
    ['healthy and judged', {}, 'Healthy'],
    ['healthy by a controller that could not compare', { judged: false, sync: 'Unknown' }, 'Unjudged'],
    ['of unknown health', { health: 'Unknown' }, 'Unjudged'],
    ['not judged, with a failed operation', { judged: false, operation: 'Failed', sync: 'OutOfSync' }, 'Failing'],
    ['healthy, while its operation is retried', { operation: 'Retrying' }, 'Failing'],
    ['healthy and synced again after a failed operation', { operation: 'Failed' }, 'Healthy'],
    ['healthy, not synced after a failed operation', { operation: 'Failed', sync: 'OutOfSync' }, 'Failing'],
    ['missing, while its operation is retried', { health: 'Missing', operation: 'Retrying', sync: 'OutOfSync' }, 'Failing'],
    ['degraded, while its operation is retried', { health: 'Degraded', operation: 'Retrying' }, 'Degraded'],
    ['progressing', { health: 'Progressing', operation: 'Running' }, 'Progressing'],
    ['suspended', { health: 'Suspended' }, 'Suspended'],
  ])('%s', (_when, over, expected) => {
    expect(applicationLook(facts(over))).toBe(expected);
  });

  test('is never well where it is not judged', () => {
    fc.assert(fc.property(anyFacts, (any) => expect(['Unjudged', 'Failing']).toContain(applicationLook({ ...any, judged: false }))));
  });

  test('is never better than its health', () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        const { health } = any;
        if (health !== 'Unknown' && any.judged) expect(lookRank(applicationLook(any))).toBeLessThanOrEqual(lookRank(health));
      }),
    );
  });
});

describe('the worse of two looks', () => {
  const look = fc.constantFrom(...EDGE_LOOKS);
  test('does not depend on order or grouping, and Empty changes nothing', () => {
    fc.assert(
      fc.property(look, look, look, (a, b, c) => {
        expect(worseLook(a, b)).toBe(worseLook(b, a));
        expect(worseLook(worseLook(a, b), c)).toBe(worseLook(a, worseLook(b, c)));
        expect(worseLook(a, 'Empty')).toBe(a);
      }),
    );
  });
});
