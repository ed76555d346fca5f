import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { makeFailure } from './classify.ts';
import {
  CONNECTION_TIMES,
  newConnection,
  nextConnection,
  restoredConnection,
  type ConnectionEvent,
  type EdgeConnection,
} from './edge-connection.ts';
import type { FailureRow } from './failure.ts';

const START = 1_800_000_000_000;
const failed = (row: FailureRow, retryAfterMs?: number): ConnectionEvent => ({
  kind: 'failed',
  failure: makeFailure(row, { sign: 'test', retryAfterMs }),
});
const answered: ConnectionEvent = { kind: 'answered', proof: 'rights' };
const versionAnswered: ConnectionEvent = { kind: 'answered', proof: 'version' };
const step = (state: EdgeConnection, event: ConnectionEvent, now: number, chance = 0.999): EdgeConnection =>
  nextConnection(state, event, now, chance);
const reachable = (): EdgeConnection => step(newConnection(START), answered, START);
const outOfReach = (): EdgeConnection => step(step(reachable(), failed(1), START + 10_000), failed(1), START + 17_000);

describe('a stream that is cut', () => {
  test.each([0, 0.5, 0.999])('is reopened after 1 to 5 s, tried again 5 to 8 s later, and marks within 15 s (chance %d)', (chance) => {
    const cutAt = START + 60_000;
    const cut = step(reachable(), { kind: 'streamCut' }, cutAt, chance);
    const reopenAt = cut.nextProbeAt!;
    expect(reopenAt - cutAt).toBeGreaterThanOrEqual(1_000);
    expect(reopenAt - cutAt).toBeLessThanOrEqual(5_000);

    const first = step(cut, failed(1), reopenAt, chance);
    expect(first.connection).toBe('Reachable');
    expect(first.nextProbeAt! - reopenAt).toBeGreaterThanOrEqual(5_000);
    expect(first.nextProbeAt! - reopenAt).toBeLessThanOrEqual(8_000);

    const second = step(first, failed(1), first.nextProbeAt!, chance);
    expect(second).toMatchObject({ connection: 'OutOfReach', since: reopenAt, failure: { kind: 'edgeOffline' } });
    expect(first.nextProbeAt! - cutAt).toBeLessThanOrEqual(15_000);
  });

  test('and answers when it is reopened shows nothing', () => {
    const before = reachable();
    const after = step(step(before, { kind: 'streamCut' }, START + 60_000), answered, START + 62_000);
    expect(after).toMatchObject({ connection: 'Reachable', since: before.since, failure: undefined, nextProbeAt: undefined });
  });

  test('and answers at the second try shows nothing', () => {
    const first = step(reachable(), failed(4), START + 60_000);
    expect(step(first, answered, START + 66_000)).toMatchObject({ connection: 'Reachable', since: START, firstSignAt: undefined });
  });

  test('again and again is never opened more than once in 5 s', () => {
    let state = reachable();
    let openedAt = START;
    for (let round = 0; round < 50; round += 1) {
      state = step(state, { kind: 'streamCut' }, openedAt + 10, (round % 10) / 10);
      expect(state.nextProbeAt! - openedAt).toBeGreaterThanOrEqual(CONNECTION_TIMES.minBetweenTriesMs);
      openedAt = state.nextProbeAt!;
      state = step(state, answered, openedAt);
    }
  });
});

describe('a stream that falls silent', () => {
  test('is the first sign, the failed probe the second: marked within 60 s of the last byte', () => {
    const lastByteAt = START + 100_000;
    const silentAt = lastByteAt + CONNECTION_TIMES.silenceMs;
    const silent = step(reachable(), { kind: 'streamSilent' }, silentAt);
    expect(silent).toMatchObject({ connection: 'Reachable', nextProbeAt: silentAt });

    const probedAt = silentAt + CONNECTION_TIMES.probeDeadlineMs;
    expect(step(silent, failed(36), probedAt)).toMatchObject({ connection: 'OutOfReach', failure: { kind: 'timedOut' } });
    expect(probedAt - lastByteAt).toBeLessThanOrEqual(60_000);
  });

  test('and a probe that answers shows nothing', () => {
    const silent = step(reachable(), { kind: 'streamSilent' }, START + 45_000);
    expect(step(silent, versionAnswered, START + 46_000)).toMatchObject({ connection: 'Reachable', since: START, firstSignAt: undefined });
  });

  test('before its first byte it is idle, and idle never marks', () => {
    let state = reachable();
    for (let round = 0; round < 100; round += 1) state = step(state, { kind: 'idle' }, START + round * 10_000);
    expect(state).toEqual(reachable());
  });
});

describe('rows', () => {
  test.each<[FailureRow]>([[14], [15], [16], [17], [18], [19], [20], [22], [23], [39]])(
    'row %i refuses at once, and is asked again in minutes',
    (row) => {
      const state = step(reachable(), failed(row), START + 5_000);
      expect(state).toMatchObject({ connection: 'Refused', since: START + 5_000 });
      expect(state.nextProbeAt! - START - 5_000).toBeGreaterThanOrEqual(30_000);
    },
  );

  test.each<[FailureRow]>([[10], [25], [34], [37], [38], [41]])(
    'row %i: Argo CD spoke, so it is reachable, with the reason beside it',
    (row) => {
      expect(step(reachable(), failed(row), START + 5_000)).toMatchObject({ connection: 'Reachable', since: START, failure: { row } });
      expect(step(outOfReach(), failed(row), START + 60_000)).toMatchObject({
        connection: 'Reachable',
        since: START + 60_000,
        failure: { row },
      });
    },
  );

  test.each<[FailureRow]>([[13], [21], [33], [35], [40]])('row %i says nothing of the connection', (row) => {
    for (const state of [reachable(), outOfReach(), newConnection(START)]) {
      const after = step(step(state, failed(row), START + 100_000), failed(row), START + 110_000);
      expect(after).toMatchObject({ connection: state.connection, since: state.since, failure: state.failure, attempts: state.attempts });
    }
  });

  test.each<[FailureRow]>([[1], [4], [7], [11], [12], [24], [26], [27], [28], [29], [30], [31], [32], [36], [42]])(
    'row %i marks at the second sign',
    (row) => {
      const first = step(reachable(), failed(row), START + 5_000);
      expect(first).toMatchObject({ connection: 'Reachable', failure: undefined });
      expect(step(first, failed(row), START + 12_000)).toMatchObject({ connection: 'OutOfReach', since: START + 5_000, failure: { row } });
    },
  );

  test('an edge never reached stays so, with its reason at once; one that refuses is Refused', () => {
    expect(step(newConnection(START), failed(1), START + 1)).toMatchObject({
      connection: 'NeverReached',
      since: START,
      failure: { row: 1 },
    });
    expect(step(newConnection(START), failed(22), START + 1)).toMatchObject({ connection: 'Refused' });
  });

  test('an answer that needs no rights does not take back what Argo CD refused', () => {
    const refused = step(reachable(), failed(22), START + 5_000);
    expect(step(refused, versionAnswered, START + 70_000)).toMatchObject({ connection: 'Refused', failure: { row: 22 } });
    expect(step(refused, answered, START + 70_000)).toMatchObject({ connection: 'Reachable', failure: undefined });
  });

  test('it does take back what Access refused', () => {
    expect(step(step(reachable(), failed(15), START + 5_000), versionAnswered, START + 70_000).connection).toBe('Reachable');
  });

  test('it leaves the reason of an Argo CD in trouble, which only a good answer clears', () => {
    const troubled = step(reachable(), failed(37), START + 5_000);
    expect(step(troubled, versionAnswered, START + 20_000).failure?.row).toBe(37);
    expect(step(troubled, answered, START + 20_000).failure).toBeUndefined();
  });

  test('what an answer asks us to wait is waited', () => {
    const state = step(step(reachable(), failed(24, 240_000), START + 5_000, 0), failed(24, 240_000), START + 12_000, 0);
    expect(state.nextProbeAt).toBe(START + 12_000 + 240_000);
  });
});

describe('while out of reach', () => {
  test('one probe per interval: 15 s doubling to 5 min, and never sooner than 5 s', () => {
    let state = outOfReach();
    const ceilings: number[] = [];
    for (let round = 0, now = START + 20_000; round < 8; round += 1) {
      ceilings.push(Math.round((state.nextProbeAt! - (state.lastTryAt ?? 0)) / 1_000));
      now = state.nextProbeAt!;
      state = step(state, failed(1), now);
    }
    expect(ceilings).toEqual([15, 30, 60, 120, 240, 300, 300, 300]);
    expect(step(outOfReach(), failed(1), START + 40_000, 0).nextProbeAt).toBe(START + 45_000);
  });

  test('the return of a sibling brings the probe forward, not sooner than 5 s after the last', () => {
    let state = outOfReach();
    for (let round = 0; round < 6; round += 1) state = step(state, failed(1), state.nextProbeAt!);
    const now = state.lastTryAt! + 30_000;
    expect(step(state, { kind: 'returnReported', probeAt: now + 1_500 }, now).nextProbeAt).toBe(now + 1_500);
    const justTried = step(state, failed(1), now);
    expect(step(justTried, { kind: 'returnReported', probeAt: now + 100 }, now + 50).nextProbeAt).toBe(now + 5_000);
  });

  test('new credentials are tried at once', () => {
    const refused = step(reachable(), failed(22), START + 5_000);
    expect(step(refused, { kind: 'credentialsChanged' }, START + 30_000).nextProbeAt).toBe(START + 30_000);
  });

  test('the word of the account API makes us look, and alone marks nothing', () => {
    expect(step(reachable(), { kind: 'downReported' }, START + 30_000)).toMatchObject({
      connection: 'Reachable',
      nextProbeAt: START + 30_000,
      firstSignAt: undefined,
    });
    expect(step(outOfReach(), { kind: 'downReported' }, START + 30_000)).toEqual(outOfReach());
  });

  test('a name without a record is asked slowly', () => {
    const state = step(step(reachable(), failed(28), START), failed(28), START + 6_000, 0);
    expect(state.nextProbeAt! - START - 6_000).toBeGreaterThanOrEqual(150_000);
  });
});

test('a try that changed nothing is never owed again at once', () => {
  const refused = step(reachable(), failed(22), START);
  const asked = step(refused, versionAnswered, refused.nextProbeAt!);
  expect(asked.nextProbeAt).toBe(refused.nextProbeAt! + 30_000);
  const away = outOfReach();
  expect(step(away, failed(21), away.nextProbeAt!).nextProbeAt).toBe(away.nextProbeAt! + 5_000);
});

describe('laws', () => {
  const rows = Array.from({ length: 42 }, (_unused, index) => (index + 1) as FailureRow);
  const anyEvent = fc.oneof(
    fc.constantFrom(...rows).map((row) => failed(row)),
    fc.constantFrom<ConnectionEvent>(
      answered,
      versionAnswered,
      { kind: 'streamCut' },
      { kind: 'streamSilent' },
      { kind: 'idle' },
      { kind: 'downReported' },
      { kind: 'credentialsChanged' },
    ),
    fc.nat(60_000).map((inMs): ConnectionEvent => ({ kind: 'returnReported', probeAt: START + inMs })),
  );
  const anyStory = fc.array(
    fc.record({ event: anyEvent, afterMs: fc.nat(400_000), chance: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
    { maxLength: 60 },
  );
  const play = (story: typeof anyStory extends fc.Arbitrary<infer S> ? S : never, onStep: (before: EdgeConnection, after: EdgeConnection, event: ConnectionEvent, now: number) => void): EdgeConnection => {
    let state = newConnection(START);
    let now = START;
    for (const { event, afterMs, chance } of story) {
      now += afterMs;
      const before = state;
      state = nextConnection(before, event, now, chance);
      onStep(before, state, event, now);
    }
    return state;
  }; // prettier-ignore

  test('heals from every state with one good answer', () => {
    fc.assert(fc.property(anyStory, (story) => {
      const healed = step(play(story, () => undefined), answered, START + 100_000_000);
      expect(healed).toMatchObject({ connection: 'Reachable', failure: undefined, attempts: 0, nextProbeAt: undefined, firstSignAt: undefined });
    })); // prettier-ignore
  });

  test('leaves Reachable for OutOfReach only on a failed try that follows a first sign: never two marks for one cut', () => {
    fc.assert(fc.property(anyStory, (story) => {
      play(story, (before, after, event) => {
        if (after.connection !== 'OutOfReach' || before.connection === 'OutOfReach') return;
        expect(event.kind).toBe('failed');
        expect(before.firstSignAt).toBeDefined();
        expect(after.firstSignAt).toBeUndefined();
      });
    })); // prettier-ignore
  });

  test('whatever is not plainly well has a next try, bounded by a quarter of an hour or what the answer asked for', () => {
    fc.assert(fc.property(anyStory, (story) => {
      play(story, (_before, after, event, now) => {
        if (after.connection !== 'Reachable' || after.firstSignAt !== undefined) expect(after.nextProbeAt).toBeDefined();
        if (event.kind === 'failed' && after.nextProbeAt !== undefined) expect(after.nextProbeAt - now).toBeLessThanOrEqual(15 * 60_000);
      });
    })); // prettier-ignore
  });

  test('since never lies in the future, and stands still while the connection does', () => {
    fc.assert(fc.property(anyStory, (story) => {
      play(story, (before, after, _event, now) => {
        expect(after.since).toBeLessThanOrEqual(now);
        if (after.connection === before.connection) expect(after.since).toBe(before.since);
      });
    })); // prettier-ignore
  });

  test('a good answer to a well edge changes nothing, not even the object', () => {
    const state = reachable();
    expect(step(state, answered, START + 1_000)).toBe(state);
  });
});

test('after a restart of ours an edge is tried at once and is as wrong as it was', () => {
  const restored = restoredConnection('OutOfReach', START - 500_000, START);
  expect(restored).toMatchObject({ connection: 'OutOfReach', since: START - 500_000, nextProbeAt: START, everReached: true });
  expect(step(restored, answered, START + 1_000)).toMatchObject({ connection: 'Reachable', since: START + 1_000 });
});
