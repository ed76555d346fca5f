/** The Applications of the hub, as tiles. */
import * as React from 'react';
import type { History } from 'history';
import { listApplications } from './hub-client.ts';
import type { Application } from './hub-client.ts';
import { Page } from './Page.tsx';
import { readBasePath } from './facts.ts';
import { HealthStatus, SyncStatus } from './status-icons.tsx';

function Tile({ application, history }: { readonly application: Application; readonly history: History }): React.ReactElement {
  const { metadata, spec, status } = application;
  const path = `/applications/${metadata.namespace}/${metadata.name}`;
  const open = (event: React.MouseEvent): void => {
    event.preventDefault();
    history.push(path);
  };
  return (
    <div className={`argo-table-list__row applications-list__entry applications-list__entry--health-${status.health.status}`}>
      <a className="applications-list__title" href={`${readBasePath(document)}${path}`} onClick={open}>
        {metadata.name}
      </a>
      <dl>
        <dt>Project:</dt>
        <dd>{spec.project}</dd>
        <dt>Status:</dt>
        <dd>
          <HealthStatus health={status.health.status} /> <SyncStatus sync={status.sync.status} />
        </dd>
        <dt>Repository:</dt>
        <dd>{spec.source.repoURL}</dd>
        <dt>Path:</dt>
        <dd>{spec.source.path}</dd>
        <dt>Namespace:</dt>
        <dd>{spec.destination.namespace}</dd>
      </dl>
    </div>
  );
}

export function ApplicationsPage({ history }: { readonly history: History }): React.ReactElement {
  const [applications, setApplications] = React.useState<readonly Application[]>([]);
  // Talks to the hub: the list is read once for each visit.
  React.useEffect(() => {
    listApplications().then(
      ({ items }) => setApplications(items),
      () => setApplications([]),
    );
  }, []);
  return (
    <Page title="Applications" documentTitle="Applications Tiles - Argo CD" breadcrumbs="Applications">
      <div className="applications-tiles argo-table-list argo-table-list--clickable">
        {applications.map((application) => (
          <Tile key={application.metadata.name} application={application} history={history} />
        ))}
      </div>
    </Page>
  );
}
