import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import semver from 'semver';
import { compareVersions, isVersion, newestVersion, versionComparer } from './version-order.ts';

test.each([
  ['4.9.0', '4.10.0'],
  ['4.11', '4.11.1'],
  ['v4.11.1', '4.11.2'],
  ['4.12.0-rc.1', '4.12.0'],
  ['4.12.0-rc.2', '4.12.0-rc.10'],
  ['4.12.0-1', '4.12.0-alpha'],
  ['4.12.0-alpha', '4.12.0-alpha.1'],
  ['2026.3.1', '2026.11.0'],
  ['20260301', '20261101'],
  ['main', '0.0.1'],
  ['unknown', '1'],
  ['build-9', 'build-10'],
  ['3f2a9c1d', '1.0'],
])('%s comes before %s', (older, newer) => {
  expect([compareVersions(older, newer), compareVersions(newer, older)]).toEqual([-1, 1]);
});

test.each([['4.11', 'v4.11.0'], ['4.11.2+build7', '4.11.2'], ['main', 'main']])('%s is as old as %s', (left, right) => {
  expect(compareVersions(left, right)).toBe(0);
}); // prettier-ignore

test('the newest is a version: branches and hashes are never newer than anything', () => {
  expect(newestVersion(['main', 'v4.9', '4.10.1', 'zzz', 'unknown'])).toBe('4.10.1');
  expect(newestVersion(['main', 'unknown'])).toBeUndefined();
  expect([isVersion('v1'), isVersion('1.x'), isVersion('unknown')]).toEqual([true, false, false]);
});

const number = fc.nat(20).map(String);
const preRelease = fc
  .array(fc.constantFrom('alpha', 'beta', 'rc', '0', '1', '2', '10'), { maxLength: 3 })
  .map((parts) => (parts.length === 0 ? '' : `-${parts.join('.')}`));
const strict = fc.tuple(number, number, number, preRelease).map(([major, minor, patch, rest]) => `${major}.${minor}.${patch}${rest}`);
const anything = fc.oneof(strict, fc.string({ maxLength: 12 }), fc.constantFrom('main', 'unknown', 'v1', '2026.1', 'build-10'));

test('agrees with semver wherever semver has an opinion', () => {
  fc.assert(
    fc.property(strict, strict, (left, right) => compareVersions(left, right) === semver.compare(left, right)),
    { numRuns: 500 },
  );
});

test('is an order: whoever is asked, and in a row of three', () => {
  fc.assert(
    fc.property(anything, anything, anything, (a, b, c) => {
      expect(compareVersions(a, b)).toBe(0 - compareVersions(b, a));
      expect(compareVersions(a, a)).toBe(0);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 1_000 },
  );
});

test('a comparer of many says the same', () => {
  const compare = versionComparer();
  fc.assert(fc.property(anything, anything, (left, right) => compare(left, right) === compareVersions(left, right)));
});
