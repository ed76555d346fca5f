/** Sidebar, theme and content, in the elements and classes of Argo CD's own layout. */
import * as React from 'react';
import type { History } from 'history';
import { readBasePath } from './facts.ts';
import type { HubFacts } from './facts.ts';
import { readPreferences, resolveTheme, writePreferences } from './preferences.ts';
import type { Preferences } from './preferences.ts';
import { ShellMenu } from './ShellMenu.tsx';

export interface NavItem {
  readonly title: string;
  readonly path: string;
  readonly iconClassName: string;
}

interface LayoutProps {
  readonly facts: HubFacts;
  readonly history: History;
  readonly navItems: readonly NavItem[];
  readonly username: string | undefined;
  readonly children: React.ReactNode;
}

const BACKGROUND = { light: '#dee6eb', dark: '#100f0f' };

function useTheme(preferences: Preferences): 'light' | 'dark' {
  const [systemChanges, setSystemChanges] = React.useState(0);
  // Talks to the system's preference: with `auto` the class flips in place.
  React.useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const onChange = (): void => setSystemChanges((count) => count + 1);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  const theme = resolveTheme(preferences.theme);
  // Talks to the document: the body lies behind the layout.
  React.useEffect(() => {
    document.body.style.background = BACKGROUND[theme];
  }, [theme, systemChanges]);
  return theme;
}

function NavLink({
  item,
  history,
  collapsed,
}: {
  readonly item: NavItem;
  readonly history: History;
  readonly collapsed: boolean;
}): React.ReactElement {
  const active = history.location.pathname.startsWith(item.path);
  const open = (event: React.MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    history.push(item.path);
  };
  return (
    <a
      href={`${readBasePath(document)}${item.path}`}
      onClick={open}
      className={`sidebar__nav-item${active ? ' sidebar__nav-item--active' : ''}`}
      title={item.title}
      aria-current={active ? 'page' : undefined}
    >
      <i className={item.iconClassName} aria-hidden="true" />
      {!collapsed && <span className="sidebar__nav-item-title">{item.title}</span>}
    </a>
  );
}

export function Layout({ facts, history, navItems, username, children }: LayoutProps): React.ReactElement {
  const [preferences, setPreferences] = React.useState(() => readPreferences(facts.version));
  const theme = useTheme(preferences);
  const collapsed = preferences.hideSidebar;
  const change = (next: Preferences): void => {
    writePreferences(next);
    setPreferences(next);
  };
  return (
    <div className={theme === 'dark' ? 'theme-dark' : 'theme-light'}>
      <div className="cd-layout">
        <nav className={`sidebar${collapsed ? ' sidebar--collapsed' : ''}`} aria-label="Argo CD">
          <div className="sidebar__logo-container">
            <div className="sidebar__logo">
              <img src="assets/argo-ui/images/logo.png" alt="Argo" className="sidebar__logo__character" />
              {!collapsed && <span className="sidebar__logo__text">argo</span>}
            </div>
            {!collapsed && <div className="sidebar__version">{facts.argocd}</div>}
          </div>
          {navItems.map((item, index) => (
            <NavLink key={`${item.path}-${index}`} item={item} history={history} collapsed={collapsed} />
          ))}
          <button
            className="sidebar__collapse-button"
            onClick={() => change({ ...preferences, hideSidebar: !collapsed })}
            aria-label={collapsed ? 'Expand sidebar' : 'Collapse sidebar'}
          >
            <i className={`fas fa-arrow-${collapsed ? 'right' : 'left'}`} aria-hidden="true" />
          </button>
          {!collapsed && <ShellMenu facts={facts} preferences={preferences} onPreferences={change} username={username} />}
          <div id="sidebar-tools" />
        </nav>
        <div className="cd-layout__content custom-styles">
          <div className={`sb-page-wrapper${collapsed ? ' sb-page-wrapper__sidebar-collapsed' : ''}`}>{children}</div>
        </div>
      </div>
    </div>
  );
}
