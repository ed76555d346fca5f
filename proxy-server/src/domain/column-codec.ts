/**
 * One character per row for small sets of values: the form in which the fleet travels. A code is a character from '0' upward, leaving out
 * the backslash, so that a column is a JSON string without escapes and compresses to almost nothing when rows agree.
 */
const FIRST = 0x30;
const BACKSLASH = 0x5c;
/** Below the surrogates; a column with more values than this is not offered as a column. */
export const MAX_COLUMN_VALUES = 0xd000;

const charCodeOf = (code: number): number => (code + FIRST >= BACKSLASH ? code + FIRST + 1 : code + FIRST);

/** Codes 0..MAX_COLUMN_VALUES-1, in row order. */
export function encodeColumn(codes: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let start = 0; start < codes.length; start += 4096) {
    const chunk: number[] = [];
    const end = Math.min(codes.length, start + 4096);
    for (let row = start; row < end; row += 1) chunk.push(charCodeOf(codes[row] ?? 0));
    parts.push(String.fromCharCode(...chunk));
  }
  return parts.join('');
}

/** The code at one row; 0 beyond the end. */
export function codeAt(column: string, row: number): number {
  const char = column.charCodeAt(row);
  if (Number.isNaN(char)) return 0;
  return char > BACKSLASH ? char - FIRST - 1 : char - FIRST;
}

/** All codes of a column. */
export function decodeColumn(column: string): Uint16Array {
  const codes = new Uint16Array(column.length);
  for (let row = 0; row < column.length; row += 1) codes[row] = codeAt(column, row);
  return codes;
}
