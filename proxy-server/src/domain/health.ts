/** Argo CD's words for an Application, in its own order (gitops-engine/pkg/health/health.go @ v0.7.3). */
export const HEALTH_STATUSES = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

export const SYNC_STATUSES = ['Synced', 'OutOfSync', 'Unknown'] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];

/** A word we do not know, and an absent one, is Unknown: enum values only ever grow. */
export function toHealthStatus(raw: string | undefined): HealthStatus {
  return HEALTH_STATUSES.find((known) => known === raw) ?? 'Unknown';
}

/** See {@link toHealthStatus}. A new Application first appears with an empty sync status. */
export function toSyncStatus(raw: string | undefined): SyncStatus {
  return SYNC_STATUSES.find((known) => known === raw) ?? 'Unknown';
}

export const SYNC_WORST_FIRST: readonly SyncStatus[] = ['OutOfSync', 'Unknown', 'Synced'];

/** OutOfSync outranks Unknown: it is known to need something. */
export function worstSync(left: SyncStatus, right: SyncStatus): SyncStatus {
  return SYNC_WORST_FIRST.indexOf(left) <= SYNC_WORST_FIRST.indexOf(right) ? left : right;
}
