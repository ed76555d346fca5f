/**
 * What to do next about one target, from what was written down and what the edge shows. Asked twice about the same world it answers the same, and
 * it never says "send" for an act that may have reached the edge without having seen that it did not.
 *
 *   Waiting ──look──► send(autoSyncOff)? ──► send(act) ──► Running ──► Succeeded | Failed
 *      ▲                    │ written before it is sent: Sent
 *   Deferred ◄── edge away   └─ killed, cut or timed out: look again, compare, then repeat, follow, or give up in words
 */
import type { ActionRun, ActionSight, ActionStep, ActionTarget, TargetState } from './action.ts';
import { isSameOperation, isUnderWay, lastHistoryId } from './action-sight.ts';

export const ACTION_LIMITS = {
  /** Requests of one step that are sent before it is given up. */
  tries: 3,
  /** How often an edge is looked at while it carries something out. */
  followEveryMs: 5_000,
  /** A target that was sent is followed this long after the run has expired. */
  followAfterExpiryMs: 24 * 3_600_000,
} as const;

export type NextStep =
  | { readonly kind: 'look' }
  | { readonly kind: 'send'; readonly step: ActionStep; readonly historyId?: number }
  | { readonly kind: 'wait'; readonly afterMs: number; readonly state: TargetState; readonly message: string }
  | { readonly kind: 'end'; readonly state: TargetState; readonly message: string };

export interface StepFacts {
  readonly run: ActionRun;
  readonly target: ActionTarget;
  /** True where the edge answers right now, as far as the fleet knows. */
  readonly reachable: boolean;
  /** Why it may not be done (any more): access of the edge, rights of the person. */
  readonly refusal?: string;
  /** What the edge shows now; absent before it was looked at. */
  readonly sight?: ActionSight;
  readonly now: number;
}

const end = (state: TargetState, message: string): NextStep => ({ kind: 'end', state, message });
const send = (step: ActionStep): NextStep => ({ kind: 'send', step });
const follow = (message: string): NextStep => ({ kind: 'wait', afterMs: ACTION_LIMITS.followEveryMs, state: 'Running', message });

const AUTO_SYNC_ON =
  'Auto-sync is on and would undo a rollback. Confirm that it is turned off first; it stays off until somebody turns it on';
const NOT_KNOWN = 'It is not known whether the edge took it. Look at the Application, then start it again if it is still wanted';

/** The entry that a rollback goes to; `previous` is the one before the latest. */
export function rollbackEntry(run: ActionRun, sight: ActionSight): ActionSight['history'][number] | undefined {
  if (run.spec.kind !== 'rollback') return undefined;
  const { to } = run.spec;
  return to === 'previous' ? sight.history.at(-2) : sight.history.find((entry) => entry.id === to);
}

const sameRevisions = (left: readonly string[], right: readonly string[]): boolean => left.join(' ') === right.join(' ');

/** True where the operation that the edge shows is the one this target asked for. */
function isOurs({ run, target }: StepFacts, sight: ActionSight): boolean {
  const { operation } = sight;
  if (operation === undefined || operation.automated) return false;
  if (run.spec.kind === 'sync') return operation.runId === `${run.id}/${target.index}`;
  const entry = target.before === undefined ? undefined : rollbackEntry(run, target.before);
  const isNew = target.before !== undefined && !isSameOperation(target.before, sight);
  return run.spec.kind === 'rollback' && isNew && entry !== undefined && sameRevisions(operation.revisions, entry.revisions);
}

function endOfOperation(sight: ActionSight): NextStep {
  const { phase = '', message = '' } = sight.operation ?? {};
  if (isUnderWay(sight)) return follow(message === '' ? 'The edge is carrying it out' : message);
  return phase === 'Succeeded' ? end('Succeeded', message) : end('Failed', message === '' ? `The operation ended as ${phase}` : message);
}

const startedBy = (sight: ActionSight): string =>
  sight.operation?.automated === true ? 'auto-sync' : (sight.operation?.username ?? 'somebody');

function firstStepOfOperation({ run }: StepFacts, sight: ActionSight): NextStep {
  if (isUnderWay(sight)) {
    return end('Failed', `Another operation is under way there, started by ${startedBy(sight)}. Wait for its end, or terminate it`);
  }
  if (run.spec.kind !== 'rollback') return send('act');
  const entry = rollbackEntry(run, sight);
  if (entry === undefined) return end('Failed', 'Its history has no such entry any more');
  if (!sight.autoSync) return { kind: 'send', step: 'act', historyId: entry.id };
  return run.spec.turnAutoSyncOff ? send('autoSyncOff') : end('Refused', AUTO_SYNC_ON);
}

/** Nothing was sent for this target yet. */
function firstStep(facts: StepFacts, sight: ActionSight): NextStep {
  const { kind } = facts.run.spec;
  if (sight.deleting) return end('Failed', 'The Application is being deleted');
  switch (kind) {
    case 'refresh':
    case 'hardRefresh':
      return send('act');
    case 'terminate':
      return isUnderWay(sight) ? send('act') : end('Failed', 'No operation is under way there');
    case 'autoSyncOn':
      return sight.autoSync ? end('Succeeded', 'Auto-sync is on already') : send('act');
    case 'sync':
    case 'rollback':
      return firstStepOfOperation(facts, sight);
    default:
      return kind satisfies never;
  }
}

const again = (facts: StepFacts, step: NextStep): NextStep =>
  (facts.target.intent?.tries ?? 0) < ACTION_LIMITS.tries
    ? step
    : end('Failed', `The edge did not take it in ${ACTION_LIMITS.tries} tries`);

function afterOperationWasSent(facts: StepFacts, sight: ActionSight): NextStep {
  const { target } = facts;
  if (isOurs(facts, sight)) return endOfOperation(sight);
  const untouched =
    target.before !== undefined && isSameOperation(target.before, sight) && lastHistoryId(target.before) === lastHistoryId(sight);
  if (!untouched) return end('Failed', NOT_KNOWN);
  return again(facts, withEntry(facts.run, sight, send('act')));
}

const withEntry = (run: ActionRun, sight: ActionSight, step: NextStep): NextStep => {
  const entry = rollbackEntry(run, sight);
  return step.kind === 'send' && entry !== undefined ? { ...step, historyId: entry.id } : step;
};

function afterTerminateWasSent(facts: StepFacts, sight: ActionSight): NextStep {
  const { target } = facts;
  // Another one has begun since: that one was not meant.
  const isAnother = target.before !== undefined && target.before.operation?.startedAt !== sight.operation?.startedAt;
  if (!isUnderWay(sight) || isAnother) return end('Succeeded', 'The operation has ended');
  const isEnding = sight.operation?.phase === 'Terminating' || target.state === 'Running';
  return isEnding ? follow('The edge is ending the operation') : again(facts, send('act'));
}

/** The request of `act` may have reached the edge. */
function afterAct(facts: StepFacts, sight: ActionSight): NextStep {
  const { kind } = facts.run.spec;
  switch (kind) {
    case 'refresh':
    case 'hardRefresh':
      return again(facts, send('act'));
    case 'autoSyncOn':
      return sight.autoSync
        ? end('Succeeded', 'Auto-sync is on: the edge syncs forward to its target revision')
        : again(facts, send('act'));
    case 'terminate':
      return afterTerminateWasSent(facts, sight);
    case 'sync':
    case 'rollback':
      return afterOperationWasSent(facts, sight);
    default:
      return kind satisfies never;
  }
}

/** The edge said that it took the operation; its end may have been missed. */
function whileRunning(facts: StepFacts, sight: ActionSight): NextStep {
  if (facts.run.spec.kind === 'terminate') return afterTerminateWasSent(facts, sight);
  if (isOurs(facts, sight)) return endOfOperation(sight);
  if (sight.operation === undefined) return follow('The edge is about to carry it out');
  const { before } = facts.target;
  if (before !== undefined && isSameOperation(before, sight)) return follow('The edge is about to carry it out');
  return end('Failed', 'Another operation took its place before its end was seen. Look at the history of the Application');
}

/** Auto-sync was turned off for a rollback that did not follow: whoever ends it there is told, because nobody turns it on by itself. */
function leftBehind(run: ActionRun, { intent, before }: ActionTarget): string {
  const isOff = run.spec.kind === 'rollback' && intent !== undefined && before?.autoSync === true;
  return isOff ? '. Auto-sync may be off already: turn it on again if it is wanted' : '';
}

/** What stands there when somebody gives a target up before its turn. */
export const stoppedMessage = (run: ActionRun, target: ActionTarget, by: string): string =>
  `Stopped by ${by} before its turn${leftBehind(run, target)}`;

const EXPIRED = 'The edge could not be reached before the action expired. Start it again if it is still wanted';

function beforeBegun(facts: StepFacts): NextStep | undefined {
  const { run, target, now, refusal, reachable } = facts;
  if (run.stoppedAt !== undefined) return end('Stopped', stoppedMessage(run, target, run.stoppedBy ?? 'somebody'));
  if (now >= run.expiresAt) return end('Expired', `${EXPIRED}${leftBehind(run, target)}`);
  if (refusal !== undefined) return end('Refused', `${refusal}${leftBehind(run, target)}`);
  if (reachable) return undefined;
  return { kind: 'wait', afterMs: run.expiresAt - now, state: 'Deferred', message: 'The edge is out of reach; it goes on when it returns' };
}

function whileAway({ run, target, now }: StepFacts): NextStep {
  const until = run.expiresAt + ACTION_LIMITS.followAfterExpiryMs;
  if (now >= until) return end('Failed', NOT_KNOWN);
  return {
    kind: 'wait',
    afterMs: until - now,
    state: target.state,
    message: 'The edge went out of reach; it is looked at when it returns',
  };
}

/** Auto-sync is off or still on: both are seen, so that step may be repeated, and what comes after it is a first step. */
function afterAutoSyncOff(facts: StepFacts, sight: ActionSight): NextStep {
  if (facts.run.stoppedAt !== undefined) {
    return end('Stopped', 'Stopped before the rollback. Auto-sync may be off already: turn it on again if it is wanted');
  }
  return sight.autoSync ? again(facts, send('autoSyncOff')) : firstStepOfOperation(facts, sight);
}

function whenBegun(facts: StepFacts): NextStep {
  const { target, sight } = facts;
  if (!facts.reachable) return whileAway(facts);
  if (sight === undefined) return { kind: 'look' };
  if (target.state === 'Running') return whileRunning(facts, sight);
  return target.intent?.step === 'autoSyncOff' ? afterAutoSyncOff(facts, sight) : afterAct(facts, sight);
}

/** The next thing to do about a target that has not ended. */
export function nextStep(facts: StepFacts): NextStep {
  const { target, sight } = facts;
  if (target.state === 'Sent' || target.state === 'Running') return whenBegun(facts);
  const held = beforeBegun(facts);
  if (held !== undefined) return held;
  return sight === undefined ? { kind: 'look' } : firstStep(facts, sight);
}
