/** The same figures at every size of fleet, from a hundred edges to as many as this machine lets one process have connections to. */
import { measureStarts } from './cold-start.ts';
import { withFleetInView } from './fleet/fleet-in-view.ts';
import { openFilesLimit, residentBytes } from './fleet/process-figures.ts';
import { toColumns } from './measurement.ts';
import type { RunningProgram } from './fleet/running-program.ts';

export interface GrowthPoint {
  readonly edges: number;
  readonly applications: number;
  readonly fanOutSeconds: number;
  readonly coldSeconds: number;
  readonly coldCpuSeconds: number | undefined;
  readonly warmSeconds: number;
  readonly residentMb: number | undefined;
  readonly overviewKb: number;
}

const SIZES = [100, 300, 1_000, 3_000, 10_000, 20_000, 30_000];
/** One socket an edge here and one in the simulator, and what else a process opens. */
const filesFor = (edges: number): number => edges * 1.02 + 300;

/** The sizes that the limit of open files allows; the last one as far as it goes. */
export function sizesWithin(openFiles: number | undefined, sizes = SIZES): readonly number[] {
  if (openFiles === undefined) return sizes.filter((size) => size <= 10_000);
  const most = Math.floor((openFiles - 300) / 1.02 / 500) * 500;
  const fitting = sizes.filter((size) => filesFor(size) <= openFiles);
  const last = fitting.at(-1) ?? 0;
  return most > last * 1.2 && last < (sizes.at(-1) ?? 0) ? [...fitting, most] : fitting;
}

const overviewBytes = async (program: RunningProgram): Promise<number> => {
  const paths = ['/api/v1/overview', '/api/v1/overview/members'];
  const answers = await Promise.all(paths.map((path) => program.ask(path, { 'accept-encoding': 'br' })));
  return answers.reduce((sum, { body }) => sum + body.length, 0);
};

async function measurePoint(edges: number): Promise<GrowthPoint> {
  const { cold, warm, fanOut } = await measureStarts(edges, false);
  const bytes = await withFleetInView({ edges }, async ({ program }) => ({
    overview: await overviewBytes(program),
    resident: residentBytes(program.pid),
  }));
  return {
    edges,
    applications: cold.applications,
    fanOutSeconds: fanOut.seconds,
    coldSeconds: cold.seconds,
    coldCpuSeconds: cold.cpuSeconds,
    warmSeconds: warm?.seconds ?? NaN,
    residentMb: bytes.resident === undefined ? undefined : bytes.resident / 1_000_000,
    overviewKb: bytes.overview / 1_000,
  };
}

/** One point after the other; `say` is told each as it is there. */
export async function measureGrowth(say: (line: string) => void): Promise<readonly GrowthPoint[]> {
  const points: GrowthPoint[] = [];
  for (const edges of sizesWithin(openFilesLimit())) {
    const point = await measurePoint(edges);
    points.push(point);
    say(toGrowthTable([point]));
  }
  return points;
}

/** The points as a table in plain text. */
export function toGrowthTable(points: readonly GrowthPoint[]): string {
  const figure = (value: number | undefined, digits = 1): string => (value === undefined ? '' : value.toFixed(digits));
  return toColumns([
    ['edges', 'Applications', 'fan-out s', 'cold s', 'cold CPU s', 'warm s', 'resident MB', 'overview kB'],
    ...points.map((point) => [
      point.edges.toLocaleString('en-US'),
      point.applications.toLocaleString('en-US'),
      figure(point.fanOutSeconds),
      figure(point.coldSeconds),
      figure(point.coldCpuSeconds),
      figure(point.warmSeconds),
      figure(point.residentMb, 0),
      figure(point.overviewKb),
    ]),
  ]);
}
