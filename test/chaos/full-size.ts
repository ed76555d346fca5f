/**
 * The two troubles of many edges at the size they are meant for, on the machine's own clock, too long for `npm test`. Prints what was measured
 * against what it is held to, and ends with 1 on a miss:
 *
 *   node --expose-gc test/chaos/full-size.ts flapping [edges = 3000] [minutes = 5]
 *   node --expose-gc test/chaos/full-size.ts outage [edges = 10000] [minutes away = 2]
 */
import { flap, outage, startFullSizeFleet, type TroubledFleet } from './troubled-fleet.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const MIB = 1024 * 1024;

interface Figure {
  readonly name: string;
  readonly measured: string | number;
  readonly heldTo: string;
  readonly holds: boolean;
}
const atMost = (name: string, measured: number, most: number, unit = ''): Figure => ({
  name,
  measured: `${measured}${unit}`,
  heldTo: `at most ${most}${unit}`,
  holds: measured <= most,
});
const exactly = (name: string, measured: number, wanted: number): Figure => ({
  name,
  measured,
  heldTo: `${wanted}`,
  holds: measured === wanted,
});
const said = (name: string, measured: string | number): Figure => ({ name, measured, heldTo: '-', holds: true });
const tenths = (ms: number): number => Math.round(ms / 100) / 10;

async function outageFigures(troubled: TroubledFleet, minutes: number): Promise<readonly Figure[]> {
  const count = Math.round(troubled.names.length / 10);
  const result = await outage(troubled, count, minutes * MINUTE);
  const most = Math.max(10, count / 200);
  return [
    atMost('last of them marked after the cut', tenths(result.markedMs), 15, ' s'),
    exactly('counted as not heard', result.counted, count),
    exactly('banners', result.banners.length, 1),
    said('the banner', result.banners.join(' | ')),
    exactly('log lines', result.linesLogged, 1),
    atMost('last of them back after the first', tenths(result.returnedMs), most, ' s'),
    atMost('requests of one edge in its busiest second of the return', result.busiest.ofOneEdge, 6),
    said('requests of all edges in the busiest second of the return', result.busiest.ofAll),
    exactly('reports about edges that were left alone', result.strangers, 0),
  ];
}

async function flappingFigures(troubled: TroubledFleet, minutes: number): Promise<readonly Figure[]> {
  const result = await flap(troubled, 0.3, minutes * MINUTE);
  const [before = 0, first = 0, second = 0, third = 0] = result.heapBytes.map((bytes) => Math.round((bytes / MIB) * 10) / 10);
  return [
    said('times an edge went or came back', result.turns),
    exactly('reports about edges that were left alone', result.strangers, 0),
    atMost('log lines', result.linesLogged, 99),
    said('heap before and after each third, MiB', `${before} | ${first} ${second} ${third}`),
    atMost('growth of the heap from the first third to the last', Math.round((100 * (third - first)) / first), 10, ' %'),
    atMost('requests of one edge in its busiest second', result.busiest.ofOneEdge, 6),
    said('requests of all edges in the busiest second', result.busiest.ofAll),
    said('all well again after the end of it', `${tenths(result.healedMs)} s`),
  ];
}

const [what = 'flapping', edges = what === 'flapping' ? '3000' : '10000', minutes = what === 'flapping' ? '5' : '2'] =
  process.argv.slice(2);
if (globalThis.gc === undefined) process.stdout.write('Without --expose-gc the heap is what it happens to be.\n');
const startedAt = Date.now();
const troubled = await startFullSizeFleet(Number(edges));
const begunMs = Date.now() - startedAt;
const figures = await (what === 'flapping' ? flappingFigures : outageFigures)(troubled, Number(minutes));
const width = Math.max(...figures.map(({ name }) => name.length));
process.stdout.write(`${what}: ${edges} edges, ${minutes} min; begun in ${tenths(begunMs)} s\n`);
for (const { name, measured, heldTo, holds } of figures)
  process.stdout.write(`${holds ? '  ' : '! '}${name.padEnd(width)}  ${measured}${heldTo === '-' ? '' : `  (${heldTo})`}\n`);
const missed = figures.filter(({ holds }) => !holds).length;
process.stdout.write(missed === 0 ? 'All hold.\n' : `${missed} missed.\n`);
await troubled.close();
process.exit(missed === 0 ? 0 : 1);
