import type { Ids } from './interned-column.ts';

/** 1 by number: the text, word or edge of that number is one of those that are looked for. */
export type Holding = Uint8Array;

/** A column by row, and what is held of its numbers. */
interface Coded {
  readonly ids: Ids;
  readonly holding: Holding;
}

/** Where rows come from. */
interface RowSource {
  readonly size: number;
  readonly limit: number;
  copyRowsOf(edge: number, into: Uint32Array, count: number): number;
}

/**
 * Rows of Applications that are still in the running while a question is answered: gathered by edge or taken from a kept order, then narrowed
 * condition by condition in one pass each over a plain array. There is one for the whole table, so that questions leave nothing behind for
 * the garbage collector; what it holds is good until the next question.
 */
export class RowSelection {
  readonly #applications: RowSource;
  /** Where narrowing writes. */
  #rows = new Uint32Array(0);
  /** Where rows are read from: the same, or a kept order that nothing is written to. */
  #from: Uint32Array = this.#rows;
  #size = 0;

  constructor(applications: RowSource) {
    this.#applications = applications;
  }

  /** The rows of these edges, edge by edge in the given order; with `seen` only those it marks. */
  gather(slots: Iterable<number>, seen: Uint8Array | undefined): this {
    this.#reserve(this.#applications.size);
    this.#from = this.#rows;
    this.#size = 0;
    for (const slot of slots) {
      this.#size = this.#applications.copyRowsOf(slot, this.#rows, this.#size);
    }
    return seen === undefined ? this : this.keepCoded(seen, ONLY_ONE);
  }

  /** Begins with rows that somebody keeps. They are read and left as they are. */
  startWith(kept: Uint32Array): this {
    this.#reserve(kept.length);
    this.#from = kept;
    this.#size = kept.length;
    return this;
  }

  /** Keeps the rows whose number is held. `ids` is by row. */
  keepCoded(ids: Ids, holding: Holding): this {
    const [from, rows, size] = [this.#from, this.#rows, this.#size];
    let kept = 0;
    for (let index = 0; index < size; index += 1) {
      const row = from[index] ?? 0;
      if (holding[ids[row] ?? 0] !== 1) continue;
      rows[kept] = row;
      kept += 1;
    }
    return this.#narrowed(kept);
  }

  /** Keeps the rows that are held in one of two columns, or those that are in none. */
  keepEither(one: Coded, other: Coded, wanted: boolean): this {
    const [from, rows, size] = [this.#from, this.#rows, this.#size];
    const skipped = wanted ? 0 : 1;
    let kept = 0;
    for (let index = 0; index < size; index += 1) {
      const row = from[index] ?? 0;
      if (((one.holding[one.ids[row] ?? 0] ?? 0) | (other.holding[other.ids[row] ?? 0] ?? 0)) === skipped) continue;
      rows[kept] = row;
      kept += 1;
    }
    return this.#narrowed(kept);
  }

  keepWhere(holds: (row: number) => boolean): this {
    const [from, rows, size] = [this.#from, this.#rows, this.#size];
    let kept = 0;
    for (let index = 0; index < size; index += 1) {
      const row = from[index] ?? 0;
      if (!holds(row)) continue;
      rows[kept] = row;
      kept += 1;
    }
    return this.#narrowed(kept);
  }

  /** What is left; to be read only. */
  rows(): Uint32Array {
    return this.#from.subarray(0, this.#size);
  }

  #reserve(rows: number): void {
    if (this.#rows.length < rows) this.#rows = new Uint32Array(this.#applications.limit);
  }

  #narrowed(kept: number): this {
    this.#from = this.#rows;
    this.#size = kept;
    return this;
  }
}

const ONLY_ONE: Holding = Uint8Array.of(0, 1);

/** Asks once for each number below `limit`. */
export function holdingOf(limit: number, holds: (id: number) => boolean): Holding {
  const holding = new Uint8Array(limit);
  for (let id = 0; id < limit; id += 1) holding[id] = holds(id) ? 1 : 0;
  return holding;
}

/** Holds these numbers, which are below `limit`. */
export function holdingOnly(ids: readonly number[], limit: number): Holding {
  const holding = new Uint8Array(limit);
  for (const id of ids) holding[id] = 1;
  return holding;
}
