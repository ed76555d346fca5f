import * as React from 'react';
import type { ApplicationRow, EdgeDetail, Page } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useIsAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
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
import { applicationTo } from '../../words/application-facts.ts';
import { applicationColumns } from './application-columns.tsx';
import { applicationKey, isOldApplication, lookSummary, matchesText, orderApplications } from './application-lines.ts';

/** More Applications than this on one edge are found by search. */
const LIMIT = 500;
const FILTER_ID = 'ef-edge-filter';
const ROW_HEIGHT = 52;
const words = edgeWords.applications;

/** The Applications of one edge, worst first, as they are or as they were. */
export function ApplicationsTable({ edge }: { readonly edge: EdgeDetail }): React.ReactElement {
  const { data, problem, fetching } = useQuery<Page<ApplicationRow>>(`edges/${encodeURIComponent(edge.name)}/applications?limit=${LIMIT}`);
  if (data === undefined) return problem === undefined ? <Skeleton label={words.loading} /> : <ProblemView problem={problem} />;
  return (
    <section className="ef-card ef-apps" aria-label={words.label}>
      <ProgressLine active={fetching} label={shellWords.refreshing} />
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <LoadedTable edge={edge} page={data} />
    </section>
  );
}

/** Why there is no row to show. */
function emptyWords(edge: EdgeDetail, all: number): string {
  if (edge.access === 'CountsOnly') return words.countsOnly;
  return all === 0 ? words.none : words.noMatch;
}

function LoadedTable({ edge, page }: { readonly edge: EdgeDetail; readonly page: Page<ApplicationRow> }): React.ReactElement {
  const formats = useFormats();
  const { router } = useServices();
  const away = useIsAway();
  const { search, changeSoon } = useUrlState();
  const [text, setText] = React.useState(() => search.get('q') ?? '');
  const rows = React.useMemo(() => orderApplications(page.items, formats.compare), [page, formats]);
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
  const isOld = rows.some((row) => isOldApplication(row, away));
  return (
    <>
      <div className="ef-apps__head">
        <h2 className="ef-heading">{words.heading(page.total)}</h2>
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
        <span className="ef-apps__summary">{lookSummary(rows, away)}</span>
      </div>
      {shown.length === 0 ? (
        <p className="ef-apps__none">{emptyWords(edge, rows.length)}</p>
      ) : (
        <VirtualTable
          label={words.label}
          columns={columns}
          rows={shown}
          rowKey={applicationKey}
          total={shown.length}
          rowHeight={ROW_HEIGHT}
          {...(cursor.current === undefined ? {} : { current: cursor.current })}
        />
      )}
    </>
  );
}
