/** What can be asked of the Applications of the world: operations, refreshes, releases, troubles. Effects come by the world's clock. */
import type { Application, Edge, Operation, Trouble } from './edge.ts';
import { automatedOperation } from './application.ts';
import type { Component } from './catalog.ts';
import { createApplication, putTrouble } from './population.ts';
import type { Step } from './sync-stages.ts';
import { enterStage, FIRST_STEP } from './sync-stages.ts';
import { TROUBLES } from './trouble.ts';
import type { World } from './world.ts';

const REFRESH_MS = 120;
const TERMINATE_MS = 100;
const DETECT_MS = 10;
/** How often a stopped controller looks whether it may go on. */
const STOPPED_POLL_MS = 1000;

function isCurrent(application: Application, operation: Operation): boolean {
  return application.operation === operation || application.operationState?.operation === operation;
}

function schedule(world: World, application: Application, operation: Operation, step: Step & { readonly from: number }): void {
  const run = (now: number): void => {
    if (!isCurrent(application, operation) || application.operationState?.phase === 'Terminating') return;
    if (application.edge.controllerStopped) {
      world.agenda.put(now + STOPPED_POLL_MS, run);
      return;
    }
    const next = enterStage(application, operation, step.stage, now);
    world.touch(application);
    if (next !== undefined) schedule(world, application, operation, { ...next, from: now });
  };
  world.agenda.put(step.from + step.afterMs, run);
}

/** Sets `operation` and erases operationState, as the API server does; the controller takes it from there. */
export function beginOperation(world: World, application: Application, operation: Operation, now = world.clock.now()): void {
  application.operation = operation;
  application.operationState = undefined;
  world.touch(application);
  schedule(world, application, operation, { ...FIRST_STEP, from: now });
}

/** True if there is something to terminate; it ends as Failed a moment later. */
export function terminateOperation(world: World, application: Application): boolean {
  const { operation, operationState } = application;
  if (operation === undefined || operationState === undefined) return false;
  application.operationState = { ...operationState, phase: 'Terminating', message: 'operation is terminating' };
  world.touch(application);
  world.agenda.put(world.clock.now() + TERMINATE_MS, (now) => {
    if (application.operation !== operation) return;
    application.operation = undefined;
    application.operationState = { ...operationState, phase: 'Failed', message: 'Operation terminated', finishedAt: now, applied: true };
    world.touch(application);
  });
  return true;
}

/** Compares again what Git asks for with what runs. A trouble that hides the comparison stays. */
export function compareAgain(application: Application, now: number): void {
  application.changedAt = now;
  if (application.trouble !== 'none' && application.trouble !== 'drifted' && application.trouble !== 'neverSynced') return;
  const isBehind = application.live !== application.desired || application.trouble !== 'none';
  application.sync = isBehind ? 'OutOfSync' : 'Synced';
}

/** Sets the refresh annotation; the controller compares and takes it away, then `done` is called. A stopped controller never does. */
export function refresh(world: World, application: Application, done: () => void): void {
  application.refreshing = true;
  world.touch(application);
  const run = (now: number): void => {
    if (application.edge.controllerStopped) {
      world.agenda.put(now + STOPPED_POLL_MS, run);
      return;
    }
    application.refreshing = false;
    application.refreshed = true;
    compareAgain(application, now);
    world.touch(application);
    done();
  };
  world.agenda.put(world.clock.now() + REFRESH_MS, run);
}

/** A commit: Git asks for another version of this Application. Auto-sync follows by itself. */
export function release(world: World, application: Application, version: string, from = world.clock.now()): void {
  if (application.desired === version) return;
  application.desired = version;
  world.agenda.put(from + DETECT_MS, (now) => {
    if (application.desired !== version || application.deletedAt !== undefined) return;
    compareAgain(application, now);
    world.touch(application);
    if (application.automated === undefined || application.operation !== undefined) return;
    if (application.trouble === 'unrendered' || application.trouble === 'repoDown' || application.trouble === 'paused') return;
    beginOperation(world, application, automatedOperation(application, version), now);
  });
}

/** Gives an Application a trouble, now; `none` heals whatever there is. */
export function trouble(world: World, application: Application, kind: Trouble, now = world.clock.now()): void {
  const wasUnsyncable = application.trouble === 'unsyncable';
  putTrouble(application, kind, now);
  if (wasUnsyncable && kind !== 'unsyncable') application.operation = undefined;
  if (kind === 'none') application.imagesSeen = true;
  if (kind === 'none' && application.live !== application.desired) application.sync = 'OutOfSync';
  world.touch(application);
}

/** True while nothing is wrong and nothing is going on. */
export function isAtRest(application: Application): boolean {
  return (
    application.trouble === 'none' &&
    application.operation === undefined &&
    application.health === 'Healthy' &&
    application.sync === TROUBLES.none.sync
  );
}

/** How long a finalizer takes to clean up. */
const FINALIZE_MS = 200;

/** Takes an Application away: watchers see DELETED with its last state; one with a finalizer is being deleted for a while first. */
export function remove(world: World, application: Application): void {
  const { applications } = application.edge;
  if (application.deletedAt !== undefined) return;
  application.deletedAt = world.clock.now();
  const end = (): void => {
    applications.splice(applications.indexOf(application), 1);
    world.touch(application, 'DELETED');
  };
  if (application.component.finalizers.length === 0) {
    end();
    return;
  }
  world.touch(application);
  world.agenda.put(application.deletedAt + FINALIZE_MS, end);
}

/** How long a new Application has neither sync nor health. */
const FIRST_COMPARISON_MS = 50;

/** Adds an Application nobody has compared yet: empty sync and health first, then missing, then auto-sync deploys it. Nothing if the name is taken. */
export function create(world: World, edge: Edge, component: Component): Application | undefined {
  if (edge.applications.some((application) => application.component.name === component.name)) return undefined;
  const now = world.clock.now();
  const application = createApplication(edge, component, world.seed, now);
  putTrouble(application, 'neverSynced', now);
  Object.assign(application, { createdAt: now, sync: '', health: '', generation: 1 });
  edge.applications.push(application);
  edge.applications.sort((left, right) => (left.component.name < right.component.name ? -1 : 1));
  world.touch(application, 'ADDED');
  world.agenda.put(now + FIRST_COMPARISON_MS, (at) => {
    if (application.deletedAt !== undefined) return;
    putTrouble(application, 'neverSynced', at);
    world.touch(application);
    if (application.automated !== undefined) beginOperation(world, application, automatedOperation(application, application.desired), at);
  });
  return application;
}
