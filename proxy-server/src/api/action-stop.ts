/**
 * Stopping a run, or giving up single targets of it that have not begun. For who asked for it, and for whoever could have asked for the same. Who
 * is refused stands in the audit too.
 */
import type { ActionRun, ActionTarget } from '../domain/action.ts';
import { stoppedMessage } from '../domain/action-plan.ts';
import type { AuditEntry } from '../domain/audit.ts';
import { ACTION_REQUEST_LIMITS } from '../contract/actions.ts';
import { OPS_SCOPE, type Identity } from '../domain/identity.ts';
import { mayAct, missingHubLine, REFUSAL_WORDS } from '../domain/permissions.ts';
import type { ActionStore, CancelledTarget } from '../ports/action-store.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Rights } from '../ports/rights.ts';
import { isVisibleTarget, refusalOf, type Refusal } from './action-selection.ts';
import { notFound, RequestProblem } from './problem.ts';
import type { Asker } from './request-context.ts';

export interface ActionStopOptions {
  readonly objects: ObjectStore;
  readonly rights: Rights;
  readonly store: ActionStore;
  readonly audit: AuditLog;
  /** Tells the controller that a run was created or stopped. */
  readonly wake: (run: string) => Promise<void>;
  readonly now: () => number;
}

const NOWHERE = { edge: '', namespace: '', application: '', project: '' } as const;

type AuditPlace = Pick<AuditEntry, 'edge' | 'namespace' | 'application' | 'project'>;

const placeOf = ({ edge, namespace, name, project }: ActionTarget): AuditPlace => ({ edge, namespace, application: name, project });

type About = Pick<AuditEntry, 'outcome' | 'message' | 'at'> & AuditPlace;

const stopEntry = (run: ActionRun, { subject, username, claimedGroups }: Identity, about: About): AuditEntry => ({
  ...about, subject, username, claimedGroups, action: 'stop', reason: run.reason, run: run.id,
}); // prettier-ignore

/** The target as given up, with who gave it up, and the end of what was asked for. */
function cancelled(run: ActionRun, found: ActionTarget, identity: Identity, at: number): CancelledTarget {
  const message = stoppedMessage(run, found, identity.username);
  const target: ActionTarget = { ...found, state: 'Stopped', message, updatedAt: at };
  const gaveUp = `Gave up the ${run.spec.kind} of ${run.by.username} here, before its turn`;
  const { subject, username } = run.by;
  const ended: AuditEntry = {
    ...placeOf(found), at, outcome: 'stopped', subject, username, claimedGroups: [], action: run.spec.kind, reason: run.reason, run: run.id, message,
  }; // prettier-ignore
  return { target, audit: [stopEntry(run, identity, { ...placeOf(found), at, outcome: 'stopped', message: gaveUp }), ended] };
}

export class ActionStops {
  readonly #options: ActionStopOptions;

  constructor(options: ActionStopOptions) {
    this.#options = options;
  }

  /** False where it was stopped already. */
  async stop(asker: Asker, id: string): Promise<boolean> {
    const { store, now, wake } = this.#options;
    const run = await this.#run(id);
    const isOwn = run.by.subject === asker.identity.subject; // then no target need be looked at
    await this.#check(asker, run, isOwn ? [] : await store.targets(run.id, { limit: ACTION_REQUEST_LIMITS.targets }));
    const at = now();
    const message = `Stopped the ${run.spec.kind} of ${run.by.username}`;
    const entry = stopEntry(run, asker.identity, { ...NOWHERE, at, outcome: 'stopped', message });
    const stopped = await store.stop(id, asker.identity.username, at, entry);
    if (stopped) await wake(id);
    return stopped;
  }

  /** How many of the numbered targets were given up: those that have begun go on to their end. */
  async cancel(asker: Asker, id: string, numbers: readonly number[]): Promise<number> {
    const { store, now, wake } = this.#options;
    const run = await this.#run(id);
    const found = await Promise.all([...new Set(numbers)].map((number) => store.target(id, number)));
    const targets = found.filter((target) => target !== undefined);
    if (targets.length < found.length) throw notFound('such target of the action');
    await this.#check(asker, run, targets);
    const at = now();
    const ended = await store.cancel(
      id,
      targets.map(({ index }) => index),
      (target) => cancelled(run, target, asker.identity, at),
    );
    if (ended.length > 0) await wake(id);
    return ended.length;
  }

  async #run(id: string): Promise<ActionRun> {
    const run = await this.#options.store.run(id);
    if (run === undefined) throw notFound('such action');
    return run;
  }

  async #check({ identity, visibility }: Asker, run: ActionRun, targets: readonly ActionTarget[]): Promise<void> {
    const refusal = this.#refusal({ identity, visibility }, run, targets);
    if (refusal === undefined) return;
    const [only, other] = targets;
    const place = only !== undefined && other === undefined ? placeOf(only) : NOWHERE;
    const about = { ...place, at: this.#options.now(), outcome: 'refused', message: refusal.reason } as const;
    await this.#options.audit.record([stopEntry(run, identity, about)]);
    throw new RequestProblem('NotAllowed', refusal.reason, refusal.missingLine === '' ? {} : { missingLine: refusal.missingLine });
  }

  #refusal({ identity, visibility }: Asker, run: ActionRun, targets: readonly ActionTarget[]): Refusal | undefined {
    const { objects, rights } = this.#options;
    if (!mayAct(identity)) return { reason: REFUSAL_WORDS.notThroughOps, missingLine: missingHubLine(identity.subject, OPS_SCOPE) };
    if (run.by.subject === identity.subject) return undefined;
    const refuse = refusalOf(objects, rights, identity);
    for (const target of targets) {
      if (!isVisibleTarget(objects, visibility, target)) return { reason: 'It acts on more than you may act on', missingLine: '' };
      const refusal = refuse(run.spec.kind, target);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }
}
