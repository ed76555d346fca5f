import * as React from 'react';
import { useAbilities } from './acting/abilities.ts';
import { ConnectionState } from './ConnectionState.tsx';
import { HelpSheet } from './HelpSheet.tsx';
import { isOtherVersion, useApiConfig } from './hooks/use-api-config.ts';
import { useIsAway } from './hooks/use-away.ts';
import { useFleet, useValue } from './hooks/use-store.ts';
import { useShortcuts } from './hooks/use-shortcuts.ts';
import { useDarkTheme } from './hooks/use-theme.ts';
import { useSize } from './hooks/use-size.ts';
import { shellWords } from './messages/shell.ts';
import { DOCTOR_TAB, TABS, type PageOfPath } from './pages.tsx';
import { FreshnessLine } from './FreshnessLine.tsx';
import { ProblemView } from './ProblemView.tsx';
import { RouteLink } from './RouteLink.tsx';
import { useServices } from './services.ts';
import { Ticking } from './ui/Ticking.tsx';
import { useFormats } from './ui/Formats.tsx';
import { Icon } from './ui/Icon.tsx';

export interface PageFrameProps {
  readonly page: PageOfPath;
  readonly children: React.ReactNode;
}

/** What is around every page: tabs, how current it is, the banner while the service is away, the sheet of keys, the one status region. */
export function PageFrame({ page, children }: PageFrameProps): React.ReactElement {
  const { feed, router, settings, announcement } = useServices();
  const root = React.useRef<HTMLDivElement>(null);
  const dark = useDarkTheme(root);
  const { top } = useSize(root);
  const away = useIsAway();
  const config = useApiConfig();
  const [help, setHelp] = React.useState(false);
  const said = useValue(announcement);
  const mayRunDoctor = useAbilities().of('doctor') === undefined;
  const topics = page.topics.join();

  // Talks to the stream: what the page on screen shows.
  React.useEffect(() => feed.watch(topics === '' ? [] : topics.split(',')), [feed, topics]);

  useShortcuts({
    '?': () => setHelp(true),
    'g f': () => router.navigate('/'),
    'g a': () => router.navigate('/applications'),
    'g x': () => router.navigate('/actions'),
    'g u': () => router.navigate('/audit'),
  });

  return (
    <div ref={root} className={away ? 'ef-root ef-frame ef-frame--old' : 'ef-root ef-frame'} style={{ height: `calc(100vh - ${top}px)` }}>
      <header className="ef-bar">
        <nav aria-label={shellWords.tabs.label} className="ef-tabs">
          {TABS.filter(({ key }) => key !== DOCTOR_TAB || mayRunDoctor).map((tab) => (
            <RouteLink key={tab.key} to={tab.to} className="ef-tabs__tab" current={tab.key === page.tab}>
              {tab.title}
            </RouteLink>
          ))}
          {page.edge === undefined ? null : (
            <span className="ef-tabs__here" dir="auto">
              <Icon name="fa-chevron-right" />{' '}
              {page.application === undefined ? (
                page.edge
              ) : (
                <RouteLink to={`/edges/${encodeURIComponent(page.edge)}`}>{page.edge}</RouteLink>
              )}
              {page.application === undefined ? null : (
                <>
                  {' '}
                  <Icon name="fa-chevron-right" /> {page.application}
                </>
              )}
            </span>
          )}
        </nav>
        <button
          type="button"
          className="ef-button ef-button--icon"
          aria-label={shellWords.help}
          title={shellWords.help}
          onClick={() => setHelp(true)}
        >
          ?
        </button>
      </header>
      <div className="ef-freshness">
        <ConnectionState />
        <FleetFreshness shown={page.edge === undefined && !away} />
        <Clock />
      </div>
      <main className="ef-page">
        {isOtherVersion(config) ? <ProblemView problem={{ kind: 'version', status: 200 }} compact /> : null}
        {children}
      </main>
      <div role="status" className="ef-hidden">
        {said}
      </div>
      <HelpSheet open={help} onClose={() => setHelp(false)} settings={settings} dark={dark} />
    </div>
  );
}

function FleetFreshness({ shown }: { readonly shown: boolean }): React.ReactElement | null {
  const { picture } = useFleet();
  return !shown || picture.counts === undefined || picture.counts.edges === 0 ? null : <FreshnessLine counts={picture.counts} />;
}

function Clock(): React.ReactElement {
  const formats = useFormats();
  const words = (clock: string): string => (formats.zone === 'UTC' ? shellWords.utcTime(clock) : shellWords.yourTime(clock));
  return (
    <span className="ef-freshness__clock">
      <Ticking everyMs={10_000}>{() => words(formats.clock(formats.now()))}</Ticking>
    </span>
  );
}
