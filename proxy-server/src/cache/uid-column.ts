/** A uid per row: sixteen bytes where it is a UUID in its usual spelling, which Kubernetes always writes; a text beside them where not. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BYTES = 16;
const HEX = Array.from({ length: 256 }, (_unused, byte) => byte.toString(16).padStart(2, '0'));

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
    const start = row * BYTES;
    const hex = Array.from(this.#bytes.subarray(start, start + BYTES), (byte) => HEX[byte]).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  set(row: number, uid: string): void {
    this.#others.delete(row);
    if (!UUID.test(uid)) {
      this.#others.set(row, uid);
      return;
    }
    const hex = uid.replaceAll('-', '');
    for (let byte = 0; byte < BYTES; byte += 1) this.#bytes[row * BYTES + byte] = Number.parseInt(hex.slice(byte * 2, byte * 2 + 2), 16);
  }

  clear(row: number): void {
    this.#others.delete(row);
  }
}
