import type { EdgeState } from '../../../proxy-server/src/domain/edge-state.ts';
import type { Connection } from '../../../proxy-server/src/domain/edge-state.ts';
import type { EdgeLook } from '../../../proxy-server/src/domain/look.ts';
import type { HealthStatus, SyncStatus } from '../../../proxy-server/src/domain/health.ts';
import type { OperationState } from '../../../proxy-server/src/domain/operation.ts';
import type { UnjudgedReason } from '../../../proxy-server/src/domain/judged.ts';
import type { WhoActs } from '../../../proxy-server/src/domain/fleet-view.ts';

/** The words for every state, alone and as something that was. */
export const lookWords: Readonly<Record<EdgeLook, { readonly is: string; readonly was: string }>> = {
  Degraded: { is: 'Degraded', was: 'was degraded' },
  Failing: { is: 'Failing', was: 'was failing' },
  Missing: { is: 'Missing', was: 'was missing' },
  Unjudged: { is: 'Cannot be judged', was: 'could not be judged' },
  Progressing: { is: 'Progressing', was: 'was progressing' },
  Suspended: { is: 'Suspended', was: 'was suspended' },
  Healthy: { is: 'Healthy', was: 'was healthy' },
  Empty: { is: 'No Applications', was: 'had no Applications' },
};

/** "4 were healthy": how so many Applications looked. */
export const lookWas = (look: EdgeLook, count: number): string =>
  `${count.toLocaleString()} ${count === 1 ? lookWords[look].was : lookWords[look].was.replace(/^was /, 'were ')}`;

export const stateWords: Readonly<Record<Exclude<EdgeState, EdgeLook>, string>> = {
  Enrolling: 'Enrolling',
  Parked: 'Parked',
  Quarantined: 'Quarantined',
  Retired: 'Retired',
  NeverReached: 'Never reached',
  Overdue: 'Overdue',
  Silent: 'Silent',
  Stale: 'Stale',
  Refused: 'Refused us',
  OutOfReach: 'Out of reach',
};

export const syncWords: Readonly<Record<SyncStatus, { readonly is: string; readonly was: string }>> = {
  Synced: { is: 'Synced', was: 'was synced' },
  OutOfSync: { is: 'Out of sync', was: 'was out of sync' },
  Unknown: { is: 'Unknown', was: 'was unknown' },
};

export const connectionWords: Readonly<Record<Connection, string>> = {
  Reachable: 'Reachable',
  OutOfReach: 'Out of reach',
  Refused: 'Refused us',
  NeverReached: 'Never reached',
};

export const healthSaid = (health: HealthStatus): string => `Argo CD said ${health}`;

export const unjudgedWords: Readonly<Record<UnjudgedReason, string>> = {
  NotCompared: 'not compared with Git yet',
  ComparisonFailed: 'the comparison with Git fails',
  ControllerSilent: 'its controller has stopped looking',
};

export const operationWords: Readonly<Record<OperationState, string>> = {
  None: 'none',
  Queued: 'queued',
  Running: 'running',
  Retrying: 'failing, tried again',
  Succeeded: 'succeeded',
  Failed: 'failed',
  Terminating: 'being stopped',
};

const GOES_ON: ReadonlySet<OperationState> = new Set(['Queued', 'Running', 'Retrying', 'Terminating']);

/** What ended stays as it ended; what went on when the edge was last heard may have ended since. */
export const operationSaid = (state: OperationState, old: boolean): string =>
  old && GOES_ON.has(state) ? `was ${operationWords[state]}` : operationWords[state];

/** By readAgeClass of domain/freshness.ts. */
export const readAgeWords = [
  'Within a minute',
  'Within 5 minutes',
  'Within an hour',
  'Within 6 hours',
  'Within a day',
  'Within a week',
  'Within 30 days',
  'Longer ago',
  'Never heard',
] as const;

export const whoActsWords: Readonly<Record<WhoActs, string>> = {
  site: 'Somebody on site',
  'network team': 'Network team',
  'platform team': 'Platform team',
  us: 'Whoever runs Edge Fleet',
  wait: 'Nobody: wait',
};
