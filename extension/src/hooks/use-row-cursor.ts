import * as React from 'react';

export interface RowCursor {
  /** Key of the row that the keyboard is on. */
  readonly current: string | undefined;
  readonly move: (by: number) => void;
}

/** The row of a table that `j` and `k` move to; it stays on its row when rows come and go. */
export function useRowCursor(keys: readonly string[]): RowCursor {
  const [current, setCurrent] = React.useState<string | undefined>(undefined);
  const move = (by: number): void => {
    const at = current === undefined ? -1 : keys.indexOf(current);
    setCurrent(keys[Math.min(keys.length - 1, Math.max(0, at < 0 ? 0 : at + by))]);
  };
  return { current, move };
}
