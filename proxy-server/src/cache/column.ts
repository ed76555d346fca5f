/** The two things every column is asked: a value (0 beyond the end) and room for more rows. */
export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

export const at = (column: ArrayLike<number>, row: number): number => column[row] ?? 0;

/** The same values in a column of twice the size, or more where `rows` needs it. */
export function grow<C extends Column>(column: C, make: (length: number) => C, rows: number): C {
  if (rows <= column.length) return column;
  const grown = make(Math.max(rows, column.length * 2));
  grown.set(column);
  return grown;
}
