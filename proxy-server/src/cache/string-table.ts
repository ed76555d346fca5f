import { grow, intAt, uintAt } from './column.ts';
import { TextHaystack } from './text-haystack.ts';
import { rankTexts, type TextOrder, type TextRanks } from './text-ranks.ts';

const FIRST_SLOTS = 16;
const EMPTY = 0;
const DELETED = -1;

/** FNV-1a over the code units, mixed once more because only the low bits are used. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash ^ (hash >>> 15);
}

const RECENT = 256;

/** A place for a text by a few of its characters: quick, and good enough to remember what was asked for a moment ago. */
const placeOf = (text: string): number =>
  (text.length * 31 + text.charCodeAt(text.length >> 1) * 7 + text.charCodeAt(text.length - 1)) & (RECENT - 1);

/**
 * Texts by small number, counted: a text lives as long as a row uses it. One table per column, so that ids of a column that is grouped by
 * stay dense. Id 0 is the empty text, which is never counted. The way from text to number is open addressing over one Int32Array of
 * id + 1: a Map would cost as much for each entry as a short text itself.
 */
export class StringTable {
  readonly #texts: string[] = [''];
  readonly #free: number[] = [];
  #uses: Uint32Array = new Uint32Array(FIRST_SLOTS);
  #slots = new Int32Array(FIRST_SLOTS);
  /** Ids that were found lately: one Application after the other has the same texts, and to compare one is quicker than to hash it. */
  readonly #recent = new Int32Array(RECENT);
  #taken = 0;
  #size = 0;
  #version = 0;
  #ranked: { readonly version: number; readonly order: TextOrder; readonly ranks: TextRanks } | undefined;
  #haystack: { readonly version: number; readonly texts: TextHaystack } | undefined;

  /** Ids are below this; for tables of answers by id. */
  get limit(): number {
    return this.#texts.length;
  }

  /** Texts in use. */
  get size(): number {
    return this.#size;
  }

  /** The places of all texts in an order; worked out anew only where one came or went. */
  ranks(order: TextOrder): TextRanks {
    if (this.#ranked?.version !== this.#version || this.#ranked.order !== order)
      this.#ranked = { version: this.#version, order, ranks: rankTexts(this.#texts, order) };
    return this.#ranked.ranks;
  }

  /** All texts for a search through them. */
  haystack(): TextHaystack {
    if (this.#haystack?.version !== this.#version) this.#haystack = { version: this.#version, texts: new TextHaystack(this.#texts) };
    return this.#haystack.texts;
  }

  text(id: number): string {
    return this.#texts[id] ?? '';
  }

  /** The id of a text that is in use, without using it. */
  idOf(text: string): number | undefined {
    if (text === '') return 0;
    const place = placeOf(text);
    const recent = intAt(this.#recent, place);
    if (this.#texts[recent] === text) return recent;
    const slot = this.#find(text);
    if (slot < 0) return undefined;
    const id = intAt(this.#slots, slot) - 1;
    this.#recent[place] = id;
    return id;
  }

  /** One use more; the id. */
  use(text: string): number {
    const id = this.numberOf(text);
    this.useAgain(id);
    return id;
  }

  /** The id of a text, which has to be used next: what nobody uses is never freed. */
  numberOf(text: string): number {
    return this.idOf(text) ?? this.#add(text);
  }

  /** One use more of a text that has this id. */
  useAgain(id: number): void {
    if (id > 0) this.#uses[id] = uintAt(this.#uses, id) + 1;
  }

  /** One use less; the last one frees the id. */
  release(id: number): void {
    const uses = uintAt(this.#uses, id);
    if (id === 0 || uses === 0) return;
    this.#uses[id] = uses - 1;
    if (uses > 1) return;
    this.#slots[this.#find(this.text(id))] = DELETED;
    this.#texts[id] = '';
    this.#free.push(id);
    this.#size -= 1;
    this.#version += 1;
  }

  #add(text: string): number {
    if ((this.#taken + 1) * 4 > this.#slots.length * 3) this.#rebuild();
    const id = this.#free.pop() ?? this.#texts.length;
    this.#uses = grow(this.#uses, (length) => new Uint32Array(length), id + 1);
    this.#texts[id] = text;
    this.#size += 1;
    this.#version += 1;
    this.#insert(id);
    return id;
  }

  /** The slot that holds the text, or -1. */
  #find(text: string): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(text) & mask; ; slot = (slot + 1) & mask) {
      const held = intAt(this.#slots, slot);
      if (held === EMPTY) return -1;
      if (held !== DELETED && this.#texts[held - 1] === text) return slot;
    }
  }

  #insert(id: number): void {
    const mask = this.#slots.length - 1;
    let slot = hashOf(this.text(id)) & mask;
    while (intAt(this.#slots, slot) > EMPTY) slot = (slot + 1) & mask;
    if (intAt(this.#slots, slot) === EMPTY) this.#taken += 1;
    this.#slots[slot] = id + 1;
  }

  #rebuild(): void {
    const old = this.#slots;
    let size = FIRST_SLOTS;
    while (size * 3 < (this.#size + 1) * 5) size *= 2;
    this.#slots = new Int32Array(size);
    this.#taken = 0;
    for (let slot = 0; slot < old.length; slot += 1) if (intAt(old, slot) > EMPTY) this.#insert(intAt(old, slot) - 1);
  }
}
