/** What every column is asked: a value (0 beyond the end) and room for more rows. */
export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

export const at = (column: ArrayLike<number>, row: number): number => column[row] ?? 0;

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
