/**
 * What becomes of an operation, as the controller does it and a watcher sees it (recorded as `sync-accepted-stream`):
 *
 *   asked ──► running ──► applied ──────► compared ──► imaged ──► settled
 *   operation  operationState  Succeeded,      Synced,       images    Healthy
 *   set, state Running         sync and health Progressing   of the
 *   erased                     still the old                 new Pods
 *                    └──► failed (Failed, and nothing follows)      └──► retrying ◄─┐ (Running with retryCount, again and again)
 *
 * Pure: each stage says what it changes and what comes next; `operations.ts` runs them by the world's clock.
 */
import type { Application, Deployment, Operation } from './edge.ts';
import { clockTime } from './population.ts';
import { DRY_RUN_MESSAGE, FAILED_MESSAGE, SUCCESS_MESSAGE, TROUBLES, UNSYNCABLE_MESSAGE } from './trouble.ts';

export type Stage = 'running' | 'applied' | 'failed' | 'retrying' | 'compared' | 'imaged' | 'settled';

export interface Step {
  readonly stage: Stage;
  readonly afterMs: number;
}

const QUEUE_MS = 13;
const APPLY_MS = 90;
const COMPARE_MS = 40;
const IMAGES_MS = 60;
const RETRY_MS = 30_000;
/** The controller gives up after `retry.limit` attempts; 5 where none is said. */
const DEFAULT_RETRIES = 5;

/** What an operation does first. */
export const FIRST_STEP: Step = { stage: 'running', afterMs: QUEUE_MS };

const isFull = (operation: Operation): boolean => !operation.dryRun && operation.resources.length === 0;

function afterRunning(application: Application): Step {
  if (application.trouble === 'unsyncable') return { stage: 'retrying', afterMs: APPLY_MS };
  if (application.trouble === 'syncFailed') return { stage: 'failed', afterMs: APPLY_MS };
  return { stage: 'applied', afterMs: APPLY_MS };
}

function record(application: Application, operation: Operation, now: number): Deployment {
  return {
    id: application.deployments,
    version: operation.version,
    startedAt: application.operationState?.startedAt ?? now,
    deployedAt: now,
    username: operation.username,
  };
}

function apply(application: Application, operation: Operation, now: number): void {
  application.operation = undefined;
  application.operationState = {
    operation,
    phase: 'Succeeded',
    message: operation.dryRun ? DRY_RUN_MESSAGE : SUCCESS_MESSAGE,
    startedAt: application.operationState?.startedAt ?? now,
    finishedAt: now,
    retryCount: 0,
    applied: true,
  };
  if (operation.dryRun) return;
  application.imagesSeen = application.imagesSeen && application.live === operation.version;
  application.live = operation.version;
  if (!isFull(operation)) return;
  application.records = [...application.records, record(application, operation, now)].slice(-10);
  application.deployments += 1;
}

function compare(application: Application, now: number): Step | undefined {
  application.changedAt = now;
  const state = application.operationState;
  if (state?.operation.dryRun === true) return undefined;
  const lasting = application.trouble === 'paused' || application.trouble === 'unrendered' || application.trouble === 'repoDown';
  if (!lasting) application.trouble = 'none';
  application.sync = lasting ? TROUBLES[application.trouble].sync : application.live === application.desired ? 'Synced' : 'OutOfSync';
  if (lasting) return undefined;
  if (application.health !== 'Progressing') application.healthAt = now;
  application.health = 'Progressing';
  application.trouble = 'rollingOut';
  return { stage: 'imaged', afterMs: IMAGES_MS };
}

function settle(application: Application, now: number): void {
  application.trouble = 'none';
  application.health = 'Healthy';
  application.healthAt = now;
  application.changedAt = now;
}

function retry(application: Application, operation: Operation, now: number): Step | undefined {
  const retryCount = (application.operationState?.retryCount ?? 0) + 1;
  const limit = typeof operation.retry['limit'] === 'number' ? operation.retry['limit'] : DEFAULT_RETRIES;
  const over = retryCount > limit;
  application.operationState = {
    operation,
    phase: over ? 'Failed' : 'Running',
    startedAt: application.operationState?.startedAt ?? now,
    finishedAt: now,
    retryCount: Math.min(retryCount, limit),
    applied: true,
    message: over
      ? `${UNSYNCABLE_MESSAGE} (retried ${limit} times).`
      : `${UNSYNCABLE_MESSAGE}. Retrying attempt #${retryCount} at ${clockTime(now + RETRY_MS)}.`,
  };
  if (over) application.operation = undefined;
  return over ? undefined : { stage: 'retrying', afterMs: RETRY_MS };
}

/** Enters a stage: changes the Application and answers what comes next, or undefined at the end. */
export function enterStage(application: Application, operation: Operation, stage: Stage, now: number): Step | undefined {
  switch (stage) {
    case 'running':
      application.operationState = {
        operation,
        phase: 'Running',
        message: '',
        startedAt: now,
        finishedAt: undefined,
        retryCount: 0,
        applied: false,
      };
      return afterRunning(application);
    case 'applied':
      apply(application, operation, now);
      return { stage: 'compared', afterMs: COMPARE_MS };
    case 'failed':
      application.operation = undefined;
      application.operationState = {
        operation,
        phase: 'Failed',
        message: FAILED_MESSAGE,
        startedAt: application.operationState?.startedAt ?? now,
        finishedAt: now,
        retryCount: 0,
        applied: true,
      };
      return undefined;
    case 'retrying':
      return retry(application, operation, now);
    case 'compared':
      return compare(application, now);
    case 'imaged':
      application.imagesSeen = true;
      return { stage: 'settled', afterMs: application.edge.rolloutMs };
    case 'settled':
      settle(application, now);
      return undefined;
  }
}
