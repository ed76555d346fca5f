import type { KnownApplications } from '../domain/known-applications.ts';
import type { EdgeRecord, HourRecord, RecordBatch } from './last-known-tables.ts';

/** What the main thread asks of the worker. Answers carry the number of the question; a load sends chunks before its answer. */
export type WorkerRequest =
  | { readonly id: number; readonly kind: 'write'; readonly batch: RecordBatch }
  | { readonly id: number; readonly kind: 'load' }
  | { readonly id: number; readonly kind: 'hours' }
  | { readonly id: number; readonly kind: 'close' };

export type WorkerReply =
  | { readonly kind: 'opened'; readonly notices: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'edges'; readonly id: number; readonly rows: readonly EdgeRecord[] }
  | { readonly kind: 'applications'; readonly id: number; readonly part: KnownApplications }
  | { readonly kind: 'done'; readonly id: number; readonly hours?: readonly HourRecord[]; readonly notices?: readonly string[] }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export interface WorkerOptions {
  readonly file: string;
}
