import * as React from 'react';
import type { ApplicationDetail } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { applicationWords } from '../../messages/application.ts';
import { Age } from '../../ui/Age.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { parseApplicationObject, type ApplicationObject } from './application-object.ts';
import { OperationCard } from './OperationCard.tsx';
import { PartFrame } from './PartFrame.tsx';
import { usePart, usePartsOfEdge } from './use-part.ts';
import { WhyCard } from './WhyCard.tsx';

const words = applicationWords.summary;
const MAX_IMAGES = 30;

/** Only what a browser may open: the address comes from an edge. */
const safeLink = (url: string): string | undefined => (/^https?:\/\//i.test(url) ? url : undefined);

const isUnwell = ({ health }: ApplicationDetail): boolean => health === 'Degraded' || health === 'Missing' || health === 'Progressing';

/** What the fleet knows, at once; and what only the edge's own object says, when it comes. */
export function SummaryTab({ application, old }: { readonly application: ApplicationDetail; readonly old: boolean }): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const whole = usePart<ApplicationObject>(paths.whole, parseApplicationObject);
  return (
    <div className="ef-app__grid">
      {isUnwell(application) ? <WhyCard /> : null}
      <OperationCard application={application} whole={whole.data} old={old} />
      <Conditions application={application} />
      <Sources application={application} />
      <Images application={application} />
      <PartFrame title={words.parameters} part={whole}>
        {(object) => <Parameters object={object} />}
      </PartFrame>
    </div>
  );
}

function Conditions({ application }: { readonly application: ApplicationDetail }): React.ReactElement {
  const { conditions } = application;
  return (
    <section className="ef-card ef-part" aria-label={words.conditions}>
      <h2 className="ef-heading">{words.conditions}</h2>
      {conditions.length === 0 ? <p className="ef-muted">{words.noConditions}</p> : null}
      <ul className="ef-lines">
        {conditions.map((condition) => (
          <li key={condition.type + condition.message} className="ef-lines__line">
            <span className="ef-tone--attention">
              <Icon name="fa-exclamation-triangle" /> {condition.type}
            </span>
            <span dir="auto">{condition.message}</span>
            {condition.lastTransitionAt === undefined ? null : (
              <span className="ef-muted">
                {applicationWords.since}
                <Age at={condition.lastTransitionAt} never="" />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Sources({ application }: { readonly application: ApplicationDetail }): React.ReactElement {
  const { sources, revisions, externalUrls } = application;
  return (
    <section className="ef-card ef-part" aria-label={words.sources}>
      <h2 className="ef-heading">{words.sources}</h2>
      <ul className="ef-lines">
        {sources.map((source, index) => (
          <li key={`${source.repoUrl} ${index}`} className="ef-lines__line">
            <span dir="auto">
              {source.repoUrl} <b>{source.chart ?? source.path ?? source.ref ?? ''}</b>
            </span>
            <span className="ef-muted">
              {source.targetRevision === undefined ? null : `${words.target(source.targetRevision)}, `}
              {revisions[index] === undefined || revisions[index] === '' ? (
                words.noRevision
              ) : (
                <>
                  {words.runs}
                  <code dir="auto">{revisions[index]}</code>
                </>
              )}
            </span>
          </li>
        ))}
        {externalUrls.map((url) => {
          const link = safeLink(url);
          return (
            <li key={url} className="ef-lines__line">
              {link === undefined ? (
                <span dir="auto">{url}</span>
              ) : (
                <a href={link} target="_blank" rel="noopener noreferrer" title={applicationWords.openExternal} dir="auto">
                  {url} <Icon name="fa-external-link-alt" />
                </a>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Images({ application }: { readonly application: ApplicationDetail }): React.ReactElement {
  const { images, labels } = application;
  return (
    <section className="ef-card ef-part" aria-label={words.images}>
      <h2 className="ef-heading">{words.images}</h2>
      {images.length === 0 ? <p className="ef-muted">{words.noImages}</p> : null}
      <ul className="ef-lines">
        {images.slice(0, MAX_IMAGES).map((image) => (
          <li key={image} className="ef-lines__line">
            <code dir="auto">{image}</code>
          </li>
        ))}
      </ul>
      {images.length > MAX_IMAGES ? <p className="ef-muted">{words.more(images.length - MAX_IMAGES)}</p> : null}
      {Object.keys(labels).length === 0 ? null : <h2 className="ef-heading">{words.labels}</h2>}
      <p className="ef-actions">
        {Object.entries(labels).map(([key, value]) => (
          <span key={key} className="ef-chip" title={`${key}: ${value}`} dir="auto">
            {`${key}: ${value}`}
          </span>
        ))}
      </p>
    </section>
  );
}

function Parameters({ object }: { readonly object: ApplicationObject }): React.ReactElement {
  return (
    <>
      {object.parameters.length === 0 ? <p className="ef-muted">{words.noParameters}</p> : null}
      {object.parameters.map(({ source, yaml }) => (
        <React.Fragment key={source}>
          <h3 className="ef-muted" dir="auto">
            {source}
          </h3>
          <pre className="ef-yaml" tabIndex={0}>
            {yaml}
          </pre>
        </React.Fragment>
      ))}
      {object.syncPolicy === '' ? null : (
        <>
          <h3 className="ef-muted">{words.policy}</h3>
          <pre className="ef-yaml" tabIndex={0}>
            {object.syncPolicy}
          </pre>
        </>
      )}
    </>
  );
}
