import { intAt } from './column.ts';

const EMPTY = 0;
const DELETED = -1;
const SMALLEST = 64;

/**
 * Finds a row by three numbers (edge, namespace and name ids) without an object per row: open addressing over one Int32Array that holds
 * row + 1. The table is made anew at twice the size when two thirds are taken.
 */
export class ApplicationIndex {
  readonly #isRow: (row: number, key: IndexKey) => boolean;
  readonly #keyOf: (row: number) => IndexKey;
  #slots = new Int32Array(SMALLEST);
  #rows = 0;
  #taken = 0;

  constructor(isRow: (row: number, key: IndexKey) => boolean, keyOf: (row: number) => IndexKey) {
    this.#isRow = isRow;
    this.#keyOf = keyOf;
  }

  find(key: IndexKey): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(key) & mask; ; slot = (slot + 1) & mask) {
      const held = intAt(this.#slots, slot);
      if (held === EMPTY) return -1;
      if (held !== DELETED && this.#isRow(held - 1, key)) return held - 1;
    }
  }

  add(row: number): void {
    if ((this.#taken + 1) * 3 > this.#slots.length * 2) this.#rebuild();
    this.#rows += 1;
    this.#insert(row);
  }

  remove(row: number): void {
    const mask = this.#slots.length - 1;
    for (let slot = hash(this.#keyOf(row)) & mask; intAt(this.#slots, slot) !== EMPTY; slot = (slot + 1) & mask) {
      if (intAt(this.#slots, slot) !== row + 1) continue;
      this.#slots[slot] = DELETED;
      this.#rows -= 1;
      return;
    }
  }

  #insert(row: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash(this.#keyOf(row)) & mask;
    while (intAt(this.#slots, slot) > EMPTY) slot = (slot + 1) & mask;
    if (intAt(this.#slots, slot) === EMPTY) this.#taken += 1;
    this.#slots[slot] = row + 1;
  }

  #rebuild(): void {
    const old = this.#slots;
    let size = SMALLEST;
    while (size * 2 < (this.#rows + 1) * 4) size *= 2;
    this.#slots = new Int32Array(size);
    this.#taken = 0;
    for (let slot = 0; slot < old.length; slot += 1) if (intAt(old, slot) > EMPTY) this.#insert(intAt(old, slot) - 1);
  }
}

export interface IndexKey {
  readonly edge: number;
  readonly namespace: number;
  readonly name: number;
}

function hash({ edge, namespace, name }: IndexKey): number {
  let mixed = Math.imul(edge + 1, 0x9e3779b1) ^ Math.imul(name + 1, 0x85ebca6b) ^ Math.imul(namespace + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
