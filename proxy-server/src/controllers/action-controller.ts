/**
 * Carries out what people asked for on Applications of edges. Durable: the intent is written before a request leaves, and after a restart
 * every target that has not ended is looked at before anything is repeated (`domain/action-plan.ts`). Bounded: a width per run, one request per
 * target at a time. Level-triggered: a returning edge, an answer and the timer all lead to the same visit.
 */
import type { ActionRun, ActionSight, ActionStep, ActionTarget, TargetState } from '../domain/action.ts';
import { isFinal } from '../domain/action.ts';
import { nextStep, type NextStep } from '../domain/action-plan.ts';
import { lookRequest, stepRequest, type ActionRequest } from '../domain/action-request.ts';
import { toActionSight } from '../domain/action-sight.ts';
import type { AuditEntry, AuditOutcome } from '../domain/audit.ts';
import { isTransient, type EdgeFailure } from '../domain/failure.ts';
import type { EdgeId } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { ActionStore } from '../ports/action-store.ts';
import type { EdgeApi } from '../ports/edge-api.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import { createWorkQueue, timedRun, type WorkQueue } from './work-queue.ts';

export interface ActionDeps {
  readonly store: ActionStore;
  readonly edges: EdgeApi;
  /** The edge as an id, where it is configured and may be contacted. */
  readonly edgeId: (edge: string) => EdgeId | undefined;
  readonly isReachable: (edge: string) => boolean;
  /** Why this target may not be acted on any more: access of the edge, rights of who asked. */
  readonly refusal: (run: ActionRun, target: ActionTarget) => string | undefined;
  /** Told with the names of edges whose state moved. */
  readonly onEdges: (moved: (edges: readonly string[]) => void) => () => void;
}

export const CONTROLLER_LIMITS = { requestMs: 15_000, width: 64, sweepEveryMs: 30_000, retryMs: 3_000, maxWaitMs: 600_000 } as const;

export interface ActionController {
  /** Takes up what was left open. */
  start(): Promise<void>;
  /** A run was created or stopped. */
  wake(run: string): Promise<void>;
  stop(): Promise<void>;
}

const OUTCOME_OF: Readonly<Partial<Record<TargetState, AuditOutcome>>> = {
  Succeeded: 'succeeded', Failed: 'failed', Refused: 'refused', Stopped: 'stopped', Expired: 'expired',
}; // prettier-ignore

/** One line of the audit about a target as it now is. */
export function auditEntry(run: ActionRun, target: ActionTarget, outcome: AuditOutcome, at: number): AuditEntry {
  const { before, after } = target;
  return {
    at, outcome, subject: run.by.subject, username: run.by.username, claimedGroups: [], action: run.spec.kind, edge: target.edge,
    namespace: target.namespace, application: target.name, project: target.project, reason: run.reason, run: run.id, message: target.message,
    ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }),
  }; // prettier-ignore
}

/** The edge's Argo CD itself said no: it was reached, and did not take it. */
const isAnswer = (failure: EdgeFailure): boolean =>
  ['edgeToken', 'edgeForbidden', 'argocdError', 'unsupported', 'notFound', 'clientBug'].includes(failure.kind) &&
  failure.status !== undefined && failure.status >= 400 && failure.status < 500; // prettier-ignore

/** What was to be terminated may have ended by itself in between (400): only a look can tell. */
const refusesForGood = ({ spec }: ActionRun, failure: EdgeFailure): boolean =>
  isAnswer(failure) && !(spec.kind === 'terminate' && failure.status === 400);

/** What proves that a request never came to the edge. */
const neverArrived = (failure: EdgeFailure): boolean =>
  ['edgeOffline', 'edgeDns', 'hubNetwork', 'edgeCert', 'accessDenied', 'accessMisconfigured', 'originUnreachable', 'notRouted'].includes(
    failure.kind,
  );

const wordsOf = (failure: EdgeFailure): string => failure.argocdMessage ?? failure.sign;

const isBegun = (target: ActionTarget): boolean => target.state === 'Sent' || target.state === 'Running';

type Key = string;
const keyOf = (target: Pick<ActionTarget, 'run' | 'index'>): Key => `${target.run}/${target.index}`;

class Controller implements ActionController {
  readonly #deps: ActionDeps;
  readonly #runtime: Runtime;
  readonly #queue: WorkQueue<Key>;
  readonly #open = new Map<Key, ActionTarget>();
  readonly #runs = new Map<string, ActionRun>();
  readonly #timers = new Map<Key, Cancel>();
  #sweep: Cancel | undefined;
  #unsubscribe: (() => void) | undefined;
  #stopped = false;

  constructor(deps: ActionDeps, runtime: Runtime) {
    this.#deps = deps;
    this.#runtime = runtime;
    this.#queue = createWorkQueue(
      timedRun('actions', runtime, (key) => this.#visit(key)),
      CONTROLLER_LIMITS.width,
    );
  }

  async start(): Promise<void> {
    for (const target of await this.#deps.store.open()) this.#open.set(keyOf(target), target);
    for (const run of new Set([...this.#open.values()].map((target) => target.run))) await this.#load(run);
    this.#unsubscribe = this.#deps.onEdges((edges) => this.#moved(new Set(edges)));
    this.#tick();
  }

  async wake(run: string): Promise<void> {
    await this.#load(run);
    const open = new Map((await this.#deps.store.open()).map((target) => [keyOf(target), target]));
    for (const [key, target] of open) if (target.run === run && !this.#open.has(key)) this.#open.set(key, target);
    for (const [key, target] of this.#open) if (target.run === run && !open.has(key)) this.#letGo(key);
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe?.();
    this.#sweep?.();
    for (const cancel of this.#timers.values()) cancel();
    await this.#queue.idle();
  }

  /** It has ended, here or by the hand of somebody who gave it up. */
  #letGo(key: Key): void {
    this.#open.delete(key);
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }

  async #load(id: string): Promise<void> {
    const run = await this.#deps.store.run(id);
    if (run !== undefined) this.#runs.set(id, run);
  }

  #tick(): void {
    this.#schedule();
    this.#sweep = this.#runtime.timers.after(CONTROLLER_LIMITS.sweepEveryMs, () => this.#tick());
  }

  #moved(edges: ReadonlySet<string>): void {
    for (const [key, target] of this.#open) {
      const returned = edges.has(target.edge) && target.state !== 'Waiting' && this.#deps.isReachable(target.edge);
      if (returned) this.#timers.get(key)?.();
      if (returned) this.#timers.delete(key);
    }
    this.#schedule();
  }

  /** How many targets of each run are under way. */
  #underWay(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const target of this.#open.values()) if (isBegun(target)) counts.set(target.run, (counts.get(target.run) ?? 0) + 1);
    return counts;
  }

  /** Everything that was begun goes on; of what waits, as many of each run as its width allows. Stopped runs let all go. */
  #schedule(): void {
    if (this.#stopped) return;
    const used = this.#underWay();
    for (const [key, target] of this.#open) if (this.#hasTurn(key, target, used)) this.#queue.add(key);
  }

  /** Takes a place of the run's width where the target is about to be begun. */
  #hasTurn(key: Key, target: ActionTarget, used: Map<string, number>): boolean {
    const run = this.#runs.get(target.run);
    if (run === undefined) return false;
    if (run.stoppedAt !== undefined) return true;
    if (this.#timers.has(key)) return false;
    if (isBegun(target)) return true;
    const taken = used.get(run.id) ?? 0;
    if (taken < run.width && this.#deps.isReachable(target.edge)) used.set(run.id, taken + 1);
    return taken < run.width;
  }

  async #visit(key: Key): Promise<void> {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    const target = this.#open.get(key);
    const run = target === undefined ? undefined : this.#runs.get(target.run);
    if (target === undefined || run === undefined || this.#stopped) return;
    try {
      await this.#advance(run, target);
    } catch (thrown) {
      this.#runtime.log.error({ controller: 'actions', run: run.id, edge: target.edge, err: thrown }, 'Carrying out an action failed');
      this.#again(key, CONTROLLER_LIMITS.sweepEveryMs);
    }
  }

  #next(run: ActionRun, target: ActionTarget, sight?: ActionSight): NextStep {
    const refusal = this.#deps.refusal(run, target);
    return nextStep({
      run, target, reachable: this.#deps.isReachable(target.edge), now: this.#runtime.clock.now(),
      ...(refusal === undefined ? {} : { refusal }), ...(sight === undefined ? {} : { sight }),
    }); // prettier-ignore
  }

  async #advance(run: ActionRun, target: ActionTarget): Promise<void> {
    const blind = this.#next(run, target);
    if (blind.kind !== 'look') return this.#perform(run, target, blind, undefined);
    const looked = await this.#ask(target.edge, lookRequest(target), 'operate');
    if (!looked.ok) return this.#couldNotLook(run, target, looked.error);
    const sight = toActionSight(looked.value);
    return this.#perform(run, target, this.#next(run, target, sight), sight);
  }

  async #perform(run: ActionRun, target: ActionTarget, step: NextStep, sight: ActionSight | undefined): Promise<void> {
    switch (step.kind) {
      case 'look':
        return;
      case 'wait':
        return this.#wait(target, step);
      case 'end':
        return this.#end(run, { ...target, state: step.state, message: step.message, ...(sight === undefined ? {} : { after: sight }) });
      case 'send':
        return this.#send(run, { ...target, ...(target.before === undefined && sight !== undefined ? { before: sight } : {}) }, step);
      default:
        step satisfies never;
    }
  }

  /** The intent is on disk before the request leaves; what the answer says is on disk before anything else is done. */
  async #send(run: ActionRun, target: ActionTarget, step: Extract<NextStep, { kind: 'send' }>): Promise<void> {
    const now = this.#runtime.clock.now();
    const tries = target.intent?.step === step.step ? target.intent.tries + 1 : 1;
    const sent: ActionTarget = {
      ...target,
      state: 'Sent',
      message: 'Asking the edge',
      intent: { step: step.step, at: now, tries },
      updatedAt: now,
    };
    if (!(await this.#save(sent, auditEntry(run, sent, 'sent', now)))) return;
    const automatedBefore =
      run.spec.kind === 'autoSyncOn' ? await this.#deps.store.automatedBefore(target.edge, target.namespace, target.name) : undefined;
    const options = {
      ...(step.historyId === undefined ? {} : { historyId: step.historyId }),
      ...(automatedBefore === undefined ? {} : { automatedBefore }),
    };
    const answer = await this.#ask(target.edge, stepRequest(run, sent, step.step, options), 'operate');
    if (this.#stopped) return;
    if (answer.ok) return this.#taken(run, sent, step.step, answer.value);
    return this.#notTaken(run, sent, answer.error);
  }

  async #taken(run: ActionRun, target: ActionTarget, step: ActionStep, answer: unknown): Promise<void> {
    const { kind } = run.spec;
    if (step === 'autoSyncOff') return this.#advance(run, target);
    if (kind === 'refresh' || kind === 'hardRefresh')
      return this.#end(run, { ...target, state: 'Succeeded', message: 'Compared again', after: toActionSight(answer) });
    if (kind === 'autoSyncOn')
      return this.#end(run, {
        ...target,
        state: 'Succeeded',
        message: 'Auto-sync is on: the edge syncs forward to its target revision',
        after: toActionSight(answer),
      });
    await this.#save({ ...target, state: 'Running', message: 'The edge took it' });
    this.#again(keyOf(target), CONTROLLER_LIMITS.retryMs);
  }

  async #notTaken(run: ActionRun, target: ActionTarget, failure: EdgeFailure): Promise<void> {
    const isRefresh = run.spec.kind === 'refresh' || run.spec.kind === 'hardRefresh';
    // A refresh blocks until the controller has compared, and goes on when we leave.
    if (isRefresh && failure.kind === 'timedOut')
      return this.#end(run, { ...target, state: 'Succeeded', message: 'Asked for; the edge is still comparing' });
    if (refusesForGood(run, failure)) return this.#end(run, { ...target, state: 'Failed', message: wordsOf(failure) });
    if (neverArrived(failure) && target.intent?.step === 'act' && target.intent.tries === 1) {
      if (!isTransient(failure)) return this.#end(run, { ...target, state: 'Failed', message: wordsOf(failure) });
      await this.#save({ ...target, state: 'Deferred', message: `The edge could not be reached: ${wordsOf(failure)}` });
    }
    this.#again(keyOf(target), CONTROLLER_LIMITS.retryMs * 2);
  }

  async #couldNotLook(run: ActionRun, target: ActionTarget, failure: EdgeFailure): Promise<void> {
    const begun = isBegun(target);
    if (!begun && !isTransient(failure)) return this.#end(run, { ...target, state: 'Failed', message: wordsOf(failure) });
    if (!begun) await this.#save({ ...target, state: 'Deferred', message: `The edge could not be asked: ${wordsOf(failure)}` });
    this.#again(keyOf(target), CONTROLLER_LIMITS.sweepEveryMs);
  }

  async #wait(target: ActionTarget, step: Extract<NextStep, { kind: 'wait' }>): Promise<void> {
    if (target.state !== step.state || target.message !== step.message)
      await this.#save({ ...target, state: step.state, message: step.message });
    this.#again(keyOf(target), Math.min(step.afterMs, CONTROLLER_LIMITS.maxWaitMs));
  }

  async #end(run: ActionRun, target: ActionTarget): Promise<void> {
    const now = this.#runtime.clock.now();
    const ended = { ...target, updatedAt: now };
    const outcome = OUTCOME_OF[ended.state];
    if (outcome === undefined) throw new Error(`${ended.state} is no end`);
    if (await this.#save(ended, auditEntry(run, ended, outcome, now)))
      this.#runtime.metrics.count('actions', { action: run.spec.kind, outcome });
    this.#schedule();
  }

  /** False where it was given up meanwhile: then it goes no further. */
  async #save(target: ActionTarget, audit?: AuditEntry): Promise<boolean> {
    const saved = { ...target, updatedAt: this.#runtime.clock.now() };
    const isOpen = await this.#deps.store.update(saved, audit);
    if (isOpen && !isFinal(saved.state)) this.#open.set(keyOf(saved), saved);
    else this.#letGo(keyOf(saved));
    return isOpen;
  }

  #again(key: Key, afterMs: number): void {
    if (this.#stopped || !this.#open.has(key)) return;
    this.#timers.get(key)?.();
    this.#timers.set(key, this.#runtime.timers.after(afterMs, () => {
      this.#timers.delete(key);
      this.#queue.add(key);
    })); // prettier-ignore
  }

  async #ask(edge: string, request: ActionRequest, token: 'read' | 'operate'): Promise<Result<unknown, EdgeFailure>> {
    const id = this.#deps.edgeId(edge);
    if (id === undefined)
      return err({ kind: 'notRouted', row: 38, sign: `edge ${edge} is not in the configuration any more`, status: 404 });
    const { method, path, body } = request;
    const answer = await this.#deps.edges.call(id, {
      method,
      path,
      token,
      timeoutMs: CONTROLLER_LIMITS.requestMs,
      ...(body === undefined ? {} : { body }),
    });
    return answer.ok ? ok(answer.value.body) : answer;
  }
}

/** Carries out recorded actions, one writer per Application; resumes from the record after a restart and never repeats what it cannot prove undone. */
export function createActionController(deps: ActionDeps, runtime: Runtime): ActionController {
  return new Controller(deps, runtime);
}
