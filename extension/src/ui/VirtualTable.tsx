import * as React from 'react';
import { Icon } from './Icon.tsx';
import { useWindow } from './use-window.ts';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => React.ReactNode;
  readonly sortable?: boolean;
  readonly numeric?: boolean;
  readonly width?: string;
  readonly minWidth?: string;
}

export interface TableSort {
  readonly key: string;
  readonly descending: boolean;
}

export interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** All rows there are, loaded or not. */
  readonly total: number;
  readonly rowHeight: number;
  readonly sort?: TableSort;
  readonly onSort?: (key: string) => void;
  readonly onNearEnd?: () => void;
  /** Told which rows are drawn, whenever others are. */
  readonly onSight?: (rows: readonly Row[]) => void;
  /** The row that the keyboard is on. */
  readonly current?: string;
  readonly selected?: ReadonlySet<string>;
  readonly footer?: React.ReactNode;
}

const OVERSCAN = 8;

function ariaSort(sort: TableSort | undefined, key: string): 'ascending' | 'descending' | 'none' {
  if (sort?.key !== key) return 'none';
  return sort.descending ? 'descending' : 'ascending';
}

/** A real table of which only the rows in sight are in the page; its count and its positions are told to screen readers. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>): React.ReactElement {
  const { label, columns, rows, rowKey, total, rowHeight, sort, onSort, onNearEnd, onSight, current, selected, footer } = props;
  const scroller = React.useRef<HTMLDivElement>(null);
  const view = useWindow(scroller, {
    count: rows.length,
    rowHeight,
    overscan: OVERSCAN,
    keyOf: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
  });
  const isNearEnd = view.end >= rows.length - OVERSCAN && rows.length < total;
  // Talks to whoever loads more.
  React.useEffect(() => {
    if (isNearEnd) onNearEnd?.();
  }, [isNearEnd, onNearEnd, rows.length]);
  // Talks to whoever keeps the rows in sight fresh.
  React.useEffect(() => onSight?.(rows.slice(view.first, view.end)), [onSight, rows, view.first, view.end]);
  const at = current === undefined ? -1 : rows.findIndex((row) => rowKey(row) === current);
  const reveal = React.useRef(view.reveal);
  reveal.current = view.reveal;
  // Talks to the scroller: the row of the keyboard stays in sight.
  React.useEffect(() => {
    if (at >= 0) reveal.current(at);
  }, [at]);
  return (
    <div className="ef-table" ref={scroller} tabIndex={0} role="region" aria-label={label}>
      <table className="ef-table__table" aria-rowcount={total + 1} aria-label={label}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={column.width === undefined ? undefined : { width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                style={column.minWidth === undefined ? undefined : { minWidth: column.minWidth }}
                aria-sort={column.sortable === true ? ariaSort(sort, column.key) : undefined}
                className={column.numeric === true ? 'ef-table__numeric' : undefined}
              >
                {column.sortable === true && onSort !== undefined ? (
                  <button type="button" className="ef-table__sort" onClick={() => onSort(column.key)}>
                    {column.title}
                    <Icon
                      name={sort?.key !== column.key ? 'fa-sort ef-table__unsorted' : sort.descending ? 'fa-sort-down' : 'fa-sort-up'}
                    />
                  </button>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.before > 0 ? <tr aria-hidden="true" style={{ height: view.before }} /> : null}
          {rows.slice(view.first, view.end).map((row, offset) => {
            const index = view.first + offset;
            const key = rowKey(row);
            const state = `${key === current ? ' ef-table__row--current' : ''}${selected?.has(key) === true ? ' ef-table__row--selected' : ''}`;
            return (
              <tr key={key} data-index={index} aria-rowindex={index + 2} className={`ef-table__row${state}`}>
                {columns.map((column) => (
                  <td key={column.key} className={column.numeric === true ? 'ef-table__numeric' : undefined}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {view.after > 0 ? <tr aria-hidden="true" style={{ height: view.after }} /> : null}
        </tbody>
      </table>
      {footer}
    </div>
  );
}
