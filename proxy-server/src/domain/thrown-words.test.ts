import { expect, test } from '@jest/globals';
import { thrownWords } from './thrown-words.ts';

test.each([
  ['an error', new Error('disk full'), 'cannot be read', 'disk full'],
  ['an object with a message', { message: 7 }, undefined, '7'],
  ['a text', 'disk full', undefined, 'disk full'],
  ['nothing', undefined, undefined, 'undefined'],
  ['null, with other words', null, 'cannot be read', 'cannot be read'],
  ['an object without a message, with other words', {}, 'cannot be read', 'cannot be read'],
])('%s', (_what, thrown, otherwise, words) => {
  expect(thrownWords(thrown, otherwise)).toBe(words);
});
