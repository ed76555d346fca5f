import type { Application, Health, Trouble } from './edge.ts';

/** How a trouble looks in Argo CD, in its own words (recorded answers of 2.10 to 3.5). */
export interface TroubleWords {
  readonly sync: Application['sync'];
  readonly health: Health;
  /** Health of the workload, where it differs from Healthy. */
  readonly workload?: { readonly status: Health; readonly message?: (name: string) => string };
  readonly pod?: { readonly reason: string; readonly status: Health; readonly message: (pod: string, namespace: string) => string };
  readonly condition?: { readonly type: string; readonly message: (application: Application) => string };
}

const NOT_RENDERED = 'Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = ';
const REPO_DOWN = 'Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp: connect: connection refused"';

/** One line per trouble; what Argo CD would show while it lasts. */
export const TROUBLES: Readonly<Record<Trouble, TroubleWords>> = {
  none: { sync: 'Synced', health: 'Healthy' },
  crash: {
    sync: 'Synced',
    health: 'Degraded',
    workload: { status: 'Degraded', message: (name) => `Deployment "${name}" exceeded its progress deadline` },
    pod: {
      reason: 'CrashLoopBackOff',
      status: 'Degraded',
      message: (pod, namespace) => `back-off 5m0s restarting failed container=main pod=${pod}_${namespace}`,
    },
  },
  imagePull: {
    sync: 'Synced',
    health: 'Degraded',
    workload: { status: 'Degraded', message: (name) => `Deployment "${name}" exceeded its progress deadline` },
    pod: {
      reason: 'ImagePullBackOff',
      status: 'Degraded',
      message: (pod, namespace) => `Back-off pulling image for pod ${pod} in ${namespace}: manifest unknown`,
    },
  },
  unrendered: {
    sync: 'Unknown',
    health: 'Healthy',
    condition: {
      type: 'ComparisonError',
      message: (application) =>
        `${NOT_RENDERED}Unknown desc = ${application.component.path.replace('{edge}', application.edge.name)}: app path does not exist`,
    },
  },
  repoDown: {
    sync: 'Unknown',
    health: 'Healthy',
    condition: { type: 'ComparisonError', message: () => `${NOT_RENDERED}${REPO_DOWN}` },
  },
  unsyncable: { sync: 'OutOfSync', health: 'Missing' },
  paused: { sync: 'Synced', health: 'Suspended', workload: { status: 'Suspended', message: () => 'Deployment is paused' } },
  rollingOut: {
    sync: 'Synced',
    health: 'Progressing',
    workload: { status: 'Progressing', message: () => 'Waiting for rollout to finish: 0 of 1 updated replicas are available...' },
  },
  neverSynced: { sync: 'OutOfSync', health: 'Missing' },
  drifted: { sync: 'OutOfSync', health: 'Healthy' },
  syncFailed: { sync: 'OutOfSync', health: 'Healthy' },
  orphans: {
    sync: 'Synced',
    health: 'Healthy',
    condition: { type: 'OrphanedResourceWarning', message: () => 'Application has 2 orphaned resources' },
  },
};

export const UNSYNCABLE_MESSAGE =
  'one or more synchronization tasks are not valid: failed to discover server resources for group version bakery.example.com/v1: the server could not find the requested resource';
export const FAILED_MESSAGE =
  'one or more objects failed to apply, reason: admission webhook "policy.example.com" denied the request: image tag is not signed';
export const SUCCESS_MESSAGE = 'successfully synced (all tasks run)';
export const DRY_RUN_MESSAGE = 'successfully synced (no more tasks)';
