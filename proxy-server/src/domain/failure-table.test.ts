import { describe, expect, test } from '@jest/globals';
import { FAILURE_TABLE, failureReason, failureRemedy, failureRow, failureWords } from './failure-table.ts';
import { FAILURE_KINDS, isTransient, type EdgeFailure, type FailureRow } from './failure.ts';

const rowsOf = (effect: string): number[] => FAILURE_TABLE.filter((row) => row.effect === effect).map(({ row }) => row);

describe('the failure table', () => {
  test('has forty-two rows in order, and every kind is used', () => {
    expect(FAILURE_TABLE.map(({ row }) => row)).toEqual(Array.from({ length: 42 }, (_unused, index) => index + 1));
    const used = new Set(FAILURE_TABLE.flatMap(({ kind, otherKind }) => (otherKind === undefined ? [kind] : [kind, otherKind])));
    expect([...used].sort()).toEqual([...FAILURE_KINDS].sort());
  });

  test('says of the connection what the contract says', () => {
    expect(rowsOf('silent')).toEqual([13, 21, 33, 35, 40]);
    expect(rowsOf('reachable')).toEqual([10, 25, 34, 37, 38, 41]);
    expect(rowsOf('refusedAtOnce')).toEqual([14, 15, 16, 17, 18, 19, 20, 22, 23, 39]);
    expect(FAILURE_TABLE.filter(({ fleetWide }) => fleetWide).map(({ row }) => row)).toEqual([11, 24, 29, 32]);
  });

  test.each(FAILURE_TABLE.map((row) => [row.row, row] as const))('row %i has words for people, in both readings', (_number, row) => {
    const failure: EdgeFailure = { row: row.row, kind: row.kind, sign: 'the sign' };
    for (const connector of ['cloudflare', 'direct'] as const) {
      const words = failureWords(failure, { edge: 'store-1', since: '10:42', count: 7 }, connector);
      expect(words).toMatch(/^[A-Z].*\.$/s);
      expect(words).not.toMatch(/undefined|null|NaN|\$\{/);
      expect(failureRemedy(failure, connector).remedy.length).toBeGreaterThan(6);
    }
    expect(failureWords(failure, { edge: 'store-1' }, 'cloudflare')).not.toMatch(/undefined/);
    expect(row.danger).not.toBe('');
  });

  test('a direct Connector is never told of Cloudflare where the words differ', () => {
    for (const { row, kind, direct } of FAILURE_TABLE) {
      if (direct?.words === undefined) continue;
      expect(failureWords({ row, kind, sign: 'x' }, { edge: 'store-1' }, 'direct')).not.toMatch(/cloudflare|tunnel/i);
    }
  });

  test('the second class of a row has words of its own', () => {
    const words = (row: FailureRow, kind: EdgeFailure['kind']): string =>
      failureWords({ row, kind, sign: 'x' }, { edge: 'store-1' }, 'cloudflare');
    expect(words(25, 'edgeLimit')).not.toBe(words(25, 'requestTooLarge'));
    expect(words(38, 'unsupported')).not.toBe(words(38, 'clientBug'));
  });

  test('a reason is the kind in the spelling of conditions', () => {
    expect(failureReason('edgeOffline')).toBe('EdgeOffline');
  });

  test('what a person must mend is not transient', () => {
    expect(
      FAILURE_KINDS.filter(
        (kind) => isTransient({ kind }) && rowsOf('refusedAtOnce').some((row) => failureRow(row as FailureRow).kind === kind),
      ),
    ).toEqual([]);
    expect(isTransient({ kind: 'edgeOffline' })).toBe(true);
  });
});
