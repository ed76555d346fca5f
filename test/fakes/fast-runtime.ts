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
/** A busy machine makes this clock slow, not its deadlines short. */
const MOST_AT_ONCE_MS = 10;

/** Time that goes `speed` times as fast as the machine's as long as that keeps up: minutes of watching in seconds, over real sockets. */
export function createFastRuntime(speed: number, random: () => number = Math.random): FastRuntime {
  const runtime = createSteppedRuntime(Date.now(), random);
  let before = performance.now();
  const turning = setInterval(() => {
    const now = performance.now();
    runtime.advance(Math.min(now - before, MOST_AT_ONCE_MS) * speed);
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
