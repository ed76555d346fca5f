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

  test('what can wait, waits until nobody waits for a first turn', async () => {
    const { clock, timers, advance } = createSteppedRuntime();
    const pacer = createPacer({ perSecond: { first: 100, reopen: 1, again: 1, later: 1_000 }, width: 1_000, clock, timers });
    const passed: string[] = [];
    for (let edge = 0; edge < 20; edge += 1) void pacer.turn('first').then(() => passed.push('first'));
    for (let edge = 0; edge < 20; edge += 1) void pacer.turn('later').then(() => passed.push('later'));
    for (let step = 0; step < 30; step += 1) {
      advance(20);
      await settle();
    }
    expect(passed).toHaveLength(40);
    expect(passed.lastIndexOf('first')).toBeLessThan(passed.indexOf('later'));
  });

  test('closed, it lets everybody go and leaves no timer', async () => {
    const runtime = createSteppedRuntime();
    const pacer = createPacer({ perSecond: { first: 1, reopen: 1, again: 1, later: 1 }, width: 1, ...runtime });
    const passed: string[] = [];
    for (const lane of ['first', 'later', 'later'] as const) void pacer.turn(lane).then(() => passed.push(lane));
    pacer.close();
    await settle();
    expect(passed).toHaveLength(3);
    expect(runtime.timersWaiting).toBe(0);
    await expect(pacer.turn('again')).resolves.toEqual(expect.any(Function));
  });
});
