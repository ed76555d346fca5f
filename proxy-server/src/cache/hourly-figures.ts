import { countFigures, facetFigure, figureDeltas } from '../domain/fleet-counts.ts';
import type { Facet, FleetCounts } from '../domain/fleet-view.ts';

const HOUR = 3_600_000;
const KEPT_HOURS = 7 * 24;
const COMPARED_HOURS = 24;
/** Figures of one hour; facets beyond it are left out of the comparison. */
const MAX_FIGURES = 1_000;

export type Figures = Readonly<Record<string, number>>;

/** The figures of the whole fleet at the start of each hour of a week, in memory; the commit loop writes them. */
export class HourlyFigures {
  readonly #hours = new Map<number, Figures>();

  load(hours: readonly { readonly hour: number; readonly figures: Figures }[]): void {
    for (const { hour, figures } of hours) this.#hours.set(hour, figures);
  }

  /** True once in an hour, until it is noted. */
  isDue(now: number): boolean {
    return !this.#hours.has(Math.floor(now / HOUR));
  }

  /** Notes the figures of this hour and forgets those of a week ago. */
  note(now: number, figures: Figures): { readonly hour: number; readonly figures: Figures } {
    const hour = Math.floor(now / HOUR);
    this.#hours.set(hour, figures);
    for (const known of this.#hours.keys()) if (known < hour - KEPT_HOURS) this.#hours.delete(known);
    return { hour, figures };
  }

  /** Against the same hour yesterday; undefined where it is not known. */
  deltas(now: number, figures: () => Figures): Record<string, number> | undefined {
    const before = this.#hours.get(Math.floor(now / HOUR) - COMPARED_HOURS);
    return before === undefined ? undefined : figureDeltas(figures(), before);
  }
}

/** Counts, and each value of each facet. */
export function figuresOf(counts: FleetCounts, facets: readonly Facet[]): Figures {
  const figures: Record<string, number> = countFigures(counts);
  let room = MAX_FIGURES - Object.keys(figures).length;
  for (const { field, values } of facets) {
    for (const { value, edges } of values.slice(0, Math.max(0, room))) figures[facetFigure(field, value)] = edges;
    room -= values.length;
  }
  return figures;
}
