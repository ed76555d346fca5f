/**
 * Of many rows those that can be on a page. A sort by words, or by texts that were put in order, is a whole number for each row: counting how
 * many rows have which number says where the page ends, so that a page of 200,000 rows costs two passes over plain arrays and an order of a
 * few hundred. Rows come in the order of their edges, which is the second criterion where only one was asked for: of thousands that are
 * alike in the first, those of the first edges are enough.
 */
import type { CodedPlaces, SortKey, SortValue } from './sort-key.ts';

export interface PageScan {
  /** Edge by edge in row order. */
  readonly ids: ArrayLike<number>;
  readonly keys: readonly SortKey[];
  readonly limit: number;
  readonly after: readonly SortValue[] | undefined;
}

/** Rows among which the `limit` first after `after` are; perhaps all of them. */
export function pageCandidates(scan: PageScan): ArrayLike<number> {
  const [first, second] = scan.keys;
  if (first?.isEdgeOrder === true) return firstOfEdges(scan, first);
  if (first?.coded === undefined) return scan.ids;
  return firstOfPlaces(scan, { ...first, coded: first.coded }, second?.isEdgeOrder === true && !second.descending ? second : undefined);
}

/** Collects rows of edges one after the other until there are enough, and then what else the last edge has. */
class EdgeRun {
  readonly #place: (id: number) => number;
  readonly #from: number;
  readonly #enough: number;
  readonly #rows: number[];
  #size = 0;
  #last = -1;

  /** Edges before `from` are left out; those at it do not count, because some of their rows may be before the page. */
  constructor(rows: number[], place: (id: number) => number, from: number, enough: number) {
    this.#rows = rows;
    this.#place = place;
    this.#from = from;
    this.#enough = enough;
  }

  /** False where the row, and each that comes later, is beyond what is needed. */
  add(id: number): boolean {
    const place = this.#place(id);
    if (place < this.#from) return true;
    if (this.#size >= this.#enough && place !== this.#last) return false;
    this.#rows.push(id);
    if (place > this.#from) this.#size += 1;
    this.#last = place;
    return true;
  }
}

function firstOfEdges({ ids, limit, after }: PageScan, { value, descending }: SortKey): readonly number[] {
  const rows: number[] = [];
  const sign = descending ? -1 : 1;
  const run = new EdgeRun(rows, (id) => sign * Number(value(id)), after === undefined ? -Infinity : sign * Number(after[0]), limit);
  for (let nth = 0; nth < ids.length; nth += 1) {
    const id = ids[descending ? ids.length - 1 - nth : nth] ?? 0;
    if (!run.add(id)) break;
  }
  return rows;
}

type CodedKey = SortKey & { readonly coded: CodedPlaces };

/** Places count upward in the order that was asked for. */
function orderedPlaces({ coded, descending }: CodedKey): Float64Array {
  return descending ? coded.places.map((place) => coded.limit - 1 - place) : coded.places;
}

/** Where a page begins and ends: places from `start` to `end`, of which `before` rows come before the last. */
interface Extent {
  readonly start: number;
  readonly end: number;
  readonly before: number;
}

function firstOfPlaces(scan: PageScan, key: CodedKey, edge: SortKey | undefined): readonly number[] {
  const places = orderedPlaces(key);
  const extent = extentOf(scan, key, places);
  const rows: number[] = [];
  const { atStart, atEnd } = edgeRuns(rows, scan, extent, edge);
  const { ids } = scan;
  const { ids: codes } = key.coded;
  for (let nth = 0; nth < ids.length; nth += 1) {
    const id = ids[nth] ?? 0;
    const place = places[codes[id] ?? 0] ?? 0;
    if (place < extent.start || place > extent.end) continue;
    if (place === extent.start) atStart.add(id);
    else if (place === extent.end) atEnd.add(id);
    else rows.push(id);
  }
  return rows;
}

/** Of the first and the last place of a page, which many rows may share, the edges that are needed. */
function edgeRuns(
  rows: number[],
  { limit, after }: PageScan,
  { before }: Extent,
  edge: SortKey | undefined,
): { readonly atStart: EdgeRun; readonly atEnd: EdgeRun } {
  if (edge === undefined) {
    const every = new EdgeRun(rows, () => 0, -Infinity, Infinity);
    return { atStart: every, atEnd: every };
  }
  const edgeOf = (id: number): number => Number(edge.value(id));
  return {
    atStart: new EdgeRun(rows, edgeOf, after === undefined ? -Infinity : Number(after[1]), limit),
    atEnd: new EdgeRun(rows, edgeOf, -Infinity, limit - before),
  };
}

function extentOf({ ids, limit, after }: PageScan, { coded, descending }: CodedKey, places: Float64Array): Extent {
  const value = after === undefined ? undefined : Number(after[0]);
  const start = value === undefined ? -1 : descending ? coded.limit - 1 - value : value;
  return { start, ...endOfPage(countPlaces(ids, coded, places), start, limit) };
}

function countPlaces(ids: ArrayLike<number>, { ids: codes, limit }: CodedPlaces, places: Float64Array): Uint32Array {
  const counts = new Uint32Array(limit);
  for (let nth = 0; nth < ids.length; nth += 1) {
    const place = places[codes[ids[nth] ?? 0] ?? 0] ?? 0;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

/** The place up to which rows are needed if none of those at `start` is, and how many of them are before it. */
function endOfPage(counts: Uint32Array, start: number, limit: number): Omit<Extent, 'start'> {
  let before = 0;
  for (let place = Math.max(0, Math.floor(start) + 1); place < counts.length; place += 1) {
    const rows = counts[place] ?? 0;
    if (before + rows >= limit) return { end: place, before };
    before += rows;
  }
  return { end: counts.length, before };
}
