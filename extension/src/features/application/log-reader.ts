import type { HubClient } from '../../api/hub-client.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { createSseParser } from '../../api/sse-parser.ts';
import { parseLogEntry, type LogEntry } from './log-lines.ts';

type Line = Extract<LogEntry, { kind: 'line' }>;

export interface LogHandlers {
  /** Lines as they come, at most once per batch of the network. */
  readonly onLines: (lines: readonly Line[]) => void;
  /** Nothing more comes: the end, what the edge said, or what went wrong on the way. */
  readonly onEnd: (end: { readonly message?: string; readonly problem?: HubProblem }) => void;
}

/** Reads a log to its end, or until it is let go. Server-sent events whether it is followed or not: one parser for both. */
export function readLog(client: HubClient, path: string, { onLines, onEnd }: LogHandlers): () => void {
  const run = new AbortController();
  void follow(client, path, run.signal, onLines).then((end) => {
    if (!run.signal.aborted) onEnd(end);
  });
  return () => run.abort();
}

type End = Parameters<LogHandlers['onEnd']>[0];

async function follow(client: HubClient, path: string, signal: AbortSignal, onLines: LogHandlers['onLines']): Promise<End> {
  const answer = await client.request(path, { accept: 'text/event-stream', signal, endless: true });
  if (!answer.ok) return { problem: answer.error };
  const reader = answer.value.body?.getReader();
  if (reader === undefined) return {};
  try {
    return await readLines(reader, signal, onLines);
  } catch {
    return { problem: { kind: 'offline', status: 0 } }; // cut on the way; let go by us, nobody listens
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function readLines(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  signal: AbortSignal,
  onLines: LogHandlers['onLines'],
): Promise<End> {
  const decoder = new TextDecoder();
  let batch: Line[] = [];
  let message: string | undefined;
  const parser = createSseParser(({ data }) => {
    const entry = parseLogEntry(data);
    if (entry?.kind === 'line') batch.push(entry);
    else if (entry?.kind === 'failed') ({ message } = entry);
  });
  for (;;) {
    const { done, value } = await reader.read();
    if (done || signal.aborted) return message === undefined ? {} : { message };
    parser.push(decoder.decode(value, { stream: true }));
    if (batch.length > 0) onLines(batch);
    batch = [];
  }
}
