import { createSteppedRuntime, type LogLine } from './stepped-runtime.ts';
import type { Runtime } from '../../proxy-server/src/ports/runtime.ts';

export interface FastRuntime extends Runtime {
  readonly lines: readonly LogLine[];
  readonly counts: ReadonlyMap<string, number>;
  /** Until it holds; fails after `limitMs` of this runtime's own time. */
  until(done: () => boolean, limitMs: number, what?: string): Promise<number>;
  /** So much of this runtime's time. */
  pass(ms: number): Promise<void>;
  close(): void;
}

const TURN_MS = 5;
/** A turn that comes later than this was kept waiting: by work of our own loop, or by a busy machine. */
const LATE_MS = 10;
const LEAST_AT_ONCE_MS = 1;

/**
 * What a turn after `elapsedMs` may add before it is multiplied. The later it comes, the less: a busy machine makes this clock slow, and so
 * leaves its deadlines as many turns of the loop as an idle one does.
 */
const allowanceMs = (elapsedMs: number): number =>
  elapsedMs <= LATE_MS ? elapsedMs : Math.max(LEAST_AT_ONCE_MS, (LATE_MS * LATE_MS) / elapsedMs / 2);

/** Time that goes `speed` times as fast as the machine's as long as that keeps up: minutes of watching in seconds, over real sockets. */
export function createFastRuntime(speed: number, random: () => number = Math.random): FastRuntime {
  const runtime = createSteppedRuntime(Date.now(), random);
  let before = performance.now();
  const turning = setInterval(() => {
    const now = performance.now();
    runtime.advance(allowanceMs(now - before) * speed);
    before = now;
  }, TURN_MS);
  const { clock } = runtime;
  const until: FastRuntime['until'] = async (done, limitMs, what = 'it') => {
    const began = clock.now();
    while (!done()) {
      if (clock.now() - began > limitMs) throw new Error(`Waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    }
    return clock.now() - began;
  };
  return {
    ...runtime,
    until,
    async pass(ms) {
      const end = clock.now() + ms;
      await until(() => clock.now() >= end, Infinity);
    },
    close: () => clearInterval(turning),
  };
}
