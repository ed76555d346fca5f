/** From the columns back to an Application. */
import type { Application } from '../domain/application.ts';
import { PATH_JOINER, type ApplicationRecord } from '../domain/application-record.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import { OPERATION_STATES } from '../domain/operation.ts';
import { optional, someText } from './optional.ts';

/** Sources as they were: a path that was taken out is empty, and stands in `paths` at its place. */
export function toSources(sources: string, paths: string): Application['sources'] {
  const list = toList<Application['sources'][number]>(sources);
  if (paths === '') return list;
  const parts = paths.split(PATH_JOINER);
  return list.map((source, index) => (source.path === '' ? { ...source, path: parts[index] ?? '' } : source));
}

const SECOND = 1000;
/** Ms of a stored time; undefined where none is stored. */
export const timeOf = (stored: number): number | undefined => (stored === 0 ? undefined : stored * SECOND);

type OperationRest = Pick<Application['operation'], 'retryCount' | 'initiatedBy' | 'revisions'>;

/** A list that was flattened; an absent one is empty. */
export function toList<T>(text: string): readonly T[] {
  if (text === '') return [];
  const list: readonly T[] = JSON.parse(text);
  return list;
}

/** A map of texts that was flattened; an absent one is empty. */
export function toMap(text: string): Readonly<Record<string, string>> {
  if (text === '') return {};
  const map: Readonly<Record<string, string>> = JSON.parse(text);
  return map;
}

const NO_REST: OperationRest = { retryCount: 0, revisions: [] };

function toOperationRest(text: string): OperationRest {
  if (text === '') return NO_REST;
  const rest: OperationRest = JSON.parse(text);
  return rest;
}

/** What a record says of the operation. */
export interface OperationRecord extends Pick<ApplicationRecord, 'operation' | 'dryRun'> {
  readonly texts: Pick<ApplicationRecord['texts'], 'operationMessage' | 'operationRest'>;
  readonly times: Pick<ApplicationRecord['times'], 'startedAt' | 'finishedAt'>;
}

export function toOperation(record: OperationRecord): Application['operation'] {
  return {
    state: OPERATION_STATES[record.operation] ?? 'None',
    dryRun: record.dryRun,
    ...optional('message', someText(record.texts.operationMessage)),
    ...optional('startedAt', timeOf(record.times.startedAt)),
    ...optional('finishedAt', timeOf(record.times.finishedAt)),
    ...toOperationRest(record.texts.operationRest),
  };
}

/** The Application again: equal to the one that was flattened, but for fractions of a second and empty texts, which are absent. */
export function toApplication(record: ApplicationRecord): Application {
  const { texts, times } = record;
  return {
    uid: record.uid,
    namespace: texts.namespace,
    name: texts.name,
    project: texts.project,
    labels: toMap(texts.labels),
    ...optional('productAnnotation', someText(texts.annotation)),
    destination: toMap(texts.destination),
    sources: toSources(texts.sources, texts.paths),
    revisions: toList(texts.revisions),
    sync: SYNC_STATUSES[record.sync] ?? 'Unknown',
    health: HEALTH_STATUSES[record.health] ?? 'Unknown',
    ...optional('healthMessage', someText(texts.healthMessage)),
    ...optional('healthSince', timeOf(times.healthSince)),
    images: toList(texts.images),
    externalUrls: toList(texts.externalUrls),
    conditions: toList(texts.conditions),
    operation: toOperation(record),
    autoSync: record.autoSync,
    ...optional('deletingSince', timeOf(times.deletingSince)),
  };
}
