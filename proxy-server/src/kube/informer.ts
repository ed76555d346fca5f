/**
 * List and watch of one resource that never stops by itself. The client library relists on 410 and reopens a watch that ended; after any
 * other error it calls back and stops (`dist/cache.js` @ 2.0.1), so here it is begun anew, with back-off, from a freshly loaded
 * configuration: a service account's token may have been rotated meanwhile. Until the new list is in, what was known stays known.
 */
import { ListWatch, Watch, type KubeConfig, type KubernetesObject } from '@kubernetes/client-node';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import type { Resource } from './resources.ts';

export interface InformerOptions {
  readonly resource: Resource;
  readonly namespace: string;
  /** Loads the configuration anew, tokens included. */
  readonly loadConfig: () => KubeConfig;
  readonly onChange: () => void;
  readonly firstRetryMs?: number;
}

/** Why the resource is not being watched right now. */
export interface InformerTrouble {
  readonly status: number | undefined;
  readonly message: string;
}

export interface Informer {
  start(): void;
  /** True once a whole list was in. */
  synced(): boolean;
  objects(): readonly KubernetesObject[];
  trouble(): InformerTrouble | undefined;
  stop(): void;
}

const MAX_RETRY_MS = 30_000;

function troubleOf(thrown: unknown): InformerTrouble {
  const read = (name: string): unknown => (typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined);
  const status = [read('statusCode'), read('code')].find((value) => typeof value === 'number');
  const cause = read('cause');
  const code = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  return {
    status,
    message:
      typeof code === 'string'
        ? code
        : (String(read('message') ?? thrown)
            .split('\n')[0]
            ?.slice(0, 200) ?? ''),
  };
}

class RestartingInformer implements Informer {
  readonly #options: InformerOptions;
  readonly #runtime: Runtime;
  #watch: ListWatch<KubernetesObject> | undefined;
  #objects: readonly KubernetesObject[] = [];
  #synced = false;
  #trouble: InformerTrouble | undefined;
  #attempts = 0;
  #retry: Cancel | undefined;
  #stopped = false;

  constructor(options: InformerOptions, runtime: Runtime) {
    this.#options = options;
    this.#runtime = runtime;
  }

  start(): void {
    this.#retry = undefined;
    if (this.#stopped) return;
    const { resource, namespace, loadConfig } = this.#options;
    try {
      const config = loadConfig();
      const watch: ListWatch<KubernetesObject> = new ListWatch<KubernetesObject>(
        resource.path(namespace),
        new Watch(config),
        () => this.#list(watch, config),
        false,
        resource.labelSelector,
        resource.fieldSelector,
        { delayFn: (delayMs) => new Promise<void>((resolve) => void this.#runtime.timers.after(delayMs, resolve)) },
      );
      this.#watch = watch;
      for (const verb of ['add', 'update', 'delete'] as const) watch.on(verb, () => this.#moved(watch));
      watch.on('error', (error: unknown) => this.#failed(watch, error));
      watch.start().then(
        () => this.#moved(watch),
        (error: unknown) => this.#failed(watch, error),
      );
    } catch (thrown) {
      this.#failed(this.#watch, thrown);
    }
  }

  /**
   * A list of the library's own accord, after 410, tells nobody that it came in, and while it is taken over there is no resource version to go by:
   * so it is looked at a turn later. That a list came does not prove that the watch will: trouble stays until that is open.
   */
  async #list(watch: ListWatch<KubernetesObject>, config: KubeConfig): ReturnType<Resource['list']> {
    const { resource, namespace } = this.#options;
    const list = await resource.list(config, namespace);
    this.#runtime.timers.after(0, () => this.#take(watch));
    return list;
  }

  /** What the library holds is what is there. */
  #take(watch: ListWatch<KubernetesObject>): boolean {
    if (watch !== this.#watch || watch.latestResourceVersion() === '') return false;
    this.#objects = watch.list();
    this.#synced = true;
    this.#options.onChange();
    return true;
  }

  /** Something moved, or the watch is open. */
  #moved(watch: ListWatch<KubernetesObject>): void {
    if (!this.#take(watch)) return;
    if (this.#trouble !== undefined) this.#runtime.log.info({ resource: this.#options.resource.kind }, 'Watching the Kubernetes API again');
    this.#trouble = undefined;
    this.#attempts = 0;
  }

  #failed(watch: ListWatch<KubernetesObject> | undefined, error: unknown): void {
    if (watch !== this.#watch || this.#stopped || this.#retry !== undefined) return;
    const isNew = this.#trouble === undefined;
    this.#trouble = troubleOf(error);
    if (isNew) {
      this.#runtime.log.warn(
        { resource: this.#options.resource.kind, reason: this.#trouble.message },
        'Lost the Kubernetes API, starting again',
      );
    }
    void watch?.stop();
    this.#watch = undefined;
    const base = Math.min(MAX_RETRY_MS, (this.#options.firstRetryMs ?? 500) * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    this.#retry = this.#runtime.timers.after(base * (0.5 + this.#runtime.random() / 2), () => this.start());
    this.#options.onChange();
  }

  synced(): boolean {
    return this.#synced;
  }

  objects(): readonly KubernetesObject[] {
    return this.#objects;
  }

  trouble(): InformerTrouble | undefined {
    return this.#trouble;
  }

  stop(): void {
    this.#stopped = true;
    this.#retry?.();
    void this.#watch?.stop();
    this.#watch = undefined;
  }
}

export function createInformer(options: InformerOptions, runtime: Runtime): Informer {
  return new RestartingInformer(options, runtime);
}
