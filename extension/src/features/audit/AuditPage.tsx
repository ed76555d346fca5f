import * as React from 'react';
import { useQuery } from '../../hooks/use-query.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { auditWords as words } from '../../messages/audit.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useServices } from '../../services.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import { AUDIT_COLUMNS } from './audit-columns.tsx';
import { auditQuery, FILTER_KEYS, type AuditLine, type AuditLines } from './audit-query.ts';
import { AuditFilters } from './AuditFilters.tsx';

const REFRESH_MS = 10_000;
const ROW_HEIGHT = 62;
const lineKey = ({ id }: AuditLine): string => String(id);

/** Who asked for what, when, where and why, and what became of it. The address holds what is filtered. */
export function AuditPage(): React.ReactElement {
  const { search, change } = useUrlState();
  const filtered = FILTER_KEYS.some((key) => search.has(key));
  const query = auditQuery(search);
  return (
    <section className="ef-card ef-list" aria-label={words.title}>
      <AuditFilters />
      <p className="ef-part__line ef-muted">{words.note}</p>
      <Lines
        key={query}
        query={query}
        filtered={filtered}
        onClear={() => change(Object.fromEntries(FILTER_KEYS.map((key) => [key, undefined])))}
      />
    </section>
  );
}

interface Earlier {
  readonly rows: readonly AuditLine[];
  /** Undefined: there is nothing earlier. */
  readonly next: number | undefined;
  readonly more: () => void;
}

/** The newest lines, which are asked for again and again, and below them what was asked for by hand. */
function useEarlier(path: string, newest: AuditLines = { items: [] }): Earlier {
  const { client } = useServices();
  const [earlier, setEarlier] = React.useState<AuditLines | undefined>(undefined);
  const known = new Set(newest.items.map(lineKey));
  const rows = [...newest.items, ...(earlier?.items ?? []).filter((line) => !known.has(lineKey(line)))];
  const { before: next } = earlier ?? newest;
  const more = (): void => {
    void client.get<AuditLines>(`${path}&before=${String(next)}`).then((answer) => {
      if (!answer.ok) return;
      const { items, before } = answer.value;
      setEarlier({ items: [...(earlier?.items ?? []), ...items], ...(before === undefined ? {} : { before }) });
    });
  };
  return { rows, next, more };
}

function NoLines({ filtered, onClear }: Omit<LinesProps, 'query'>): React.ReactElement {
  if (!filtered) return <EmptyState icon="fa-clipboard-list" title={words.empty.title} text={words.empty.text} />;
  return (
    <EmptyState icon="fa-filter" title={words.nothing.title} text={words.nothing.text}>
      <button type="button" className="ef-button ef-button--main" onClick={onClear}>
        {words.clear}
      </button>
    </EmptyState>
  );
}

interface LinesProps {
  readonly query: string;
  readonly filtered: boolean;
  readonly onClear: () => void;
}

function Lines({ query, filtered, onClear }: LinesProps): React.ReactElement {
  const { queries } = useServices();
  const path = `audit?${query}`;
  const { data, problem, fetching } = useQuery<AuditLines>(path, { refreshMs: REFRESH_MS });
  const { rows, next, more } = useEarlier(path, data);
  if (data === undefined) {
    if (problem !== undefined) return <ProblemView problem={problem} onRetry={() => queries.refresh(path)} />;
    return <Skeleton label={words.loading} />;
  }
  if (rows.length === 0 && next === undefined) return <NoLines filtered={filtered} onClear={onClear} />;
  return (
    <>
      <ProgressLine active={fetching && problem !== undefined} label={shellWords.refreshing} />
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <VirtualTable label={words.title} columns={AUDIT_COLUMNS} rows={rows} rowKey={lineKey} total={rows.length} rowHeight={ROW_HEIGHT} />
      {next === undefined ? null : (
        <p className="ef-part__line">
          <button type="button" className="ef-button" onClick={more}>
            {words.more}
          </button>
        </p>
      )}
    </>
  );
}
