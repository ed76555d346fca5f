import { describe, expect, test } from '@jest/globals';
import { parsePolicyCsv } from './policy-csv.ts';

describe('parsePolicyCsv', () => {
  test('reads p and g lines, quotes, blank lines and comments, and keeps their numbers', () => {
    const { lines, roles, problems } = parsePolicyCsv(
      '# who\n\np, role:ops, applications, *, */pos/*, allow\r\np, "ann, of ops", edges, get, label:region=north, deny\n  g, bob, role:ops\n',
    );
    expect(problems).toEqual([]);
    expect(lines.map(({ line, subject, object, effect }) => [line, subject, object, effect])).toEqual([
      [3, 'role:ops', '*/pos/*', 'allow'],
      [4, 'ann, of ops', 'label:region=north', 'deny'],
    ]);
    expect(roles).toEqual([{ line: 5, subject: 'bob', role: 'role:ops' }]);
  });

  test.each<[text: string, remedy: RegExp]>([
    ['q, a, b', /begins with p or g/],
    ['p, bob, edges, get, *', /6 fields, this one has 5/],
    ['g, bob', /3 fields, this one has 2/],
    ['g, bob, role:x # why', /comment on a line of its own/],
    ['p, bob, edges, get, *, allow # why', /comment on a line of its own/],
    ['p, bob, edges, get, *, permit', /write allow or deny/],
    ['p, bob, aplications, get, *, allow', /write applications$/],
    ['p, bob, applications, synk, */*/*, allow', /write sync$/],
    ['p, bob, applications, get, store-1, allow', /store-1\/\*\/\*/],
    ['p, bob, applications, get, label:region=north, allow', /names no Application/],
    ['p, bob, edges, get, label:region, allow', /label:<key>=<value>/],
    ['p, bob, edges, get, label:example.com/ring=1, allow', /label:example\.com~1ring=1/],
    ['p, bob, edges, get, store-[1, allow', /Close every bracket/],
    ['p, bob, edges, get, "store, allow', /Close the quote/],
    ['p, , edges, get, *, allow', /Name the subject/],
    ['p, bob, edges, get, , allow', /Name the object/],
    [`p, bob, edges, get, ${'x'.repeat(3_000)}, allow`, /Shorten the line/],
  ])('names line and remedy of: %.60s', (text, remedy) => {
    const { problems } = parsePolicyCsv(`\n${text}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 2, remedy: expect.stringMatching(remedy) });
    expect(problems[0]!.text.length).toBeLessThanOrEqual(200);
  });

  test('refuses more lines than one object may hold', () => {
    expect(parsePolicyCsv('\n'.repeat(20_001)).problems[0]?.remedy).toMatch(/at most 20000 lines/);
  });
});
