import * as React from 'react';
import { HubApplicationView } from './features/hub-app/HubApplicationView.tsx';
import { HubStatusItem } from './features/hub-app/HubStatusItem.tsx';
import { subjectOf } from './features/hub-app/hub-subject.ts';
import { HubApp } from './HubApp.tsx';
import { FLEET_PATH } from './router.ts';
import { whenShellIsUp } from './registration.ts';
import { servicesOf } from './services.ts';
import { hubAppWords } from './messages/hub-app.ts';
import { shellWords } from './messages/shell.ts';

interface OfApplication {
  readonly application: unknown;
}

/** Registers the page and what stands on Applications of the hub; a second copy of the bundle, or a page without the API, does nothing. */
if (window.__edgeFleetRegistered === undefined && window.extensionsAPI !== undefined) {
  const api = window.extensionsAPI;
  window.__edgeFleetRegistered = EDGE_FLEET_VERSION;
  whenShellIsUp(document, () => {
    const services = servicesOf(window);
    const Page = (): React.ReactElement => <HubApp services={services} />;
    const View = ({ application }: OfApplication): React.ReactElement => (
      <HubApplicationView services={services} application={application} />
    );
    const Item = ({ application }: OfApplication): React.ReactElement => <HubStatusItem services={services} application={application} />;
    const isOurs = (application: unknown): boolean => subjectOf(application) !== undefined;
    api.registerAppViewExtension?.(View, hubAppWords.tab, 'fa-network-wired', isOurs);
    api.registerStatusPanelExtension?.(Item, hubAppWords.tab, 'edge-fleet');
    // last: it alone has the shell draw anew, with an Application that is on screen already
    api.registerSystemLevelExtension(Page, shellWords.title, FLEET_PATH, 'fa-network-wired');
  });
}
