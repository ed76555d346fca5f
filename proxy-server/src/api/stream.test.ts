import { afterEach, describe, expect, test } from '@jest/globals';
import { setImmediate as nextTurn, setTimeout as sleepReally } from 'node:timers/promises';
import { connect } from 'node:net';
import { createApiHarness, seesRegion, throughHub, type ApiHarness } from '../../../test/api-harness.ts';
import { anEdgeDetail } from '../../../test/fakes/fake-fleet-reader.ts';
import { mergeDeltas } from './stream-frames.ts';
import { parseTopics } from './stream-client.ts';

interface Frame {
  readonly event: string;
  readonly id: number;
  readonly data: Record<string, unknown>;
}

/** A browser's side: reads by fetch, keeps what came. */
interface Reader {
  readonly frames: Frame[];
  readonly comments: number;
  readonly ended: boolean;
  readonly response: Response;
  stop(): void;
}

let harness: ApiHarness;
const readers: Reader[] = [];
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.stop();
  await harness.close();
});

const start = (options: Parameters<typeof createApiHarness>[0] = {}): ApiHarness => {
  harness = createApiHarness(options);
  harness.fleet.putEdges([anEdgeDetail('store-0001'), anEdgeDetail('store-0002', { labels: { region: 'south' } })]);
  return harness;
};

function toFrame(text: string): Frame {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  return { event: field('event'), id: Number(field('id')), data: JSON.parse(field('data')) as Record<string, unknown> };
}

async function readAll(response: Response, state: { frames: Frame[]; comments: number }): Promise<void> {
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      if (part.startsWith(':')) state.comments += 1;
      else state.frames.push(toFrame(part));
    }
  }
}

async function open(query = '', headers: Record<string, string> = {}): Promise<Reader> {
  const { url } = await harness.listen();
  const abort = new AbortController();
  const response = await fetch(`${url}/api/v1/stream${query}`, { headers: { ...throughHub(), ...headers }, signal: abort.signal });
  const state = { frames: [] as Frame[], comments: 0, ended: false, response, stop: () => abort.abort() };
  readers.push(state);
  void readAll(response, state)
    .catch(() => undefined)
    .finally(() => (state.ended = true)); // stopped by the test, or cut by the server
  return state;
}

/** Sockets are the machine's: a bounded number of chances, with the tick stepped by hand. */
async function until(done: () => boolean, stepMs = 0): Promise<void> {
  for (let turn = 0; turn < 2_000 && !done(); turn += 1) {
    harness.runtime.advance(stepMs);
    await nextTurn();
    if (turn % 50 === 49) await sleepReally(1);
  }
  expect(done()).toBe(true);
}
const events = (reader: Reader): string[] => reader.frames.map((frame) => frame.event);

describe('the stream', () => {
  test('greets with where it stands and the whole fleet, uncompressed and untouched on the way', async () => {
    start();
    const reader = await open();
    await until(() => reader.frames.length === 2);
    expect(events(reader)).toEqual(['hello', 'snapshot']);
    expect(reader.frames[0]?.data).toMatchObject({ revision: harness.fleet.revision, resumed: false, heartbeatMs: 15_000 });
    expect(reader.frames[1]?.data).toMatchObject({ counts: { edges: 2 } });
    expect(reader.response.headers.get('content-type')).toContain('text/event-stream');
    expect(reader.response.headers.get('cache-control')).toContain('no-transform');
    expect(reader.response.headers.get('content-encoding')).toBeNull();
  });

  test('resumes after the revision a reader has, by query or by Last-Event-ID, without a snapshot', async () => {
    start();
    const had = harness.fleet.revision;
    harness.fleet.publish({ rows: [[0, '100000']] });
    harness.fleet.publish({ rows: [[0, '200000'], [1, '300000']] }); // prettier-ignore
    for (const reader of [await open(`?after=${had}`), await open('', { 'last-event-id': String(had) })]) {
      await until(() => reader.frames.length === 2);
      expect(events(reader)).toEqual(['hello', 'delta']);
      expect(reader.frames[0]?.data['resumed']).toBe(true);
      expect(reader.frames[1]).toMatchObject({ id: had + 2, data: { rows: [[0, '200000'], [1, '300000']] } }); // prettier-ignore
    }
  });

  test.each([
    ['the deltas are no longer kept', (fleet: ApiHarness['fleet']) => fleet.forgetDeltas(), 0],
    ['the revision is from the future, of another process', () => undefined, 1_000_000],
  ])('starts anew where %s', async (_what, prepare, ahead) => {
    start();
    const had = harness.fleet.revision + ahead;
    harness.fleet.publish();
    harness.fleet.publish();
    prepare(harness.fleet);
    const reader = await open(`?after=${had}`);
    await until(() => reader.frames.length === 2);
    expect(events(reader)).toEqual(['hello', 'snapshot']);
  });

  test('a burst of 10,000 changes costs one frame per tick with the last state of each row', async () => {
    start();
    const reader = await open();
    await until(() => reader.frames.length === 2);
    for (let index = 0; index < 10_000; index += 1) harness.fleet.publish({ rows: [[index % 2, String(index % 10).repeat(6)]] });
    await until(() => reader.frames.length > 2, 30);
    expect(events(reader)).toEqual(['hello', 'snapshot', 'delta']);
    expect(reader.frames[2]).toMatchObject({ id: harness.fleet.revision, data: { rows: [[0, '888888'], [1, '999999']] } }); // prettier-ignore
  });

  test('a change after quiet is sent at once, and those that follow with the next tick', async () => {
    start();
    const reader = await open();
    await until(() => reader.frames.length === 2);
    harness.fleet.publish({ rows: [[0, '200000']] });
    await until(() => reader.frames.length === 3);
    for (const state of ['300000', '400000']) harness.fleet.publish({ rows: [[0, state]] });
    harness.runtime.advance(29);
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    expect(reader.frames).toHaveLength(3);
    harness.runtime.advance(1);
    await until(() => reader.frames.length === 4);
    expect(reader.frames[3]).toMatchObject({ data: { rows: [[0, '400000']] } });
  });

  test('edges that come or go are told, and the snapshot after it is in the new order', async () => {
    start();
    const reader = await open();
    await until(() => reader.frames.length === 2);
    harness.fleet.putEdges([anEdgeDetail('store-0000'), anEdgeDetail('store-0001')]);
    await until(() => reader.frames.length === 4, 30);
    expect(events(reader).slice(2)).toEqual(['members', 'snapshot']);
    expect(reader.frames[2]?.data['membership']).toBe(reader.frames[3]?.data['membership']);
  });

  test('an edge on screen is told when anything of it changed, to those who may see it', async () => {
    start().visibilities.set('bob', seesRegion('north'));
    const jane = await open('?topics=edge:store-0002');
    const bob = await open('?topics=edge:store-0002,edge:store-0001', throughHub('bob'));
    await until(() => jane.frames.length === 1 && bob.frames.length === 1);
    harness.fleet.publish({ edges: ['store-0002'] });
    await until(() => jane.frames.length === 2, 30);
    harness.fleet.publish({ edges: ['store-0001'] });
    await until(() => bob.frames.length === 2, 30);
    expect(jane.frames[1]).toMatchObject({ event: 'edge', data: { edge: 'store-0002' } });
    expect(bob.frames.map((frame) => frame.data['edge'])).toEqual([undefined, 'store-0001']);
  });

  test('when rights change, a reader gets the view they have now', async () => {
    start();
    const reader = await open();
    await until(() => reader.frames.length === 2);
    harness.visibilities.set('jane', seesRegion('north'));
    harness.api.stream.recheckRights();
    await until(() => reader.frames.length === 4);
    expect(reader.frames[3]).toMatchObject({ event: 'snapshot', data: { counts: { edges: 1 } } });
  });

  test('a comment every 15 s keeps it open, and after a while it ends so that the hub asks for rights again', async () => {
    start();
    const reader = await open('?topics=edge:store-0001');
    await until(() => reader.frames.length === 1);
    harness.runtime.advance(15_000);
    await until(() => reader.comments === 1);
    harness.runtime.advance(31 * 60_000);
    await until(() => reader.ended);
  });

  test('frames are encoded once: readers with the same rights and place get the same bytes', async () => {
    start();
    const made = harness.fleet.overviewsMade;
    const many = await Promise.all(Array.from({ length: 4 }, (_unused, index) => open('', throughHub(`user-${index}`))));
    await until(() => many.every((reader) => reader.frames.length === 2));
    const greeted = harness.fleet.overviewsMade - made;
    harness.fleet.putEdges([anEdgeDetail('store-0003')]);
    await until(() => many.every((reader) => reader.frames.length === 4), 30);
    expect(harness.fleet.overviewsMade - made - greeted).toBe(1);
  });
});

describe('too many and too slow', () => {
  test('one user opens a bounded number, all together too; the next is told when to ask again', async () => {
    start({ stream: { maxClients: 3, maxClientsPerUser: 2 } });
    await open();
    await open();
    const third = await open();
    expect(third.response.status).toBe(429);
    expect(third.response.headers.get('retry-after')).toBe('10');
    await open('', throughHub('bob'));
    expect((await open('', throughHub('carol'))).response.status).toBe(429);
    expect(harness.api.stream.clients).toBe(3);
  });

  test('a reader that went away is forgotten', async () => {
    start();
    const reader = await open();
    await until(() => harness.api.stream.clients === 1);
    reader.stop();
    await until(() => harness.api.stream.clients === 0);
  });

  test('a reader that does not read misses deltas, holds nobody up, and is cut when it does not catch up', async () => {
    start({ stream: { maxBacklogBytes: 16_384 } });
    const good = await open();
    const { port } = await harness.listen();
    const slow = connect(port, '127.0.0.1').pause();
    slow.on('error', () => undefined); // being cut is what it is here for
    const headers = Object.entries(throughHub('slow')).map(([name, value]) => `${name}: ${value}\r\n`).join(''); // prettier-ignore
    slow.write(`GET /api/v1/stream HTTP/1.1\r\nhost: x\r\n${headers}\r\n`);
    await until(() => harness.api.stream.clients === 2);
    const big = 'x'.repeat(400_000);
    for (let index = 0; index < 40; index += 1) {
      harness.fleet.publish({ rows: [[0, big]] });
      harness.runtime.advance(30);
      await nextTurn();
    }
    await until(() => good.frames.at(-1)?.id === harness.fleet.revision, 30);
    expect(harness.runtime.counts.get('stream_dropped behind')).toBe(1);
    harness.runtime.advance(60_000);
    await until(() => harness.api.stream.clients === 1);
    expect(harness.runtime.counts.get('stream_dropped stalled')).toBe(1);
    slow.destroy();
  });

  test('a slow reader that catches up starts anew from a snapshot', async () => {
    start({ stream: { maxBacklogBytes: 16_384 } });
    const { port } = await harness.listen();
    const slow = connect(port, '127.0.0.1').pause();
    slow.write(`GET /api/v1/stream HTTP/1.1\r\nhost: x\r\n${Object.entries(throughHub()).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`); // prettier-ignore
    await until(() => harness.api.stream.clients === 1);
    for (let index = 0; index < 40; index += 1) {
      harness.fleet.publish({ rows: [[0, 'x'.repeat(400_000)]] });
      harness.runtime.advance(30);
      await nextTurn();
    }
    await until(() => harness.runtime.counts.get('stream_dropped behind') === 1);
    let text = '';
    slow.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-5_000)));
    slow.resume();
    await until(() => new RegExp(`event: snapshot\nid: ${harness.fleet.revision}\n`).test(text));
    slow.destroy();
  });
});

describe('parts', () => {
  test('mergeDeltas keeps the last state of a row, and the last causes that were sent', () => {
    const rows = (...pairs: readonly (readonly [number, string])[]) => pairs;
    const merged = mergeDeltas([
      { revision: 1, now: 1, rows: rows([0, 'a'], [1, 'b']), causes: [] },
      { revision: 2, now: 2, rows: rows([0, 'c']) },
    ]);
    expect(merged).toEqual({ revision: 2, now: 2, rows: rows([0, 'c'], [1, 'b']), causes: [] });
    expect(mergeDeltas([])).toBeUndefined();
  });

  test.each([
    ['', true, []],
    ['fleet', true, []],
    ['edge:a', false, ['a']],
    ['fleet,edge:a,edge:b', true, ['a', 'b']],
  ])('topics %p', (text, fleet, edges) => {
    expect(parseTopics(text)).toEqual({ fleet, edges: new Set(edges) });
  });

  test.each(['weather', 'edge:', 'edge:../etc', Array.from({ length: 33 }, (_unused, index) => `edge:e${index}`).join(',')])(
    'topics %p are refused',
    (text) => {
      expect(parseTopics(text)).toBeUndefined();
    },
  );
});
