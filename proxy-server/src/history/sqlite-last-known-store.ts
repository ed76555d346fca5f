/**
 * The last known fleet in one SQLite file, written by a worker thread. `write` resolves when the batch is in the write-ahead log: from
 * then on a kill of the process loses nothing of it. Where the thread itself dies every question in flight fails with its words.
 */
import { Worker } from 'node:worker_threads';
import type { LastKnownStore } from '../ports/last-known-store.ts';
import type { KnownApplications } from '../domain/known-applications.ts';
import { toFigures, toKnownEdge, toRecordBatch } from './known-records.ts';
import type { EdgeRecord, HourRecord } from './last-known-tables.ts';
import type { WorkerOptions, WorkerReply, WorkerRequest } from './worker-protocol.ts';

interface ChunkReaders {
  onEdges(rows: readonly EdgeRecord[]): void;
  onApplications(part: KnownApplications): void;
}
interface Waiting extends Partial<ChunkReaders> {
  readonly resolve: (hours: readonly HourRecord[]) => void;
  readonly reject: (error: Error) => void;
}
type Question = WorkerRequest extends infer Request ? (Request extends WorkerRequest ? Omit<Request, 'id'> : never) : never;

/** Opens or makes the file. Rejects, with the path in its words, where it cannot be written. */
export async function openSqliteLastKnownStore(file: string): Promise<LastKnownStore> {
  const options: WorkerOptions = { file };
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: options });
  const notices: string[] = [];
  await opened(worker, file, notices);
  const ask = asker(worker, file, notices);
  const early = readEarly(ask);

  return {
    notices,
    async load(onEdge, onApplications) {
      const readers = { onEdges: (rows: readonly EdgeRecord[]) => rows.forEach((row) => onEdge(toKnownEdge(row))), onApplications };
      await (early.take(readers) ?? ask({ kind: 'load' }, readers));
    },
    async hourly() {
      const hours = await ask({ kind: 'hours' });
      return hours.map(({ hour, figures }) => ({ hour, figures: toFigures(figures) }));
    },
    async write(batch) {
      early.forget();
      await ask({ kind: 'write', batch: toRecordBatch(batch) });
    },
    async close() {
      await ask({ kind: 'close' });
      await worker.terminate();
    },
  };
}

interface EarlyReading {
  /** Hands over what was read, and goes on as it comes. Only the first one gets it; undefined for others, and after a write. */
  take(to: ChunkReaders): Promise<unknown> | undefined;
  /** Something is written: what was read before is not what is there any more. */
  forget(): void;
}

const NOBODY: ChunkReaders = { onEdges: () => undefined, onApplications: () => undefined };

/** The file is read from the moment it is open, while the program still reads its configuration. */
function readEarly(ask: Ask): EarlyReading {
  let waiting: ((readers: ChunkReaders) => void)[] = [];
  let readers: ChunkReaders | undefined;
  const tell = (chunk: (to: ChunkReaders) => void): void => {
    if (readers === undefined) waiting.push(chunk);
    else chunk(readers);
  };
  const reading = ask(
    { kind: 'load' },
    { onEdges: (rows) => tell((to) => to.onEdges(rows)), onApplications: (part) => tell((to) => to.onApplications(part)) },
  );
  reading.catch(() => undefined); // whoever takes it hears of it
  const give = (to: ChunkReaders): void => {
    readers = to;
    const chunks = waiting;
    waiting = [];
    for (const chunk of chunks) chunk(to);
  };
  return {
    take(to) {
      if (readers !== undefined) return undefined;
      give(to);
      return reading;
    },
    forget() {
      if (readers === undefined) give(NOBODY);
    },
  };
}

type Ask = (question: Question, chunks?: ChunkReaders) => Promise<readonly HourRecord[]>;

/** Numbers the questions, hands each answer to the one who asked, and fails all of them when the thread ends. */
function asker(worker: Worker, file: string, notices: string[]): Ask {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const take = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    return found;
  };
  const failAll = (error: Error): void => {
    for (const id of [...waiting.keys()]) take(id)?.reject(error);
  };
  const finish = (reply: Extract<WorkerReply, { kind: 'done' | 'failed' }>): void => {
    if (reply.kind === 'failed') {
      take(reply.id)?.reject(new Error(`The state file ${file} cannot be used: ${reply.message}`));
      return;
    }
    notices.push(...(reply.notices ?? []));
    take(reply.id)?.resolve(reply.hours ?? []);
  };

  worker.on('message', (reply: WorkerReply) => {
    if (reply.kind === 'edges') waiting.get(reply.id)?.onEdges?.(reply.rows);
    else if (reply.kind === 'applications') waiting.get(reply.id)?.onApplications?.(reply.part);
    else if (reply.kind === 'done' || reply.kind === 'failed') finish(reply);
  });
  worker.on('error', failAll);
  worker.on('exit', () => failAll(new Error(`The thread that writes ${file} has ended`)));

  return (question, chunks) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject, ...chunks });
      worker.postMessage({ ...question, id: lastId } satisfies WorkerRequest);
    });
}

/** Waits for the first word of the worker: the file is open, or why not. */
function opened(worker: Worker, file: string, notices: string[]): Promise<void> {
  const remedy = 'Check that its folder exists and may be written, and that no other process uses it';
  return new Promise((resolve, reject) => {
    const refuse = (words: string): void => {
      void worker.terminate();
      reject(new Error(`The state file ${file} cannot be opened: ${words}. ${remedy}`));
    };
    worker.once('error', (error: Error) => refuse(error.message));
    worker.once('message', (reply: WorkerReply) => {
      if (reply.kind === 'refused') refuse(reply.message);
      else if (reply.kind === 'opened') {
        notices.push(...reply.notices);
        resolve();
      }
    });
  });
}
