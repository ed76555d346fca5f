/**
 * The last known fleet in its tables: rows in, rows out, synchronous. Runs in the worker; knows nothing of messages. Rows carry JSON as
 * text, made and read on the main thread, so that only flat strings cross between the threads.
 */
import type { DatabaseSync } from 'node:sqlite';

export interface EdgeRecord {
  readonly edge: string;
  readonly readAt: number | null;
  readonly facts: string;
  readonly connection: string | null;
  readonly connectivity: string | null;
}

export interface ApplicationRecord {
  readonly edge: string;
  readonly namespace: string;
  readonly name: string;
  readonly data: string;
  readonly observedAt: number | null;
  readonly edgeClock: number | null;
}

export interface HourRecord {
  readonly hour: number;
  readonly figures: string;
}

export interface RecordBatch {
  readonly edges: readonly EdgeRecord[];
  readonly droppedEdges: readonly string[];
  readonly applications: readonly ApplicationRecord[];
  readonly droppedApplications: readonly (readonly [edge: string, namespace: string, name: string])[];
  readonly hourly: HourRecord | undefined;
}

const KEPT_HOURS = 7 * 24 + 1;

export interface LastKnownTables {
  /** One transaction: all of the batch or nothing. */
  write(batch: RecordBatch): void;
  edges(): IterableIterator<unknown>;
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

export function toApplicationRecord(row: unknown): ApplicationRecord {
  const { edge, namespace, name, data, observed_at: observedAt, edge_clock: edgeClock } = fieldsOf(row);
  return {
    edge: text(edge),
    namespace: text(namespace),
    name: text(name),
    data: text(data),
    observedAt: numberOrNull(observedAt),
    edgeClock: numberOrNull(edgeClock),
  };
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
    for (const row of batch.applications) {
      putApplication.run(row.edge, row.namespace, row.name, row.data, row.observedAt, row.edgeClock);
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
    applications: () => database.prepare('SELECT * FROM application ORDER BY edge').iterate(),
    hours: () => database.prepare('SELECT * FROM hourly ORDER BY hour').all(),
  };
}
