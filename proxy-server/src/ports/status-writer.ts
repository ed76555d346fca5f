import type { Condition } from '../domain/conditions.ts';
import type { Result } from '../domain/result.ts';

export type StatusKind = 'Edge' | 'Connector' | 'Product';

/** What is written back to one of our objects. Small, without a time that moves by itself. */
export interface KindStatus {
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
  /** Edge only: the Argo CD that AcceptNext made the known one. */
  readonly identity?: { readonly id: string; readonly acceptedGeneration: number };
}

/** One of our objects as it is stored, good or bad, with the status it has. */
export interface StoredKind {
  readonly kind: StatusKind;
  readonly name: string;
  readonly generation: number;
  /** Changes with every write of anybody. */
  readonly version: string;
  readonly status: KindStatus | undefined;
}

export interface StatusFailure {
  readonly kind: 'gone' | 'conflict' | 'failed';
  readonly message: string;
}

/** Objects that have a status, and the way to write it. Writing is safe to repeat. */
export interface StatusStore {
  objects(): readonly StoredKind[];
  object(kind: StatusKind, name: string): StoredKind | undefined;
  subscribe(onChange: () => void): () => void;
  apply(kind: StatusKind, name: string, status: KindStatus): Promise<Result<void, StatusFailure>>;
}
