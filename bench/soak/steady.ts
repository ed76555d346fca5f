/** The reference load for as long as wanted: readers come and go, edges leave and return, and what the program holds is counted. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { withHome } from '../fleet/home.ts';
import { cpuSeconds, cpuSince, residentBytes } from '../fleet/process-figures.ts';
import { startProgram, untilInView, type RunningProgram } from '../fleet/running-program.ts';
import { startSimulatedEdges, type SimulatedEdges } from '../fleet/simulated-edges.ts';
import { openStream } from '../fleet/stream-reader.ts';
import type { Inside } from './inside.ts';
import { trendOf, type Allowance, type Trend } from './leaks.ts';

export interface SteadyOptions {
  readonly edges: number;
  readonly changesPerSecond: number;
  readonly hours: number;
  readonly say: (line: string) => void;
}

export interface SteadyOutcome {
  readonly seconds: number;
  readonly samples: number;
  readonly changes: number;
  readonly cpuShare: number | undefined;
  readonly trends: readonly Trend[];
}

type Sample = Omit<Inside, 'nth'> & { readonly residentBytes: number; readonly openFiles: number };

const InsideLine = z.object({
  inside: z.object({
    nth: z.number(),
    heapBytes: z.number(),
    externalBytes: z.number(),
    timers: z.number(),
    sockets: z.number(),
    servers: z.number(),
    processListeners: z.number(),
    listenerWarnings: z.number(),
  }),
});

const IN_VIEW_WITHIN_MS = 300_000;
const SAMPLES = 60;
const MIN_PAUSE_MS = 3_000;
const WARM_UP_SHARE = 0.2;
const READERS = 100;
/** Edges that are cut in every so many stretches, and how many of them. */
const AWAY_EVERY = 5;
const AWAY_SHARE = 0.05;
const MB = 1_000_000;

/** What may grow by itself: the heap by what the allocator keeps, the rest by what is under way at the moment of counting. */
const ALLOWED: Readonly<Record<keyof Sample, Allowance>> = {
  residentBytes: { share: 0.1, plus: 20 * MB },
  heapBytes: { share: 0.05, plus: 5 * MB },
  externalBytes: { share: 0.05, plus: 5 * MB },
  openFiles: { share: 0.02, plus: 50 },
  sockets: { share: 0.02, plus: 50 },
  servers: { share: 0, plus: 0 },
  timers: { share: 0.05, plus: 50 },
  processListeners: { share: 0, plus: 0 },
  listenerWarnings: { share: 0, plus: 0 },
};

/** Asks the inside and the kernel. */
async function takeSample(program: RunningProgram, nth: number): Promise<Sample> {
  const { pid } = program;
  if (pid === undefined) throw new Error('The program has no process');
  const told = program.line(new RegExp(`^\\{"inside":\\{"nth":${nth},.*$`));
  process.kill(pid, 'SIGUSR2');
  const { nth: _nth, ...inside } = InsideLine.parse(JSON.parse((await told)[0])).inside;
  return { ...inside, residentBytes: residentBytes(pid) ?? 0, openFiles: readdirSync(`/proc/${pid}/fd`).length };
}

/** One stretch of the run: readers come, some edges leave and return, readers go. */
async function stretch(program: RunningProgram, edges: SimulatedEdges, { pauseMs, nth }: { pauseMs: number; nth: number }): Promise<void> {
  const readers = await Promise.all(
    Array.from({ length: READERS }, (_unused, index) => openStream({ url: program.url, username: `reader-${nth}-${index}` })),
  );
  const away = { all: true, share: AWAY_SHARE, salt: String(nth) };
  if (nth % AWAY_EVERY === 0) await edges.order('cut', { select: away });
  await sleep(pauseMs / 2);
  if (nth % AWAY_EVERY === 0) await edges.order('restore', { select: away });
  for (const reader of readers) reader.close();
  await sleep(pauseMs / 2);
}

const shownIn = (name: string, value: number): string => (name.endsWith('Bytes') ? `${(value / MB).toFixed(0)} MB` : String(value));

/** Every figure that was sampled, each with its verdict; the warm-up is left out. */
export function trendsOf(samples: readonly Sample[]): readonly Trend[] {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const names = Object.keys(ALLOWED).filter((name): name is keyof Sample => name in ALLOWED);
  return names.map((name) => trendOf(name, warm.map((sample) => sample[name]), ALLOWED[name])); // prettier-ignore
}

export const trendLine = ({ name, first, last, max, flat }: Trend): string =>
  `${flat ? 'flat' : 'GROWS'}  ${name}: ${shownIn(name, first)} in the first third, ${shownIn(name, last)} in the last, at most ${shownIn(name, max)}`;

async function watchProgram(
  program: RunningProgram,
  edges: SimulatedEdges,
  { hours, changesPerSecond, say }: SteadyOptions,
): Promise<SteadyOutcome> {
  const startedAt = performance.now();
  const ms = hours * 3_600_000;
  const pauseMs = Math.max(MIN_PAUSE_MS, ms / SAMPLES);
  const sent = async (): Promise<number> => (await edges.summary()).traffic.eventsSent;
  const before = { cpu: cpuSeconds(program.pid), sent: await sent() };
  await edges.setChanges(changesPerSecond);
  const samples: Sample[] = [];
  while (performance.now() - startedAt < ms) {
    await stretch(program, edges, { pauseMs, nth: samples.length });
    const sample = await takeSample(program, samples.length + 1);
    samples.push(sample);
    say(Object.entries(sample).map(([name, value]) => `${name} ${shownIn(name, value)}`).join(', ')); // prettier-ignore
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = cpuSince(program.pid, before.cpu);
  return {
    seconds,
    samples: samples.length,
    changes: (await sent()) - before.sent,
    cpuShare: cpu === undefined ? undefined : cpu / seconds,
    trends: trendsOf(samples),
  };
}

/** Linux only: elsewhere nothing tells how many files a process has open. */
export function soakSteadily(options: SteadyOptions): Promise<SteadyOutcome> {
  return withHome(async (home) => {
    const edges = await startSimulatedEdges(home, { edges: options.edges });
    try {
      const { applications } = await edges.summary();
      const program = await startProgram(home, { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'inside.ts')}` });
      try {
        const ms = await untilInView(program, { edges: options.edges, applications }, IN_VIEW_WITHIN_MS);
        options.say(`${options.edges} edges in view after ${(ms / 1000).toFixed(1)} s`);
        return await watchProgram(program, edges, options);
      } finally {
        await program.stop();
      }
    } finally {
      await edges.stop();
    }
  });
}
