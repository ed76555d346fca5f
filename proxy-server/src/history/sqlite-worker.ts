/**
 * The one writer of the state file, on a thread of its own so that a batch never stops the loops. Questions are answered in order.
 * A file found damaged while it is read is set aside as at the start: the rows read so far stand, the rest is asked of the edges again.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createKnownApplicationsWriter, type KnownApplications } from '../domain/known-applications.ts';
import { lastKnownTables, toEdgeRecord, toHourRecord, toKnownRow, type LastKnownTables } from './last-known-tables.ts';
import { LAST_KNOWN } from './migrations/0001-last-known.ts';
import { thrownWords } from '../domain/thrown-words.ts';
import { isDamage, openDatabase, setAside, type OpenedDatabase } from './open-database.ts';
import type { WorkerOptions, WorkerReply, WorkerRequest } from './worker-protocol.ts';

const CHUNK_ROWS = 4_000;
const MIGRATIONS = [LAST_KNOWN];

function* chunksOf<T>(rows: Iterable<unknown>, toRecord: (row: unknown) => T): Generator<T[]> {
  let chunk: T[] = [];
  for (const row of rows) {
    chunk.push(toRecord(row));
    if (chunk.length < CHUNK_ROWS) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

const ownText = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');

function* partsOf(rows: Iterable<unknown>): Generator<KnownApplications> {
  const writer = createKnownApplicationsWriter(CHUNK_ROWS, ownText);
  for (const row of rows) {
    const known = toKnownRow(row);
    if (known !== undefined) writer.add(known);
    if (writer.rows === CHUNK_ROWS) yield writer.take();
  }
  if (writer.rows > 0) yield writer.take();
}

function serve(file: string, reply: (message: WorkerReply) => void): (request: WorkerRequest) => void {
  let opened: OpenedDatabase = openDatabase(file, MIGRATIONS, Date.now());
  let tables: LastKnownTables = lastKnownTables(opened.database);
  reply({ kind: 'opened', notices: opened.notices });

  const load = (id: number): void => {
    for (const rows of chunksOf(tables.edges(), toEdgeRecord)) reply({ kind: 'edges', id, rows });
    for (const part of partsOf(tables.applications())) reply({ kind: 'applications', id, part });
    reply({ kind: 'done', id });
  };

  const startAnew = (id: number): void => {
    opened.database.close();
    const aside = setAside(file, 'damaged', Date.now());
    opened = openDatabase(file, MIGRATIONS, Date.now());
    tables = lastKnownTables(opened.database);
    reply({ kind: 'done', id, notices: [`The state file was damaged and is set aside as ${aside}; what was readable is kept.`] });
  };

  const answer = (request: WorkerRequest): void => {
    switch (request.kind) {
      case 'write': tables.write(request.batch); reply({ kind: 'done', id: request.id }); return;
      case 'load': load(request.id); return;
      case 'hours': reply({ kind: 'done', id: request.id, hours: tables.hours().map(toHourRecord) }); return;
      case 'close': opened.database.close(); reply({ kind: 'done', id: request.id }); return;
      default: request satisfies never;
    } // prettier-ignore
  };

  return (request) => {
    try {
      answer(request);
    } catch (thrown) {
      if (request.kind === 'load' && isDamage(thrown)) startAnew(request.id);
      else reply({ kind: 'failed', id: request.id, message: thrownWords(thrown) });
    }
  };
}

const port = parentPort;
if (port !== null) {
  const options: WorkerOptions = workerData;
  const reply = (message: WorkerReply): void =>
    port.postMessage(message, message.kind === 'applications' ? [message.part.ids.buffer, message.part.numbers.buffer] : []);
  try {
    port.on('message', serve(options.file, reply));
  } catch (thrown) {
    reply({ kind: 'refused', message: thrownWords(thrown) });
  }
}
