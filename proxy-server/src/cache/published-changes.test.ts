import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PublishedChanges } from './published-changes.ts';

const SLOTS = 200;

test('names exactly the slots that changed since a revision, or says that it no longer knows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(fc.nat(SLOTS - 1), { maxLength: 20 }), { maxLength: 20 }),
      fc.array(fc.constantFrom('all', 'many'), { maxLength: 3 }),
      (publications, bursts) => {
        const changes = new PublishedChanges(10);
        const changedAt = new Float64Array(SLOTS);
        let revision = 10;
        const everything = Array.from({ length: SLOTS }, (_unused, slot) => slot);
        const filled = bursts.flatMap((burst) => Array.from({ length: burst === 'all' ? 30 : 300 }, () => everything));
        for (const slots of [...filled, ...publications]) {
          revision += 1;
          for (const slot of slots) changedAt[slot] = revision;
          changes.note(revision, slots);
        }
        for (let since = 5; since <= revision; since += 1) {
          const found = changes.since(since, changedAt);
          const expected = everything.filter((slot) => changedAt[slot]! > since);
          if (found !== undefined) expect([...found].sort((left, right) => left - right)).toEqual(expected);
        }
        expect(changes.since(revision, changedAt)).toEqual([]);
        expect(changes.since(9, changedAt)).toBeUndefined();
        if (filled.length === 0) expect(changes.since(10, changedAt)).toBeDefined();
      },
    ),
    { numRuns: 50 },
  );
});

test('forgets what one publication changed when that is more than it remembers', () => {
  const changes = new PublishedChanges(1);
  const slots = Array.from({ length: 20_000 }, (_unused, slot) => slot);
  changes.note(2, slots);
  expect(changes.since(1, new Float64Array(20_000).fill(2))).toBeUndefined();
  expect(changes.since(2, new Float64Array(20_000).fill(2))).toEqual([]);
});
