import * as React from 'react';
import { useValue } from '../../hooks/use-store.ts';
import { hubAppWords } from '../../messages/hub-app.ts';
import { shellWords } from '../../messages/shell.ts';
import { ServicesContext, type Services } from '../../services.ts';
import { insertStyle } from '../../styles/insert-style.ts';
import { ErrorBoundary } from '../../ui/ErrorBoundary.tsx';
import { createFormats, FormatsContext } from '../../ui/Formats.tsx';

/** What the host gives a view on an Application, and what we add. */
export interface HubViewProps {
  readonly services: () => Services;
  readonly application: unknown;
}

interface HubPartProps {
  readonly services: () => Services;
  readonly children: React.ReactNode;
}

/** What stands on a page of the hub's: our services and style around it, and a fault of ours ends here, in a line. */
export function HubPart({ services, children }: HubPartProps): React.ReactElement {
  return (
    <ErrorBoundary
      fallback={(details, again) => (
        <p className="ef-root ef-hub-fault" role="alert" title={details}>
          {hubAppWords.fault}
          <button type="button" className="ef-link" onClick={again}>
            {shellWords.again}
          </button>
        </p>
      )}
    >
      <HubServices services={services}>{children}</HubServices>
    </ErrorBoundary>
  );
}

function HubServices({ services, children }: HubPartProps): React.ReactElement {
  const given = services();
  // Talks to the document: our style sheet.
  React.useEffect(() => insertStyle(document), []);
  return (
    <ServicesContext.Provider value={given}>
      <HubFormats services={given}>{children}</HubFormats>
    </ServicesContext.Provider>
  );
}

function HubFormats({ services, children }: { readonly services: Services; readonly children: React.ReactNode }): React.ReactElement {
  const { utc } = useValue(services.settings);
  const formats = React.useMemo(() => createFormats({ now: services.now, ...(utc ? { zone: 'UTC' } : {}) }), [services, utc]);
  return <FormatsContext.Provider value={formats}>{children}</FormatsContext.Provider>;
}
