const EMPTY = Buffer.alloc(0);
const FIRST_BYTES = 1_024;

/**
 * Bytes that come in pieces, in one buffer that doubles: a million pieces of one byte cost their bytes, not a million objects and the
 * network buffers they were cut from. Keeps a single piece as it is. Bounding the whole is up to its user.
 */
export class GrowingBytes {
  #buffer: Buffer = EMPTY;
  #length = 0;
  /** The buffer is a piece of somebody else's and may not be written into. */
  #borrowed = false;

  get length(): number {
    return this.#length;
  }

  /** `borrow`: the piece may be kept as it is while it is the only one; otherwise it is copied. */
  append(piece: Buffer, borrow = false): void {
    if (this.#length === 0 && borrow) {
      this.#buffer = piece;
      this.#borrowed = true;
    } else this.#copy(piece);
    this.#length += piece.length;
  }

  /** What there is, valid until the next change. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  clear(): void {
    this.#buffer = EMPTY;
    this.#length = 0;
    this.#borrowed = false;
  }

  #copy(piece: Buffer): void {
    const needed = this.#length + piece.length;
    if (this.#borrowed || needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#borrowed ? needed * 2 : this.#buffer.length * 2, FIRST_BYTES));
      this.bytes().copy(grown);
      this.#buffer = grown;
      this.#borrowed = false;
    }
    piece.copy(this.#buffer, this.#length);
  }
}
