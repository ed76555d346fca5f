import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TextHaystack } from './text-haystack.ts';

const aText = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '\n', 'İ', 'ß', '-'), maxLength: 6 });

test('finds the texts that looking at each would find', () => {
  fc.assert(
    fc.property(fc.array(aText, { maxLength: 12 }), aText, (texts, word) => {
      const needle = word.toLowerCase();
      const holds = (id: number): boolean => texts[id]!.toLowerCase().includes(needle);
      const expected = texts.map((_text, id) => (holds(id) ? 1 : 0));
      expect([...new TextHaystack(texts).holding(needle, holds)]).toEqual(expected);
    }),
  );
});

test('asks only about texts in which the word begins', () => {
  const asked: number[] = [];
  const texts = ['store-1', 'kiosk-1', '', 'store-2'];
  new TextHaystack(texts).holding('kiosk', (id) => asked.push(id) > 0);
  expect(asked).toEqual([1]);
});
