/**
 * An Application as a row of columns: how it is kept in memory and on disk. Lists and maps are JSON, so that what many Applications share is
 * one and the same text.
 */
import type { Application } from './application.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from './health.ts';
import { OPERATION_STATES } from './operation.ts';

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

/** In the order of TEXT_COLUMNS, named one by one: a field that is only named at run time takes many times as long to read. */
export const textsOf = ({ texts: t }: Pick<ApplicationRecord, 'texts'>): string[] => [
  t.namespace, t.name, t.project, t.labels, t.annotation, t.destination, t.sources, t.paths, t.revisions, t.images, t.externalUrls, t.conditions,
  t.healthMessage, t.operationMessage, t.operationRest,
]; // prettier-ignore

/** In the order of TIME_COLUMNS, likewise. */
export const timesOf = ({ times: t }: Pick<ApplicationRecord, 'times'>): number[] => [
  t.healthSince,
  t.startedAt,
  t.finishedAt,
  t.deletingSince,
];

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

/** Between the paths of several sources. */
export const PATH_JOINER = '\0';

/** Paths apart from the rest: many fleets have a path for each Application and all else in common. */
function sourceTexts(sources: Application['sources']): { readonly sources: string; readonly paths: string } {
  const paths = sources.map(({ path = '' }) => path);
  if (paths.some((path) => path.includes(PATH_JOINER))) return { sources: listText(sources), paths: '' };
  return {
    sources: listText(sources.map((source) => (source.path === undefined ? source : { ...source, path: '' }))),
    paths: paths.join(PATH_JOINER),
  };
}

const SECOND = 1000;
const seconds = (time: number | undefined): number => (time === undefined ? 0 : Math.max(0, Math.floor(time / SECOND)));

type OperationRest = Pick<Application['operation'], 'retryCount' | 'initiatedBy' | 'revisions'>;

function operationRestText({ retryCount, initiatedBy, revisions }: OperationRest): string {
  return retryCount === 0 && initiatedBy === undefined && revisions.length === 0
    ? ''
    : JSON.stringify({ retryCount, initiatedBy, revisions });
}

/** Flattens. Fields the shape does not name are left behind. */
export function toRecord(application: Application): ApplicationRecord {
  const { operation } = application;
  const { sources, paths } = sourceTexts(application.sources);
  return {
    uid: application.uid,
    texts: {
      namespace: application.namespace,
      name: application.name,
      project: application.project,
      labels: labelsText(application.labels),
      annotation: application.productAnnotation ?? '',
      destination: mapText(application.destination),
      sources,
      paths,
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
