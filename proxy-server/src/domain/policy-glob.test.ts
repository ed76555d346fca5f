import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GLOB_LIMITS, parseGlob } from './policy-glob.ts';

const matches = (pattern: string, text: string): boolean | undefined => parseGlob(pattern)?.test(text);

describe('parseGlob', () => {
  test.each<[pattern: string, text: string, expected: boolean]>([
    ['*', '', true],
    ['*', 'store-1/pos/api', true],
    ['store-*', 'store-1/pos/api', true],
    ['store-?', 'store-1', true],
    ['store-?', 'store-12', false],
    ['store-[0-4]', 'store-3', true],
    ['store-[!0-4]', 'store-3', false],
    ['store-[!0-4]', 'store-7', true],
    ['{north,south}-*', 'south-1', true],
    ['{north,south}-*', 'west-1', false],
    ['a{b,c{d,e}}f', 'acef', true],
    ['*/pos/*', 'store-1/pos/api', true],
    ['*/pos/*', 'store-1/shop/api', false],
    ['*a*b', 'xxaybzab', true],
    ['*a*b', 'xxaybza', false],
    ['store', 'store-1', false],
    ['a.c', 'abc', false],
  ])('%s held against %s is %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  test.each(['store-[0-4', 'a{b,c', 'a}b', 'x[]', `${'{a,b}'.repeat(7)}`, 'a'.repeat(GLOB_LIMITS.patternChars + 1)])(
    'what cannot be read is no glob: %s',
    (pattern) => {
      expect(parseGlob(pattern)).toBeUndefined();
    },
  );

  test('a hostile pattern costs no more than text times pattern', () => {
    const glob = parseGlob('*a'.repeat(200))!;
    const startedAt = process.hrtime.bigint();
    expect(glob.test('a'.repeat(199) + 'b')).toBe(false);
    expect(Number(process.hrtime.bigint() - startedAt) / 1e6).toBeLessThan(1_000);
  });

  const piece = fc.constantFrom('*', '?', 'a', 'b', '/', '[ab]', '{a,b/}');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '/'), { maxLength: 8 }).map((chars) => chars.join(''));
  const asRegExp = (glob: string): RegExp => {
    const source = glob.replaceAll('*', '.*').replaceAll('?', '.').replaceAll('{', '(?:').replaceAll('}', ')').replaceAll(',', '|');
    return new RegExp(`^${source}$`);
  };

  test('agrees with the regular expression that says the same', () => {
    fc.assert(
      fc.property(pattern, text, (glob, value) => expect(matches(glob, value)).toBe(asRegExp(glob).test(value))),
      { numRuns: 2_000 },
    );
  });

  test('overPrefix is never wrong about a text it did not see', () => {
    fc.assert(
      fc.property(pattern, text, text, text, (glob, prefix, left, right) => {
        const answer = parseGlob(glob)!.overPrefix(`${prefix}/`);
        const whole = matches(glob, `${prefix}/${left}/${right}`);
        if (answer !== 'depends') expect(whole).toBe(answer === 'always');
      }),
      { numRuns: 3_000 },
    );
  });
});
