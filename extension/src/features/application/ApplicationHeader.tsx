import * as React from 'react';
import type { ApplicationDetail } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { ActionBar, ActionNews } from '../../acting/ActingOn.tsx';
import { applicationWords } from '../../messages/application.ts';
import { RouteLink } from '../../RouteLink.tsx';
import { Age } from '../../ui/Age.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { explanationOf, unjudgedNote } from '../../words/application-facts.ts';
import { lookBadge, syncBadge } from '../../words/status-badges.ts';

const destinationOf = ({ destination }: ApplicationDetail): string =>
  [destination.name ?? destination.server, destination.namespace].filter((part) => part !== undefined).join(' / ');

/** What it is, how it is, and by which two clocks. */
export function ApplicationHeader({
  application,
  old,
}: {
  readonly application: ApplicationDetail;
  readonly old: boolean;
}): React.ReactElement {
  const words = applicationWords;
  const { product, version, look, sync, edge, project } = application;
  const message = explanationOf(application);
  const destination = destinationOf(application);
  return (
    <section className="ef-card ef-app__head">
      <div className="ef-edge__who">
        <h1 className="ef-edge__title" dir="auto">
          {application.name}
        </h1>
        <StatusBadge {...lookBadge(look, old)} />
        <StatusBadge {...syncBadge(sync, old)} />
        {product === undefined ? (
          version === undefined ? null : (
            <code dir="auto">{version}</code>
          )
        ) : (
          <span className="ef-chip" dir="auto">
            {words.product(product, version)}
          </span>
        )}
        <span className="ef-app__spring" />
        <ActionBar />
      </div>
      <p className="ef-edge__line">
        {words.on}
        <RouteLink to={`/edges/${encodeURIComponent(edge)}`}>{edge}</RouteLink>
        {` \u00b7 ${words.project(project)}`}
        {destination === '' ? null : ` \u00b7 ${words.destination(destination)}`}
        {` \u00b7 ${application.autoSync ? words.summary.auto : words.summary.manual}`}
      </p>
      <Clocks application={application} old={old} />
      <Unjudged application={application} />
      <ActionNews />
      {application.deletingSince === undefined ? null : (
        <Notice tone="attention" icon="fa-trash" title={words.deleting}>
          <p className="ef-notice__text">
            {words.since}
            <Age at={application.deletingSince} never="" />
          </p>
        </Notice>
      )}
      {message === undefined || !application.judged ? null : (
        <p className="ef-app__message" dir="auto">
          {message}
        </p>
      )}
    </section>
  );
}

/** observedAt is the edge's clock, readAt the hub's: both are shown, since each can stand still alone. */
function Clocks({ application, old }: { readonly application: ApplicationDetail; readonly old: boolean }): React.ReactElement {
  const words = applicationWords;
  const formats = useFormats();
  const { observedAt, readAt } = application;
  return (
    <p className="ef-app__clocks">
      {old && readAt !== undefined ? (
        <span className="ef-edge__gone">
          <span className="ef-hatch" aria-hidden="true" /> {words.lastKnown(formats.clock(readAt))}. {words.away}
        </span>
      ) : null}
      <span>
        {words.compared}
        <Age at={observedAt} never={words.notCompared} />
      </span>
      <span>
        {words.heard}
        <Age at={readAt} never={words.neverHeard} />
      </span>
    </p>
  );
}

function Unjudged({ application }: { readonly application: ApplicationDetail }): React.ReactElement | null {
  const note = unjudgedNote(application);
  if (note === undefined) return null;
  return (
    <Notice tone="attention" icon="fa-question-circle" title={applicationWords.unjudged}>
      <p className="ef-notice__text" dir="auto">
        {note}
        {application.message === undefined ? null : `: ${application.message}`}
      </p>
    </Notice>
  );
}
