import type { EdgeId } from '../domain/ids.ts';
import type { Clock } from '../ports/runtime.ts';

/** How many requests each edge had from us in the last minute: the bound that an edge may hold us to. */
export interface RequestMeter {
  count(edge: EdgeId): void;
  lastMinute(edge: EdgeId): number;
  forget(edge: EdgeId): void;
}

const CELL_MS = 10_000;
const CELLS = 6;

/** Six cells of ten seconds per edge, so a figure is at most ten seconds too generous, and an edge costs one small array. */
export function createRequestMeter(clock: Clock): RequestMeter {
  const meters = new Map<EdgeId, { cell: number; readonly counts: Uint16Array }>();
  const advance = (edge: EdgeId): Uint16Array => {
    const cell = Math.floor(clock.now() / CELL_MS);
    const meter = meters.get(edge) ?? { cell, counts: new Uint16Array(CELLS) };
    meters.set(edge, meter);
    const passed = Math.min(Math.max(cell - meter.cell, 0), CELLS);
    for (let step = 1; step <= passed; step += 1) meter.counts[(meter.cell + step) % CELLS] = 0;
    if (passed === CELLS) meter.counts.fill(0);
    meter.cell = Math.max(cell, meter.cell);
    return meter.counts;
  };
  return {
    count(edge) {
      const counts = advance(edge);
      const index = Math.floor(clock.now() / CELL_MS) % CELLS;
      counts[index] = Math.min((counts[index] ?? 0) + 1, 0xffff);
    },
    lastMinute: (edge) => (meters.has(edge) ? advance(edge).reduce((sum, count) => sum + count, 0) : 0),
    forget: (edge) => void meters.delete(edge),
  };
}
