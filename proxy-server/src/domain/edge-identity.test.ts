import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { identityDigest, identityVerdict, type IdentityFacts } from './edge-identity.ts';

const facts = (known: string[], seen: string[], over: Partial<IdentityFacts> = {}): IdentityFacts => ({
  knownUids: new Set(known),
  seenUids: new Set(seen),
  setting: 'Pinned',
  generation: 3,
  acceptedGeneration: undefined,
  ...over,
});

describe('the Argo CD behind a name', () => {
  test.each<[string, IdentityFacts, string]>([
    ['nothing is known of it yet', facts([], ['a']), 'first'],
    ['one Application is still there', facts(['a', 'b'], ['b', 'c']), 'same'],
    ['it shows no Applications', facts(['a'], []), 'same'],
    ['it shares nothing with what was', facts(['a', 'b'], ['c']), 'changed'],
    ['a person said that the next one is right', facts(['a'], ['c'], { setting: 'AcceptNext' }), 'accepted'],
    ['the next one was accepted already', facts(['a'], ['c'], { setting: 'AcceptNext', acceptedGeneration: 3 }), 'changed'],
    ['a person said so again', facts(['a'], ['c'], { setting: 'AcceptNext', acceptedGeneration: 2 }), 'accepted'],
  ])('when %s', (_when, given, verdict) => {
    expect(identityVerdict(given)).toBe(verdict);
  });
});

describe('its digest', () => {
  test('does not depend on the order, and is sixteen digits', () => {
    fc.assert(
      fc.property(fc.array(fc.uuid(), { minLength: 1, maxLength: 100 }), (uids) => {
        expect(identityDigest([...uids].reverse())).toBe(identityDigest(uids));
        expect(identityDigest(uids)).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });

  test('differs where the Applications do', () => {
    expect(identityDigest(['a', 'b'])).not.toBe(identityDigest(['a', 'c']));
    expect(identityDigest(['ab'])).not.toBe(identityDigest(['a', 'b']));
  });
});
