/** The login of the played hub: one button a user, no password. */
import * as React from 'react';
import { readBasePath } from './facts.ts';
import { signIn } from './hub-client.ts';

async function enter(username: string): Promise<void> {
  await signIn(username);
  location.assign(`${readBasePath(document)}/applications`);
}

export function LoginPage({ users }: { readonly users: readonly string[] }): React.ReactElement {
  return (
    <div className="login">
      <div className="login__box">
        <h1>Argo CD</h1>
        <p>Signed out. This hub is played by the simulator and asks for no password.</p>
        {users.map((user) => (
          <button key={user} className="argo-button argo-button--base argo-button--full-width" onClick={() => void enter(user)}>
            Sign in as {user}
          </button>
        ))}
      </div>
    </div>
  );
}
