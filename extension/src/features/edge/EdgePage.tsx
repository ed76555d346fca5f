import * as React from 'react';
import { isNotHeard } from '../../../../proxy-server/src/domain/edge-state.ts';
import type { ApplicationRow, EdgeDetail } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { usePagedRows } from '../../hooks/use-paged-rows.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { edgeWords } from '../../messages/edge.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useServices } from '../../services.ts';
import { Age } from '../../ui/Age.tsx';
import { Ticking } from '../../ui/Ticking.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { applicationsOn, ApplicationsTable } from './ApplicationsTable.tsx';
import { EdgeFacts } from './EdgeFacts.tsx';
import { EdgeHeader } from './EdgeHeader.tsx';
import { RecentOperations } from './RecentOperations.tsx';

/** Strips and "requests in the last minute" move on without an event. */
const REFRESH_MS = 15_000;
const NONE: readonly ApplicationRow[] = [];

/** One edge: who it is, how it is reached, and its Applications. Live by its own topic; asked again now and then. */
export function EdgePage({ name }: { readonly name: string }): React.ReactElement {
  const { queries } = useServices();
  const path = `edges/${encodeURIComponent(name)}`;
  const { data: edge, problem, fetching, previous } = useQuery<EdgeDetail>(path, { refreshMs: REFRESH_MS });
  if (edge === undefined || previous) {
    if (problem !== undefined) return <ProblemView problem={problem} onRetry={() => queries.refresh(path)} />;
    return <Skeleton label={edgeWords.loading} rowHeight={72} />;
  }
  return (
    <div className="ef-edge">
      <ProgressLine active={fetching && problem !== undefined} label={shellWords.refreshing} />
      <LastKnownLine edge={edge} />
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <LoadedEdge edge={edge} />
    </div>
  );
}

function LoadedEdge({ edge }: { readonly edge: EdgeDetail }): React.ReactElement {
  const list = React.useMemo(() => applicationsOn(edge.name), [edge.name]);
  const pages = usePagedRows(list, { query: '', sort: 'look', mark: edge.now });
  // Of a part of the Applications nobody can say which operation was the last.
  const all = pages.rows.length === pages.total ? pages.rows : NONE;
  return (
    <>
      <div className="ef-edge__main">
        <EdgeHeader edge={edge} />
        <ApplicationsTable edge={edge} pages={pages} />
      </div>
      <EdgeFacts edge={edge}>
        <RecentOperations rows={all} zone={edge.timeZone} />
      </EdgeFacts>
    </>
  );
}

/** Of an edge that is not heard: how old the page is, and what is being done about it. */
function LastKnownLine({ edge }: { readonly edge: EdgeDetail }): React.ReactElement | null {
  const formats = useFormats();
  if (!isNotHeard(edge.state)) return null;
  return (
    <p className="ef-edge__known">
      <span className="ef-edge__gone">
        <span className="ef-hatch" aria-hidden="true" />{' '}
        {edge.readAt === undefined ? (
          edgeWords.neverHeard
        ) : (
          <>
            {edgeWords.lastKnown(formats.clock(edge.readAt))} (<Age at={edge.readAt} never="" zone={edge.timeZone} />)
          </>
        )}
      </span>
      {edge.attempts > 0 ? <span>{edgeWords.tried(edge.attempts)}</span> : null}
      {edge.nextProbeAt === undefined ? null : <NextTry at={edge.nextProbeAt} zone={edge.timeZone} />}
    </p>
  );
}

/** A time that has come and gone is no next try: the edge is being asked. */
function NextTry({ at, zone }: { readonly at: number; readonly zone: string }): React.ReactElement {
  const formats = useFormats();
  return (
    <Ticking everyMs={1_000}>
      {() => (
        <span>
          {at <= formats.now() ? (
            edgeWords.tryingNow
          ) : (
            <>
              {edgeWords.nextTry}
              <Age at={at} never="" zone={zone} />
            </>
          )}
        </span>
      )}
    </Ticking>
  );
}
