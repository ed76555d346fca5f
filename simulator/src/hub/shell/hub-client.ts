/** What the shell asks of the hub's own API, always relative to `<base>`. */

export interface Application {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly project: string;
    readonly destination: { readonly server?: string; readonly namespace: string };
    readonly source: { readonly repoURL: string; readonly path: string; readonly targetRevision: string };
  };
  readonly status: { readonly sync: { readonly status: string }; readonly health: { readonly status: string } };
}

export interface UserInfo {
  readonly loggedIn?: boolean;
  readonly username?: string;
  readonly groups?: readonly string[];
}

/** GETs JSON; rejects with the status in the message when the hub refuses. */
async function get<T>(path: string): Promise<T> {
  const response = await fetch(path, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

export const getUserInfo = (): Promise<UserInfo> => get('api/v1/session/userinfo');
export const listApplications = (): Promise<{ items: readonly Application[] }> => get('api/v1/applications');
export const getApplication = (name: string): Promise<Application> => get(`api/v1/applications/${encodeURIComponent(name)}`);

/** Signs in as one of the hub's users; there is no password here. */
export async function signIn(username: string): Promise<void> {
  await fetch('api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username }) });
}

export async function signOut(): Promise<void> {
  await fetch('api/v1/session', { method: 'DELETE' });
}
