/** One Application of the hub, with the four places where an extension may stand: views, status panel, top bar and resource tabs. */
import * as React from 'react';
import type { History } from 'history';
import type { ExtensionsService } from './extensions-service.ts';
import { getApplication } from './hub-client.ts';
import type { Application } from './hub-client.ts';
import { Page } from './Page.tsx';
import { ResourcePanel } from './ResourcePanel.tsx';
import { SlidingPanel } from './SlidingPanel.tsx';
import { HealthStatus, SyncStatus } from './status-icons.tsx';

interface ApplicationPageProps {
  readonly extensions: ExtensionsService;
  readonly history: History;
}

/** The tree of an Application of the played hub: its one Deployment. */
const treeOf = ({ metadata }: Application) => ({
  nodes: [{ group: 'apps', kind: 'Deployment', namespace: metadata.namespace, name: metadata.name, version: 'v1' }],
});

function useApplication(history: History): Application | undefined {
  const [application, setApplication] = React.useState<Application>();
  const name = history.location.pathname.split('/').filter(Boolean).at(-1) ?? '';
  // Talks to the hub: one Application for each name.
  React.useEffect(() => {
    getApplication(name).then(setApplication, () => setApplication(undefined));
  }, [name]);
  return application;
}

interface StatusPanelProps {
  readonly application: Application;
  readonly extensions: ExtensionsService;
  readonly openFlyout: (id: string) => void;
}

function StatusPanel({ application, extensions, openFlyout }: StatusPanelProps): React.ReactElement {
  return (
    <div className="application-status-panel row">
      <div className="application-status-panel__item">
        <label>APP HEALTH</label>
        <HealthStatus health={application.status.health.status} />
      </div>
      <div className="application-status-panel__item">
        <label>SYNC STATUS</label>
        <SyncStatus sync={application.status.sync.status} />
      </div>
      {extensions.statusPanels.map(({ component: Extension, id }) => (
        <Extension key={id} application={application} openFlyout={() => openFlyout(id)} />
      ))}
    </div>
  );
}

export function ApplicationPage({ extensions, history }: ApplicationPageProps): React.ReactElement {
  const application = useApplication(history);
  const [flyoutId, setFlyoutId] = React.useState<string>();
  if (application === undefined) return <Page title="Applications">{null}</Page>;

  const view = new URLSearchParams(history.location.search).get('view');
  const show = (title: string): void => history.push(`${history.location.pathname}?view=${encodeURIComponent(title)}`);
  const views = extensions.appViews.filter(({ shouldDisplay }) => shouldDisplay(application));
  const buttons = extensions.topBar.filter(({ shouldDisplay }) => shouldDisplay(application));
  const View = views.find(({ title }) => title === view)?.component;
  const Flyout = [...extensions.statusPanels, ...extensions.topBar].find(({ id }) => id === flyoutId)?.flyout;
  const tree = treeOf(application);
  const tools = (
    <React.Fragment>
      {buttons.map(({ component: Button, id }) => (
        <Button key={id} application={application} tree={tree} openFlyout={() => setFlyoutId(id)} />
      ))}
      <button className="argo-button argo-button--base" onClick={() => show('tree')}>
        <i className="fa fa-sitemap" aria-hidden="true" /> Tree
      </button>
      {views.map(({ title, icon }) => (
        <button key={title} className="argo-button argo-button--base" onClick={() => show(title)}>
          <i className={`fa ${icon}`} aria-hidden="true" /> {title}
        </button>
      ))}
    </React.Fragment>
  );
  return (
    <Page
      title="Application Details"
      documentTitle={`${application.metadata.name} - Argo CD`}
      breadcrumbs={`Applications / ${application.metadata.name}`}
      tools={tools}
    >
      <div className={`application-details ${application.metadata.name}`}>
        <StatusPanel application={application} extensions={extensions} openFlyout={setFlyoutId} />
        {View === undefined ? (
          <ResourcePanel application={application} tree={tree} extensions={extensions} />
        ) : (
          <View application={application} tree={tree} />
        )}
        <SlidingPanel isShown={flyoutId !== undefined} onClose={() => setFlyoutId(undefined)}>
          {Flyout !== undefined && <Flyout application={application} tree={tree} />}
        </SlidingPanel>
      </div>
    </Page>
  );
}
