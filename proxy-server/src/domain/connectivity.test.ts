import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import {
  advance,
  emptyConnectivity,
  fromBytes,
  noteConnection,
  readHours,
  readMinutes,
  toBytes,
  type Connectivity,
} from './connectivity.ts';
import { CONNECTIONS, type Connection } from './edge-state.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The start of an hour. */
const START = 1_800_000_000_000 - (1_800_000_000_000 % HOUR);

/** Notes the connection every minute, as the watch loop does. */
function watched(history: Connectivity, connection: Connection, from: number, minutes: number): Connectivity {
  let noted = history;
  for (let minute = 0; minute < minutes; minute += 1) noted = noteConnection(noted, connection, from + minute * MINUTE);
  return noted;
}

describe('minutes', () => {
  test('hold what was noted, oldest first, 24 hours of them', () => {
    const history = watched(watched(emptyConnectivity(START), 'Reachable', START, 3), 'OutOfReach', START + 3 * MINUTE, 2);
    const minutes = readMinutes(history, START + 4 * MINUTE);
    expect(minutes).toHaveLength(1_440);
    expect(minutes.slice(-6)).toEqual(['notWatched', 'reachable', 'reachable', 'reachable', 'outOfReach', 'outOfReach']);
  });

  test('the worst of a minute wins, whatever comes first', () => {
    const history = noteConnection(noteConnection(emptyConnectivity(START), 'OutOfReach', START), 'Reachable', START + 30_000);
    expect(readMinutes(history, START + 30_000).at(-1)).toBe('outOfReach');
  });

  test('time that nobody watched is not reachable', () => {
    const before = watched(emptyConnectivity(START), 'Reachable', START, 5);
    const minutes = readMinutes(watched(before, 'Reachable', START + 65 * MINUTE, 5), START + 69 * MINUTE);
    expect(minutes.slice(-70)).toEqual([
      ...Array.from({ length: 5 }, () => 'reachable'),
      ...Array.from({ length: 60 }, () => 'notWatched'),
      ...Array.from({ length: 5 }, () => 'reachable'),
    ]);
  });

  test('a day and more without a word leaves nothing', () => {
    const history = watched(emptyConnectivity(START), 'Reachable', START, 60);
    expect(new Set(readMinutes(history, START + 26 * HOUR))).toEqual(new Set(['notWatched']));
    expect(readHours(history, START + 26 * HOUR).at(-27)).toEqual({ worst: 'reachable', share: 1 });
  });

  test('reading does not change what is kept', () => {
    const history = watched(emptyConnectivity(START), 'Reachable', START, 5);
    const before = toBytes(history);
    readMinutes(history, START + 5 * HOUR);
    readHours(history, START + 5 * HOUR);
    expect(toBytes(history)).toEqual(before);
  });
});

describe('hours', () => {
  test('hold the worst and the reachable share of the watched minutes', () => {
    const history = watched(watched(emptyConnectivity(START), 'Reachable', START, 45), 'OutOfReach', START + 45 * MINUTE, 15);
    const hour = readHours(history, START + 59 * MINUTE).at(-1)!;
    expect(hour.worst).toBe('outOfReach');
    expect(hour.share).toBeCloseTo(0.75, 1);
  });

  test('minutes that nobody watched do not count against the share', () => {
    const history = watched(emptyConnectivity(START), 'Reachable', START, 10);
    expect(readHours(history, START + 59 * MINUTE).at(-1)).toEqual({ worst: 'reachable', share: 1 });
  });

  test('30 days of them, and no more', () => {
    const history = watched(emptyConnectivity(START), 'Refused', START, 1);
    expect(readHours(history, START + 719 * HOUR)[0]).toEqual({ worst: 'refused', share: 0 });
    expect(new Set(readHours(history, START + 720 * HOUR).map(({ worst }) => worst))).toEqual(new Set(['notWatched']));
  });
});

describe('clocks that jump', () => {
  test('back by a little: the newest minute takes it, nothing gets better', () => {
    const history = watched(emptyConnectivity(START), 'OutOfReach', START, 10);
    const after = noteConnection(history, 'Reachable', START + 5 * MINUTE);
    expect(readMinutes(after, START + 9 * MINUTE).slice(-10)).toEqual(Array.from({ length: 10 }, () => 'outOfReach'));
  });

  test('back by days: what was noted ahead of it is forgotten, what lies before it is kept', () => {
    const honest = watched(emptyConnectivity(START), 'Reachable', START, 30);
    const ahead = noteConnection(honest, 'Reachable', START + 5 * HOUR);
    const back = noteConnection(ahead, 'OutOfReach', START + 30 * MINUTE);
    const minutes = readMinutes(back, START + 30 * MINUTE);
    expect(minutes.slice(-31, -1)).toEqual(Array.from({ length: 30 }, () => 'reachable'));
    expect(minutes.at(-1)).toBe('outOfReach');
  });

  test('forward by years: everything is forgotten in bounded time', () => {
    const history = watched(emptyConnectivity(START), 'Reachable', START, 30);
    const after = advance(history, START + 10 * 365 * 24 * HOUR);
    expect(new Set(readMinutes(after, START + 10 * 365 * 24 * HOUR))).toEqual(new Set(['notWatched']));
  });
});

describe('stored', () => {
  test('any history comes back as it was, and a quiet month is small', () => {
    const story = fc.array(fc.record({ connection: fc.constantFrom(...CONNECTIONS), afterMs: fc.nat(10 * HOUR) }), { maxLength: 40 });
    fc.assert(
      fc.property(story, (steps) => {
        let now = START;
        let history = emptyConnectivity(START);
        for (const { connection, afterMs } of steps) history = noteConnection(history, connection, (now += afterMs));
        const back = fromBytes(toBytes(history))!;
        expect(readMinutes(back, now)).toEqual(readMinutes(history, now));
        expect(readHours(back, now)).toEqual(readHours(history, now));
        expect([back.minutes.length, back.hours.length]).toEqual([1_440, 720]);
      }),
    );
    expect(toBytes(watched(emptyConnectivity(START), 'Reachable', START, 1_440)).length).toBeLessThan(64);
  });

  test('bytes that are no history are none', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void expect(fromBytes(bytes)).toBeUndefined()));
    expect(fromBytes(toBytes(emptyConnectivity(START)).slice(0, -3))).toBeUndefined();
  });
});
