import * as React from 'react';
import type { ApplicationDetail, OperationView } from '../../../../proxy-server/src/domain/fleet-view.ts';
import type { OperationState } from '../../../../proxy-server/src/domain/operation.ts';
import { applicationWords } from '../../messages/application.ts';
import { operationSaid } from '../../messages/states.ts';
import { Age } from '../../ui/Age.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { syncProgress, type ApplicationObject, type SyncedResource } from './application-object.ts';

const words = applicationWords.summary;

const LOOKS: Readonly<Record<OperationState, string>> = {
  None: 'quiet fa-circle',
  Queued: 'progressing fa-clock',
  Running: 'progressing fa-circle-notch',
  Retrying: 'failing fa-times-circle',
  Succeeded: 'healthy fa-check-circle',
  Failed: 'degraded fa-times-circle',
  Terminating: 'attention fa-stop-circle',
};

export interface OperationCardProps {
  readonly application: ApplicationDetail;
  readonly whole: ApplicationObject | undefined;
  readonly old: boolean;
}

/** The latest sync: how it stands, how often it was tried, what it says, and what it did with each resource. */
export function OperationCard({ application, whole, old }: OperationCardProps): React.ReactElement {
  const { operation } = application;
  return (
    <section className="ef-card ef-part" aria-label={words.operation}>
      <h2 className="ef-heading">{words.operation}</h2>
      {operation.state === 'None' ? (
        <p className="ef-muted">{words.noOperation}</p>
      ) : (
        <>
          <p className="ef-app__operation">
            <OperationBadge state={operation.state} old={old} />
            <OperationNotes operation={operation} whole={whole} />
          </p>
          <OperationTimes operation={operation} />
        </>
      )}
      {operation.message === undefined ? null : (
        <p className="ef-app__message" dir="auto">
          {operation.message}
        </p>
      )}
      {whole === undefined || whole.synced.length === 0 ? null : <Results synced={whole.synced} />}
    </section>
  );
}

function OperationBadge({ state, old }: { readonly state: OperationState; readonly old: boolean }): React.ReactElement {
  const [tone = '', icon = ''] = LOOKS[state].split(' ');
  return (
    <b className={old ? 'ef-tone--stale' : `ef-tone--${tone}`}>
      {old ? <span className="ef-hatch" aria-hidden="true" /> : <Icon name={icon} />} {operationSaid(state, old)}
    </b>
  );
}

function OperationNotes({
  operation,
  whole,
}: {
  readonly operation: OperationView;
  readonly whole: ApplicationObject | undefined;
}): React.ReactElement {
  const { done, all } = syncProgress(whole?.synced ?? []);
  return (
    <>
      {operation.dryRun ? <span className="ef-chip">{words.dryRun}</span> : null}
      {operation.retryCount > 0 ? <span>{words.retries(operation.retryCount, whole?.retryLimit)}</span> : null}
      {all > 0 && operation.finishedAt === undefined ? <span>{words.progress(done, all)}</span> : null}
    </>
  );
}

function OperationTimes({ operation }: { readonly operation: OperationView }): React.ReactElement {
  const formats = useFormats();
  const { startedAt, finishedAt, initiatedBy } = operation;
  return (
    <p className="ef-muted">
      {startedAt === undefined ? null : (
        <>
          {words.started}
          <Age at={startedAt} never="" />
        </>
      )}
      {finishedAt === undefined ? null : (
        <>
          {', '}
          {words.finished}
          <Age at={finishedAt} never="" />
          {startedAt === undefined ? null : `, ${words.took}${formats.duration(finishedAt - startedAt)}`}
        </>
      )}
      {initiatedBy === undefined ? null : `, ${words.by(initiatedBy)}`}
    </p>
  );
}

function Results({ synced }: { readonly synced: readonly SyncedResource[] }): React.ReactElement {
  return (
    <details>
      <summary className="ef-app__more">{words.results}</summary>
      <ul className="ef-lines">
        {synced.map((resource) => (
          <li key={resource.key} className="ef-lines__line">
            <span dir="auto">
              {resource.kind} <b>{resource.name}</b>{' '}
              <span className={/fail/i.test(resource.status + resource.phase) ? 'ef-tone--degraded' : 'ef-muted'}>
                {[resource.status, resource.phase].filter((part) => part !== '').join(', ')}
              </span>
            </span>
            <span className="ef-muted" dir="auto">
              {resource.message}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
