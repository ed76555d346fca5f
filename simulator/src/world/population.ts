import type { Application, Edge, Trouble } from './edge.ts';
import { automatedOperation } from './application.ts';
import type { Component } from './catalog.ts';
import { CATALOG, versionAt } from './catalog.ts';
import { hashOf, shareOf } from './random.ts';
import { SUCCESS_MESSAGE, TROUBLES, UNSYNCABLE_MESSAGE } from './trouble.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Steps of a component's track that lie behind the newest release at the start of the world. */
const NEWEST_STEP = 8;

/** What ails the Applications at the start, in share of all; the rest is well. */
const TROUBLE_SHARES: readonly (readonly [Trouble, number])[] = [
  ['crash', 0.0006],
  ['imagePull', 0.0004],
  ['unrendered', 0.0004],
  ['unsyncable', 0.0003],
  ['paused', 0.0008],
  ['rollingOut', 0.0008],
  ['neverSynced', 0.0003],
  ['drifted', 0.003],
  ['syncFailed', 0.0005],
  ['orphans', 0.002],
];

function troubleAtStart(seed: number, edge: Edge, component: Component): Trouble {
  let left = shareOf(seed, 'trouble', edge.name, component.name);
  for (const [trouble, share] of TROUBLE_SHARES) {
    left -= share;
    if (left < 0) return trouble;
  }
  return 'none';
}

/** Products with a release under way when the world starts, and the ring that it has reached. */
const UNDER_WAY: ReadonlyMap<string, number> = new Map([
  ['pos', 2],
  ['radio', 1],
  ['voyage', 2],
]);
const LATE_SHARE = 0.004;

/** Releases go ring by ring: of those under way outer rings still have the one before, of all others only a straggler has. */
function stepAtStart(seed: number, edge: Edge, component: Component): number {
  const isAhead = Number(edge.labels['ring'] ?? 0) <= (UNDER_WAY.get(component.product) ?? Infinity);
  const isLate = shareOf(seed, 'late', edge.name, component.product) < LATE_SHARE;
  return NEWEST_STEP - (isAhead ? 0 : 1) - (isLate ? 1 : 0);
}

/** An Application that is well, as the controller leaves it after its last sync. */
export function createApplication(edge: Edge, component: Component, seed: number, startAt: number): Application {
  const draw = (part: string, below: number): number => hashOf(seed, part, edge.name, component.name) % below;
  const step = stepAtStart(seed, edge, component);
  const version = versionAt(component, step);
  const deployedAt = startAt - HOUR_MS - draw('deployed', 6 * DAY_MS);
  return {
    edge,
    component,
    uid: '',
    createdAt: startAt - 90 * DAY_MS - draw('created', 300 * DAY_MS),
    resourceVersion: (edge.resourceVersion += 1),
    generation: 20 + draw('generation', 400),
    sync: 'Synced',
    health: 'Healthy',
    healthAt: deployedAt + 20_000,
    trouble: 'none',
    live: version,
    desired: version,
    changedAt: deployedAt + 20_000,
    imagesSeen: true,
    automated: component.automated,
    deployments: 1 + draw('deployments', 14),
    deployedAt,
    step,
    records: [],
    operation: undefined,
    operationState: {
      operation: automatedOperation({ component }, version),
      phase: 'Succeeded',
      message: SUCCESS_MESSAGE,
      startedAt: deployedAt - 1000 - draw('took', 9000),
      finishedAt: deployedAt,
      retryCount: 0,
      applied: true,
    },
    refreshing: false,
    refreshed: false,
    labels: undefined,
    annotations: undefined,
    deletedAt: undefined,
  };
}

/** Gives an Application a trouble (or takes it away with `none`) as of `now`; only state, no event. */
export function putTrouble(application: Application, trouble: Trouble, now: number): void {
  const words = TROUBLES[trouble];
  if (application.health !== words.health) application.healthAt = now;
  application.trouble = trouble;
  application.sync = words.sync;
  application.health = words.health;
  application.changedAt = now;
  if (trouble === 'neverSynced') {
    application.operationState = undefined;
    application.deployments = 0;
    application.imagesSeen = false;
  }
  if (trouble === 'unsyncable') {
    const operation = automatedOperation(application, application.desired);
    application.operation = operation;
    application.operationState = {
      operation,
      phase: 'Running',
      message: `${UNSYNCABLE_MESSAGE}. Retrying attempt #3 at ${clockTime(now)}.`,
      startedAt: now - 150_000,
      finishedAt: now,
      retryCount: 3,
      applied: true,
    };
  }
}

/** "3:43PM", as the controller writes the time of its next attempt. */
export function clockTime(at: number): string {
  const date = new Date(at);
  const hours = date.getUTCHours();
  return `${hours % 12 === 0 ? 12 : hours % 12}:${String(date.getUTCMinutes()).padStart(2, '0')}${hours < 12 ? 'AM' : 'PM'}`;
}

/** How many Applications a site has when the world is not told: 6 to 20. */
export function applicationCountOf(seed: number, edge: Edge): number {
  const least = { cell: 6, ship: 9, store: 10, hypermarket: 14, hospital: 12 }[edge.segment];
  return Math.min(20, least + (hashOf(seed, 'count', edge.name) % 7));
}

/** Fills an edge with the first `count` components of its segment, sorted by name as Argo CD lists them. */
export function populate(edge: Edge, seed: number, startAt: number, count: number): void {
  for (const component of CATALOG[edge.segment].slice(0, count)) {
    const application = createApplication(edge, component, seed, startAt);
    const trouble = troubleAtStart(seed, edge, component);
    if (trouble !== 'none') putTrouble(application, trouble, startAt - (hashOf(seed, 'since', edge.name, component.name) % (8 * HOUR_MS)));
    edge.applications.push(application);
  }
  edge.applications.sort((left, right) => (left.component.name < right.component.name ? -1 : 1));
}
