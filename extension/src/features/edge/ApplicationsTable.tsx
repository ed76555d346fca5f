import * as React from 'react';
import type { ApplicationRow, EdgeDetail } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useIsAway } from '../../hooks/use-away.ts';
import type { LoadedRows, RowList } from '../../hooks/use-paged-rows.ts';
import { useRowCursor } from '../../hooks/use-row-cursor.ts';
import { useShortcuts } from '../../hooks/use-shortcuts.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { edgeWords } from '../../messages/edge.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import { useServices } from '../../services.ts';
import { applicationTo, isLastKnown } from '../../words/application-facts.ts';
import { withValues } from '../../query/query-terms.ts';
import { applicationColumns } from './application-columns.tsx';
import { applicationKey, lookSummary, matchesText, orderApplications } from './application-lines.ts';

const FILTER_ID = 'ef-edge-filter';
const ROW_HEIGHT = 52;
const words = edgeWords.applications;

export const applicationsOn = (edge: string): RowList<ApplicationRow> => ({
  path: `edges/${encodeURIComponent(edge)}/applications`,
  keyOf: applicationKey,
  queryOf: (rows) => withValues('', 'application', [...new Set(rows.map(({ name }) => name))]),
});

/** The Applications of one edge, worst first, as they are or as they were; more of them as one goes down, all of them to search. */
export function ApplicationsTable({
  edge,
  pages,
}: {
  readonly edge: EdgeDetail;
  readonly pages: LoadedRows<ApplicationRow>;
}): React.ReactElement {
  const { total, problem, loading } = pages;
  if (total === undefined) return problem === undefined ? <Skeleton label={words.loading} /> : <ProblemView problem={problem} />;
  return (
    <section className="ef-card ef-apps" aria-label={words.label}>
      <ProgressLine active={loading} label={shellWords.refreshing} />
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <LoadedTable edge={edge} pages={pages} total={total} />
    </section>
  );
}

/** Why there is no row to show. */
function emptyWords(edge: EdgeDetail, all: number): string {
  if (edge.access === 'CountsOnly') return words.countsOnly;
  return all === 0 ? words.none : words.noMatch;
}

interface LoadedTableProps {
  readonly edge: EdgeDetail;
  readonly pages: LoadedRows<ApplicationRow>;
  readonly total: number;
}

function LoadedTable({ edge, pages, total }: LoadedTableProps): React.ReactElement {
  const formats = useFormats();
  const { router } = useServices();
  const away = useIsAway();
  const { search, changeSoon } = useUrlState();
  const [text, setText] = React.useState(() => search.get('q') ?? '');
  const { cursor: following, loadMore } = pages;
  // Talks to the server: a search is one over all of them.
  React.useEffect(() => {
    if (text !== '' && following !== undefined) loadMore();
  }, [text, following, loadMore]);
  const rows = React.useMemo(() => orderApplications(pages.rows, formats.compare), [pages.rows, formats]);
  const shown = React.useMemo(() => rows.filter((row) => matchesText(row, text)), [rows, text]);
  const columns = React.useMemo(() => applicationColumns(away, edge.timeZone), [away, edge.timeZone]);
  const cursor = useRowCursor(React.useMemo(() => shown.map(applicationKey), [shown]));
  const open = (): void => {
    const row = shown.find((one) => applicationKey(one) === cursor.current);
    if (row !== undefined) router.navigate(applicationTo(row));
  };
  useShortcuts({
    '/': () => document.getElementById(FILTER_ID)?.focus(),
    j: () => cursor.move(1),
    k: () => cursor.move(-1),
    o: open,
    Enter: open,
  });
  const isOld = rows.some((row) => isLastKnown(row, away));
  return (
    <>
      <div className="ef-apps__head">
        <h2 className="ef-heading">{words.heading(total)}</h2>
        {isOld && edge.readAt !== undefined ? <span>{words.asOf(formats.clock(edge.readAt))}</span> : null}
        {rows.length === 0 ? null : (
          <input
            id={FILTER_ID}
            className="ef-input ef-apps__filter"
            type="search"
            aria-label={words.filter}
            placeholder={words.filter}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              changeSoon({ q: event.target.value });
            }}
          />
        )}
        <span className="ef-apps__summary">
          {rows.length < total ? words.first(formats.number(rows.length)) : ''}
          {lookSummary(rows, away)}
        </span>
      </div>
      {shown.length === 0 ? (
        <p className="ef-apps__none">{emptyWords(edge, rows.length)}</p>
      ) : (
        <VirtualTable
          label={words.label}
          columns={columns}
          rows={shown}
          rowKey={applicationKey}
          total={text === '' ? total : shown.length}
          rowHeight={ROW_HEIGHT}
          onNearEnd={loadMore}
          onSight={pages.onSight}
          {...(cursor.current === undefined ? {} : { current: cursor.current })}
        />
      )}
    </>
  );
}
