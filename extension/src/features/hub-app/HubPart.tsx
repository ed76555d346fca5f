import * as React from 'react';
import { useValue } from '../../hooks/use-store.ts';
import { createServices, ServicesContext, type Services } from '../../services.ts';
import { insertStyle } from '../../styles/insert-style.ts';
import { ErrorBoundary } from '../../ui/ErrorBoundary.tsx';
import { createFormats, FormatsContext } from '../../ui/Formats.tsx';

/** What stands on a page of the hub's: our services and style around it, and a fault of ours ends here with nothing shown. */
export function HubPart({ children }: { readonly children: React.ReactNode }): React.ReactElement {
  return (
    <ErrorBoundary fallback={() => null}>
      <HubServices>{children}</HubServices>
    </ErrorBoundary>
  );
}

function HubServices({ children }: { readonly children: React.ReactNode }): React.ReactElement {
  const [services] = React.useState(() => createServices(window));
  // Talks to the document: our style sheet.
  React.useEffect(() => {
    insertStyle(document);
    return () => services.feed.close();
  }, [services]);
  return (
    <ServicesContext.Provider value={services}>
      <HubFormats services={services}>{children}</HubFormats>
    </ServicesContext.Provider>
  );
}

function HubFormats({ services, children }: { readonly services: Services; readonly children: React.ReactNode }): React.ReactElement {
  const { utc } = useValue(services.settings);
  const formats = React.useMemo(() => createFormats({ now: services.now, ...(utc ? { zone: 'UTC' } : {}) }), [services, utc]);
  return <FormatsContext.Provider value={formats}>{children}</FormatsContext.Provider>;
}
