import * as React from 'react';
import type { ApplicationRow } from '../../../../proxy-server/src/domain/fleet-view.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useIsAway } from '../../hooks/use-away.ts';
import { usePagedRows, type LoadedRows as Loaded, type RowList } from '../../hooks/use-paged-rows.ts';
import { useRowCursor } from '../../hooks/use-row-cursor.ts';
import { useShortcuts } from '../../hooks/use-shortcuts.ts';
import { applicationsWords } from '../../messages/applications.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useServices } from '../../services.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { VirtualTable, type TableSort } from '../../ui/VirtualTable.tsx';
import { applicationRowKey, applicationTo, queryOfApplications } from '../../words/application-facts.ts';
import { applicationColumns } from './application-columns.tsx';
import { nextSort, sortParameter } from './applications-address.ts';
import { pickColumn, SelectedActions, useApplicationSelection, type ApplicationSelection } from './application-selection.tsx';

export interface ApplicationsListProps {
  readonly query: string;
  readonly sort: TableSort | undefined;
  readonly onSort: (sort: string | undefined) => void;
  readonly onClear: () => void;
  /** A query the server cannot read is said at the query line, not here. */
  readonly onRefused: (problem: HubProblem | undefined) => void;
}

const ROW_HEIGHT = 48;
const APPLICATIONS: RowList<ApplicationRow> = { path: 'applications', keyOf: applicationRowKey, queryOf: queryOfApplications };

/** Every Application that matches, over all edges, loaded as one goes down. */
export function ApplicationsList(props: ApplicationsListProps): React.ReactElement {
  const { query, sort, onClear, onRefused } = props;
  const pages = usePagedRows(APPLICATIONS, { query, sort: sortParameter(sort) });
  const selection = useApplicationSelection();
  const { total, problem } = pages;
  const refused = problem?.kind === 'invalidQuery' ? problem : undefined;
  // Talks to the query line, which stands outside this list.
  React.useEffect(() => onRefused(refused), [onRefused, refused]);
  if (total === undefined) {
    if (problem !== undefined) return <ProblemView problem={problem} onRetry={pages.again} />;
    return <Skeleton label={applicationsWords.loading} />;
  }
  if (total === 0) return <NoApplications query={query} onClear={onClear} />;
  return (
    <div className="ef-table-view">
      <ProgressLine active={pages.loading} label={shellWords.refreshing} />
      {problem === undefined || refused !== undefined ? null : <ProblemView problem={problem} compact onRetry={pages.again} />}
      <div className="ef-part__line">
        <span className="ef-muted" role="status">
          {query === '' ? applicationsWords.all(total) : applicationsWords.count(total)}
        </span>
        <SelectedActions selection={selection} query={query} total={total} />
      </div>
      <LoadedRows {...props} pages={pages} total={total} selection={selection} />
    </div>
  );
}

interface LoadedRowsProps extends ApplicationsListProps {
  readonly pages: Loaded<ApplicationRow>;
  readonly total: number;
  readonly selection: ApplicationSelection;
}

function LoadedRows({ pages, total, sort, onSort, selection }: LoadedRowsProps): React.ReactElement {
  const { router } = useServices();
  const away = useIsAway();
  const { rows, loading } = pages;
  const { keys, toggle } = selection;
  const columns = React.useMemo(() => [pickColumn(keys, toggle), ...applicationColumns(away)], [away, keys, toggle]);
  const { current, move } = useRowCursor(React.useMemo(() => rows.map(applicationRowKey), [rows]));
  const open = (): void => {
    const row = rows.find((one) => applicationRowKey(one) === current);
    if (row !== undefined) router.navigate(applicationTo(row));
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    o: open,
    Enter: open,
    x: () => (current === undefined ? undefined : toggle(current)),
  });
  return (
    <VirtualTable
      label={applicationsWords.label}
      columns={columns}
      rows={rows}
      rowKey={applicationRowKey}
      total={total}
      rowHeight={ROW_HEIGHT}
      selected={keys}
      {...(sort === undefined ? {} : { sort })}
      onSort={(key) => onSort(nextSort(sort, key))}
      onNearEnd={pages.loadMore}
      onSight={pages.onSight}
      {...(current === undefined ? {} : { current })}
      footer={loading && rows.length < total ? <p className="ef-muted ef-table__more">{applicationsWords.more}</p> : null}
    />
  );
}

export function NoApplications({ query, onClear }: { readonly query: string; readonly onClear: () => void }): React.ReactElement {
  const { empty, nothing } = applicationsWords;
  if (query === '') return <EmptyState icon="fa-cubes" title={empty.title} text={empty.text} />;
  return (
    <EmptyState icon="fa-filter" title={nothing.title} text={nothing.text(query)}>
      <button type="button" className="ef-button ef-button--main" onClick={onClear}>
        {nothing.clear}
      </button>
    </EmptyState>
  );
}
