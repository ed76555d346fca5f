import * as React from 'react';
import type { ApplicationDetail } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { ActingOn } from '../../acting/ActingOn.tsx';
import { useIsAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { applicationWords } from '../../messages/application.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useServices } from '../../services.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TabList, tabId } from '../../ui/TabList.tsx';
import { isLastKnown } from '../../words/application-facts.ts';
import { ApplicationHeader } from './ApplicationHeader.tsx';
import { parseApplicationTab, TAB_KEYS, type ApplicationTab } from './application-tabs.ts';
import { DiffTab } from './DiffTab.tsx';
import { edgePaths } from './edge-paths.ts';
import { EventsTab } from './EventsTab.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { LogsTab } from './LogsTab.tsx';
import { ResourcesTab } from './ResourcesTab.tsx';
import { SummaryTab } from './SummaryTab.tsx';
import { PartsContext, type PartsOfEdge } from './use-part.ts';

export interface ApplicationPageProps {
  readonly edge: string;
  readonly namespace: string;
  readonly name: string;
}

const REFRESH_MS = 15_000;
const PANEL_ID = 'ef-application-panel';

/** One Application: what the fleet knows of it at once, and the parts that its edge answers each in its own time. */
export function ApplicationPage({ edge, namespace, name }: ApplicationPageProps): React.ReactElement {
  const { queries } = useServices();
  const path = `edges/${[edge, 'applications', namespace, name].map(encodeURIComponent).join('/')}`;
  const { data, problem, fetching, previous } = useQuery<ApplicationDetail>(path, { refreshMs: REFRESH_MS });
  if (data === undefined || previous) {
    if (problem?.kind === 'notFound') {
      const { title, text } = applicationWords.missing;
      return <EmptyState icon="fa-ghost" title={title} text={`${text} ${problem.detail ?? ''}`} />;
    }
    if (problem !== undefined) return <ProblemView problem={problem} onRetry={() => queries.refresh(path)} />;
    return <Skeleton label={applicationWords.loading} rowHeight={72} />;
  }
  return (
    <div className="ef-app">
      <ProgressLine active={fetching && problem !== undefined} label={shellWords.refreshing} />
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <LoadedApplication application={data} />
    </div>
  );
}

/** Changes when the edge's answers about the Application may have changed: then what is on screen is asked again. */
export const changeMark = ({ sync, health, operation, revisions, images }: ApplicationDetail): string =>
  [sync, health, operation.state, operation.startedAt, operation.finishedAt, operation.retryCount, ...revisions, ...images].join();

function LoadedApplication({ application }: { readonly application: ApplicationDetail }): React.ReactElement {
  const { search, change } = useUrlState();
  const hubAway = useIsAway();
  const away = isLastKnown(application, hubAway);
  const tab = parseApplicationTab(search.get('tab'));
  const parts = usePartsOf(application, away);
  const pick = (next: string): void => change({ tab: next === 'summary' ? undefined : next });
  return (
    <PartsContext.Provider value={parts}>
      <ActingOn application={application} away={away}>
        <ApplicationHeader application={application} old={away} />
        <TabList
          label={applicationWords.tabs.label}
          tabs={TAB_KEYS.map((key) => ({ key, title: applicationWords.tabs[key] }))}
          current={tab}
          onPick={pick}
          panelId={PANEL_ID}
        />
        <div role="tabpanel" id={PANEL_ID} aria-labelledby={tabId(PANEL_ID, tab)} className="ef-app__panel">
          <TabContent tab={tab} application={application} old={away} />
        </div>
      </ActingOn>
    </PartsContext.Provider>
  );
}

function usePartsOf(application: ApplicationDetail, away: boolean): PartsOfEdge {
  const { parts } = useServices();
  const { edge, namespace, name } = application;
  const paths = React.useMemo(() => edgePaths({ edge, namespace, name }), [edge, namespace, name]);
  const mark = changeMark(application);
  const asked = React.useRef(mark);
  // Talks to the edge: what is on screen is asked again once the fleet has heard of a change.
  React.useEffect(() => {
    if (asked.current === mark) return;
    asked.current = mark;
    parts.invalidate(`edges/${encodeURIComponent(edge)}`);
  }, [mark, parts, edge]);
  return React.useMemo(() => ({ parts, paths, away }), [parts, paths, away]);
}

interface TabContentProps {
  readonly tab: ApplicationTab;
  readonly application: ApplicationDetail;
  readonly old: boolean;
}

function TabContent({ tab, application, old }: TabContentProps): React.ReactElement {
  switch (tab) {
    case 'summary':
      return <SummaryTab application={application} old={old} />;
    case 'resources':
      return <ResourcesTab />;
    case 'diff':
      return <DiffTab />;
    case 'events':
      return <EventsTab />;
    case 'logs':
      return <LogsTab />;
    case 'history':
      return <HistoryTab />;
    default:
      return tab satisfies never;
  }
}
