/**
 * `npm run bench`: the figures that the design is held to, each beside a baseline that is run on the same machine in the same run.
 * `--quick` takes a smaller fleet and less time, `--only start,tls` a part, `--growth` the curve over the size of the fleet, `--json FILE`
 * writes what is printed as JSON too. Reading and repeating: docs/performance.md.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { thrownWords } from '../proxy-server/src/domain/thrown-words.ts';
import { measureBundle } from './bundle.ts';
import { measureChanges } from './changes.ts';
import { measurePlainStarts, measureTlsStart } from './cold-start.ts';
import { BENCHES, readBenchCommand, type BenchCommand, type BenchName } from './config.ts';
import { measureFrames } from './frames.ts';
import { measureGrowth, toGrowthTable } from './growth.ts';
import { measureMemory } from './memory.ts';
import { toTable, type Measurement } from './measurement.ts';
import { measureOverview } from './overview.ts';
import { measureQueries } from './queries.ts';

type Bench = (quick: boolean) => Promise<readonly Measurement[] | string>;

const CHANGES_PER_SECOND = 1_000;
const READERS = 100;
const edgesOf = (quick: boolean): number => (quick ? 500 : 10_000);

/** A string is the reason why one was not run. */
const RUNS: Readonly<Record<BenchName, Bench>> = {
  start: (quick) => measurePlainStarts(edgesOf(quick)),
  tls: (quick) => measureTlsStart(edgesOf(quick)),
  changes: (quick) =>
    measureChanges({ edges: edgesOf(quick), readers: READERS, changesPerSecond: CHANGES_PER_SECOND, seconds: quick ? 6 : 30 }),
  overview: (quick) => measureOverview(edgesOf(quick)),
  memory: (quick) => measureMemory(edgesOf(quick)),
  queries: (quick) => measureQueries({ edges: edgesOf(quick), eventsPerSecond: 10_000, questionsPerSecond: 20, seconds: quick ? 5 : 30 }),
  bundle: () => measureBundle(),
  frames: (quick) => measureFrames({ edges: edgesOf(quick), changesPerSecond: CHANGES_PER_SECOND, seconds: quick ? 6 : 30 }),
};

const say = (line: string): void => console.error(line);

interface Outcome {
  readonly measurements: readonly Measurement[];
  /** Benches that did not come to a figure; the others are printed all the same. */
  readonly failed: readonly BenchName[];
}

async function runBenches({ quick, only }: BenchCommand): Promise<Outcome> {
  const measurements: Measurement[] = [];
  const failed: BenchName[] = [];
  for (const name of only.length === 0 ? BENCHES : only) {
    const startedAt = performance.now();
    try {
      const outcome = await RUNS[name](quick);
      if (typeof outcome === 'string') say(`${name}: skipped, ${outcome}`);
      else measurements.push(...outcome);
    } catch (thrown) {
      failed.push(name);
      say(`${name}: failed, ${thrownWords(thrown)}`);
    }
    say(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  }
  return { measurements, failed };
}

/** The exit code. */
async function main(): Promise<number> {
  const command = readBenchCommand(process.argv.slice(2));
  const [cpu] = cpus();
  const machine = `${cpus().length} cores, ${cpu?.model.trim() ?? 'unknown'}, Node ${process.version}`;
  const at = new Date().toISOString();
  if (command.growth) {
    const points = await measureGrowth(say);
    console.log(`${at}, ${machine}\n${toGrowthTable(points)}`);
    if (command.json !== undefined) await writeFile(command.json, `${JSON.stringify({ at, machine, points }, undefined, 2)}\n`);
    return 0;
  }
  const { measurements, failed } = await runBenches(command);
  console.log(`${at}, ${machine}\n${toTable(measurements)}`);
  if (command.json !== undefined) await writeFile(command.json, `${JSON.stringify({ at, machine, measurements, failed }, undefined, 2)}\n`);
  return failed.length === 0 ? 0 : 1;
}

/** Homes go on exit, children with their pipe. */
function stopAt(signal: 'SIGINT' | 'SIGTERM'): void {
  process.once(signal, () => {
    console.error(`Stopped by ${signal}`);
    process.exit(130);
  });
}
stopAt('SIGINT');
stopAt('SIGTERM');
main().then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    console.error(thrownWords(thrown));
    process.exit(1);
  },
);
