import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HEALTH_STATUSES, SYNC_STATUSES, toHealthStatus, toSyncStatus, worstSync } from './health.ts';

describe('words of health and sync', () => {
  test('known words are kept, all others are Unknown', () => {
    expect(HEALTH_STATUSES.map(toHealthStatus)).toEqual([...HEALTH_STATUSES]);
    expect(SYNC_STATUSES.map(toSyncStatus)).toEqual([...SYNC_STATUSES]);
    for (const raw of [undefined, '', 'healthy', 'Splendid', '__proto__']) expect(toHealthStatus(raw)).toBe('Unknown');
    for (const raw of [undefined, '', 'synced', 'constructor']) expect(toSyncStatus(raw)).toBe('Unknown');
  });

  test('OutOfSync outranks Unknown, which outranks Synced, in any order', () => {
    const sync = fc.constantFrom(...SYNC_STATUSES);
    fc.assert(
      fc.property(sync, sync, sync, (a, b, c) => {
        expect(worstSync(a, b)).toBe(worstSync(b, a));
        expect(worstSync(worstSync(a, b), c)).toBe(worstSync(a, worstSync(b, c)));
      }),
    );
    expect(worstSync('Unknown', 'Synced')).toBe('Unknown');
    expect(worstSync('Unknown', 'OutOfSync')).toBe('OutOfSync');
  });
});
