import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { readQuery } from './query-colours.ts';
import { completions, isHalfField, wordAt, type KnownWords } from './query-completion.ts';

const KNOWN: KnownWords = {
  labels: { region: ['north', 'far north'], ring: ['0'] },
  connectors: ['north-line'],
  products: ['pos'],
  versions: { pos: ['4.11.2', '4.12.0'] },
};
const LABELS = new Set(['region', 'ring']);
const texts = (query: string): readonly string[] => completions(query, query.length, KNOWN).map(({ text }) => text);

describe('the colours of a query', () => {
  test('each part by what it is', () => {
    expect(readQuery('region:north !look:degraded text', LABELS).pieces).toEqual([
      { text: 'region', part: 'field' }, { text: ':', part: 'operator' }, { text: 'north', part: 'value' }, { text: ' ', part: 'space' },
      { text: '!', part: 'negation' }, { text: 'look', part: 'field' }, { text: ':', part: 'operator' }, { text: 'degraded', part: 'value' },
      { text: ' ', part: 'space' }, { text: 'text', part: 'text' },
    ]); // prettier-ignore
  });

  test('a mistake is marked where it is', () => {
    const { pieces, error } = readQuery('ring:0 look:dgraded', LABELS);
    expect(error).toMatchObject({ position: 12, nearest: 'Degraded' });
    expect(pieces.filter(({ part }) => part === 'error')).toEqual([{ text: 'dgraded', part: 'error' }]);
  });

  test('nothing of the text is lost, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (query) => {
        expect(readQuery(query, LABELS).pieces.map(({ text }) => text).join('')).toBe(query);
      }),
    ); // prettier-ignore
  });
});

describe('completion', () => {
  test('fields while a field is typed: the fleet’s own labels first', () => {
    expect(texts('re')).toEqual(expect.arrayContaining(['region:', 'reason:', 'read-age>', 'revision:']));
    expect(texts('re')[0]).toBe('region:');
  });

  test.each([
    ['values of a label', 'region:n', ['north', '"far north"']],
    ['states', 'state:ove', ['Overdue']],
    ['the second of two values', 'region:north,f', ['"far north"']],
    ['versions of a Product', 'version:pos<4.12', ['4.12.0']],
    ['a connector, negated', '!connector:n', ['north-line']],
    ['nothing for a word that is there in full', 'ring:0', []],
  ])('%s', (_what, query, expected) => {
    expect(texts(query)).toEqual(expected);
  });

  test('replaces only the part under the caret', () => {
    const [first] = completions('text region:n', 13, KNOWN);
    expect(first).toMatchObject({ from: 12, to: 13 });
    expect(wordAt('a "b c', 6)).toEqual({ text: '"b c', from: 2 });
  });

  test('a word that may still become a field is not searched for', () => {
    expect(isHalfField('look', 4, KNOWN)).toBe(true);
    expect(isHalfField('look:degraded', 13, KNOWN)).toBe(false);
    expect(isHalfField('store-04', 8, KNOWN)).toBe(false);
  });
});
