/** Runs proxy-server from its environment, and stops it on a signal. Problems of the start are one line each. */
import { readFileSync } from 'node:fs';
import { readConfig, type Config } from './config.ts';
import type { Program } from './compose.ts';
import { openSqliteLastKnownStore } from './history/sqlite-last-known-store.ts';
import { createLogger } from './observability/logger.ts';
import { createMetrics } from './observability/metrics.ts';
import { createSteadyClock } from './observability/steady-clock.ts';
import type { Logger, Timers } from './ports/runtime.ts';

/** Node keeps a list for each different delay. Long ones, of which there are several for each edge, share some. */
const LONG_MS = 10_000;
const LONG_STEP_MS = 250;
const rounded = (delayMs: number): number => (delayMs < LONG_MS ? delayMs : Math.ceil(delayMs / LONG_STEP_MS) * LONG_STEP_MS);

const timers: Timers = {
  after: (delayMs, run) => {
    const timer = setTimeout(run, rounded(delayMs));
    return () => clearTimeout(timer);
  },
};

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}

function fail(lines: readonly string[]): never {
  for (const line of lines) console.error(line);
  process.exit(1);
}

const isStartProblem = (thrown: unknown): thrown is Error =>
  typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === 'StartProblem';

/** A second signal, or the deadline, ends at once. */
function stopOnSignal(program: Program, { stopDeadlineSeconds }: Config, log: Logger): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ reason: signal }, 'Stopping proxy-server');
    const cancel = timers.after(stopDeadlineSeconds * 1_000, () => {
      log.error({ durationMs: stopDeadlineSeconds * 1_000 }, 'Stopping took too long, ending now');
      process.exit(1);
    });
    program.close().then(
      () => {
        cancel();
        log.info({ reason: signal }, 'Stopped proxy-server');
        process.exit(0);
      },
      (thrown: unknown) => {
        log.error({ err: thrown }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
}

/** Resolves when it has started; ends the process where it cannot. */
export async function runProgram(): Promise<void> {
  const outcome = readConfig();
  if (!outcome.ok) fail(outcome.problems);
  const { config, warnings } = outcome;
  const log = createLogger(config.logLevel);
  for (const warning of warnings) log.warn({ reason: warning }, 'Found an unknown variable in the environment');
  process.on('unhandledRejection', (reason: unknown) => {
    log.error({ err: reason }, 'A promise was rejected and nobody cared, ending');
    process.exit(1);
  });
  const version = ownVersion();
  const clock = createSteadyClock(Date.now, () => performance.now());
  const runtime = { clock, timers, random: Math.random, log, metrics: createMetrics(version) };
  const store = openSqliteLastKnownStore(config.stateFile); // read in a thread of its own, while the rest is loaded here
  store.catch(() => undefined); // said where it is awaited
  try {
    const { startProgram } = await import('./compose.ts');
    stopOnSignal(await startProgram({ config, runtime, version, store }), config, log);
  } catch (thrown) {
    if (isStartProblem(thrown)) fail([thrown.message]);
    log.error({ err: thrown }, 'Starting failed');
    process.exit(1);
  }
}
