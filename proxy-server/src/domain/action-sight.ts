import type { ActionSight } from './action.ts';

/** Name of the info in a sync that carries the id of our run; it comes back in operation and operationState. */
export const RUN_INFO = 'edge-fleet-run';

type Json = Readonly<Record<string, unknown>>;
const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One or several revisions, whichever the Application has: one source writes `revision`, several write `revisions`. */
function revisionsOf(value: Json): readonly string[] {
  const several = list(value['revisions']).map(text).filter((revision) => revision !== ''); // prettier-ignore
  return several.length > 0 ? several : [text(value['revision'])].filter((revision) => revision !== '');
}

/** The operation of `operation` (queued) or of `operationState.operation`. */
function operationOf(operation: Json, state: Json | undefined): NonNullable<ActionSight['operation']> {
  const initiatedBy = record(operation['initiatedBy']);
  const info = list(operation['info']).map(record).find((one) => one['name'] === RUN_INFO); // prettier-ignore
  const username = text(initiatedBy['username']);
  const startedAt = text(state?.['startedAt']);
  return {
    queued: state === undefined,
    ...(startedAt === '' ? {} : { startedAt }),
    phase: text(state?.['phase']),
    message: text(state?.['message']).slice(0, 1_000),
    automated: initiatedBy['automated'] === true,
    ...(username === '' ? {} : { username }),
    revisions: revisionsOf(record(operation['sync'])),
    ...(info === undefined ? {} : { runId: text(info['value']) }),
  };
}

function operationPart(application: Json, status: Json): Pick<ActionSight, 'operation'> {
  if (application['operation'] !== undefined) {
    const running = status['operationState'] === undefined ? undefined : record(status['operationState']);
    return { operation: operationOf(record(application['operation']), running) };
  }
  if (status['operationState'] === undefined) return {};
  const state = record(status['operationState']);
  return { operation: operationOf(record(state['operation']), state) };
}

/** Auto-sync is on where `automated` is there and does not say `enabled: false` (3.1 and later). */
function autoSyncPart(spec: Json): Pick<ActionSight, 'autoSync' | 'automated'> {
  const automated = record(spec['syncPolicy'])['automated'];
  if (typeof automated !== 'object' || automated === null) return { autoSync: false };
  return { autoSync: record(automated)['enabled'] !== false, automated: record(automated) };
}

/** Reads the answer of `GET /api/v1/applications/{name}`; tolerant, because every field may be missing on some version. */
export function toActionSight(answer: unknown): ActionSight {
  const application = record(answer);
  const [metadata, spec, status] = [record(application['metadata']), record(application['spec']), record(application['status'])];
  const history = list(status['history']).map(record);
  return {
    uid: text(metadata['uid']),
    ...autoSyncPart(spec),
    ...operationPart(application, status),
    history: history.map((entry) => ({ id: Number(entry['id'] ?? 0), revisions: revisionsOf(entry) })),
    sync: text(record(status['sync'])['status']),
    health: text(record(status['health'])['status']),
    deleting: metadata['deletionTimestamp'] !== undefined,
  };
}

/** True while an operation waits for the controller or is being carried out. */
export const isUnderWay = (sight: ActionSight): boolean =>
  sight.operation !== undefined && (sight.operation.queued || ['', 'Running', 'Terminating'].includes(sight.operation.phase));

/** True where an operation is the one that was there before: nothing was started in between. */
export function isSameOperation(left: ActionSight, right: ActionSight): boolean {
  return left.operation?.startedAt === right.operation?.startedAt && left.operation?.queued === right.operation?.queued;
}

export const lastHistoryId = (sight: ActionSight): number => sight.history.at(-1)?.id ?? -1;
