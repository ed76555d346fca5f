import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measurement } from './measurement.ts';
import type { MemoryFigures } from './memory-child.ts';

const run = promisify(execFile);

async function measure(way: 'columns' | 'columns-unique' | 'objects', edges: number): Promise<MemoryFigures> {
  const script = join(import.meta.dirname, 'memory-child.ts');
  const { stdout } = await run(process.execPath, ['--expose-gc', '--max-old-space-size=4096', script, way, String(edges)]);
  const figures: MemoryFigures = JSON.parse(stdout);
  return figures;
}

const perApplication = ({ snapshotBytes, applications }: MemoryFigures): number => snapshotBytes / applications;

/** Bytes per Application from heap snapshots, with and without it; the columns with names shared and, worst, all different. */
export async function measureMemory(edges: number): Promise<readonly Measurement[]> {
  const objects = await measure('objects', Math.min(edges, 2_000));
  const baseline = { words: 'parsed objects in a Map', value: perApplication(objects) };
  const shared = await measure('columns', edges);
  const unique = await measure('columns-unique', edges);
  const line = (what: string, figures: MemoryFigures): Measurement => ({
    what,
    unit: 'B',
    baseline,
    ours: perApplication(figures),
    detail: `${figures.applications.toLocaleString('en-US')} Applications, ${Math.round(figures.residentBytes / 1_000_000)} MB more resident`,
    mustReach: 350,
    moonshot: 120,
  });
  return [
    line('memory per cached Application, names alike over edges', shared),
    line('memory per cached Application, every name its own', unique),
  ];
}
