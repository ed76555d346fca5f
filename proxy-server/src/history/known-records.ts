/** Between the port's shapes and the rows of the tables. A row that cannot be read is absent: the edge tells it again. */
import type { KnownEdge, LastKnownBatch } from '../ports/last-known-store.ts';
import type { ApplicationCell, EdgeRecord, RecordBatch } from './last-known-tables.ts';
import { packRecord } from './packed-record.ts';

const jsonOrNull = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

function parsed<T>(text: string | null): T | undefined {
  if (text === null || text === '') return undefined;
  try {
    const value: T = JSON.parse(text);
    return value;
  } catch {
    return undefined; // written by this program and damaged since; nothing of it can be trusted
  }
}

export function toRecordBatch(batch: LastKnownBatch): RecordBatch {
  const applications: ApplicationCell[] = [];
  for (const { edge, record, observedAt, edgeClockAtReading } of batch.applications) {
    const { namespace, name } = record.texts;
    applications.push(edge, namespace, name, packRecord(record), observedAt ?? null, edgeClockAtReading ?? null);
  }
  return {
    edges: batch.edges.map((edge) => ({
      edge: edge.edge,
      readAt: edge.readAt ?? null,
      facts: JSON.stringify(edge.facts),
      connection: jsonOrNull(edge.connection),
      connectivity: edge.connectivity ?? null,
    })),
    droppedEdges: batch.droppedEdges,
    applications,
    droppedApplications: batch.droppedApplications.map(({ edge, namespace, name }) => [edge, namespace, name] as const),
    hourly: batch.hourly === undefined ? undefined : { hour: batch.hourly.hour, figures: JSON.stringify(batch.hourly.figures) },
  };
}

export function toKnownEdge(row: EdgeRecord): KnownEdge {
  const connection = parsed<NonNullable<KnownEdge['connection']>>(row.connection);
  return {
    edge: row.edge,
    facts: parsed<KnownEdge['facts']>(row.facts) ?? {},
    ...(row.readAt === null ? {} : { readAt: row.readAt }),
    ...(connection === undefined ? {} : { connection }),
    ...(row.connectivity === null ? {} : { connectivity: row.connectivity }),
  };
}

export const toFigures = (text: string): Readonly<Record<string, number>> => parsed<Record<string, number>>(text) ?? {};
