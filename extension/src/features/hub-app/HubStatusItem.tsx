import * as React from 'react';
import type { EdgeDetail } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { hubAppWords as words } from '../../messages/hub-app.ts';
import { RouteLink } from '../../RouteLink.tsx';
import { Age } from '../../ui/Age.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { stateBadge } from '../../words/status-badges.ts';
import { figureQueries } from './fleet-figures.ts';
import { HubPart, type HubViewProps } from './HubPart.tsx';
import { subjectOf, type HubSubject } from './hub-subject.ts';
import { useFleetFigures } from './use-fleet-figures.ts';

/** One item of the hub's status panel; nothing on Applications that have nothing to do with the fleet, and nothing while it is not known. */
export function HubStatusItem({ services, application }: HubViewProps): React.ReactElement | null {
  const subject = subjectOf(application);
  if (subject === undefined) return null;
  return (
    <HubPart services={services}>
      <div className="application-status-panel__item ef-root ef-hub-item">
        <label>{words.status}</label>
        {subject.kind === 'edge' ? <EdgeItem name={subject.name} /> : <FleetItem subject={subject} />}
      </div>
    </HubPart>
  );
}

function EdgeItem({ name }: { readonly name: string }): React.ReactElement {
  const { data, problem } = useQuery<EdgeDetail>(`edges/${encodeURIComponent(name)}`, { refreshMs: 30_000 });
  return (
    <div className="ef-two">
      <RouteLink to={`/edges/${encodeURIComponent(name)}`}>{name}</RouteLink>
      {data === undefined ? (
        <span className="ef-two__second">{problem === undefined ? words.loading : (problem.title ?? '\u2013')}</span>
      ) : (
        <>
          <StatusBadge {...stateBadge(data.state, problem !== undefined)} />
          <span className="ef-two__second">
            {words.heard}
            <Age at={data.readAt} never={words.never} zone={data.timeZone} />
          </span>
        </>
      )}
    </div>
  );
}

function FleetItem({ subject }: { readonly subject: Exclude<HubSubject, { kind: 'edge' }> }): React.ReactElement {
  const product = subject.kind === 'product' ? subject.name : undefined;
  const { answers, problem } = useFleetFigures(product);
  const formats = useFormats();
  const { all } = figureQueries(product);
  if (answers === undefined) return <span className="ef-muted">{problem === undefined ? words.loading : (problem.title ?? '\u2013')}</span>;
  const { edges, failing, figures } = answers;
  const parts = [
    ...(figures.behind > 0 ? [words.lineBehind(figures.behind)] : []),
    ...(failing > 0 ? [words.lineFailing(failing)] : []),
    ...(figures.notHeard > 0 ? [words.lineNotHeard(figures.notHeard)] : []),
  ];
  return (
    <div className="ef-two">
      <RouteLink to={all === '' ? '/' : `/?q=${encodeURIComponent(all)}`}>{words.line(edges)}</RouteLink>
      <span className="ef-two__second">{parts.join(', ')}</span>
      <span className="ef-two__second">{words.asOf(formats.exactClock(answers.at))}</span>
    </div>
  );
}
