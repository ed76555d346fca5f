import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { HubClient } from '../../api/hub-client.ts';
import { createEdgeParts, PART_DEADLINE_MS } from '../../stores/edge-parts.ts';
import { cutAtMatches, MAX_LOG_LINES, NO_LINES, parseLogEntry, searchLines, withLines } from './log-lines.ts';
import { readLog } from './log-reader.ts';

const line = (text: string) => ({ kind: 'line' as const, text, pod: 'p' });

describe('a message of a log', () => {
  test('as recorded: what the kubelet refused stands as a line, and the end is the end', () => {
    const file = new URL('../../../../test/fixtures/argocd/3.5.1/logs-no-kubelet.json', import.meta.url);
    const { response } = JSON.parse(readFileSync(file, 'utf8')) as { response: { chunks: { text: string }[] } };
    expect(response.chunks.map(({ text }) => parseLogEntry(text)?.kind)).toEqual(['line', 'end']);
  });

  test('an error has its words; what cannot be read is nothing', () => {
    expect(parseLogEntry('{"error":{"http_code":403,"message":"permission denied"}}')).toEqual({
      kind: 'failed',
      message: 'permission denied',
    });
    expect([parseLogEntry('<html>'), parseLogEntry('{}')]).toEqual([undefined, undefined]);
  });
});

describe('the lines that are kept', () => {
  test('stay within their limit; numbers go on and what was dropped is counted', () => {
    const many = Array.from({ length: MAX_LOG_LINES + 3 }, (_unused, index) => line(String(index)));
    const buffer = withLines(withLines(NO_LINES, many), [line('last')]);
    expect([buffer.lines.length, buffer.dropped, buffer.lines.at(-1)!.number]).toEqual([MAX_LOG_LINES, 4, MAX_LOG_LINES + 4]);
  });

  test('are searched without case, and the search is text, not a pattern', () => {
    const { lines } = withLines(NO_LINES, [line('level=FATAL (x)'), line('level=info')]);
    expect(searchLines(lines, ' fatal ').map(({ number }) => number)).toEqual([1]);
    expect(cutAtMatches('level=FATAL (x)', '(x)')).toEqual(['level=FATAL ', '(x)', '']);
  });
});

const streamOf = (chunks: readonly string[]): HubClient => {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      chunks.forEach((chunk) => controller.enqueue(new TextEncoder().encode(chunk)));
      controller.close();
    },
  });
  return { request: () => Promise.resolve({ ok: true, value: new Response(body) }) } as unknown as HubClient;
};

describe('reading a log', () => {
  const read = (client: HubClient): Promise<{ readonly texts: readonly string[]; readonly end: object }> =>
    new Promise((resolve) => {
      const texts: string[] = [];
      readLog(client, 'logs', {
        onLines: (lines) => texts.push(...lines.map(({ text }) => text)),
        onEnd: (end) => resolve({ texts, end }),
      });
    });

  test('messages cut anywhere are put together', async () => {
    const client = streamOf([
      'data: {"result":{"cont',
      'ent":"one"}}\n\n\ndata: {"result":{"content":"two"}}\n\n',
      'data: {"result":{"last":true}}\n\n',
    ]);
    expect(await read(client)).toEqual({ texts: ['one', 'two'], end: {} });
  });

  test('what the edge said when it ended is passed on', async () => {
    const client = streamOf(['data: {"error":{"message":"container is gone"}}\n\n']);
    expect(await read(client)).toEqual({ texts: [], end: { message: 'container is gone' } });
  });

  test('a refusal is a problem', async () => {
    const problem = { kind: 'notAllowed' as const, status: 403, missingLine: 'p, jane, logs, get, store-1/shop/pos, allow' };
    const client = { request: () => Promise.resolve({ ok: false, error: problem }) } as unknown as HubClient;
    expect(await read(client)).toEqual({ texts: [], end: { problem } });
  });
});

describe('a part of an edge', () => {
  test('that does not come within its deadline is let go, and says so in words', async () => {
    const timers: { run: () => void; afterMs: number }[] = [];
    const parts = createEdgeParts({
      client: {
        get: (_path, signal) =>
          new Promise((resolve) => {
            signal?.addEventListener('abort', () => resolve({ ok: false, error: { kind: 'offline', status: 0 } }));
          }),
      },
      now: () => 0,
      setTimer: (run, afterMs) => timers.push({ run, afterMs }),
      clearTimer: () => undefined,
    });
    const told = new Promise<void>((resolve) => {
      parts.subscribe('tree', () => (parts.read('tree').problem === undefined ? undefined : resolve()));
    });
    const deadline = timers.find(({ afterMs }) => afterMs === PART_DEADLINE_MS)!;
    deadline.run();
    await told;
    expect(parts.read('tree').problem).toMatchObject({ kind: 'edgeFailed', detail: expect.stringContaining('15 seconds') });
  });
});
