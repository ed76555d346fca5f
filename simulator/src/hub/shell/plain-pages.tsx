/** The pages of the shell that an extension has nothing to do with: they say what they are. */
import * as React from 'react';
import type { UserInfo } from './hub-client.ts';
import { Page } from './Page.tsx';

export function SettingsPage(): React.ReactElement {
  return (
    <Page title="Settings" documentTitle="Settings - Argo CD">
      <div className="argo-container">
        <div className="white-box">Repositories, clusters and projects are not played here.</div>
      </div>
    </Page>
  );
}

export function HelpPage(): React.ReactElement {
  return (
    <Page title="Help" documentTitle="Help - Argo CD">
      <div className="argo-container">
        <div className="white-box">
          This page plays the web UI of a hub Argo CD, so that the extension can be seen without a cluster. See{' '}
          <a href="https://argo-cd.readthedocs.io">the documentation of Argo CD</a>.
        </div>
      </div>
    </Page>
  );
}

export function UserInfoPage({ user }: { readonly user: UserInfo | undefined }): React.ReactElement {
  return (
    <Page title="User Info" documentTitle="User Info - Argo CD">
      <div className="argo-container">
        <div className="white-box">
          <p>Username: {user?.username}</p>
          <p>Issuer: argocd</p>
          {user?.groups !== undefined && <p>Groups: {user.groups.join(', ')}</p>}
        </div>
      </div>
    </Page>
  );
}
