/** Who may sign in to the hub, which Applications it has, and what its RBAC says: the data that the page and the proxy extension rest on. */

/** One local account of the hub, with its rights spelled out (argocd-rbac-cm as this page needs it). */
export interface HubUser {
  readonly username: string;
  /** The RBAC subject: equal to the name for local accounts, `sub` for SSO. */
  readonly userId: string;
  readonly groups: readonly string[];
  /** `applications, get` by `<project>/<application>`, with `*` at either place. */
  readonly mayGet: readonly string[];
  /** `extensions, invoke` by extension name, or `*`. The built-in role:admin has none. */
  readonly mayInvoke: readonly string[];
}

/** One Application of the hub, as far as its page and the proxy's checks need it. */
export interface HubApplication {
  readonly namespace: string;
  readonly name: string;
  readonly project: string;
  readonly destination: { readonly server?: string; readonly name?: string; readonly namespace: string };
  readonly repoURL: string;
  readonly path: string;
  readonly sync: string;
  readonly health: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface HubWorld {
  /** The hub's control-plane namespace. */
  readonly namespace: string;
  readonly users: readonly HubUser[];
  readonly projects: readonly string[];
  readonly applications: readonly HubApplication[];
}

const IN_CLUSTER = 'https://kubernetes.default.svc';
const FLEET_EXTENSIONS = ['edge-fleet'];

type Sketch = Pick<HubApplication, 'name' | 'project' | 'path' | 'sync' | 'health'> &
  Partial<Pick<HubApplication, 'labels' | 'annotations' | 'repoURL'>>;

const application = ({
  labels = {},
  annotations = {},
  repoURL = 'https://git.example.com/platform/hub.git',
  ...sketch
}: Sketch): HubApplication => ({
  namespace: 'argocd',
  destination: { server: IN_CLUSTER, namespace: sketch.name },
  repoURL,
  labels,
  annotations,
  ...sketch,
});

/**
 * The hub of `npm start`: the anchor Application that deploys Edge Fleet, two that deploy to the fleet, a few that have nothing to do with
 * it, and three users: everything, read only, and one project only.
 */
export function demoHubWorld(): HubWorld {
  return {
    namespace: 'argocd',
    projects: ['default', 'edge-fleet', 'platform', 'team-b'],
    users: [
      { username: 'admin', userId: 'admin', groups: [], mayGet: ['*/*'], mayInvoke: [...FLEET_EXTENSIONS, 'edge-fleet-ops'] },
      { username: 'viewer', userId: 'viewer', groups: ['fleet-viewers'], mayGet: ['*/*'], mayInvoke: FLEET_EXTENSIONS },
      { username: 'teamb', userId: 'teamb', groups: [], mayGet: ['team-b/*', 'edge-fleet/*'], mayInvoke: FLEET_EXTENSIONS },
    ],
    applications: [
      application({ name: 'edge-fleet', project: 'edge-fleet', path: 'edge-fleet', sync: 'Synced', health: 'Healthy' }),
      application({
        name: 'bootstrap-store-0417',
        project: 'platform',
        path: 'bootstrap/store-0417',
        sync: 'Synced',
        health: 'Healthy',
        labels: { 'edgefleet.dev/edge': 'store-0417' },
        annotations: { 'edgefleet.dev/edge': 'store-0417' },
      }),
      application({
        name: 'pos-everywhere',
        project: 'platform',
        path: 'products/pos',
        sync: 'OutOfSync',
        health: 'Progressing',
        labels: { 'edgefleet.dev/product': 'pos' },
        annotations: { 'edgefleet.dev/product': 'pos' },
      }),
      application({ name: 'cert-manager', project: 'platform', path: 'cert-manager', sync: 'Synced', health: 'Healthy' }),
      application({ name: 'monitoring', project: 'platform', path: 'monitoring', sync: 'OutOfSync', health: 'Degraded' }),
      application({ name: 'receipts', project: 'team-b', path: 'receipts', sync: 'Synced', health: 'Healthy' }),
      application({ name: 'loyalty-api', project: 'team-b', path: 'loyalty', sync: 'Unknown', health: 'Missing' }),
    ],
  };
}
