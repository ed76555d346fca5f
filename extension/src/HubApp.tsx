import * as React from 'react';
import { CrashView, FaultNotice } from './CrashView.tsx';
import { useLocation, pathOf } from './hooks/use-url-state.ts';
import { useValue } from './hooks/use-store.ts';
import { onOwnFault } from './own-faults.ts';
import { PageFrame } from './PageFrame.tsx';
import { pageOf } from './pages.tsx';
import { ServicesContext, type Services } from './services.ts';
import { insertStyle } from './styles/insert-style.ts';
import { ErrorBoundary } from './ui/ErrorBoundary.tsx';
import { createFormats, FormatsContext } from './ui/Formats.tsx';

export interface HubAppProps {
  readonly services: () => Services;
}

/** The system-level page: the host renders it below its top bar and gives it nothing. A fault of ours ends in our own boundary. */
export function HubApp({ services }: HubAppProps): React.ReactElement {
  return (
    <ErrorBoundary fallback={(details, again) => <CrashView details={details} again={again} />}>
      <ServicesRoot services={services} />
    </ErrorBoundary>
  );
}

function ServicesRoot(props: HubAppProps): React.ReactElement {
  const services = props.services();
  // Talks to the document, the stream, the visibility of the tab and the window's errors.
  React.useEffect(() => {
    insertStyle(document);
    const onVisibility = (): void => services.feed.setHidden(document.hidden);
    document.addEventListener('visibilitychange', onVisibility);
    const endFaults = onOwnFault(window, services.fault.set);
    if (document.hidden) onVisibility();
    return () => {
      endFaults();
      document.removeEventListener('visibilitychange', onVisibility);
      services.feed.rest();
    };
  }, [services]);
  return (
    <ServicesContext.Provider value={services}>
      <FormattedPages services={services} />
    </ServicesContext.Provider>
  );
}

function FormattedPages({ services }: { readonly services: Services }): React.ReactElement {
  const { utc } = useValue(services.settings);
  const formats = React.useMemo(() => createFormats({ now: services.now, ...(utc ? { zone: 'UTC' } : {}) }), [services, utc]);
  return (
    <FormatsContext.Provider value={formats}>
      <Pages />
    </FormatsContext.Provider>
  );
}

/** The page of the address. Never memoised: the host moves without an event, and renders us anew when it does. */
function Pages(): React.ReactElement {
  const path = pathOf(useLocation());
  const page = pageOf(path);
  const [turn, setTurn] = React.useState(0);
  return (
    <PageFrame page={page}>
      <FaultNotice onAgain={() => setTurn(turn + 1)} />
      <ErrorBoundary key={`${turn} ${path}`} fallback={(details, again) => <CrashView details={details} again={again} />}>
        {page.render()}
      </ErrorBoundary>
    </PageFrame>
  );
}
