/**
 * Status of our objects: Ready from the problems of the configuration, Reachable from the fleet. Level-triggered: it is told which objects
 * moved, never what happened, and looks at all of them now and then. One apply at the end, only if it differs, never a heartbeat. Changes of
 * connection are taken together for a moment, so that a flapping edge costs one write and a mass outage a bounded stream of them.
 */
import { backOffCeilingMs, betweenMs } from '../domain/backoff.ts';
import { conditionOf, nextCondition, sameStatus, type ConditionFacts } from '../domain/conditions.ts';
import { reachableCondition, readyCondition } from '../domain/kind-conditions.ts';
import { SEES_EVERYTHING } from '../domain/visibility.ts';
import type { FleetReader } from '../ports/fleet-reader.ts';
import type { ConfigProblem, ObjectStore } from '../ports/object-store.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import type { KindStatus, StatusKind, StatusStore, StoredKind } from '../ports/status-writer.ts';
import { createWorkQueue, timedRun, type WorkQueue } from './work-queue.ts';

export interface KindStatusDeps {
  readonly objects: ObjectStore;
  readonly fleet: FleetReader;
  readonly store: StatusStore;
  /** The Argo CD that an edge is known by, and the generation for which it was accepted in place of another. */
  readonly identityOf: (edge: string) => { readonly identity?: string; readonly acceptedGeneration?: number } | undefined;
}

export const STATUS_LIMITS = { settleMs: 2_000, allEveryMs: 600_000, width: 8, retryMs: 5_000, maxRetryMs: 300_000 } as const;

const RETRY = { baseMs: STATUS_LIMITS.retryMs, capMs: STATUS_LIMITS.maxRetryMs };

/** A write that was refused, and its next try: until then the object is left alone. */
interface Refused {
  readonly attempts: number;
  readonly reason: string;
  readonly cancel: Cancel;
}

function wantedIdentity(object: StoredKind, deps: KindStatusDeps): KindStatus['identity'] {
  const known = object.kind === 'Edge' ? deps.identityOf(object.name) : undefined;
  if (known?.identity === undefined || known.acceptedGeneration === undefined) return object.status?.identity;
  return { id: known.identity, acceptedGeneration: known.acceptedGeneration };
}

/** The status an object ought to have now. Pure but for what it is given. */
export function wantedStatus(object: StoredKind, problems: readonly ConfigProblem[], deps: KindStatusDeps, now: number): KindStatus {
  const facts: ConditionFacts[] = [readyCondition(problems, object.generation)];
  const edge = object.kind === 'Edge' ? deps.fleet.edge(SEES_EVERYTHING, object.name) : undefined;
  if (edge !== undefined) facts.push(reachableCondition(edge, object.generation));
  const before = object.status?.conditions ?? [];
  const conditions = facts.map((one) => nextCondition(one, conditionOf(before, one.type), now));
  const identity = wantedIdentity(object, deps);
  return { observedGeneration: object.generation, conditions, ...(identity === undefined ? {} : { identity }) };
}

const STATUS_KINDS: readonly StatusKind[] = ['Edge', 'Connector', 'Product'];
const keyOf = (object: Pick<StoredKind, 'kind' | 'name'>): string => `${object.kind} ${object.name}`;

class KindStatusController {
  readonly #deps: KindStatusDeps;
  readonly #runtime: Runtime;
  readonly #queue: WorkQueue<string>;
  readonly #written = new Map<string, { readonly version: string; readonly status: KindStatus }>();
  readonly #dirty = new Set<string>();
  readonly #refused = new Map<string, Refused>();
  readonly #unsubscribe: (() => void)[] = [];
  #problems: ReadonlyMap<string, readonly ConfigProblem[]> = new Map();
  #problemsOf: readonly ConfigProblem[] | undefined;
  #settling: Cancel | undefined;
  #tick: Cancel | undefined;

  constructor(deps: KindStatusDeps, runtime: Runtime) {
    this.#deps = deps;
    this.#runtime = runtime;
    this.#queue = createWorkQueue(
      timedRun('kind-status', runtime, (key) => this.#reconcile(key)),
      STATUS_LIMITS.width,
    );
  }

  start(): void {
    const { fleet, store } = this.#deps;
    this.#unsubscribe.push(
      fleet.subscribe(({ edges }) => this.#moved(edges.map((edge) => `Edge ${edge}`))),
      store.subscribe(() => this.#moved(store.objects().map(keyOf))),
    );
    this.#all();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#settling?.();
    this.#tick?.();
    this.#dirty.clear();
    await this.#queue.idle();
    for (const { cancel } of this.#refused.values()) cancel();
  }

  #all(): void {
    this.#moved(this.#deps.store.objects().map(keyOf));
    this.#tick = this.#runtime.timers.after(STATUS_LIMITS.allEveryMs, () => this.#all());
  }

  /** What waits for its next try is not tried earlier because something moved: the try looks at what is then. */
  #moved(keys: readonly string[]): void {
    for (const key of keys) if (!this.#refused.has(key)) this.#dirty.add(key);
    if (this.#dirty.size === 0) return;
    this.#settling ??= this.#runtime.timers.after(STATUS_LIMITS.settleMs, () => {
      this.#settling = undefined;
      for (const key of this.#dirty) this.#queue.add(key);
      this.#dirty.clear();
    });
  }

  #problemsFor(key: string): readonly ConfigProblem[] {
    const { problems } = this.#deps.objects.current();
    if (problems !== this.#problemsOf) {
      this.#problemsOf = problems;
      this.#problems = Map.groupBy(problems, (problem) => problem.object);
    }
    return this.#problems.get(key) ?? [];
  }

  /** The object as it is stored; what was written just now counts until the store shows a newer one. */
  #object(key: string): StoredKind | undefined {
    const [kindText, name = ''] = key.split(' ');
    const kind = STATUS_KINDS.find((known) => known === kindText);
    const found = kind === undefined ? undefined : this.#deps.store.object(kind, name);
    if (found === undefined) this.#written.delete(key);
    const written = this.#written.get(key);
    return found === undefined || written?.version !== found.version ? found : { ...found, status: written.status };
  }

  async #reconcile(key: string): Promise<void> {
    const object = this.#object(key);
    if (object === undefined) return this.#wentWell(key);
    const status = wantedStatus(object, this.#problemsFor(key), this.#deps, this.#runtime.clock.now());
    if (sameStatus(object.status, status)) return this.#wentWell(key);
    const outcome = await this.#deps.store.apply(object.kind, object.name, status);
    this.#runtime.metrics.count('reconcile', { controller: 'kind-status', outcome: outcome.ok ? 'ok' : outcome.error.kind });
    if (outcome.ok) this.#written.set(key, { version: object.version, status });
    if (outcome.ok || outcome.error.kind === 'gone') return this.#wentWell(key);
    this.#wasRefused(key, outcome.error.message);
  }

  /** Said once for all objects that are refused for one reason, and once when all can be written again. */
  #wasRefused(key: string, reason: string): void {
    const attempts = this.#refused.get(key)?.attempts ?? 0;
    const isNew = ![...this.#refused.values()].some((refused) => refused.reason === reason);
    const ceiling = backOffCeilingMs(RETRY, attempts);
    const cancel = this.#runtime.timers.after(betweenMs(ceiling / 2, ceiling, this.#runtime.random()), () => this.#queue.add(key));
    this.#refused.set(key, { attempts: attempts + 1, reason, cancel });
    if (isNew) this.#runtime.log.warn({ controller: 'kind-status', object: key, reason }, 'Writing status failed, trying again');
  }

  #wentWell(key: string): void {
    if (!this.#refused.delete(key)) return;
    this.#moved([key]); // what moved during this try was passed over
    if (this.#refused.size === 0) this.#runtime.log.info({ controller: 'kind-status' }, 'Writing status works again');
  }
}

export interface RunningController {
  start(): void;
  stop(): Promise<void>;
}

/** Keeps the status of our kinds in step with the fleet; writes only where it differs, so that a second run writes nothing. */
export function createKindStatusController(deps: KindStatusDeps, runtime: Runtime): RunningController {
  return new KindStatusController(deps, runtime);
}
