/** `npm run bench`: the figures of the design beside their baselines. `--quick` takes a smaller fleet, `--json FILE` writes them as JSON. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureMemory } from './memory.ts';
import { toTable } from './measurement.ts';
import { measureQueries } from './queries.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });
const edges = values.quick ? 2_000 : 10_000;
const measurements = [
  ...(await measureMemory(edges)),
  ...(await measureQueries({ edges, eventsPerSecond: 10_000, questionsPerSecond: 20, seconds: values.quick ? 5 : 30 })),
];
console.log(toTable(measurements));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(measurements, undefined, 2)}\n`);
