import * as React from 'react';
import type { ActionRunsAnswer } from '../../../../proxy-server/src/contract/actions.ts';
import { isFinal, TARGET_STATES } from '../../../../proxy-server/src/domain/action.ts';
import { specWords } from '../../acting/RunLine.tsx';
import { TargetBadge } from '../../acting/TargetBadge.tsx';
import { countOf } from '../../acting/use-run.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { actionWords } from '../../messages/actions.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { RouteLink } from '../../RouteLink.tsx';
import { useServices } from '../../services.ts';
import { Age } from '../../ui/Age.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Figure } from '../../ui/Figure.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { VirtualTable, type Column } from '../../ui/VirtualTable.tsx';

type RunItem = ActionRunsAnswer['items'][number];

const PAGE = 50;
const REFRESH_MS = 5_000;
const ROW_HEIGHT = 48;
const words = actionWords.page;
const runKey = ({ run }: RunItem): string => run.id;

const COLUMNS: readonly Column<RunItem>[] = [
  { key: 'when', title: words.when, width: '13%', cell: ({ run }) => <Age at={run.createdAt} never="" /> },
  {
    key: 'what',
    title: words.what,
    width: '17%',
    cell: ({ run }) => <RouteLink to={`/actions/${run.id}`}>{specWords(run.spec)}</RouteLink>,
  },
  { key: 'touches', title: words.touches, width: '9%', numeric: true, cell: ({ counts }) => <Figure value={countOf(counts)} /> },
  { key: 'state', title: words.state, width: '26%', cell: (item) => <RunState item={item} /> },
  { key: 'who', title: words.who, width: '13%', cell: ({ run }) => <span dir="auto">{run.by.username}</span> },
  { key: 'why', title: words.why, cell: ({ run }) => <span dir="auto">{run.reason}</span> },
];

function RunState({ item: { run, counts } }: { readonly item: RunItem }): React.ReactElement {
  return (
    <span className="ef-counts">
      {TARGET_STATES.flatMap((state) => {
        const count = counts[state] ?? 0;
        return count === 0 ? [] : [<TargetBadge key={state} state={state} count={count} />];
      })}
      {run.stoppedBy === undefined || countOf(counts, (state) => !isFinal(state)) > 0 ? null : (
        <span className="ef-muted">{words.stopped(run.stoppedBy)}</span>
      )}
    </span>
  );
}

/** Everything that was asked for, newest first, as it goes on. */
export function ActionsPage(): React.ReactElement {
  const { queries } = useServices();
  const { search, change } = useUrlState();
  const before = search.get('before');
  const path = `actions?limit=${PAGE}${before === null ? '' : `&before=${encodeURIComponent(before)}`}`;
  const { data, problem, fetching } = useQuery<ActionRunsAnswer>(path, { refreshMs: REFRESH_MS });
  if (data === undefined) {
    if (problem !== undefined) return <ProblemView problem={problem} onRetry={() => queries.refresh(path)} />;
    return <Skeleton label={words.loading} />;
  }
  const next = data.before;
  if (data.items.length === 0 && next === undefined) return <EmptyState icon="fa-list-check" title={words.empty} text={words.emptyText} />;
  return (
    <section className="ef-card ef-list" aria-label={words.title}>
      <ProgressLine active={fetching && problem !== undefined} label={shellWords.refreshing} />
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <VirtualTable
        label={words.title}
        columns={COLUMNS}
        rows={data.items}
        rowKey={runKey}
        total={data.items.length}
        rowHeight={ROW_HEIGHT}
      />
      {next === undefined ? null : (
        <p className="ef-part__line">
          <button type="button" className="ef-button" onClick={() => change({ before: String(next) })}>
            {words.earlier}
          </button>
        </p>
      )}
    </section>
  );
}
