import { describe, expect, test } from '@jest/globals';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { createPacer } from './pacer.ts';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('the pace of connecting', () => {
  test('lets a lane through at its rate, in order, without a burst after a quiet time', async () => {
    const { clock, timers, advance } = createSteppedRuntime();
    const pacer = createPacer({ perSecond: { first: 1_000, reopen: 1_000, again: 100, later: 100 }, width: 10_000, clock, timers });
    advance(60_000);
    const passed: number[] = [];
    for (let edge = 0; edge < 500; edge += 1) void pacer.turn('again').then(() => passed.push(edge));
    await settle();
    expect(passed.length).toBeLessThanOrEqual(6);
    for (let second = 1; second <= 5; second += 1) {
      for (let step = 0; step < 50; step += 1) advance(20);
      await settle();
      expect(passed.length).toBeGreaterThanOrEqual(Math.min(500, 100 * second - 5));
      expect(passed.length).toBeLessThanOrEqual(100 * second + 10);
    }
    expect(passed).toEqual([...passed].sort((left, right) => left - right));
  });

  test('lanes do not wait for each other', async () => {
    const { clock, timers } = createSteppedRuntime();
    const pacer = createPacer({ perSecond: { first: 100, reopen: 100, again: 1, later: 1 }, width: 100, clock, timers });
    await pacer.turn('again');
    let waited = true;
    void pacer.turn('again').then(() => (waited = false));
    await pacer.turn('first');
    await settle();
    expect({ waited, waiting: pacer.waiting('again') }).toEqual({ waited: true, waiting: 1 });
  });

  test('no more than the width are being opened at once', async () => {
    const { clock, timers, advance } = createSteppedRuntime();
    const pacer = createPacer({ perSecond: { first: 10_000, reopen: 1, again: 1, later: 1 }, width: 3, clock, timers });
    const held: (() => void)[] = [];
    for (let edge = 0; edge < 10; edge += 1) void pacer.turn('first').then((giveBack) => held.push(giveBack));
    advance(1_000);
    await settle();
    expect(held).toHaveLength(3);
    held[0]!();
    await settle();
    expect(held).toHaveLength(4);
  });
});
