import type { FastRuntime } from './fast-runtime.ts';
import type { LogFields, Logger } from '../../proxy-server/src/ports/runtime.ts';
import type { LogLine } from './stepped-runtime.ts';

const LOOK_EVERY_MS = 50;

/** The machine's own time, for runs at full size: what is late is late. Says every line it is given to `onLine` too. */
export function createRealRuntime(onLine: (line: LogLine) => void = () => undefined): FastRuntime {
  const lines: LogLine[] = [];
  const counts = new Map<string, number>();
  const clock = { now: () => Date.now() };
  const logger = (bound: LogFields): Logger => {
    const at = (level: LogLine['level']) => (fields: LogFields, message: string) => {
      const line = { ...bound, ...fields, level, message };
      if (level !== 'debug') lines.push(line);
      onLine(line);
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => logger({ ...bound, ...fields }),
    };
  };
  const until: FastRuntime['until'] = async (done, limitMs, what = 'it') => {
    const began = clock.now();
    while (!done()) {
      if (clock.now() - began > limitMs) throw new Error(`Waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return clock.now() - began;
  };
  return {
    clock,
    timers: {
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    random: () => Math.random(),
    log: logger({}),
    metrics: {
      count: (name, labels, by = 1) => {
        const key = `${name} ${Object.values(labels).join(' ')}`;
        counts.set(key, (counts.get(key) ?? 0) + by);
      },
      observe: () => undefined,
    },
    lines,
    counts,
    until,
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    close: () => undefined,
  };
}
