import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONNECTIONS, EDGE_STATES, edgeState, isNotHeard, LIFECYCLES, NOT_HEARD_STATES, type EdgeStateFacts } from './edge-state.ts';
import { FRESHNESSES } from './freshness.ts';
import { EDGE_LOOKS } from './look.ts';

const facts = (over: Partial<EdgeStateFacts>): EdgeStateFacts => ({
  lifecycle: 'Active', connection: 'Reachable', freshness: 'Fresh', look: 'Healthy', ...over,
}); // prettier-ignore
const anyFacts = fc.record({
  lifecycle: fc.constantFrom(...LIFECYCLES),
  connection: fc.constantFrom(...CONNECTIONS),
  freshness: fc.option(fc.constantFrom(...FRESHNESSES), { nil: undefined }),
  look: fc.constantFrom(...EDGE_LOOKS),
});

describe('the one count that an edge is in', () => {
  test.each<[string, Partial<EdgeStateFacts>, string]>([
    ['fresh and reachable: its look', {}, 'Healthy'],
    ['parked on purpose, whatever else', { lifecycle: 'Parked', connection: 'OutOfReach', freshness: 'Overdue' }, 'Parked'],
    ['never reached', { connection: 'NeverReached', freshness: undefined }, 'NeverReached'],
    ['refused before it was ever heard', { connection: 'Refused', freshness: undefined }, 'Refused'],
    ['refused, and still fresh', { connection: 'Refused' }, 'Refused'],
    ['refused long ago: its age counts', { connection: 'Refused', freshness: 'Silent' }, 'Silent'],
    ['out of reach, and still fresh', { connection: 'OutOfReach' }, 'OutOfReach'],
    ['out of reach and old', { connection: 'OutOfReach', freshness: 'Stale' }, 'Stale'],
    ['answering, but not heard for long', { freshness: 'Stale', look: 'Degraded' }, 'Stale'],
    ['answering and never heard', { freshness: undefined }, 'NeverReached'],
    ['without Applications', { look: 'Empty' }, 'Empty'],
  ])('%s', (_when, over, expected) => {
    expect(edgeState(facts(over))).toBe(expected);
  });

  test('is always one of the words, and is a look only where the edge is heard', () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        const state = edgeState(any);
        expect(EDGE_STATES).toContain(state);
        const heard = any.lifecycle === 'Active' && any.connection === 'Reachable' && any.freshness === 'Fresh';
        expect(EDGE_LOOKS.some((look) => look === state)).toBe(heard);
      }),
    );
  });

  test('not heard is exactly the six states between lifecycle and look', () => {
    expect(EDGE_STATES.filter(isNotHeard)).toEqual([...NOT_HEARD_STATES]);
  });
});
