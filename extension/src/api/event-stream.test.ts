import { describe, expect, test } from '@jest/globals';
import { err, ok, type Result } from '../../../proxy-server/src/domain/result.ts';
import { backOffMs } from './back-off.ts';
import { EventStream, type StreamState } from './event-stream.ts';
import type { HubProblem } from './hub-problem.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that is stepped, and a server that answers as it is told. */
function aWorld() {
  let now = 0;
  let nextId = 1;
  const timers = new Map<number, Timer>();
  const asked: string[] = [];
  const states: StreamState[] = [];
  const events: string[] = [];
  const bodies: ReadableStreamDefaultController<Uint8Array>[] = [];
  let answer: () => Result<Response, HubProblem> = () =>
    ok(new Response(new ReadableStream<Uint8Array>({ start: (controller) => void bodies.push(controller) })));
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const stream = new EventStream(
    {
      client: {
        request: (path, options) => {
          asked.push(path);
          options?.signal?.addEventListener('abort', () => bodies.forEach((body) => tryTo(() => body.error(new Error('aborted')))));
          return Promise.resolve(answer());
        },
        get: () => Promise.reject(new Error('not asked')),
        post: () => Promise.reject(new Error('not asked')),
      },
      now: () => now,
      random: () => 1,
      setTimer: (run, afterMs) => {
        timers.set(nextId, { at: now + afterMs, run });
        return nextId++;
      },
      clearTimer: (id) => void timers.delete(id),
    },
    { onEvent: ({ type }) => events.push(type), onState: (state) => states.push(state) },
  );
  return {
    stream, asked, states, events, settle,
    send: (text: string) => bodies.at(-1)?.enqueue(new TextEncoder().encode(text)),
    end: () => tryTo(() => bodies.at(-1)?.close()),
    answerWith: (next: () => Result<Response, HubProblem>) => { answer = next; },
    kind: () => states.at(-1)?.kind,
    async pass(ms: number) {
      now += ms;
      for (const [id, timer] of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(id);
        timer.run();
      }
      await settle();
    },
  }; // prettier-ignore
}

const tryTo = (run: () => void): void => {
  try {
    run();
  } catch {
    return; // already closed
  }
};

const EMPTY = (): Result<Response, HubProblem> => ok(new Response(''));
const AWAY = (): Result<Response, HubProblem> => err({ kind: 'backendAway', status: 502 });

describe('a stream', () => {
  test('is live with its first byte and hands on its events', async () => {
    const world = aWorld();
    world.stream.open(['fleet', 'edge:store-1'], undefined);
    await world.settle();
    expect(world.asked).toEqual(['stream?topics=fleet,edge%3Astore-1']);
    world.send('id: 41\nevent: delta\ndata: {}\n\n');
    await world.settle();
    expect(world.kind()).toBe('live');
    expect(world.events).toEqual(['delta']);
  });

  test('that ends is opened again after a pause, from the last id', async () => {
    const world = aWorld();
    world.stream.open(['fleet'], '40');
    await world.settle();
    world.send('id: 41\nevent: delta\ndata: {}\n\n');
    await world.settle();
    world.end();
    await world.settle();
    expect(world.kind()).toBe('waiting');
    await world.pass(1_000);
    expect(world.asked).toEqual(['stream?topics=fleet&after=40', 'stream?topics=fleet&after=41']);
  });

  test('that falls silent for 45 s is taken for dead', async () => {
    const world = aWorld();
    world.stream.open(['fleet'], undefined);
    await world.settle();
    world.send(': hello\n\n');
    await world.settle();
    await world.pass(44_000);
    expect(world.kind()).toBe('live');
    await world.pass(2_000);
    expect(world.kind()).toBe('waiting');
  });

  test('a refused one waits longer each time, never more than a minute, and says why', async () => {
    const world = aWorld();
    world.answerWith(AWAY);
    world.stream.open(['fleet'], undefined);
    await world.settle();
    for (let round = 0; round < 12; round += 1) await world.pass(60_000);
    const waits = world.states.filter((state) => state.kind === 'waiting' || state.kind === 'polling');
    expect(waits[0]).toMatchObject({ kind: 'waiting', problem: { kind: 'backendAway' } });
    expect(backOffMs(50, () => 1)).toBe(60_000);
    expect(backOffMs(0, () => 0)).toBe(500);
  });

  test('where no byte ever comes, three times, polling takes over; the first byte ends it', async () => {
    const world = aWorld();
    world.answerWith(EMPTY);
    world.stream.open(['fleet'], undefined);
    await world.settle();
    await world.pass(60_000);
    expect(world.kind()).toBe('waiting');
    await world.pass(60_000);
    expect(world.kind()).toBe('polling');
    world.answerWith(() => ok(new Response('event: hello\ndata: {}\n\n')));
    await world.pass(60_000);
    expect(world.states.map(({ kind }) => kind)).toContain('live');
  });

  test('a hidden tab pauses after 30 s and goes on from its last id when it is looked at', async () => {
    const world = aWorld();
    world.stream.open(['fleet'], '7');
    await world.settle();
    world.stream.setHidden(true);
    await world.pass(29_000);
    expect(world.kind()).not.toBe('paused');
    await world.pass(1_000);
    expect(world.kind()).toBe('paused');
    world.stream.setHidden(false);
    await world.settle();
    expect(world.asked.at(-1)).toBe('stream?topics=fleet&after=7');
  });

  test('a closed one asks no more', async () => {
    const world = aWorld();
    world.answerWith(AWAY);
    world.stream.open(['fleet'], undefined);
    await world.settle();
    world.stream.close();
    await world.pass(120_000);
    expect(world.asked).toHaveLength(1);
  });
});
