/**
 * Texts by small number, counted: a text lives as long as a row uses it. One table per column, so that ids of a column that is grouped by
 * stay dense. Id 0 is the empty text, which is never counted.
 */
export class StringTable {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [''];
  readonly #free: number[] = [];
  #uses = new Uint32Array(64);

  /** Ids are below this; for tables of answers by id. */
  get limit(): number {
    return this.#texts.length;
  }

  /** Texts in use. */
  get size(): number {
    return this.#ids.size;
  }

  text(id: number): string {
    return this.#texts[id] ?? '';
  }

  /** The id of a text that is in use, without using it. */
  idOf(text: string): number | undefined {
    return text === '' ? 0 : this.#ids.get(text);
  }

  /** One use more; the id. */
  use(text: string): number {
    if (text === '') return 0;
    const known = this.#ids.get(text);
    if (known !== undefined) {
      this.#uses[known] = (this.#uses[known] ?? 0) + 1;
      return known;
    }
    const id = this.#free.pop() ?? this.#texts.length;
    if (id >= this.#uses.length) {
      const grown = new Uint32Array(this.#uses.length * 2);
      grown.set(this.#uses);
      this.#uses = grown;
    }
    this.#ids.set(text, id);
    this.#texts[id] = text;
    this.#uses[id] = 1;
    return id;
  }

  /** One use less; the last one frees the id. */
  release(id: number): void {
    if (id === 0) return;
    const left = (this.#uses[id] ?? 0) - 1;
    this.#uses[id] = Math.max(0, left);
    if (left !== 0) return;
    this.#ids.delete(this.text(id));
    this.#texts[id] = '';
    this.#free.push(id);
  }
}
