/**
 * The last known fleet in its tables: rows in, rows out, synchronous. Runs in the worker; knows nothing of messages. Rows carry JSON as
 * text, made and read on the main thread, so that only flat strings cross between the threads.
 */
import type { DatabaseSync } from 'node:sqlite';
import { NUMBER_AT, type KnownRow } from '../domain/known-applications.ts';
import { unpackRow } from './packed-record.ts';

export interface EdgeRecord {
  readonly edge: string;
  readonly readAt: number | null;
  readonly facts: string;
  readonly connection: string | null;
  readonly connectivity: string | null;
}

/** Edge, namespace, name, packed record, observedAt, clock of the edge; and then the same of the next Application. */
export type ApplicationCell = string | number | null;
const CELLS_PER_ROW = 6;

export interface HourRecord {
  readonly hour: number;
  readonly figures: string;
}

export interface RecordBatch {
  readonly edges: readonly EdgeRecord[];
  readonly droppedEdges: readonly string[];
  /** Flat: an object for each costs more to hand over than all that is in it. */
  readonly applications: readonly ApplicationCell[];
  readonly droppedApplications: readonly (readonly [edge: string, namespace: string, name: string])[];
  readonly hourly: HourRecord | undefined;
}

const KEPT_HOURS = 7 * 24 + 1;

export interface LastKnownTables {
  /** One transaction: all of the batch or nothing. */
  write(batch: RecordBatch): void;
  edges(): IterableIterator<unknown>;
  /** Each an array of its cells. */
  applications(): IterableIterator<unknown>;
  hours(): unknown[];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const fieldsOf = (row: unknown): Readonly<Record<string, unknown>> => (typeof row === 'object' && row !== null ? { ...row } : {});

export function toEdgeRecord(row: unknown): EdgeRecord {
  const { edge, read_at: readAt, facts, connection, connectivity } = fieldsOf(row);
  return {
    edge: text(edge),
    readAt: numberOrNull(readAt),
    facts: text(facts),
    connection: textOrNull(connection),
    connectivity: textOrNull(connectivity),
  };
}

/** Undefined for a row that cannot be read. */
export function toKnownRow(row: unknown): KnownRow | undefined {
  const [edge, namespace, name, data, observedAt, edgeClock]: readonly unknown[] = Array.isArray(row) ? row : [];
  const unpacked = unpackRow(text(data), { namespace: text(namespace), name: text(name) });
  if (unpacked === undefined) return undefined;
  const numbers = [...unpacked.numbers];
  if (typeof observedAt === 'number') numbers[NUMBER_AT.observedAt] = observedAt;
  if (typeof edgeClock === 'number') numbers[NUMBER_AT.edgeClock] = edgeClock;
  return { edge: text(edge), uid: unpacked.uid, texts: unpacked.texts, numbers };
}

export function toHourRecord(row: unknown): HourRecord {
  const { hour, figures } = fieldsOf(row);
  return { hour: numberOrNull(hour) ?? 0, figures: text(figures) };
}

/** Prepares the statements once. */
export function lastKnownTables(database: DatabaseSync): LastKnownTables {
  const putEdge = database.prepare('INSERT OR REPLACE INTO edge (edge, read_at, facts, connection, connectivity) VALUES (?, ?, ?, ?, ?)');
  const putApplication = database.prepare(
    'INSERT OR REPLACE INTO application (edge, namespace, name, data, observed_at, edge_clock) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const dropEdge = database.prepare('DELETE FROM edge WHERE edge = ?');
  const dropApplicationsOf = database.prepare('DELETE FROM application WHERE edge = ?');
  const dropApplication = database.prepare('DELETE FROM application WHERE edge = ? AND namespace = ? AND name = ?');
  const putHour = database.prepare('INSERT OR REPLACE INTO hourly (hour, figures) VALUES (?, ?)');
  const dropHours = database.prepare('DELETE FROM hourly WHERE hour <= ?');

  const apply = (batch: RecordBatch): void => {
    for (const edge of batch.droppedEdges) {
      dropEdge.run(edge);
      dropApplicationsOf.run(edge);
    }
    for (const [edge, namespace, name] of batch.droppedApplications) dropApplication.run(edge, namespace, name);
    for (const row of batch.edges) putEdge.run(row.edge, row.readAt, row.facts, row.connection, row.connectivity);
    for (let at = 0; at < batch.applications.length; at += CELLS_PER_ROW) {
      putApplication.run(...batch.applications.slice(at, at + CELLS_PER_ROW));
    }
    if (batch.hourly === undefined) return;
    putHour.run(batch.hourly.hour, batch.hourly.figures);
    dropHours.run(batch.hourly.hour - KEPT_HOURS);
  };

  return {
    write(batch) {
      database.exec('BEGIN IMMEDIATE');
      try {
        apply(batch);
        database.exec('COMMIT');
      } catch (thrown) {
        database.exec('ROLLBACK');
        throw thrown;
      }
    },
    edges: () => database.prepare('SELECT * FROM edge').iterate(),
    applications() {
      const all = database.prepare('SELECT edge, namespace, name, data, observed_at, edge_clock FROM application ORDER BY edge');
      all.setReturnArrays(true);
      return all.iterate();
    },
    hours: () => database.prepare('SELECT * FROM hourly ORDER BY hour').all(),
  };
}
