/**
 * Columns are typed arrays that grow. Reading one goes through the function of its kind (0 beyond the end): a function that is only ever given
 * one kind of array is compiled to a single load, one that is given all kinds is some twenty times slower, and scans do little else.
 */
export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

export const byteAt = (column: Uint8Array, row: number): number => column[row] ?? 0;
export const uintAt = (column: Uint32Array, row: number): number => column[row] ?? 0;
export const intAt = (column: Int32Array, row: number): number => column[row] ?? 0;
export const floatAt = (column: Float64Array, row: number): number => column[row] ?? 0;

const SMALL = 16_384;

/** The size to grow to: twice the present one, and by an eighth once that is large, because what is not used is paid for in every column. */
export const roomFor = (rows: number, present: number): number =>
  Math.max(rows, present < SMALL ? present * 2 : Math.ceil(present * 1.125));

/** The same values in a column with room for `rows`. */
export function grow<C extends Column>(column: C, make: (length: number) => C, rows: number): C {
  if (rows <= column.length) return column;
  const grown = make(roomFor(rows, column.length));
  grown.set(column);
  return grown;
}
