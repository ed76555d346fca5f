import type { Connector, Edge, Product, Secret } from '../domain/edge.ts';
import type { ConnectorId, EdgeId, ProductId, SecretId } from '../domain/ids.ts';

/** Something wrong with one object: it names all a person needs to mend it, and takes nothing else down. */
export interface ConfigProblem {
  /** File (folder) or `namespace/name` (Kubernetes). */
  readonly where: string;
  readonly object: string;
  readonly field: string;
  /** The offending value, shortened; never one of a Secret. */
  readonly value?: string;
  readonly remedy: string;
  readonly severity: 'error' | 'warning';
}

/** The policy of rights as written by people; absent parts have their defaults in `domain/`. */
export interface PolicyObject {
  readonly csv: string;
  readonly default?: string;
  readonly hubVersion?: string;
}

/**
 * All our objects at one moment. An object that did not change keeps its identity from one snapshot to the next, so that readers compare
 * with `===`. A bad object is absent here, or its last good form where there was one, and named in `problems`.
 */
export interface ConfigSnapshot {
  readonly edges: ReadonlyMap<EdgeId, Edge>;
  readonly connectors: ReadonlyMap<ConnectorId, Connector>;
  readonly products: ReadonlyMap<ProductId, Product>;
  readonly secrets: ReadonlyMap<SecretId, Secret>;
  readonly policy: PolicyObject | undefined;
  readonly problems: readonly ConfigProblem[];
}

/** Where Edge, Connector, Product and Secret objects come from: a folder of YAML, or the hub's Kubernetes API. Level-triggered. */
export interface ObjectStore {
  /** Resolves with the first complete snapshot in `current()`. */
  start(): Promise<void>;
  current(): ConfigSnapshot;
  /** Told that something changed, never what; read `current()`. Returns the unsubscriber. */
  subscribe(onChange: () => void): () => void;
  /** The object as YAML text, without secrets, for people to read. */
  yamlOf(kind: 'Edge', name: string): string | undefined;
  close(): Promise<void>;
}
