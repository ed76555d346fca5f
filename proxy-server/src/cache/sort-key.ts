import type { Ids } from './interned-column.ts';

/** The place of a row as `places[ids[row]]`: whole numbers below `limit`. */
export interface CodedPlaces {
  readonly ids: Ids;
  readonly places: Float64Array;
  readonly limit: number;
}

export type SortValue = number | string;

/** One criterion: the value of a row, and how two values that are texts compare; numbers compare by size. */
export interface SortKey {
  readonly descending: boolean;
  /** The order in which rows come. */
  readonly isEdgeOrder?: true;
  /** The same as `value`, where that is a whole number and rows have it in a column. */
  readonly coded?: CodedPlaces;
  value(id: number): SortValue;
  compare(left: string, right: string): number;
  /** Where values hold only until the next change: the form a cursor carries, and back. */
  toCursor?(value: SortValue): SortValue;
  fromCursor?(value: SortValue): SortValue;
}
