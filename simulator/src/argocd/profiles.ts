/**
 * What differs between the versions of Argo CD as a client sees it, in one table. Sources: the tags named per line in
 * argoproj/argo-cd (`pkg/apis/application/v1alpha1/types.go`, `pkg/apiclient/application/forwarder_overwrite.go`,
 * `server/application/application.go`) and the recorded answers in test/fixtures/argocd.
 */
export interface VersionProfile {
  /** The line, as in "3.5". */
  readonly line: string;
  /** What `GET /api/version` says. */
  readonly version: string;
  /** `status.health.lastTransitionTime` and `status.sourceHydrator` (2.14). */
  readonly healthTransitionTime: boolean;
  /** `status.history[].initiatedBy` (2.11). */
  readonly historyInitiatedBy: boolean;
  /** Resource health lives in the resource tree, not in the Application: absent from lists and from answers to writes (3.0). */
  readonly healthInTree: boolean;
  /** A node of the tree says the version of its parents (3.0). */
  readonly parentVersion: boolean;
  /** An automated operation names its source (3.0). */
  readonly operationSource: boolean;
  /** `syncResult.resources[].images` (3.1). */
  readonly resultImages: boolean;
  /** A refresh leaves the annotation argocd.argoproj.io/hydrate behind (3.5). */
  readonly hydrateRemains: boolean;
  /** Health of an Application that could never be synced is Missing, not Healthy (3.0). */
  readonly unsyncableIsMissing: boolean;
  /** Words of the JWT library: v4 up to 2.14, v5 from 3.0. */
  readonly jwtWords: 'v4' | 'v5';
  /** The names that `fields` of the list knows, without "items.". */
  readonly listFields: readonly string[];
  /** `spec` and `spec.<x>` asked together fail by chance (3.5 line, PR #25451). */
  readonly overlapBug: boolean;
  /** An empty list asked with `fields` is null (up to 3.5). */
  readonly emptyIsNull: boolean;
  /** managed-resources answers 200 without items when the cache has none (the whole 3.3 line, PR #25072). */
  readonly cacheMissIsEmpty: boolean;
  /** Revisions of several sources: `sourceIndex` and `versionId` of revision calls, multi-source rollback (2.12). */
  readonly multiSourceRevisions: boolean;
  /** `settings.syncWithReplaceAllowed` (3.3). */
  readonly replaceSetting: boolean;
  /** `settings` shows resource overrides to logged in clients only, and under the key of all kinds (3.3). */
  readonly overridesNeedLogin: boolean;
  /** Actions carry icons and parameters (3.0). */
  readonly actionIcons: boolean;
  /** GET …/manifests names revision and source type (2.10). */
  readonly manifestsRevision: boolean;
  /** `/api/v1/stream/applicationsets` (3.4). */
  readonly applicationSetStream: boolean;
  /** Action version 2 and ocimetadata (3.1). */
  readonly actionsV2: boolean;
  /** The version of a cluster is written vX.Y.Z (3.4 and the end of 3.3). */
  readonly longClusterVersion: boolean;
  /** Logs need a right of their own (3.0). */
  readonly logsNeedRight: boolean;
  readonly trackingMethod: 'label' | 'annotation';
  /** Time between two comparisons of an Application. */
  readonly reconcileMs: number;
  /** Events carry reportingComponent and reportingInstance (up to 3.4), and the Application's spec as an annotation (up to 2.10). */
  readonly eventReporting: boolean;
  readonly eventSpec: boolean;
  readonly hasRollbackRight: boolean;
}

const BASE_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'metadata.labels',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'spec',
  'operation.sync',
  'status.sync.status',
  'status.health',
  'status.summary',
  'status.resources',
  'status.operationState.phase',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
  'status.operationState.operation.sync',
] as const;
const FIELDS_3_2 = [...BASE_FIELDS, 'status.sourceHydrator'] as const;
const FIELDS_3_5 = [
  ...FIELDS_3_2,
  'spec.destination',
  'spec.project',
  'spec.source',
  'spec.sources',
  'spec.sourceHydrator',
  'spec.syncPolicy',
  'status.sync.revision',
] as const;

const V2_10: VersionProfile = {
  line: '2.10',
  version: 'v2.10.20+unknown',
  healthTransitionTime: false,
  historyInitiatedBy: false,
  healthInTree: false,
  parentVersion: false,
  operationSource: false,
  resultImages: false,
  hydrateRemains: false,
  unsyncableIsMissing: false,
  jwtWords: 'v4',
  listFields: BASE_FIELDS,
  overlapBug: false,
  emptyIsNull: true,
  cacheMissIsEmpty: false,
  multiSourceRevisions: false,
  replaceSetting: false,
  overridesNeedLogin: false,
  actionIcons: false,
  manifestsRevision: true,
  applicationSetStream: false,
  actionsV2: false,
  longClusterVersion: false,
  logsNeedRight: false,
  trackingMethod: 'label',
  reconcileMs: 180_000,
  eventReporting: true,
  eventSpec: true,
  hasRollbackRight: false,
};
const V2_14: VersionProfile = {
  ...V2_10,
  line: '2.14',
  version: 'v2.14.21+unknown',
  healthTransitionTime: true,
  historyInitiatedBy: true,
  multiSourceRevisions: true,
  manifestsRevision: false,
  eventSpec: false,
};
const V3_0: VersionProfile = {
  ...V2_14,
  line: '3.0',
  version: 'v3.0.23+unknown',
  healthInTree: true,
  parentVersion: true,
  operationSource: true,
  unsyncableIsMissing: true,
  jwtWords: 'v5',
  actionIcons: true,
  logsNeedRight: true,
  trackingMethod: 'annotation',
  reconcileMs: 120_000,
};
const V3_2: VersionProfile = {
  ...V3_0,
  line: '3.2',
  version: 'v3.2.12+unknown',
  resultImages: true,
  actionsV2: true,
  listFields: FIELDS_3_2,
};
const V3_3: VersionProfile = {
  ...V3_2,
  line: '3.3',
  version: 'v3.3.14+unknown',
  cacheMissIsEmpty: true,
  replaceSetting: true,
  overridesNeedLogin: true,
  longClusterVersion: true,
};
const V3_4: VersionProfile = { ...V3_3, line: '3.4', version: 'v3.4.7+unknown', cacheMissIsEmpty: false, applicationSetStream: true };
const V3_5: VersionProfile = {
  ...V3_4,
  line: '3.5',
  version: 'v3.5.1+unknown',
  hydrateRemains: true,
  listFields: FIELDS_3_5,
  overlapBug: true,
  eventReporting: false,
};
const V3_6: VersionProfile = {
  ...V3_5,
  line: '3.6',
  version: 'v3.6.0+unknown',
  overlapBug: false,
  emptyIsNull: false,
  hasRollbackRight: true,
};

/** Every line the simulator speaks, oldest first. */
export const PROFILES: readonly VersionProfile[] = [V2_10, V2_14, V3_0, V3_2, V3_3, V3_4, V3_5, V3_6];

const BY_LINE = new Map(PROFILES.map((profile) => [profile.line, profile]));

/** The profile of a line such as "3.5". Throws on a line the table does not have: a typo must not pass as some other version. */
export function profileOf(line: string): VersionProfile {
  const profile = BY_LINE.get(line);
  if (profile === undefined) throw new Error(`No profile for Argo CD ${line}; known: ${[...BY_LINE.keys()].join(', ')}`);
  return profile;
}
