import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KNOWN_LINES, missingCapabilities, shortArgocdVersion, toArgocdVersion } from './argocd-version.ts';

describe('the version of an Argo CD', () => {
  test.each<[raw: string, line: string, known: boolean]>([
    ['v2.10.20', '2.10', true],
    ['v2.14.21+abcdef0', '2.14', true],
    ['v3.5.1+unknown', '3.5', true],
    ['3.4.7', '3.4', true],
    ['v3.6.0-rc2', '3.6', true],
    ['v2.9.3', '2.10', false],
    ['v1.8.7', '2.10', false],
    ['v2.15.0', '2.14', false],
    ['v3.7.0', '3.6', false],
    ['v99.99.99+unknown', '3.6', false],
    ['latest', '3.6', false],
    ['', '3.6', false],
  ])('%s is served as %s', (raw, line, known) => {
    expect(toArgocdVersion(raw)).toMatchObject({ line, known });
  });

  test('capabilities follow the table of versions', () => {
    const of = (raw: string): object => toArgocdVersion(raw).capabilities;
    expect(of('v2.10.20')).toEqual({
      narrowList: false, healthSince: false, historyInitiatedBy: false, multiSourceRollback: false, actionsV2: false, emptyDiffIsUnknown: false,
    }); // prettier-ignore
    expect(of('v2.14.21')).toMatchObject({ healthSince: true, historyInitiatedBy: true, multiSourceRollback: true, actionsV2: false });
    expect(of('v3.3.14')).toMatchObject({ emptyDiffIsUnknown: true, narrowList: false, actionsV2: true });
    expect(of('v3.4.7')).toMatchObject({ emptyDiffIsUnknown: false, narrowList: false });
    expect(of('v3.5.1')).toMatchObject({ narrowList: true });
  });

  test('an unknown version says as which one it is served', () => {
    expect(missingCapabilities(toArgocdVersion('v4.1.0'), 'stream')).toEqual([
      'Argo CD v4.1.0 is not a version we know; it is served as 3.6.',
    ]);
    expect(missingCapabilities(toArgocdVersion('latest'), 'stream')).toEqual(['This Argo CD does not say a version; it is served as 3.6.']);
    expect(missingCapabilities(toArgocdVersion('v3.5.1'), 'stream')).toEqual([]);
  });

  test('polling says what it costs, by version', () => {
    expect(missingCapabilities(toArgocdVersion('v3.4.7'), 'poll').join(' ')).toContain(
      'Before Argo CD 3.5 a polled list carries no revision',
    );
    expect(missingCapabilities(toArgocdVersion('v3.5.1'), 'poll').join(' ')).toContain('several sources');
    expect(missingCapabilities(undefined, 'poll').join(' ')).toContain('polled');
  });

  test('any text is some known line, and never keeps more than its start', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (raw) => {
        const version = toArgocdVersion(raw);
        expect(KNOWN_LINES).toContain(version.line);
        expect(version.raw.length).toBeLessThanOrEqual(64);
      }),
    );
  });
});

test.each([
  ['v3.4.7+unknown', 'v3.4.7'],
  ['v3.5.1+abc1234.dirty', 'v3.5.1'],
  ['v3.6.0-rc1+x', 'v3.6.0-rc1'],
  ['v3.5.1', 'v3.5.1'],
  ['', ''],
])('people name %s %s', (raw, short) => {
  expect(shortArgocdVersion(raw)).toBe(short);
});
