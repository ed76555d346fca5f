/** What every loop is given instead of reaching for it: time, chance, words and counts. Tests step them by hand. */

export interface Clock {
  /** ms since epoch. */
  now(): number;
}

export type Cancel = () => void;

export interface Timers {
  /** Runs once after `delayMs`; the returned function cancels, and may be called at any time. */
  after(delayMs: number, run: () => void): Cancel;
}

/** [0, 1). */
export type Random = () => number;

export type LogFields = Readonly<Record<string, unknown>>;

/** Keys and levels as in the house rules: capital letter, no full stop, values in fields and never inside the message. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

/** Every metric there is; definitions, help and label names live in `observability/metrics.ts`. */
export type CounterName =
  | 'edge_requests' | 'stream_dropped' | 'config_problems' | 'history_rows' | 'silent_rows' | 'actions' | 'reconcile'; // prettier-ignore
export type TimingName = 'edge_request' | 'http_request' | 'reconcile' | 'commit';

export interface Metrics {
  count(name: CounterName, labels: Readonly<Record<string, string>>, by?: number): void;
  /** Seconds. */
  observe(name: TimingName, labels: Readonly<Record<string, string>>, seconds: number): void;
}

export interface Runtime {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: Metrics;
}
