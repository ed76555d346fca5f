import { describe, expect, test } from '@jest/globals';
import { err, ok, type Result } from '../../../proxy-server/src/domain/result.ts';
import type { HubProblem } from '../api/hub-problem.ts';
import { QueryCache } from './query-cache.ts';

function aCache() {
  let now = 10_000;
  const timers: { at: number; run: () => void }[] = [];
  const asked: { path: string; answer: (result: Result<unknown, HubProblem>) => void }[] = [];
  const cache = new QueryCache({
    get: (path) => new Promise((answer) => asked.push({ path, answer })),
    now: () => now,
    setTimer: (run, afterMs) => timers.push({ at: now + afterMs, run }),
  });
  return {
    cache,
    asked,
    async answer(result: Result<unknown, HubProblem>) {
      asked.at(-1)?.answer(result);
      await Promise.resolve();
      await Promise.resolve();
    },
    pass(ms: number) {
      now += ms;
      timers.splice(0).forEach((timer) => (timer.at <= now ? timer.run() : timers.push(timer)));
    },
  };
}

describe('the cache of answers', () => {
  test('asks once however many watch', () => {
    const { cache, asked } = aCache();
    cache.subscribe('edges/a', () => undefined);
    cache.subscribe('edges/a', () => undefined);
    expect(asked).toHaveLength(1);
  });

  test('an answer that nobody was watching is shown, and asked for again once it is not fresh', async () => {
    const { cache, asked, answer, pass } = aCache();
    const leave = cache.subscribe('edges/a', () => undefined);
    await answer(ok('first'));
    leave();
    cache.subscribe('edges/a', () => undefined)();
    expect(asked).toHaveLength(1);
    pass(5_000);
    cache.subscribe('edges/a', () => undefined);
    expect(asked).toHaveLength(2);
    expect(cache.read('edges/a').data).toBe('first');
  });

  test('keeps the data while it asks again, and when asking fails', async () => {
    const { cache, answer } = aCache();
    cache.subscribe('edges/a', () => undefined);
    await answer(ok('first'));
    cache.refresh('edges/a');
    expect(cache.read('edges/a')).toMatchObject({ data: 'first', fetching: true });
    await answer(err({ kind: 'backendAway', status: 502 }));
    expect(cache.read('edges/a')).toMatchObject({ data: 'first', fetching: false, problem: { kind: 'backendAway' } });
    cache.refresh('edges/a');
    await answer(ok('second'));
    expect(cache.read('edges/a')).toEqual({ data: 'second', fetching: false, at: 10_000 });
  });

  test('a hundred invalidations in a second are one request', async () => {
    const { cache, asked, answer, pass } = aCache();
    cache.subscribe('edges/a/applications?limit=5', () => undefined);
    await answer(ok(1));
    for (let event = 0; event < 100; event += 1) cache.invalidate('edges/a');
    expect(asked).toHaveLength(1);
    pass(1_000);
    expect(asked).toHaveLength(2);
  });

  test('an event while it is being asked is not lost', async () => {
    const { cache, asked, answer, pass } = aCache();
    cache.subscribe('edges/a', () => undefined);
    cache.invalidate('edges/a');
    await answer(ok(1));
    pass(1_000);
    expect(asked).toHaveLength(2);
  });

  test('an edge whose name begins alike is left alone', async () => {
    const { cache, asked, answer, pass } = aCache();
    cache.subscribe('edges/store-10', () => undefined);
    await answer(ok(1));
    cache.invalidate('edges/store-1');
    pass(5_000);
    expect(asked).toHaveLength(1);
  });

  test('what nobody watches is asked again only when somebody does', async () => {
    const { cache, asked, answer, pass } = aCache();
    const stop = cache.subscribe('edges/a', () => undefined);
    await answer(ok(1));
    stop();
    cache.invalidate('edges/a');
    pass(5_000);
    expect(asked).toHaveLength(1);
    cache.subscribe('edges/a', () => undefined);
    expect(asked).toHaveLength(2);
  });
});
