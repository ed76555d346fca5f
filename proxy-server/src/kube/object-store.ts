/**
 * Our kinds from the hub's Kubernetes API, behind the same port as the folder. One informer per resource; a change of any of them is
 * taken together with what follows in a moment into one snapshot. Only our own namespace is looked at, and of its Secrets only those labelled
 * for us.
 */
import { dumpYaml, type KubeConfig, type KubernetesObject } from '@kubernetes/client-node';
import type { ConfigProblem, ConfigSnapshot, ObjectStore } from '../ports/object-store.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import type { KindStatus, StatusKind, StatusStore, StoredKind } from '../ports/status-writer.ts';
import { storedKind } from './stored-kind.ts';
import { createKubeStatusWriter, type ApplyStatus } from './status-writer.ts';
import { createInformer, type Informer } from './informer.ts';
import { RESOURCES, type Resource } from './resources.ts';
import { mergeListed, type Held } from './snapshot.ts';

export interface KubeStoreOptions {
  readonly namespace: string;
  readonly loadConfig: () => KubeConfig;
  /** Changes that come within it are one snapshot. */
  readonly settleMs?: number;
  readonly firstRetryMs?: number;
}

const DEFAULT_SETTLE_MS = 100;
const EMPTY: ConfigSnapshot = {
  edges: new Map(),
  connectors: new Map(),
  products: new Map(),
  secrets: new Map(),
  policy: undefined,
  problems: [],
};

interface Watched {
  readonly resource: Resource;
  readonly informer: Informer;
}

const problemKey = (problem: ConfigProblem): string => `${problem.object} ${problem.field} ${problem.remedy}`;

/** Why a resource cannot be read right now, for people. */
function troubleProblem({ resource, informer }: Watched, namespace: string): readonly ConfigProblem[] {
  const trouble = informer.trouble();
  if (trouble === undefined) return [];
  const words = trouble.status === undefined ? trouble.message : `${trouble.status} ${trouble.message}`;
  const remedy = resource.remedies[trouble.status ?? 0] ?? `Reach the Kubernetes API again (${words}): what was read before stays in use`;
  return [{ where: namespace, object: `list of ${resource.kind}`, field: 'watch', remedy, severity: 'error' }];
}

export type KubeStore = ObjectStore & StatusStore;

class KubeObjectStore implements KubeStore {
  readonly #apply: ApplyStatus;
  readonly #options: KubeStoreOptions;
  readonly #runtime: Runtime;
  readonly #watched: readonly Watched[];
  readonly #listeners = new Set<() => void>();
  #held: ReadonlyMap<string, Held> = new Map();
  #snapshot = EMPTY;
  #pending: Cancel | undefined;
  #ready: (() => void) | undefined;
  #closed = false;

  constructor(options: KubeStoreOptions, runtime: Runtime) {
    this.#options = options;
    this.#runtime = runtime;
    const { namespace, loadConfig, firstRetryMs } = options;
    this.#apply = createKubeStatusWriter({ namespace, loadConfig });
    this.#watched = RESOURCES.map((resource) => ({
      resource,
      informer: createInformer(
        { resource, namespace, loadConfig, onChange: () => this.#moved(), ...(firstRetryMs === undefined ? {} : { firstRetryMs }) },
        runtime,
      ),
    }));
  }

  start(): Promise<void> {
    const ready = new Promise<void>((resolve) => (this.#ready = resolve));
    for (const { informer } of this.#watched) informer.start();
    return ready;
  }

  current(): ConfigSnapshot {
    return this.#snapshot;
  }

  subscribe(onChange: () => void): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  yamlOf(kind: 'Edge', name: string): string | undefined {
    const raw = this.#held.get(`${kind}/${name}`)?.raw;
    return raw === undefined ? undefined : dumpYaml(readable(kind, raw));
  }

  objects(): readonly StoredKind[] {
    return [...this.#held].flatMap(([key, { raw }]) => storedKind(key.split('/')[0] ?? '', raw) ?? []);
  }

  object(kind: StatusKind, name: string): StoredKind | undefined {
    const held = this.#held.get(`${kind}/${name}`);
    return held === undefined ? undefined : storedKind(kind, held.raw);
  }

  apply(kind: StatusKind, name: string, status: KindStatus): ReturnType<ApplyStatus> {
    return this.#apply(kind, name, status);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#pending?.();
    for (const { informer } of this.#watched) informer.stop();
    return Promise.resolve();
  }

  #moved(): void {
    if (this.#closed || this.#pending !== undefined) return;
    this.#pending = this.#runtime.timers.after(this.#options.settleMs ?? DEFAULT_SETTLE_MS, () => {
      this.#pending = undefined;
      this.#publish();
    });
  }

  /** Until every list was in once there is no snapshot: half of one would look like edges that were deleted. */
  #publish(): void {
    const isComplete = this.#watched.every(({ informer }) => informer.synced());
    const troubles = this.#watched.flatMap((watched) => troubleProblem(watched, this.#options.namespace));
    if (!isComplete) {
      this.#announce(troubles);
      this.#snapshot = { ...EMPTY, problems: troubles };
      return;
    }
    const listed = this.#watched.map(({ resource, informer }) => ({ kind: resource.kind, objects: informer.objects() }));
    const merged = mergeListed(listed, this.#held, this.#options.namespace);
    const problems = [...troubles, ...merged.snapshot.problems];
    this.#announce(problems);
    this.#held = merged.held;
    this.#snapshot = { ...merged.snapshot, problems };
    this.#ready?.();
    this.#ready = undefined;
    for (const listener of this.#listeners) listener();
  }

  /** A problem is logged when it comes, not each time it is met. */
  #announce(problems: readonly ConfigProblem[]): void {
    const before = new Set(this.#snapshot.problems.map(problemKey));
    for (const problem of problems) {
      if (before.has(problemKey(problem))) continue;
      this.#runtime.metrics.count('config_problems', { severity: problem.severity });
      this.#runtime.log.warn({ ...problem }, 'Found a problem in the configuration');
    }
  }
}

/** The object as a person would have written it. */
function readable(kind: string, raw: KubernetesObject): unknown {
  const { metadata, ...rest } = raw;
  const { name, labels } = metadata ?? {};
  const kept = 'spec' in rest ? { spec: rest.spec } : {};
  return { apiVersion: 'edgefleet.dev/v1alpha1', kind, metadata: { name, ...(labels === undefined ? {} : { labels }) }, ...kept };
}

/** An ObjectStore over the hub's Kubernetes API, and the status of what is in it. */
export function createKubeStore(options: KubeStoreOptions, runtime: Runtime): KubeStore {
  return new KubeObjectStore(options, runtime);
}
