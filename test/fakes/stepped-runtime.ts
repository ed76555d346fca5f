import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogFields, Logger, Runtime } from '../../proxy-server/src/ports/runtime.ts';

export interface LogLine extends LogFields {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** Time that moves only when a test says so, and everything that was logged and counted. */
export interface SteppedRuntime extends Runtime {
  readonly lines: LogLine[];
  readonly counts: Map<string, number>;
  readonly timersWaiting: number;
  /** Moves the clock, running what is due on the way in its order. */
  advance(ms: number): void;
  /**
   * Lets sockets do their work, and the clock move by `stepMs` a turn, until `done` holds. Fails after `turns` turns: the clock is not the
   * machine's, so this is a number of chances and not of seconds.
   */
  until(done: () => boolean, options?: { readonly stepMs?: number; readonly turns?: number; readonly what?: string }): Promise<void>;
}

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const DEFAULT_TURNS = 20_000;

/** Starts at `startAt`; chance is 0.5 unless the test brings its own. */
export function createSteppedRuntime(startAt = Date.UTC(2026, 10, 23, 12), random: () => number = () => 0.5): SteppedRuntime {
  let now = startAt;
  let order = 0;
  const waiting = new Set<Waiting>();
  const lines: LogLine[] = [];
  const counts = new Map<string, number>();

  const due = (until: number): Waiting | undefined => {
    let first: Waiting | undefined;
    for (const timer of waiting) {
      if (timer.at > until) continue;
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    }
    return first;
  };
  const advance = (ms: number): void => {
    const until = now + ms;
    for (let timer = due(until); timer !== undefined; timer = due(until)) {
      waiting.delete(timer);
      now = Math.max(now, timer.at);
      timer.run();
    }
    now = until;
  };
  return {
    clock: { now: () => now },
    timers: {
      after(delayMs, run) {
        const timer = { at: now + Math.max(0, delayMs), order: (order += 1), run };
        waiting.add(timer);
        return () => void waiting.delete(timer);
      },
    },
    random,
    log: loggerInto(lines, {}),
    metrics: {
      count: (name, labels, by = 1) => {
        const key = `${name} ${Object.values(labels).join(' ')}`;
        counts.set(key, (counts.get(key) ?? 0) + by);
      },
      observe: () => undefined,
    },
    lines,
    counts,
    get timersWaiting() {
      return waiting.size;
    },
    advance,
    async until(done, { stepMs = 0, turns = DEFAULT_TURNS, what = 'it' } = {}) {
      for (let turn = 0; turn < turns; turn += 1) {
        if (done()) return;
        advance(stepMs);
        await nextTurn();
      }
      throw new Error(`Waited in vain for ${what}`);
    },
  };
}

function loggerInto(lines: LogLine[], bound: LogFields): Logger {
  const at =
    (level: LogLine['level']) =>
    (fields: LogFields, message: string): void =>
      void lines.push({ ...bound, ...fields, level, message });
  return {
    debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'),
    child: (fields) => loggerInto(lines, { ...bound, ...fields }),
  }; // prettier-ignore
}
