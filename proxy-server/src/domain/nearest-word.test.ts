import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nearestWord } from './nearest-word.ts';

describe('nearestWord', () => {
  const known = ['displayName', 'timeZone', 'tokenSecretRef', 'url', 'access'];
  test.each([
    ['displayname', 'displayName'],
    ['timezone', 'timeZone'],
    ['tokenSecret', 'tokenSecretRef'],
    ['ulr', undefined],
    ['urll', 'url'],
    ['colour', undefined],
    ['', undefined],
  ])('of %p is %p', (word, wanted) => {
    expect(nearestWord(word, known)).toBe(wanted);
  });

  test('a known word is nearest to itself, and among equals the first', () => {
    fc.assert(fc.property(fc.constantFrom(...known), (word) => expect(nearestWord(word, known)).toBe(word)));
    expect(nearestWord('cat', ['bat', 'rat'])).toBe('bat');
  });

  test('a word of any length costs little', () => {
    expect(nearestWord('x'.repeat(1_000_000), known)).toBeUndefined();
  });
});
