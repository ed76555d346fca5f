/**
 * The root of the shell: session, routes and the one error boundary there is, which replaces the whole UI.
 * https://github.com/argoproj/argo-cd/blob/v3.5.1/ui/src/app/app.tsx
 */
import * as React from 'react';
import type { History } from 'history';
import { ApplicationPage } from './ApplicationPage.tsx';
import { ApplicationsPage } from './ApplicationsPage.tsx';
import type { ExtensionsService, SystemExtension } from './extensions-service.ts';
import type { HubFacts } from './facts.ts';
import { getUserInfo } from './hub-client.ts';
import type { UserInfo } from './hub-client.ts';
import { Layout } from './Layout.tsx';
import type { NavItem } from './Layout.tsx';
import { LoginPage } from './LoginPage.tsx';
import { Page } from './Page.tsx';
import { HelpPage, SettingsPage, UserInfoPage } from './plain-pages.tsx';

interface AppProps {
  readonly facts: HubFacts;
  readonly extensions: ExtensionsService;
  readonly history: History;
}

interface Route {
  readonly path: string;
  readonly component: React.ComponentType;
}

interface AppState {
  readonly user: UserInfo | undefined;
  readonly error: Error | undefined;
  readonly navItems: readonly NavItem[];
  readonly routes: readonly Route[];
  readonly moves: number;
}

const NAV_ITEMS: readonly NavItem[] = [
  { title: 'Applications', path: '/applications', iconClassName: 'argo-icon argo-icon-application' },
  { title: 'Settings', path: '/settings', iconClassName: 'argo-icon argo-icon-settings' },
  { title: 'User Info', path: '/user-info', iconClassName: 'fa fa-user-circle' },
  { title: 'Documentation', path: '/help', iconClassName: 'argo-icon argo-icon-docs' },
];

export class App extends React.Component<AppProps, AppState> {
  static getDerivedStateFromError(error: Error): Partial<AppState> {
    return { error };
  }

  constructor(props: AppProps) {
    super(props);
    const { extensions, history } = props;
    const routes: readonly Route[] = [
      { path: '/applications/', component: () => <ApplicationPage extensions={extensions} history={history} /> },
      { path: '/applications', component: () => <ApplicationsPage history={history} /> },
      { path: '/settings', component: SettingsPage },
      { path: '/user-info', component: () => <UserInfoPage user={this.state.user} /> },
      { path: '/help', component: HelpPage },
    ];
    this.state = { user: undefined, error: undefined, navItems: NAV_ITEMS, routes, moves: 0 };
    extensions.addSystemListener((extension) => this.addSystemLevelExtension(extension));
  }

  override componentDidMount(): void {
    const { history } = this.props;
    history.listen(() => this.setState(({ moves }) => ({ moves: moves + 1 })));
    if (history.location.pathname === '/') history.replace('/applications');
    getUserInfo().then(
      (user) => {
        if (user.loggedIn !== true && history.location.pathname !== '/login') history.replace('/login');
        this.setState({ user });
      },
      (error: Error) => this.setState({ error }),
    );
  }

  private addSystemLevelExtension({ component: Extension, title, path, icon }: SystemExtension): void {
    const component = (): React.ReactElement => (
      <Page title={title} documentTitle={`${title} - Argo CD`}>
        <Extension />
      </Page>
    );
    this.setState(({ navItems, routes }) => ({
      navItems: [...navItems, { title, path, iconClassName: `fa ${icon}` }],
      routes: [...routes, { path, component }],
    }));
  }

  /** Routes are asked in the order they were added and match their path and everything below it. */
  private currentRoute(): Route | undefined {
    const { pathname } = this.props.history.location;
    return this.state.routes.find(({ path }) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`));
  }

  override render(): React.ReactNode {
    const { facts, history } = this.props;
    const { error, user, navItems, routes } = this.state;
    if (error !== undefined) {
      return (
        <React.Fragment>
          <p>Something went wrong!</p>
          <p>Stacktrace:</p>
          <pre>{error.stack}</pre>
        </React.Fragment>
      );
    }
    if (user === undefined && facts.version === '3.5') return <div className="hub-gate">Checking session…</div>;
    if (history.location.pathname === '/login') return <LoginPage users={facts.users} />;
    const route = this.currentRoute();
    const redirects = route === undefined && facts.version === '2.14' && routes.length > 5;
    return (
      <Layout facts={facts} history={history} navItems={navItems} username={user?.username}>
        {route !== undefined && <route.component key={route.path} />}
        {redirects && <RedirectHome history={history} />}
      </Layout>
    );
  }
}

/** Up to 3.0 an unknown path goes home once any extension has registered (argo-cd#22775). */
function RedirectHome({ history }: { readonly history: History }): null {
  React.useEffect(() => history.replace('/applications'), [history]);
  return null;
}
