import { subscribe } from 'node:diagnostics_channel';
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
  /** Seconds that were observed, by name and labels. */
  readonly observed: Map<string, readonly number[]>;
  readonly timersWaiting: number;
  /** Moves the clock, running what is due on the way in its order; how many timers ran. */
  advance(ms: number): number;
  /**
   * Lets sockets do their work, and the clock move by `stepMs` a turn, until `done` holds. Fails after half a minute of the
   * machine.
   */
  until(done: () => boolean, options?: { readonly stepMs?: number; readonly what?: string }): Promise<void>;
}

/** Requests of undici that wait for the head of their answer, in this process. */
const requestsInFlight = (() => {
  const waiting = new Set<object>();
  const requestOf = (message: unknown): object => (message as { request: object }).request;
  subscribe('undici:request:create', (message) => void waiting.add(requestOf(message)));
  subscribe('undici:request:headers', (message) => void waiting.delete(requestOf(message)));
  subscribe('undici:request:error', (message) => void waiting.delete(requestOf(message)));
  return () => waiting.size;
})();

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Of the machine: a test that waits longer than this waits in vain. */
const DEFAULT_LIMIT_MS = 30_000;
const QUIET_MS = 5;
const PATIENCE_MS = 200;

/** Starts at `startAt`; chance is 0.5 unless the test brings its own. */
export function createSteppedRuntime(startAt = Date.UTC(2026, 10, 23, 12), random: () => number = () => 0.5): SteppedRuntime {
  let now = startAt;
  let order = 0;
  const waiting = createTimerQueue();
  const lines: LogLine[] = [];
  const counts = new Map<string, number>();
  const observed = new Map<string, readonly number[]>();

  const advance = (ms: number): number => {
    const until = now + ms;
    let ran = 0;
    for (let timer = waiting.takeDue(until); timer !== undefined; timer = waiting.takeDue(until)) {
      now = Math.max(now, timer.at);
      timer.run();
      ran += 1;
    }
    now = until;
    return ran;
  };
  /**
   * What a timer began (a request, an answer, another request) takes some turns of the machine, in which no time of ours may pass: waits until
   * nothing has asked for a new timer for a moment and no request waits for its answer, but not for an answer that does not come.
   */
  const quiet = async (): Promise<void> => {
    const from = performance.now();
    let changedAt = from;
    let before = order;
    while (performance.now() - changedAt < QUIET_MS || (requestsInFlight() > 0 && performance.now() - changedAt < PATIENCE_MS)) {
      await nextTurn();
      if (before === order) continue;
      before = order;
      changedAt = performance.now();
    }
  };
  return {
    clock: { now: () => now },
    timers: {
      after(delayMs, run) {
        const timer = { at: now + Math.max(0, delayMs), order: (order += 1), run, cancelled: false };
        return waiting.add(timer);
      },
    },
    random,
    log: loggerInto(lines, {}),
    metrics: {
      count: (name, labels, by = 1) => {
        const key = `${name} ${Object.values(labels).join(' ')}`;
        counts.set(key, (counts.get(key) ?? 0) + by);
      },
      observe: (name, labels, seconds) => {
        const key = `${name} ${Object.values(labels).join(' ')}`;
        observed.set(key, [...(observed.get(key) ?? []), seconds]);
      },
    },
    lines,
    counts,
    observed,
    get timersWaiting() {
      return waiting.size;
    },
    advance,
    async until(done, { stepMs = 0, what = 'it' } = {}) {
      for (const from = performance.now(); performance.now() - from < DEFAULT_LIMIT_MS;) {
        if (done()) return;
        const ran = advance(stepMs);
        const before = order;
        await nextTurn();
        if (ran > 0 || before !== order) await quiet();
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

/** A binary heap by time and order of asking; what is cancelled stays in it until its time, and is not counted. */
function createTimerQueue(): { readonly size: number; add(timer: Waiting): () => void; takeDue(until: number): Waiting | undefined } {
  const heap: Waiting[] = [];
  let size = 0;
  const before = (left: number, right: number): boolean => {
    const [a, b] = [heap[left]!, heap[right]!];
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  };
  const swap = (left: number, right: number): void => {
    [heap[left], heap[right]] = [heap[right]!, heap[left]!];
  };
  const sink = (from: number): void => {
    for (let at = from; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && before(left, least)) least = left;
      if (right < heap.length && before(right, least)) least = right;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  const pop = (): Waiting => {
    swap(0, heap.length - 1);
    const first = heap.pop()!;
    sink(0);
    return first;
  };
  return {
    get size() {
      return size;
    },
    add(timer) {
      size += 1;
      let at = heap.push(timer) - 1;
      for (let parent = (at - 1) >> 1; at > 0 && before(at, parent); parent = (at - 1) >> 1) {
        swap(at, parent);
        at = parent;
      }
      return () => {
        if (!timer.cancelled) size -= 1;
        timer.cancelled = true;
      };
    },
    takeDue(until) {
      while (heap[0] !== undefined && (heap[0].cancelled || heap[0].at <= until)) {
        const timer = pop();
        if (timer.cancelled) continue;
        timer.cancelled = true;
        size -= 1;
        return timer;
      }
      return undefined;
    },
  };
}
