import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  MAX_QUERY_LENGTH,
  MAX_QUERY_TERMS,
  parseQuery,
  parseQueryDuration,
  quoteQueryValue,
  type Query,
  type QueryError,
} from './query.ts';
import { QUERY_FIELDS } from './query-fields.ts';

const LABELS = new Set(['region', 'app.kubernetes.io/part-of']);

function parsed(text: string): Query {
  const query = parseQuery(text, LABELS);
  if (!query.ok) throw new Error(query.error.message);
  return query.value;
}
function refused(text: string): QueryError {
  const query = parseQuery(text, LABELS);
  if (query.ok) throw new Error(`"${text}" was taken`);
  return query.error;
}
/** A term in one line: negation, field, argument, test. */
const shown = (text: string): readonly string[] =>
  parsed(text).terms.map((term) => {
    const sign = term.negated ? '!' : '';
    if (term.kind === 'text') return `${sign}text ${term.pattern.parts.join('*')}`;
    const { test: wanted } = term;
    const name = `${sign}${term.field.name}${term.argument === undefined ? '' : `[${term.argument}]`}`;
    if (wanted.kind === 'any') return `${name} ${wanted.patterns.map(({ parts }) => parts.join('*')).join('|')}`;
    if (wanted.kind === 'version') return `${name} ${wanted.operator} ${wanted.version}`;
    if (wanted.kind === 'compare') return `${name} ${wanted.operator} ${wanted.values.map(({ value }) => value).join('|')}`;
    return `${name} present`;
  });

test('the whole language in one line', () => {
  expect(shown('region:north look:degraded version:pos<4.11 read-age>2h !lifecycle:parked text "quoted words"')).toEqual([
    'label[region] north', 'look degraded', 'version[pos] < 4.11', 'read-age > 7200000', '!lifecycle parked', 'text text', 'text quoted words',
  ]); // prettier-ignore
});

test.each([
  ['nothing but space', '  \t ', []],
  ['several values', 'state:Silent,overdue', ['state silent|overdue']],
  ['a colon before a comparison', 'read-age:>=30m applications:<3', ['read-age >= 1800000', 'applications < 3']],
  ['equality with =', 'connection=Refused applications=0', ['connection refused', 'applications = 0']],
  ['a duration of two units', 'read-age<1h30m', ['read-age < 5400000']],
  ['globs', 'name:store-*-north message:"connection to * failed"', ['name store-*-north', 'message connection to * failed']],
  ['fields in capitals', 'LOOK:Degraded', ['look degraded']],
  [
    'a label by its full name',
    'label:app.kubernetes.io/part-of:pos app.kubernetes.io/part-of:pos',
    ['label[app.kubernetes.io/part-of] pos', 'label[app.kubernetes.io/part-of] pos'],
  ],
  ['a label that no edge has, said to be one', 'label:ring:0', ['label[ring] 0']],
  ['presence', 'version:pos !label:region', ['version[pos] present', '!label[region] present']],
  ['absence', 'region:"" reason:""', ['label[region] ', 'reason ']],
  ['quotes in quotes', String.raw`message:"he said \"no\" to a \*"`, ['message he said "no" to a *']],
  ['a comma in free text', 'a,b', ['text a,b']],
  ['versions alike', 'version:pos:4.11.*,4.12', ['version[pos] 4.11.*|4.12']],
  ['words between quotes only', '!"not this"', ['!text not this']],
])('%s', (_what, text, terms) => {
  expect(shown(text)).toEqual(terms);
});

test.each<[what: string, text: string, marked: string, nearest: string | undefined, message: RegExp]>([
  ['a field that is none', 'look:Degraded regoin:north', 'regoin', 'region', /no field or label regoin; did you mean region\?/],
  ['a field far from all', 'https://x.example.com', 'https', undefined, /put it in quotes/],
  ['a word that its field never has', 'look:degradd', 'degradd', 'Degraded', /look is never degradd/],
  ['a bad word among good ones', 'state:Stale,Bad', 'Bad', undefined, /use one of Enrolling, Parked/],
  ['a field without a value', 'x look:', 'look:', undefined, /look needs a value/],
  ['a label without a value', 'region:', 'region:', undefined, /region needs a value/],
  ['a version of nothing', 'version:', 'version', undefined, /needs the name of a product/],
  ['a comparison of words', 'look<Degraded', 'look<Degraded', undefined, /cannot be compared with </],
  ['a comparison with two values', 'applications>1,2', '2', undefined, /takes one value/],
  ['a number that is none', 'applications>many', 'many', undefined, /many is no number/],
  ['a duration without a unit', 'read-age>5', '5', undefined, /write it as 30s, 5m, 2h or 7d/],
  ['a quote that does not close', 'x "open end', '"open end', undefined, /does not close/],
  ['a negation of nothing', 'x ! y', '!', undefined, /before the term it negates/],
  ['too much text', `${'x'.repeat(MAX_QUERY_LENGTH)}!!`, '!!', undefined, /at most 2000 characters/],
  ['too many terms', 'y '.repeat(MAX_QUERY_TERMS + 1), 'y', undefined, /at most 64 terms/],
])('%s is an error with its place', (...[, text, marked, nearest, message]) => {
  const error = refused(text);
  expect(error.message).toMatch(message);
  expect(text.slice(error.position, error.position + error.length)).toBe(marked);
  expect(error.nearest).toBe(nearest);
});

test('without known labels every unknown field is a label', () => {
  expect(parseQuery('anything:goes').ok).toBe(true);
});

describe('whatever is typed', () => {
  const bit = fc.constantFrom(
    ...QUERY_FIELDS.map(({ name }) => name),
    ':',
    '<',
    '>=',
    '=',
    '!',
    ',',
    '"',
    '\\',
    '*',
    ' ',
    'pos',
    '4.11',
    '2h',
    'region',
    '\u{1F600}',
    '\n',
  );
  const typed = fc.oneof(
    fc.array(bit, { maxLength: 25 }).map((bits) => bits.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  test('the parser answers, and the place of an error lies in the text', () => {
    fc.assert(
      fc.property(typed, fc.boolean(), (text, known) => {
        const query = known ? parseQuery(text, LABELS) : parseQuery(text);
        if (query.ok) return query.value.terms.every(({ position, length }) => length > 0 && position + length <= text.length);
        const { position, length, message } = query.error;
        return message !== '' && position >= 0 && length > 0 && position + length <= text.length;
      }),
      { numRuns: 2_000 },
    );
  });

  test('terms stand in the order of the text and cover all of it but spaces', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const query = parseQuery(text);
        if (!query.ok) return;
        let end = 0;
        for (const { position, length } of query.value.terms) {
          expect(text.slice(end, position)).toMatch(/^\s*$/);
          end = position + length;
        }
        expect(text.slice(end)).toMatch(/^\s*$/);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a quoted value is read back as that text and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (value) => {
        const query = parseQuery(`name:${quoteQueryValue(value)}`);
        expect(query.ok && query.value.terms).toMatchObject([
          { field: { name: 'name' }, test: { kind: 'any', patterns: [{ parts: [value.toLowerCase()] }] } },
        ]);
      }),
    );
  });
});

test.each([
  ['90s', { value: 90_000, unit: 1_000 }],
  ['2H30M', { value: 9_000_000, unit: 60_000 }],
  ['7d', { value: 604_800_000, unit: 86_400_000 }],
  ['150ms', { value: 150, unit: 1 }],
  ['1w', { value: 604_800_000, unit: 604_800_000 }],
  ['h', undefined],
  ['5', undefined],
  ['-5m', undefined],
  ['', undefined],
])('duration %s', (raw, expected) => {
  expect(parseQueryDuration(raw)).toEqual(expected);
});
