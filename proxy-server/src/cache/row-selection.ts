import type { Ids } from './interned-column.ts';

/** 1 by number: the text, word or edge of that number is one of those that are looked for. */
export type Holding = Uint8Array;

/** Where rows come from. */
interface RowSource {
  readonly size: number;
  readonly limit: number;
  copyRowsOf(edge: number, into: Uint32Array, count: number): number;
}

/**
 * Rows of Applications that are still in the running while a question is answered: gathered by edge, then narrowed condition by condition in
 * one pass each over a plain array. There is one for the whole table, so that questions leave nothing behind for the garbage collector;
 * what it holds is good until the next question.
 */
export class RowSelection {
  readonly #applications: RowSource;
  #rows = new Uint32Array(0);
  #size = 0;

  constructor(applications: RowSource) {
    this.#applications = applications;
  }

  /** The rows of these edges, edge by edge in the given order; with `seen` only those it marks. */
  gather(slots: Iterable<number>, seen: Uint8Array | undefined): this {
    if (this.#rows.length < this.#applications.size) this.#rows = new Uint32Array(this.#applications.limit);
    this.#size = 0;
    for (const slot of slots) {
      this.#size = this.#applications.copyRowsOf(slot, this.#rows, this.#size);
    }
    return seen === undefined ? this : this.keepCoded(seen, ONLY_ONE);
  }

  /** Keeps the rows whose number is held. `ids` is by row. */
  keepCoded(ids: Ids, holding: Holding): this {
    const rows = this.#rows;
    const size = this.#size;
    let kept = 0;
    for (let index = 0; index < size; index += 1) {
      const row = rows[index] ?? 0;
      if (holding[ids[row] ?? 0] !== 1) continue;
      rows[kept] = row;
      kept += 1;
    }
    this.#size = kept;
    return this;
  }

  keepWhere(holds: (row: number) => boolean): this {
    const rows = this.#rows;
    const size = this.#size;
    let kept = 0;
    for (let index = 0; index < size; index += 1) {
      const row = rows[index] ?? 0;
      if (!holds(row)) continue;
      rows[kept] = row;
      kept += 1;
    }
    this.#size = kept;
    return this;
  }

  /** What is left. */
  rows(): Uint32Array {
    return this.#rows.subarray(0, this.#size);
  }
}

const ONLY_ONE: Holding = Uint8Array.of(0, 1);

/** Asks once for each number below `limit`. */
export function holdingOf(limit: number, holds: (id: number) => boolean): Holding {
  const holding = new Uint8Array(limit);
  for (let id = 0; id < limit; id += 1) holding[id] = holds(id) ? 1 : 0;
  return holding;
}
