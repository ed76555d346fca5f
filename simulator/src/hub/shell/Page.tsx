/** One page: the fixed top bar of two rows of 50 px, and what stands below it. */
import * as React from 'react';
import { signOut } from './hub-client.ts';

interface PageProps {
  readonly title: string;
  readonly documentTitle?: string;
  readonly breadcrumbs?: React.ReactNode;
  readonly tools?: React.ReactNode;
  readonly children: React.ReactNode;
}

async function logOut(): Promise<void> {
  await signOut();
  location.assign('login');
}

export function Page({ title, documentTitle = 'Argo CD', breadcrumbs, tools, children }: PageProps): React.ReactElement {
  // Talks to the document: its title belongs to the page that is shown.
  React.useEffect(() => {
    document.title = documentTitle;
  }, [documentTitle]);
  return (
    <div className="page page--has-toolbar">
      <div className="page__top-bar">
        <div className="top-bar">
          <div className="top-bar__breadcrumbs">{breadcrumbs}</div>
          <div className="top-bar__title">{title}</div>
        </div>
        <div className="top-bar row">
          <div className="top-bar__left-side">{tools}</div>
          <div className="top-bar__right-side">
            <button className="login-logout-button" onClick={() => void logOut()}>
              Log out
            </button>
          </div>
        </div>
      </div>
      <div className="page__content-wrapper">{children}</div>
    </div>
  );
}
