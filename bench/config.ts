/** The command lines of `npm run bench` and `npm run soak`, and the one thing their environment says. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

export const BENCHES = ['start', 'tls', 'changes', 'overview', 'memory', 'queries', 'bundle', 'frames'] as const;
export type BenchName = (typeof BENCHES)[number];

export interface BenchCommand {
  readonly quick: boolean;
  readonly growth: boolean;
  readonly only: readonly BenchName[];
  /** Where the results are also written as JSON. */
  readonly json: string | undefined;
}

export interface SoakCommand {
  readonly edges: number;
  readonly changesPerSecond: number;
  /** How often the program is killed; 0 with `hours`. */
  readonly times: number;
  /** How long it is watched for leaks instead. */
  readonly hours: number;
  readonly seed: number;
}

const isBench = (name: string): name is BenchName => BENCHES.some((known) => known === name);

/** Throws, in words, for what it does not know. */
export function readBenchCommand(args: readonly string[]): BenchCommand {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
    },
  });
  const only = values.only.flatMap((names) => names.split(',')).filter((name) => name !== '');
  const unknown = only.find((name) => !isBench(name));
  if (unknown !== undefined) throw new Error(`--only knows ${BENCHES.join(', ')}, not ${unknown}`);
  return { quick: values.quick, growth: values.growth, only: only.filter(isBench), json: values.json };
}

function numberOf(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || value < least || value > most) throw new Error(`--${name} wants a number from ${least} to ${most}, not ${JSON.stringify(text)}`); // prettier-ignore
  return value;
}

/** Throws, in words, for what it does not know. */
export function readSoakCommand(args: readonly string[]): SoakCommand {
  const { values } = parseArgs({
    args: [...args],
    options: {
      edges: { type: 'string' },
      changes: { type: 'string' },
      times: { type: 'string', default: '200' },
      hours: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const watches = values.hours !== undefined;
  return {
    edges: numberOf('edges', values.edges ?? (watches ? '10000' : '200'), [1, 50_000]),
    changesPerSecond: numberOf('changes', values.changes ?? (watches ? '1000' : '200'), [0, 100_000]),
    times: watches ? 0 : numberOf('times', values.times, [1, 100_000]),
    hours: values.hours === undefined ? 0 : numberOf('hours', values.hours, [0.01, 24]),
    seed: numberOf('seed', values.seed, [0, 2 ** 31]),
  };
}

const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** CHROMIUM_PATH, or where Debian and others put it; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  return named !== undefined && named !== '' ? named : CHROMIUMS.find((path) => existsSync(path));
}
