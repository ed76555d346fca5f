import type { Application, Deployment, OperationState } from '../world/edge.ts';
import { versionAt } from '../world/catalog.ts';
import { hashOf, uuidOf } from '../world/random.ts';
import { TROUBLES } from '../world/trouble.ts';
import type { World } from '../world/world.ts';

/**
 * The words and numbers in an Application that differ from one Application to the next. The builder asks for them by name and never
 * branches on them, so that everything else can be rendered once and shared (`fragments.ts`).
 */
export type TextKey =
  | 'edge'
  | 'uid'
  | 'resourceVersion'
  | 'createdAt'
  | 'deletedAt'
  | 'live'
  | 'desired'
  | 'desiredRevision'
  | 'healthAt'
  | 'reconciledAt'
  | 'conditionAt'
  | 'condition'
  | 'startedAt'
  | 'finishedAt'
  | 'operationVersion'
  | 'operationRevision'
  | 'message'
  | 'pendingVersion'
  | 'pendingRevision'
  | 'historyVersion'
  | 'historyRevision'
  | 'historyStartedAt'
  | 'historyDeployedAt';
export type NumberKey = 'generation' | 'retryCount' | 'historyId';

/** Gives the words of one Application; `index` counts in lists. Numbers come as something JSON writes as a number. */
export interface Texts {
  text(key: TextKey, index?: number): string;
  number(key: NumberKey, index?: number): unknown;
}

export const HISTORY_LIMIT = 10;
const DAY_MS = 86_400_000;
/** Some three years of history. */
const DAYS_KEPT = 1200;

const MINUTES_OF_DAY = 1440;

const twoDigits = (value: number): string => String(value).padStart(2, '0');
/** "09:41:", and "07Z". */
const MINUTE_TEXTS: readonly string[] = Array.from(
  { length: MINUTES_OF_DAY },
  (_, minute) => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}:`,
);
const SECOND_TEXTS: readonly string[] = Array.from({ length: 60 }, (_, second) => `${twoDigits(second)}Z`);

/** "2026-11-23T15:37:26Z": times in objects have no fraction. */
export function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** `timeOf` for very many times of few days: the day is written once. */
export function createTimeWriter(): (at: number) => string {
  const days = new Map<number, string>();
  return (at) => {
    const day = Math.floor(at / DAY_MS);
    let date = days.get(day);
    if (date === undefined) {
      if (days.size >= DAYS_KEPT) days.clear();
      date = timeOf(at).slice(0, 11);
      days.set(day, date);
    }
    const seconds = Math.floor((at - day * DAY_MS) / 1000);
    return date + (MINUTE_TEXTS[Math.floor(seconds / 60)] ?? '') + (SECOND_TEXTS[seconds % 60] ?? '');
  };
}

/** metadata.uid; made when it is first asked for. */
export function uidOf(application: Application): string {
  if (application.uid === '') application.uid = uuidOf(application.edge.name, application.component.name, application.createdAt);
  return application.uid;
}

/** Entries of status.history that are there now. */
export function historyLengthOf(application: Application): number {
  return Math.min(HISTORY_LIMIT, application.deployments);
}

/** Entry `index` of status.history, oldest first: as recorded, or as the seed tells about the time before the world began. */
export function deploymentAt(application: Application, index: number): Deployment {
  const id = application.deployments - historyLengthOf(application) + index;
  const { records } = application;
  const first = records[0];
  const recorded = first === undefined ? undefined : records[id - first.id];
  if (recorded !== undefined) return recorded;
  const lastId = (first?.id ?? application.deployments) - 1;
  const back = lastId - id;
  const spread = hashOf('history', application.edge.name, application.component.name, id) % DAY_MS;
  const deployedAt = application.deployedAt - (back === 0 ? 0 : back * 9 * DAY_MS + spread);
  return {
    id,
    version: versionAt(application.component, Math.max(0, application.step - back)),
    startedAt: deployedAt - 8000,
    deployedAt,
    username: '',
  };
}

/** When the controller last compared this Application, by the edge's own clock: the last write, or its last turn since. */
export function reconciledAt(application: Application, now: number, reconcileMs: number): number {
  if (application.edge.controllerStopped) return application.changedAt;
  const phase = hashOf('reconcile', application.edge.name, application.component.name) % reconcileMs;
  return Math.max(application.changedAt, Math.floor((now - phase) / reconcileMs) * reconcileMs + phase);
}

/** Finds one word of an Application; `index` counts in lists. */
export type Resolve = (application: Application, index: number) => string;

const state = (application: Application): OperationState => {
  if (application.operationState === undefined) throw new Error('Asked for words of an operation that is not there');
  return application.operationState;
};

function resolvers(world: World, reconcileMs: number): Readonly<Record<TextKey | NumberKey, Resolve>> {
  const { revisions, clock } = world;
  const write = createTimeWriter();
  const time = (application: Application, at: number): string => write(at + application.edge.skewMs);
  const pending = (application: Application): string => application.operation?.version ?? '';
  return {
    edge: (application) => application.edge.name,
    uid: uidOf,
    resourceVersion: (application) => String(application.resourceVersion),
    generation: (application) => String(application.generation),
    createdAt: (application) => time(application, application.createdAt),
    deletedAt: (application) => time(application, application.deletedAt ?? 0),
    live: (application) => application.live,
    desired: (application) => application.desired,
    desiredRevision: (application) => revisions.of(application.component, application.desired),
    healthAt: (application) => time(application, application.healthAt),
    conditionAt: (application) => time(application, application.changedAt),
    condition: (application) => TROUBLES[application.trouble].condition?.message(application) ?? '',
    reconciledAt: (application) => time(application, reconciledAt(application, clock.now(), reconcileMs)),
    startedAt: (application) => time(application, state(application).startedAt),
    finishedAt: (application) => time(application, state(application).finishedAt ?? 0),
    operationVersion: (application) => state(application).operation.version,
    operationRevision: (application) => revisions.of(application.component, state(application).operation.version),
    message: (application) => state(application).message,
    retryCount: (application) => String(state(application).retryCount),
    pendingVersion: pending,
    pendingRevision: (application) => revisions.of(application.component, pending(application)),
    historyId: (application, index) => String(deploymentAt(application, index).id),
    historyVersion: (application, index) => deploymentAt(application, index).version,
    historyRevision: (application, index) => revisions.of(application.component, deploymentAt(application, index).version),
    historyStartedAt: (application, index) => time(application, deploymentAt(application, index).startedAt),
    historyDeployedAt: (application, index) => time(application, deploymentAt(application, index).deployedAt),
  };
}

/** How each word is found, for one world and one version. */
export interface Resolvers {
  resolver(key: TextKey | NumberKey): Resolve;
  textsOf(application: Application): Texts;
}

/** Words taken from the Applications themselves. */
export function createResolvers(world: World, reconcileMs: number): Resolvers {
  const table = resolvers(world, reconcileMs);
  return {
    resolver: (key) => table[key],
    textsOf: (application) => ({
      text: (key, index = 0) => table[key](application, index),
      number: (key, index = 0) => Number(table[key](application, index)),
    }),
  };
}
