import * as React from 'react';
import type { EdgeDetail } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { hubAppWords as words } from '../../messages/hub-app.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { RouteLink } from '../../RouteLink.tsx';
import { Age } from '../../ui/Age.tsx';
import { Figure } from '../../ui/Figure.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { stateBadge } from '../../words/status-badges.ts';
import { figureQueries, type VersionLine } from './fleet-figures.ts';
import { HubPart, type HubViewProps } from './HubPart.tsx';
import { subjectOf } from './hub-subject.ts';
import { useFleetFigures, type FigureAnswers } from './use-fleet-figures.ts';

/** The tab on an Application of the hub. Before Argo CD 3.3 it cannot be left out where it has nothing to say. */
export function HubApplicationView({ services, application }: HubViewProps): React.ReactElement {
  const subject = subjectOf(application);
  return (
    <HubPart services={services}>
      <div className="ef-root ef-hub">
        {subject === undefined ? (
          <p>{words.notOurs}</p>
        ) : subject.kind === 'edge' ? (
          <EdgeOfHub name={subject.name} />
        ) : (
          <FleetOfHub product={subject.kind === 'product' ? subject.name : undefined} />
        )}
      </div>
    </HubPart>
  );
}

const toFleet = (query: string): string => (query === '' ? '/' : `/?q=${encodeURIComponent(query)}`);

function FleetOfHub({ product }: { readonly product: string | undefined }): React.ReactElement {
  const { answers, problem } = useFleetFigures(product);
  const formats = useFormats();
  return (
    <section aria-label={product === undefined ? words.heading.fleet : words.heading.product(product)}>
      <h2 className="ef-heading">{product === undefined ? words.heading.fleet : words.heading.product(product)}</h2>
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      {answers === undefined ? (
        problem === undefined ? (
          <Skeleton label={words.loading} />
        ) : null
      ) : (
        <>
          <p className="ef-muted">{words.asOf(formats.exactClock(answers.at))}</p>
          <Figures answers={answers} product={product} />
          {product === undefined ? null : <Versions answers={answers} product={product} />}
        </>
      )}
    </section>
  );
}

function Figures({ answers, product }: { readonly answers: FigureAnswers; readonly product: string | undefined }): React.ReactElement {
  const { figures, edges, failing } = answers;
  const queries = figureQueries(product);
  const behind = figures.newest;
  return (
    <div className="ef-hub__figures">
      <LinkedFigure to={toFleet(queries.all)} title={words.edges} value={edges} />
      {behind === undefined ? null : (
        <LinkedFigure to={toFleet(queries.behind(behind))} title={words.behind} value={figures.behind} note={words.behindNote(behind)} />
      )}
      <LinkedFigure to={`/applications?q=${encodeURIComponent(queries.failing)}`} title={words.failing} value={failing} />
      <LinkedFigure to={toFleet(queries.notHeard)} title={words.notHeard} value={figures.notHeard} note={words.notHeardNote} />
    </div>
  );
}

interface LinkedFigureProps {
  readonly to: string;
  readonly title: string;
  readonly value: number;
  readonly note?: string;
}

function LinkedFigure({ to, title, value, note }: LinkedFigureProps): React.ReactElement {
  return (
    <RouteLink to={to} className="ef-card ef-hub__figure">
      <span>{title}</span>
      <span className="ef-hub__value">
        <Figure value={value} />
      </span>
      {note === undefined ? null : <span className="ef-muted">{note}</span>}
    </RouteLink>
  );
}

function Versions({ answers, product }: { readonly answers: FigureAnswers; readonly product: string }): React.ReactElement {
  const { versions, cut } = answers.figures;
  const queries = figureQueries(product);
  const most = Math.max(1, ...versions.map(({ edges }) => edges));
  const key = ({ version }: VersionLine): string => version;
  return (
    <section className="ef-card ef-part" aria-label={words.versions}>
      <h3 className="ef-heading">{words.versions}</h3>
      {versions.length === 0 ? <p className="ef-muted">{words.noVersions}</p> : null}
      <div className="ef-hub__versions">
        {versions.map((line) => (
          <React.Fragment key={key(line)}>
            <RouteLink to={toFleet(queries.version(line.version))}>{line.version === '' ? words.unknownVersion : line.version}</RouteLink>
            <span className="ef-hub__bar" style={{ width: `${(100 * line.edges) / most}%` }} aria-hidden="true" />
            <Figure value={line.edges} />
          </React.Fragment>
        ))}
      </div>
      {cut === 0 ? null : <p className="ef-muted">{words.cut(cut)}</p>}
    </section>
  );
}

function EdgeOfHub({ name }: { readonly name: string }): React.ReactElement {
  const { data, problem } = useQuery<EdgeDetail>(`edges/${encodeURIComponent(name)}`, { refreshMs: 30_000 });
  return (
    <section className="ef-card ef-part" aria-label={words.heading.edge(name)}>
      <h2 className="ef-heading">{words.heading.edge(name)}</h2>
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      {data === undefined ? null : (
        <>
          <p>
            <StatusBadge {...stateBadge(data.state, problem !== undefined)} />
          </p>
          <p className="ef-muted">
            {words.heard}
            <Age at={data.readAt} never={words.never} zone={data.timeZone} />
          </p>
          {data.failure === undefined ? null : <p dir="auto">{data.failure.sentence}</p>}
        </>
      )}
      <p>
        <RouteLink to={`/edges/${encodeURIComponent(name)}`}>{words.show}</RouteLink>
      </p>
    </section>
  );
}
