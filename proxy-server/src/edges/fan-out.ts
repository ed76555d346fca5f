import type { Cancel, Timers } from '../ports/runtime.ts';

/** Slots for what may run at once. `take` resolves with the release, first come first served. */
export interface Slots {
  readonly inFlight: number;
  take(): Promise<() => void>;
}

/** At most `width` holders at once; a release is counted once however often it is called. */
export function createSlots(width: number): Slots {
  let inFlight = 0;
  const waiting: ((release: () => void) => void)[] = [];
  let head = 0;
  const grant = (): (() => void) => {
    inFlight += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      inFlight -= 1;
      next();
    };
  };
  const next = (): void => {
    const first = waiting[head];
    if (first === undefined || inFlight >= width) return;
    head += 1;
    if (head > 1_024 && head * 2 > waiting.length) head -= waiting.splice(0, head).length;
    first(grant());
  };
  return {
    get inFlight() {
      return inFlight;
    },
    take: () => (inFlight < width && head >= waiting.length ? Promise.resolve(grant()) : new Promise((resolve) => waiting.push(resolve))),
  };
}

export type FanOutResult<R> = { readonly kind: 'answered'; readonly value: R } | { readonly kind: 'notInTime' };

export interface FanOutOptions {
  readonly width: number;
  readonly deadlineMs: number;
  readonly timers: Timers;
}

/**
 * Asks every item, at most `width` at once, and is back by the deadline: what has not answered by then is `notInTime`, in the order of the
 * items. `ask` reports failures in its value; one item costs one result, never the whole answer.
 */
export async function fanOut<T, R>(
  items: readonly T[],
  ask: (item: T) => Promise<R>,
  options: FanOutOptions,
): Promise<readonly FanOutResult<R>[]> {
  const results: FanOutResult<R>[] = items.map(() => ({ kind: 'notInTime' }));
  let next = 0;
  let over = false;
  const worker = async (): Promise<void> => {
    while (!over && next < items.length) {
      const index = next;
      next += 1;
      const item = items[index];
      if (item === undefined) continue;
      const value = await ask(item);
      if (!over) results[index] = { kind: 'answered', value };
    }
  };
  let cancel: Cancel = () => undefined;
  const deadline = new Promise<void>((resolve) => {
    cancel = options.timers.after(options.deadlineMs, resolve);
  });
  await Promise.race([Promise.all(Array.from({ length: Math.min(options.width, items.length) }, worker)), deadline]);
  over = true;
  cancel();
  return results.slice();
}
