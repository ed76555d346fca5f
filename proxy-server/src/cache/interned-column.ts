import { roomFor } from './column.ts';
import { StringTable } from './string-table.ts';

export type Ids = Uint8Array | Uint16Array | Uint32Array;

const idsOf = (bytes: number, rows: number): Ids =>
  bytes === 1 ? new Uint8Array(rows) : bytes === 2 ? new Uint16Array(rows) : new Uint32Array(rows);

/** A text for each row, as a number into its own table. Numbers take one byte, two or four, as many different texts as there are. */
export class InternedColumn {
  readonly table = new StringTable();
  #ids: Ids = new Uint8Array(0);
  /** Numbers below this fit. */
  #room = 2 ** 8;

  /** The number of each row's text, for scans; to be read only, and valid until the next write. */
  get ids(): Ids {
    return this.#ids;
  }

  reserve(rows: number): void {
    if (rows > this.#ids.length) this.#copy(this.#ids.BYTES_PER_ELEMENT, roomFor(rows, this.#ids.length));
  }

  id(row: number): number {
    return this.#ids[row] ?? 0;
  }

  text(row: number): string {
    return this.table.text(this.#ids[row] ?? 0);
  }

  set(row: number, text: string): void {
    const before = this.#ids[row] ?? 0;
    if (this.table.text(before) === text) return;
    this.#write(row, this.table.use(text));
    this.table.release(before);
  }

  /** Sets a row that holds nothing yet to a text that is a number of the table already. */
  setNew(row: number, id: number): void {
    this.table.useAgain(id);
    this.#write(row, id);
  }

  #write(row: number, id: number): void {
    while (id >= this.#room) this.#copy(this.#ids.BYTES_PER_ELEMENT * 2, this.#ids.length);
    this.#ids[row] = id;
  }

  #copy(bytes: number, rows: number): void {
    const ids = idsOf(bytes, rows);
    ids.set(this.#ids);
    this.#ids = ids;
    this.#room = 2 ** (8 * bytes);
  }
}
