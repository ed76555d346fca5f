import { defined, fieldAt, listAt, numberAt, textAt, textsAt, timeAt } from '../../api/json-fields.ts';
import { toYaml } from './manifest-text.ts';
import { resourceKey, toResourceName, type ResourceName } from './resource-nodes.ts';

/** One past deployment, as the edge remembers it: only the newest revisionHistoryLimit (10) of them. */
export interface HistoryEntry {
  readonly id: number;
  readonly revisions: readonly string[];
  readonly deployedAt?: number;
  readonly startedAt?: number;
  /** `automated`, an account, or absent (2.10). */
  readonly initiatedBy?: string;
  readonly repositories: readonly string[];
}

/** What the running, or last, sync did with one resource. */
export interface SyncedResource extends ResourceName {
  readonly key: string;
  readonly status: string;
  readonly message: string;
  readonly phase: string;
}

export interface SourceParameters {
  readonly source: string;
  readonly yaml: string;
}

/** What the hub's own copy of an Application leaves out, from the whole object of the edge. */
export interface ApplicationObject {
  readonly history: readonly HistoryEntry[];
  readonly synced: readonly SyncedResource[];
  readonly retryLimit?: number;
  readonly resources: number | undefined;
  /** Sync status by resource key. */
  readonly syncOf: ReadonlyMap<string, string>;
  readonly parameters: readonly SourceParameters[];
  readonly syncPolicy: string;
}

/** Multi-source where `sources` has any (argo-cd pkg/apis/application/v1alpha1/types.go @ v3.5.1, HasMultipleSources). */
const several = (one: unknown, many: readonly unknown[]): readonly unknown[] => (many.length > 0 ? many : one === undefined ? [] : [one]);

function toHistoryEntry(item: unknown): HistoryEntry {
  const revisions = textsAt(item, 'revisions');
  const revision = textAt(item, 'revision');
  const by = fieldAt(item, 'initiatedBy');
  return {
    id: numberAt(item, 'id') ?? 0,
    revisions: revisions.length > 0 ? revisions : revision === undefined ? [] : [revision],
    repositories: several(fieldAt(item, 'source'), listAt(item, 'sources')).flatMap((source) => textAt(source, 'repoURL') ?? []),
    ...defined<HistoryEntry>({
      deployedAt: timeAt(item, 'deployedAt'),
      startedAt: timeAt(item, 'deployStartedAt'),
      initiatedBy: fieldAt(by, 'automated') === true ? 'automated' : textAt(by, 'username'),
    }),
  };
}

function toSyncedResource(item: unknown): SyncedResource {
  const name = toResourceName(item);
  return {
    ...name,
    key: resourceKey(name),
    status: textAt(item, 'status') ?? '',
    message: textAt(item, 'message') ?? '',
    phase: textAt(item, 'hookPhase') ?? '',
  };
}

const TOOLS = ['helm', 'kustomize', 'directory', 'plugin'] as const;

/** What a source is rendered with, in the words of its tool. Values may hold what somebody should have kept in a Secret: shown as the edge shows it. */
function toParameters(source: unknown): readonly SourceParameters[] {
  return TOOLS.flatMap((tool) => {
    const value = fieldAt(source, tool);
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0
      ? [
          {
            source: `${tool}: ${textAt(source, 'chart') ?? textAt(source, 'path') ?? textAt(source, 'repoURL') ?? ''}`,
            yaml: toYaml(value),
          },
        ]
      : [];
  });
}

/** Undefined where the answer is no Application. */
export function parseApplicationObject(answer: unknown): ApplicationObject | undefined {
  const spec = fieldAt(answer, 'spec');
  if (spec === undefined) return undefined;
  const status = fieldAt(answer, 'status');
  const operation = fieldAt(status, 'operationState');
  const resources = fieldAt(status, 'resources');
  const policy = fieldAt(spec, 'syncPolicy');
  return {
    history: listAt(status, 'history').map(toHistoryEntry).reverse(),
    synced: listAt(operation, 'syncResult', 'resources').map(toSyncedResource),
    resources: Array.isArray(resources) ? resources.length : undefined,
    syncOf: new Map(
      listAt(status, 'resources').flatMap((item) => {
        const sync = textAt(item, 'status');
        return sync === undefined ? [] : [[resourceKey(toResourceName(item)), sync] as const];
      }),
    ),
    parameters: several(fieldAt(spec, 'source'), listAt(spec, 'sources')).flatMap(toParameters),
    syncPolicy: policy === undefined ? '' : toYaml(policy),
    ...defined<ApplicationObject>({ retryLimit: numberAt(operation, 'operation', 'retry', 'limit') }),
  };
}

/** Author, date and message of a commit. */
export interface CommitFacts {
  readonly author?: string;
  readonly at?: number;
  readonly message?: string;
}

export const parseCommit = (answer: unknown): CommitFacts =>
  defined<CommitFacts>({ author: textAt(answer, 'author'), at: timeAt(answer, 'date'), message: textAt(answer, 'message') });

/** A commit may be asked for: a chart's version has no commit. */
export const isCommit = (revision: string): boolean => /^[0-9a-f]{7,64}$/.test(revision);

/** How many resources the sync is through with, of those it has begun. */
export function syncProgress(synced: readonly SyncedResource[]): { readonly done: number; readonly all: number } {
  const done = synced.filter(({ status, phase }) => status !== '' && phase !== 'Running').length;
  return { done, all: synced.length };
}
