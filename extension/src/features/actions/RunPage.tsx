import * as React from 'react';
import type { ActionRunAnswer } from '../../../../proxy-server/src/contract/actions.ts';
import { TARGET_STATES, type ActionTarget, type TargetState } from '../../../../proxy-server/src/domain/action.ts';
import { TargetBadge } from '../../acting/TargetBadge.tsx';
import { countOf, useRun } from '../../acting/use-run.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { actionWords, targetWords } from '../../messages/actions.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { RouteLink } from '../../RouteLink.tsx';
import { Age } from '../../ui/Age.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { VirtualTable, type Column } from '../../ui/VirtualTable.tsx';
import { applicationTo } from '../../words/application-facts.ts';
import { GiveUpButton } from './GiveUpButton.tsx';
import { RunHeader } from './RunHeader.tsx';

const words = actionWords.page;
const PAGE = 200;
const MAX_PAGE = 1_000;
const ROW_HEIGHT = 48;
const targetKey = ({ index }: ActionTarget): string => String(index);

const COLUMNS: readonly Column<ActionTarget>[] = [
  {
    key: 'application',
    title: words.application,
    width: '20%',
    cell: (target) => <RouteLink to={applicationTo(target)}>{target.name}</RouteLink>,
  },
  {
    key: 'edge',
    title: words.edge,
    width: '16%',
    cell: ({ edge }) => <RouteLink to={`/edges/${encodeURIComponent(edge)}`}>{edge}</RouteLink>,
  },
  { key: 'state', title: words.state, width: '13%', cell: ({ state }) => <TargetBadge state={state} /> },
  { key: 'says', title: words.says, cell: ({ message }) => <span dir="auto">{message}</span> },
  { key: 'changed', title: words.changed, width: '13%', cell: ({ updatedAt }) => <Age at={updatedAt} never="" /> },
];

const columnsWith = (onProblem: (problem: HubProblem | undefined) => void): readonly Column<ActionTarget>[] => [
  ...COLUMNS,
  { key: 'giveUp', title: '', width: '7rem', cell: (target) => <GiveUpButton target={target} onProblem={onProblem} /> },
];

/** One action with every Application it is about, as it goes on. All of it is in the address and in the journal: a reload goes on where it was. */
export function RunPage({ id }: { readonly id: string }): React.ReactElement {
  const { search } = useUrlState();
  const state = TARGET_STATES.find((one) => one === search.get('state'));
  const [limit, setLimit] = React.useState(PAGE);
  const { data, problem, fetching } = useRun(id, `limit=${limit}${state === undefined ? '' : `&state=${state}`}`);
  if (data === undefined)
    return problem === undefined ? <Skeleton label={words.loading} rowHeight={72} /> : <ProblemView problem={problem} />;
  return (
    <div className="ef-app">
      <ProgressLine active={fetching && problem !== undefined} label={shellWords.refreshing} />
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <RunHeader answer={data} />
      <section className="ef-card ef-list" aria-label={words.title}>
        <StateFilter answer={data} state={state} />
        <Targets answer={data} state={state} limit={limit} onMore={() => setLimit(MAX_PAGE)} />
      </section>
    </div>
  );
}

interface TargetsProps {
  readonly answer: ActionRunAnswer;
  readonly state: TargetState | undefined;
  readonly limit: number;
  readonly onMore: () => void;
}

function Targets({ answer: { targets, counts }, state, limit, onMore }: TargetsProps): React.ReactElement {
  const [problem, setProblem] = React.useState<HubProblem | undefined>(undefined);
  const columns = React.useMemo(() => columnsWith(setProblem), []);
  const total = state === undefined ? countOf(counts) : (counts[state] ?? 0);
  if (targets.length === 0) return <p className="ef-part__none">{words.none}</p>;
  const more = total > targets.length && limit < MAX_PAGE;
  return (
    <>
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <VirtualTable
        label={words.filter}
        columns={columns}
        rows={targets}
        rowKey={targetKey}
        total={total}
        rowHeight={ROW_HEIGHT}
        footer={
          more ? (
            <p className="ef-table__more">
              <button type="button" className="ef-button" onClick={onMore}>
                {words.more}
              </button>
            </p>
          ) : null
        }
      />
    </>
  );
}

function StateFilter({ answer, state }: Pick<TargetsProps, 'answer' | 'state'>): React.ReactElement {
  const { change } = useUrlState();
  const button = (key: TargetState | undefined, content: React.ReactNode): React.ReactElement => (
    <button
      key={key ?? 'all'}
      type="button"
      className="ef-button"
      aria-pressed={state === key}
      onClick={() => change({ state: key }, 'replace')}
    >
      {content}
    </button>
  );
  return (
    <div className="ef-actions ef-part__line" role="group" aria-label={words.filter}>
      {button(undefined, `${words.every} ${countOf(answer.counts).toLocaleString()}`)}
      {TARGET_STATES.filter((one) => (answer.counts[one] ?? 0) > 0 || one === state).map((one) =>
        button(one, `${targetWords[one]} ${(answer.counts[one] ?? 0).toLocaleString()}`),
      )}
    </div>
  );
}
