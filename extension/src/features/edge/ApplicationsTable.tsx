import * as React from 'react';
import type { ApplicationRow, EdgeDetail, Page } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useIsAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useShortcuts } from '../../hooks/use-shortcuts.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { edgeWords } from '../../messages/edge.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import { applicationColumns } from './application-columns.tsx';
import { applicationKey, isOldApplication, lookSummary, matchesText, orderApplications } from './application-lines.ts';

/** More Applications than this on one edge are found by search. */
const LIMIT = 500;
const FILTER_ID = 'ef-edge-filter';
const ROW_HEIGHT = 52;

/** The Applications of one edge, worst first, as they are or as they were. */
export function ApplicationsTable({ edge }: { readonly edge: EdgeDetail }): React.ReactElement {
  const words = edgeWords.applications;
  const formats = useFormats();
  const away = useIsAway();
  const { data, problem, fetching } = useQuery<Page<ApplicationRow>>(`edges/${encodeURIComponent(edge.name)}/applications?limit=${LIMIT}`);
  const { search, changeSoon } = useUrlState();
  const [text, setText] = React.useState(search.get('q') ?? '');
  const rows = React.useMemo(() => orderApplications(data?.items ?? [], formats.compare), [data, formats]);
  const shown = React.useMemo(() => rows.filter((row) => matchesText(row, text)), [rows, text]);
  const columns = React.useMemo(() => applicationColumns(away, edge.timeZone), [away, edge.timeZone]);
  const [current, setCurrent] = React.useState<string | undefined>(undefined);
  const move = (by: number): void => {
    const at = shown.findIndex((row) => applicationKey(row) === current);
    const row = shown[Math.min(shown.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (row !== undefined) setCurrent(applicationKey(row));
  };
  useShortcuts({ '/': () => document.getElementById(FILTER_ID)?.focus(), j: () => move(1), k: () => move(-1) });
  if (data === undefined) return problem === undefined ? <Skeleton label={words.loading} /> : <ProblemView problem={problem} />;
  const first = rows[0];
  return (
    <section className="ef-card ef-apps" aria-label={words.label}>
      <ProgressLine active={fetching} label={shellWords.refreshing} />
      <div className="ef-apps__head">
        <h2 className="ef-heading">{words.heading(data.total)}</h2>
        {first !== undefined && isOldApplication(first, away) && edge.readAt !== undefined ? (
          <span>{words.asOf(formats.clock(edge.readAt))}</span>
        ) : null}
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
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      {shown.length === 0 ? (
        <p className="ef-apps__none">{edge.access === 'CountsOnly' ? words.countsOnly : rows.length === 0 ? words.none : words.noMatch}</p>
      ) : (
        <VirtualTable
          label={words.label}
          columns={columns}
          rows={shown}
          rowKey={applicationKey}
          total={shown.length}
          rowHeight={ROW_HEIGHT}
          {...(current === undefined ? {} : { current })}
        />
      )}
    </section>
  );
}
