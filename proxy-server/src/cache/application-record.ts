import type { Application } from '../domain/application.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import { OPERATION_STATES } from '../domain/operation.ts';
import { optional, someText } from './optional.ts';

/** Columns of interned texts; lists and maps are kept as JSON, so that what many Applications share is there once. */
export const TEXT_COLUMNS = [
  'namespace', 'name', 'project', 'labels', 'annotation', 'destination', 'sources', 'paths', 'revisions', 'images', 'externalUrls', 'conditions',
  'healthMessage', 'operationMessage', 'operationRest',
] as const; // prettier-ignore
export type TextColumn = (typeof TEXT_COLUMNS)[number];

/** Columns of times, in whole seconds: Argo CD writes no finer ones. 0 is absent. */
export const TIME_COLUMNS = ['healthSince', 'startedAt', 'finishedAt', 'deletingSince'] as const;
export type TimeColumn = (typeof TIME_COLUMNS)[number];

/** An Application flattened into what a row holds. Equal Applications have equal records. */
export interface ApplicationRecord {
  readonly uid: string;
  readonly texts: Readonly<Record<TextColumn, string>>;
  readonly times: Readonly<Record<TimeColumn, number>>;
  readonly sync: number;
  readonly health: number;
  readonly operation: number;
  readonly dryRun: boolean;
  readonly autoSync: boolean;
}

const listText = (list: readonly unknown[]): string => (list.length === 0 ? '' : JSON.stringify(list));
const mapText = (map: object): string => {
  const text = JSON.stringify(map);
  return text === '{}' ? '' : text;
};
const labelsText = (labels: Readonly<Record<string, string>>): string => {
  const keys = Object.keys(labels);
  if (keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key)) return mapText(labels);
  return mapText(Object.fromEntries(keys.sort().map((key) => [key, labels[key]])));
};

const PATH_JOINER = '\0';

/** Paths apart from the rest: many fleets have a path for each Application and all else in common. */
function sourceTexts(sources: Application['sources']): { readonly sources: string; readonly paths: string } {
  const paths = sources.map(({ path = '' }) => path);
  if (paths.some((path) => path.includes(PATH_JOINER))) return { sources: listText(sources), paths: '' };
  return {
    sources: listText(sources.map((source) => (source.path === undefined ? source : { ...source, path: '' }))),
    paths: paths.join(PATH_JOINER),
  };
}

/** Sources as they were: a path that was taken out is empty, and stands in `paths` at its place. */
export function toSources(sources: string, paths: string): Application['sources'] {
  const list = toList<Application['sources'][number]>(sources);
  if (paths === '') return list;
  const parts = paths.split(PATH_JOINER);
  return list.map((source, index) => (source.path === '' ? { ...source, path: parts[index] ?? '' } : source));
}

const SECOND = 1000;
const seconds = (time: number | undefined): number => (time === undefined ? 0 : Math.max(0, Math.floor(time / SECOND)));
/** Ms of a stored time; undefined where none is stored. */
export const timeOf = (stored: number): number | undefined => (stored === 0 ? undefined : stored * SECOND);

type OperationRest = Pick<Application['operation'], 'retryCount' | 'initiatedBy' | 'revisions'>;

function operationRestText({ retryCount, initiatedBy, revisions }: OperationRest): string {
  return retryCount === 0 && initiatedBy === undefined && revisions.length === 0
    ? ''
    : JSON.stringify({ retryCount, initiatedBy, revisions });
}

/** Flattens. Fields the shape does not name are left behind. */
export function toRecord(application: Application): ApplicationRecord {
  const { operation } = application;
  return {
    uid: application.uid,
    texts: {
      namespace: application.namespace,
      name: application.name,
      project: application.project,
      labels: labelsText(application.labels),
      annotation: application.productAnnotation ?? '',
      destination: mapText(application.destination),
      ...sourceTexts(application.sources),
      revisions: listText(application.revisions),
      images: listText(application.images),
      externalUrls: listText(application.externalUrls),
      conditions: listText(application.conditions),
      healthMessage: application.healthMessage ?? '',
      operationMessage: operation.message ?? '',
      operationRest: operationRestText(operation),
    },
    times: {
      healthSince: seconds(application.healthSince),
      startedAt: seconds(operation.startedAt),
      finishedAt: seconds(operation.finishedAt),
      deletingSince: seconds(application.deletingSince),
    },
    sync: SYNC_STATUSES.indexOf(application.sync),
    health: HEALTH_STATUSES.indexOf(application.health),
    operation: OPERATION_STATES.indexOf(operation.state),
    dryRun: operation.dryRun,
    autoSync: application.autoSync,
  };
}

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

function toOperation(record: ApplicationRecord): Application['operation'] {
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
