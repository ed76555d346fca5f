/**
 * From nothing to the whole fleet in view, and from a state file to the last known fleet, both from the start of the real program. Times hold
 * the start of Node, the reading of the configuration and the asking of the API. Simulator and program share the machine.
 */
import { cpuSeconds, cpuSince, residentBytes } from './fleet/process-figures.ts';
import { withHome, type Home } from './fleet/home.ts';
import { viewPageByFanOut, type PageViewFigures } from './fleet/page-view.ts';
import { countsOf, startProgram, untilInView } from './fleet/running-program.ts';
import { startSimulatedEdges } from './fleet/simulated-edges.ts';
import type { Measurement } from './measurement.ts';

export interface ColdStart {
  readonly seconds: number;
  /** Until it said that it had started: modules, configuration, state file. */
  readonly startSeconds: number;
  readonly cpuSeconds: number | undefined;
  /** Of the simulator meanwhile, which has the same cores. */
  readonly edgesCpuSeconds: number | undefined;
  readonly residentBytes: number | undefined;
  readonly applications: number;
}

export interface WarmStart {
  readonly seconds: number;
  readonly cpuSeconds: number | undefined;
  readonly applications: number;
}

export interface Starts {
  readonly cold: ColdStart;
  /** Of plain edges only: it does not depend on them. */
  readonly warm: WarmStart | undefined;
  readonly fanOut: PageViewFigures;
}

const COLD_WITHIN_MS = 120_000;

/** Edges gone, program started anew on its state file: what it knew is answered at once. */
async function warmStart(home: Home, applications: number): Promise<WarmStart> {
  const program = await startProgram(home);
  const counts = await countsOf(program);
  const seconds = (performance.now() - program.startedAt) / 1000;
  const cpu = cpuSeconds(program.pid);
  await program.stop();
  if (counts.applications < applications)
    throw new Error(`Only ${counts.applications} of ${applications} Applications were known after the restart`);
  return { seconds, cpuSeconds: cpu, applications: counts.applications };
}

/** Starts everything once: the fan-out first, then the program cold, and, where the edges are plain, warm. */
export async function measureStarts(edges: number, tls: boolean): Promise<Starts> {
  return withHome(async (home) => {
    const simulated = await startSimulatedEdges(home, { edges, tls });
    let cold: ColdStart;
    let fanOut: PageViewFigures;
    try {
      fanOut = await viewPageByFanOut(home, simulated);
      const { applications } = await simulated.summary();
      const edgesBefore = cpuSeconds(simulated.pid);
      const program = await startProgram(home, simulated.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: simulated.caFile });
      try {
        const seconds = (await untilInView(program, { edges, applications }, COLD_WITHIN_MS)) / 1000;
        const { pid, startMs } = program;
        cold = {
          seconds,
          startSeconds: startMs / 1000,
          cpuSeconds: cpuSeconds(pid),
          edgesCpuSeconds: cpuSince(simulated.pid, edgesBefore),
          residentBytes: residentBytes(pid),
          applications,
        };
      } finally {
        await program.stop();
      }
    } finally {
      await simulated.stop();
    }
    return { cold, fanOut, warm: tls ? undefined : await warmStart(home, cold.applications) };
  });
}

const seconds = (value: number | undefined): string => (value === undefined ? '?' : `${value.toFixed(1)} s`);

function coldLine({ cold, fanOut }: Starts, edges: number, tls: boolean): Measurement {
  const failed = fanOut.failed === 0 ? '' : `, ${fanOut.failed} failed`;
  return {
    what: `cold start to ${edges.toLocaleString('en-US')} edges in view, ${tls ? 'a TLS handshake each' : 'plain'}`,
    unit: 's',
    baseline: { words: `page view by fan-out, every time; CPU ${seconds(fanOut.cpuSeconds)}${failed}`, value: fanOut.seconds },
    ours: cold.seconds,
    detail: `once; started after ${seconds(cold.startSeconds)}, CPU ${seconds(cold.cpuSeconds)} and ${seconds(cold.edgesCpuSeconds)} of the edges, ${Math.round((cold.residentBytes ?? 0) / 1_000_000)} MB resident`,
    mustReach: tls ? 30 : 10,
    moonshot: tls ? 15 : 5,
  };
}

const warmLine = (cold: ColdStart, warm: WarmStart, edges: number): Measurement => ({
  what: `process start to the last known ${edges.toLocaleString('en-US')} edges answered`,
  unit: 's',
  baseline: { words: 'without a state file: the cold start', value: cold.seconds },
  ours: warm.seconds,
  detail: `${warm.applications.toLocaleString('en-US')} Applications, CPU ${seconds(warm.cpuSeconds)}`,
  mustReach: 3,
  moonshot: 1,
});

/** Plain: cold and warm. */
export async function measurePlainStarts(edges: number): Promise<readonly Measurement[]> {
  const starts = await measureStarts(edges, false);
  return [coldLine(starts, edges, false), ...(starts.warm === undefined ? [] : [warmLine(starts.cold, starts.warm, edges)])];
}

export async function measureTlsStart(edges: number): Promise<readonly Measurement[]> {
  return [coldLine(await measureStarts(edges, true), edges, true)];
}
