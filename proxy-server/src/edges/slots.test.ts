import { describe, expect, test } from '@jest/globals';
import { createSlots } from './slots.ts';

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
