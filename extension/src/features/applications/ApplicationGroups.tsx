import * as React from 'react';
import type { ApplicationGroup } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { ActMenu } from '../../acting/ActMenu.tsx';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useIsAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useRowCursor } from '../../hooks/use-row-cursor.ts';
import { useShortcuts } from '../../hooks/use-shortcuts.ts';
import { actionWords } from '../../messages/actions.ts';
import { applicationsWords } from '../../messages/applications.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useServices } from '../../services.ts';
import { Age } from '../../ui/Age.tsx';
import { Figure } from '../../ui/Figure.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { VirtualTable, type Column } from '../../ui/VirtualTable.tsx';
import { lookBadge } from '../../words/status-badges.ts';
import { NoApplications } from './ApplicationsList.tsx';
import type { GroupKey } from './applications-address.ts';

export interface ApplicationGroupsProps {
  readonly query: string;
  readonly by: GroupKey;
  /** Opens the Applications of a group: its query is the whole one. */
  readonly onOpen: (query: string) => void;
  readonly onClear: () => void;
  readonly onRefused: (problem: HubProblem | undefined) => void;
}

interface GroupsAnswer {
  readonly items: readonly ApplicationGroup[];
}

const REFRESH_MS = 10_000;
const ROW_HEIGHT = 44;
const words = applicationsWords.group;
const groupKey = (group: ApplicationGroup): string => group.value;

/** Many edges, one cause: "37 edges fail with the same message". */
const sentence = (group: ApplicationGroup, by: GroupKey): string | undefined =>
  by === 'message' && group.value !== '' && group.edges > 1 && (group.worst === 'Failing' || group.worst === 'Degraded')
    ? words.sameMessage(group.edges)
    : undefined;

/** The worst look of a group, and how old what is said of it is; of edges that are not heard nothing is said in the present tense. */
function WorstCell({ group, old }: { readonly group: ApplicationGroup; readonly old: boolean }): React.ReactElement {
  const { worst, notHeard, edges, oldestReadAt } = group;
  return (
    <span className="ef-two">
      <StatusBadge {...lookBadge(worst, old || notHeard === edges)} />
      <span className="ef-two__second">
        {notHeard === 0 ? null : `${words.notHeard(notHeard)}, `}
        {words.heard}
        <Age at={oldestReadAt} never={applicationsWords.neverHeard} />
      </span>
    </span>
  );
}

function groupColumns(by: GroupKey, old: boolean, onOpen: (query: string) => void): readonly Column<ApplicationGroup>[] {
  return [
    {
      key: 'value',
      title: words.heading[by],
      cell: (group) => (
        <span className="ef-two">
          <button type="button" className="ef-link" aria-label={words.open(group.value)} dir="auto" onClick={() => onOpen(group.query)}>
            {group.value === '' ? words.absent[by] : group.value}
          </button>
          {sentence(group, by) === undefined ? null : <span className="ef-two__second">{sentence(group, by)}</span>}
        </span>
      ),
    },
    { key: 'worst', title: words.worst, width: '18%', cell: (group) => <WorstCell group={group} old={old} /> },
    { key: 'edges', title: words.edges, width: '10%', numeric: true, cell: (group) => <Figure value={group.edges} /> },
    { key: 'applications', title: words.applications, width: '12%', numeric: true, cell: (group) => <Figure value={group.applications} /> },
    {
      key: 'act',
      title: actionWords.page.title,
      width: '10%',
      cell: (group) => <ActMenu subject={{ query: group.query }} what={group.value === '' ? words.absent[by] : group.value} />,
    },
  ];
}

/** What matches, put together by name, Product, version or message; a group leads to its Applications. */
export function ApplicationGroups({ query, by, onOpen, onClear, onRefused }: ApplicationGroupsProps): React.ReactElement {
  const { queries } = useServices();
  const path = `applications/groups?by=${by}&query=${encodeURIComponent(query)}`;
  const { data, problem, fetching } = useQuery<GroupsAnswer>(path, { refreshMs: REFRESH_MS });
  const refused = problem?.kind === 'invalidQuery' ? problem : undefined;
  // Talks to the query line, which stands outside this list.
  React.useEffect(() => onRefused(refused), [onRefused, refused]);
  const again = (): void => queries.refresh(path);
  if (data === undefined) {
    if (problem !== undefined) return <ProblemView problem={problem} onRetry={again} />;
    return <Skeleton label={applicationsWords.loading} />;
  }
  if (data.items.length === 0) return <NoApplications query={query} onClear={onClear} />;
  return (
    <div className="ef-table-view">
      <ProgressLine active={fetching && problem !== undefined} label={shellWords.refreshing} />
      {problem === undefined || refused !== undefined ? null : <ProblemView problem={problem} compact onRetry={again} />}
      <p className="ef-part__line ef-muted" role="status">
        {words.count(data.items.length)}
      </p>
      <LoadedGroups groups={data.items} by={by} onOpen={onOpen} />
    </div>
  );
}

interface LoadedGroupsProps extends Pick<ApplicationGroupsProps, 'by' | 'onOpen'> {
  readonly groups: readonly ApplicationGroup[];
}

function LoadedGroups({ groups, by, onOpen }: LoadedGroupsProps): React.ReactElement {
  const away = useIsAway();
  const columns = React.useMemo(() => groupColumns(by, away, onOpen), [by, away, onOpen]);
  const { current, move } = useRowCursor(React.useMemo(() => groups.map(groupKey), [groups]));
  const open = (): void => {
    const group = groups.find(({ value }) => value === current);
    if (group !== undefined) onOpen(group.query);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1), o: open, Enter: open });
  return (
    <VirtualTable
      label={words.table(words[by])}
      columns={columns}
      rows={groups}
      rowKey={groupKey}
      total={groups.length}
      rowHeight={ROW_HEIGHT}
      {...(current === undefined ? {} : { current })}
    />
  );
}
