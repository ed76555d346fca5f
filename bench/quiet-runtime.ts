import type { Logger, Runtime } from '../proxy-server/src/ports/runtime.ts';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** The machine's clock and timers, and no words. */
export const quietRuntime = (): Runtime => ({
  clock: { now: () => Date.now() },
  timers: {
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  },
  random: () => Math.random(),
  log: silent,
  metrics: { count: () => undefined, observe: () => undefined },
});
