import { codeAt } from '../../../proxy-server/src/domain/column-codec.ts';
import {
  STATUS_COLUMNS,
  type DictionaryColumn,
  type FleetDelta,
  type FleetStatusColumns,
} from '../../../proxy-server/src/domain/fleet-view.ts';

export type StatusColumn = keyof FleetStatusColumns;
/** The fleet as it is drawn: a byte per edge and column, in the order of the members. */
export type FleetColumns = Readonly<Record<StatusColumn, Uint8Array>> & { readonly count: number };

export function toColumns(status: FleetStatusColumns): FleetColumns {
  const column = (name: StatusColumn): Uint8Array => {
    const codes = new Uint8Array(status.state.length);
    for (let row = 0; row < codes.length; row += 1) codes[row] = codeAt(status[name], row);
    return codes;
  };
  return {
    count: status.state.length,
    state: column('state'),
    look: column('look'),
    sync: column('sync'),
    connection: column('connection'),
    freshness: column('freshness'),
    readAge: column('readAge'),
  };
}

/** Writes the rows of a delta into the columns and says which rows are other than before. Rows that do not exist are ignored. */
export function applyRows(columns: FleetColumns, rows: FleetDelta['rows'], changed: (row: number) => void): void {
  for (const [row, chars] of rows) {
    if (row < 0 || row >= columns.count) continue;
    let differs = false;
    STATUS_COLUMNS.forEach((name, index) => {
      const code = codeAt(chars, index);
      if (columns[name][row] === code) return;
      columns[name][row] = code;
      differs = true;
    });
    if (differs) changed(row);
  }
}

/** A dictionary column with its codes unpacked. */
export interface ValueColumn {
  readonly values: readonly string[];
  readonly codes: Uint16Array;
}

export function toValueColumn(column: DictionaryColumn): ValueColumn {
  const codes = new Uint16Array(column.codes.length);
  for (let row = 0; row < codes.length; row += 1) codes[row] = codeAt(column.codes, row);
  return { values: column.values, codes };
}
