import type { Runtime } from '../ports/runtime.ts';

/** The same, telling how long each run took, whether it went well or not. */
export function timedRun<K>(
  controller: string,
  { clock, metrics }: Pick<Runtime, 'clock' | 'metrics'>,
  run: (key: K) => Promise<void>,
): (key: K) => Promise<void> {
  return async (key) => {
    const startedAt = clock.now();
    try {
      await run(key);
    } finally {
      metrics.observe('reconcile', { controller }, (clock.now() - startedAt) / 1_000);
    }
  };
}

export interface WorkQueue<K> {
  add(key: K): void;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  readonly depth: number;
}

/**
 * Runs `run` for every added key: one run of a key at a time, `width` keys at once. A key added while it runs is run once more, however often
 * it was added. `run` reports its own failures; the queue only frees the slot.
 */
export function createWorkQueue<K>(run: (key: K) => Promise<void>, width: number): WorkQueue<K> {
  const waiting = new Set<K>();
  const running = new Set<K>();
  let resolveIdle: (() => void)[] = [];
  const pump = (): void => {
    for (const key of waiting) {
      if (running.size >= width) return;
      if (running.has(key)) continue;
      waiting.delete(key);
      running.add(key);
      const done = (): void => {
        running.delete(key);
        pump();
      };
      void run(key).then(done, done);
    }
    if (waiting.size > 0 || running.size > 0) return;
    for (const resolve of resolveIdle) resolve();
    resolveIdle = [];
  };
  return {
    add: (key) => {
      waiting.add(key);
      pump();
    },
    idle: () => (waiting.size === 0 && running.size === 0 ? Promise.resolve() : new Promise((resolve) => resolveIdle.push(resolve))),
    get depth() {
      return waiting.size;
    },
  };
}
