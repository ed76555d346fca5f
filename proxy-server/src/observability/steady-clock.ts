import type { Clock } from '../ports/runtime.ts';

/** Behind a clock that was set back we go on at this part of its pace, until it has caught up. */
const SLOWED = 0.5;

/**
 * The machine's clock, but never back: where that is set back, every pause that is measured from a moment before would last as much longer, and
 * edges would not be asked, nor their silence noticed, for all that time. Time then goes on at half its pace until the two agree again. A
 * clock that is set forward is followed at once.
 */
export function createSteadyClock(machineNow: () => number, sinceStartMs: () => number): Clock {
  let now = machineNow();
  let readAt = sinceStartMs();
  return {
    now() {
      const passedMs = Math.max(0, sinceStartMs() - readAt);
      readAt += passedMs;
      now = Math.max(machineNow(), now + passedMs * SLOWED);
      return Math.floor(now);
    },
  };
}
