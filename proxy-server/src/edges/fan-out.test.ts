import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { createSlots, fanOut } from './fan-out.ts';

describe('slots', () => {
  test('are given in order, and never more than the width at once', async () => {
    const slots = createSlots(2);
    const order: number[] = [];
    const releases: (() => void)[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      void slots.take().then((release) => {
        order.push(turn);
        releases.push(release);
      });
    }
    await Promise.resolve();
    expect(order).toEqual([0, 1]);
    releases[0]!();
    releases[0]!(); // a second release frees nothing
    await Promise.resolve();
    expect(order).toEqual([0, 1, 2]);
    expect(slots.inFlight).toBe(2);
  });

  test('survive thousands of waiters', async () => {
    const slots = createSlots(3);
    let most = 0;
    let served = 0;
    await Promise.all(
      Array.from({ length: 5_000 }, async () => {
        const release = await slots.take();
        most = Math.max(most, slots.inFlight);
        served += 1;
        release();
      }),
    );
    expect({ most, served, left: slots.inFlight }).toEqual({ most: 3, served: 5_000, left: 0 });
  });
});

describe('fan-out', () => {
  test('asks at most the width at once and answers in the order of the items', async () => {
    const { timers } = createSteppedRuntime();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), async (items, width) => {
        let inFlight = 0;
        let most = 0;
        const ask = async (item: number): Promise<number> => {
          inFlight += 1;
          most = Math.max(most, inFlight);
          await Promise.resolve();
          inFlight -= 1;
          return item * 2;
        };
        const results = await fanOut(items, ask, { width, deadlineMs: 1_000, timers });
        expect(results).toEqual(items.map((item) => ({ kind: 'answered', value: item * 2 })));
        expect(most).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('is back by the deadline, with a result for each item', async () => {
    const { timers, advance, timersWaiting } = createSteppedRuntime();
    const asked: string[] = [];
    const ask = (item: string): Promise<string> => {
      asked.push(item);
      return item === 'dead' ? new Promise(() => undefined) : Promise.resolve(item);
    };
    const running = fanOut(['a', 'dead', 'b'], ask, { width: 1, deadlineMs: 500, timers });
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    advance(500);
    expect(await running).toEqual([{ kind: 'answered', value: 'a' }, { kind: 'notInTime' }, { kind: 'notInTime' }]);
    expect(asked).toEqual(['a', 'dead']);
    expect(timersWaiting).toBe(0);
  });

  test('of nothing is nothing', async () => {
    const { timers } = createSteppedRuntime();
    expect(await fanOut([], () => Promise.resolve(1), { width: 4, deadlineMs: 1, timers })).toEqual([]);
  });
});
