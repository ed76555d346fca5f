const byName = new Intl.Collator('en', { numeric: true });

/** Names in the order people expect: numbers in them by value; total, so that no two places are the same. */
export const compareNames = (left: string, right: string): number =>
  byName.compare(left, right) || (left < right ? -1 : Number(left > right));

/** With more newcomers than this, sorting all of them anew is quicker than finding a place for each. */
const MAX_INSERTED = 64;

/** Slots by the names of their edges. What comes and goes is taken in when the order is read: a whole fleet at once costs one sort. */
export class EdgeOrder {
  readonly #nameOf: (slot: number) => string;
  #sorted: number[] = [];
  readonly #added = new Set<number>();
  readonly #removed = new Set<number>();

  constructor(nameOf: (slot: number) => string) {
    this.#nameOf = nameOf;
  }

  add(slot: number): void {
    this.#added.add(slot);
  }

  /** A slot that is used again later comes back under another name. */
  remove(slot: number): void {
    if (!this.#added.delete(slot)) this.#removed.add(slot);
  }

  /** To be read only. */
  slots(): readonly number[] {
    if (this.#removed.size > 0) this.#sorted = this.#sorted.filter((slot) => !this.#removed.has(slot));
    this.#removed.clear();
    if (this.#added.size > MAX_INSERTED) this.#sorted = [...this.#sorted, ...this.#added].sort((left, right) => this.#compare(left, right));
    else for (const slot of this.#added) this.#sorted.splice(this.#placeOf(slot), 0, slot);
    this.#added.clear();
    return this.#sorted;
  }

  #placeOf(slot: number): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#sorted[middle] ?? 0, slot) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(left: number, right: number): number {
    return compareNames(this.#nameOf(left), this.#nameOf(right));
  }
}
