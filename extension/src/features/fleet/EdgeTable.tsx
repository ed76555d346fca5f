import * as React from 'react';
import type { EdgeRow } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { usePagedRows, type RowList } from '../../hooks/use-paged-rows.ts';
import { useRowCursor } from '../../hooks/use-row-cursor.ts';
import { useShortcuts } from '../../hooks/use-shortcuts.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { withValues } from '../../query/query-terms.ts';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { VirtualTable, type TableSort } from '../../ui/VirtualTable.tsx';
import { edgeColumns } from './edge-columns.tsx';
import { nextSort } from './fleet-address.ts';

export interface EdgeTableProps {
  readonly query: string;
  readonly sort: TableSort | undefined;
  readonly onSort: (sort: TableSort | undefined) => void;
  readonly columns: readonly string[];
  readonly products: readonly string[];
  readonly labels: readonly string[];
  readonly old: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (name: string) => void;
  readonly onOpen: (name: string) => void;
}

const ROW_HEIGHT = 44;
const rowKey = (row: EdgeRow): string => row.name;
const EDGES: RowList<EdgeRow> = { path: 'edges', keyOf: rowKey, queryOf: (rows) => withValues('', 'name', rows.map(rowKey)) };

/** The map's twin: the same edges as a table, sorted by the server, with the columns the user chose. */
export function EdgeTable(props: EdgeTableProps): React.ReactElement {
  const { sort, onSort, selected } = props;
  const pages = usePagedRows(EDGES, { query: props.query, sort: sort === undefined ? 'name' : `${sort.descending ? '-' : ''}${sort.key}` });
  const { rows, total, loading, problem } = pages;
  const columns = edgeColumns(props.columns, props);
  const { current, move } = useRowCursor(React.useMemo(() => rows.map(rowKey), [rows]));
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    x: () => current !== undefined && props.onToggle(current),
    o: () => current !== undefined && props.onOpen(current),
    Enter: () => current !== undefined && props.onOpen(current),
  });
  if (total === undefined) return problem === undefined ? <Skeleton label={shellWords.loading} /> : <ProblemView problem={problem} />;
  return (
    <div className="ef-table-view">
      <ProgressLine active={loading} label={shellWords.refreshing} />
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <VirtualTable
        label={fleetWords.table.label}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        total={total}
        rowHeight={ROW_HEIGHT}
        {...(sort === undefined ? {} : { sort })}
        onSort={(key) => onSort(nextSort(sort, key))}
        onNearEnd={pages.loadMore}
        onSight={pages.onSight}
        {...(current === undefined ? {} : { current })}
        selected={selected}
        footer={loading && rows.length < total ? <p className="ef-muted ef-table__more">{fleetWords.table.loading}</p> : null}
      />
    </div>
  );
}
