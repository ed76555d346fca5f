/** A uid per row: sixteen bytes where it is a UUID in its usual spelling, which Kubernetes always writes; a text beside them where not. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BYTES = 16;
/** Where the digits of each byte stand among the dashes. */
const POSITIONS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const digit = (code: number): number => (code > 57 ? code - 87 : code - 48);
/** Before these bytes of a uid stands a dash. */
const AFTER_DASH = new Set([4, 6, 8, 10]);
/** The digits of each value of each byte, its dash included. */
const HEX = Array.from({ length: BYTES * 256 }, (_unused, index) => {
  const digits = (index % 256).toString(16).padStart(2, '0');
  return AFTER_DASH.has(Math.floor(index / 256)) ? `-${digits}` : digits;
});

export class UidColumn {
  #bytes = new Uint8Array(0);
  readonly #others = new Map<number, string>();

  reserve(rows: number): void {
    if (rows * BYTES <= this.#bytes.length) return;
    const grown = new Uint8Array(rows * BYTES);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  get(row: number): string {
    const other = this.#others.get(row);
    if (other !== undefined) return other;
    let uid = '';
    for (let byte = 0; byte < BYTES; byte += 1) uid += HEX[byte * 256 + (this.#bytes[row * BYTES + byte] ?? 0)] ?? '';
    return uid;
  }

  set(row: number, uid: string): void {
    this.#others.delete(row);
    if (!UUID.test(uid)) {
      this.#others.set(row, uid);
      return;
    }
    let byte = row * BYTES;
    for (const position of POSITIONS) {
      this.#bytes[byte] = (digit(uid.charCodeAt(position)) << 4) | digit(uid.charCodeAt(position + 1));
      byte += 1;
    }
  }

  clear(row: number): void {
    this.#others.delete(row);
  }
}
