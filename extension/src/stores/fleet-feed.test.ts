import { describe, expect, test } from '@jest/globals';
import { packMembers } from '../../../proxy-server/src/domain/packed-members.ts';
import { err, ok, type Result } from '../../../proxy-server/src/domain/result.ts';
import { anEdgeRow, membersOf, overviewOf } from '../../../test/fakes/fleet-answers.ts';
import type { HubProblem } from '../api/hub-problem.ts';
import { FleetFeed } from './fleet-feed.ts';
import { FleetStore } from './fleet-store.ts';
import { QueryCache } from './query-cache.ts';

const ROWS = Array.from({ length: 5 }, (_unused, row) => anEdgeRow(row));
const AWAY: HubProblem = { kind: 'backendAway', status: 502 };

/** A service that answers at once, and streams that stay open until they are let go. */
function aFeed() {
  let now = 1_000_000;
  const asked: string[] = [];
  const open = new Set<AbortSignal>();
  let away = false;
  let revision = 7;
  const timers: { at: number; run: () => void }[] = [];
  const overview = (etag: string | undefined): Response =>
    etag === `"r${revision}"`
      ? new Response(null, { status: 304 })
      : new Response(JSON.stringify(overviewOf(ROWS, revision)), { headers: { ETag: `"r${revision}"` } });
  const stream = (signal: AbortSignal): Response => {
    open.add(signal);
    const hello = new TextEncoder().encode(`event: hello\ndata: ${JSON.stringify({ now: now + 500 })}\n\n`);
    return new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(hello);
          signal.addEventListener('abort', () => {
            open.delete(signal);
            controller.error(new Error('aborted'));
          });
        },
      }),
    );
  };
  const setTimer = (run: () => void, afterMs: number): number => timers.push({ at: now + afterMs, run });
  const fleet = new FleetStore({ now: () => now, onNextFrame: (run) => run() });
  const get = <T>(path: string): Promise<Result<T, HubProblem>> => {
    asked.push(path);
    const members: T = JSON.parse(JSON.stringify(packMembers(membersOf(ROWS))));
    return Promise.resolve(away ? err(AWAY) : ok(members));
  };
  const feed = new FleetFeed({
    client: {
      request: (path, options = {}) => {
        asked.push(options.etag === undefined ? path : `${path} ${options.etag}`);
        if (away) return Promise.resolve(err(AWAY));
        return Promise.resolve(ok(path.startsWith('stream') ? stream(options.signal!) : overview(options.etag)));
      },
      get,
      post: () => Promise.reject(new Error('not asked')),
    },
    fleet,
    queries: new QueryCache({ get, now: () => now, setTimer }),
    now: () => now,
    random: () => 1,
    setTimer,
    clearTimer: (id) => void (timers[id - 1] = { at: Infinity, run: () => undefined }),
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    feed, fleet, asked, settle,
    streams: () => open.size,
    async enter(topics: readonly string[]) {
      asked.length = 0;
      feed.watch(topics);
      await settle();
      return asked;
    },
    async pass(ms: number) {
      now += ms;
      timers.filter(({ at }) => at <= now).forEach((timer) => { timer.at = Infinity; timer.run(); });
      await settle();
    },
    change: () => (revision += 1),
    goAway: (is: boolean) => (away = is),
  };
} // prettier-ignore

describe('the feed of the fleet', () => {
  test('first asks for the compressed overview and the names, then streams what comes after', async () => {
    const { enter, fleet, feed } = aFeed();
    expect(await enter(['fleet'])).toEqual(['overview/members', 'overview', 'stream?topics=fleet&after=7']);
    expect(fleet.isWhole()).toBe(true);
    expect(feed.status.get().stream.kind).toBe('live');
  });

  test('takes the clock of the service from the stream: an overview may have been made a while ago', async () => {
    const { enter, fleet } = aFeed();
    await enter(['fleet']);
    expect(fleet.picture().serverNow - fleet.picture().heardAt).toBe(500);
  });

  test('a page of one edge needs no overview', async () => {
    const { enter } = aFeed();
    expect(await enter(['edge:store-1'])).toEqual(['stream?topics=edge%3Astore-1']);
  });

  test('a return within a minute is carried on by the stream', async () => {
    const { enter, pass, streams } = aFeed();
    await enter(['fleet']);
    await enter([]);
    expect(streams()).toBe(0);
    await pass(30_000);
    expect(await enter(['fleet'])).toEqual(['stream?topics=fleet&after=7']);
  });

  test('a later return asks with the ETag, and keeps the picture where nothing changed', async () => {
    const { enter, pass, fleet } = aFeed();
    await enter(['fleet']);
    await enter([]);
    await pass(10 * 60_000);
    expect(await enter(['fleet'])).toEqual(['overview "r7"', 'stream?topics=fleet&after=7']);
    expect(fleet.isWhole()).toBe(true);
  });

  test('a later return gets the new overview where something did', async () => {
    const { enter, pass, change } = aFeed();
    await enter(['fleet']);
    await enter([]);
    await pass(10 * 60_000);
    change();
    expect(await enter(['fleet'])).toEqual(['overview "r7"', 'stream?topics=fleet&after=8']);
  });

  test('a tab nobody looks at lets go of its stream, and catches up when it is looked at again', async () => {
    const { enter, feed, pass, asked, settle, streams } = aFeed();
    await enter(['fleet']);
    feed.setHidden(true);
    await pass(31_000);
    expect([streams(), feed.status.get().stream.kind]).toEqual([0, 'paused']);
    await pass(10 * 60_000);
    asked.length = 0;
    feed.setHidden(false);
    await settle();
    expect(asked).toEqual(['overview "r7"', 'stream?topics=fleet&after=7']);
    expect(feed.status.get().stream.kind).toBe('live');
  });

  test('whoever leaves before the overview came opens no stream', async () => {
    const { feed, settle, asked, streams } = aFeed();
    feed.watch(['fleet']);
    feed.watch([]);
    await settle();
    expect(asked.some((path) => path.startsWith('stream'))).toBe(false);
    expect(streams()).toBe(0);
  });

  test('without the service it says why, and tries again by itself', async () => {
    const { enter, feed, pass, goAway } = aFeed();
    goAway(true);
    await enter(['fleet']);
    expect(feed.status.get()).toMatchObject({ stream: { kind: 'waiting' }, problem: { kind: 'backendAway' } });
    goAway(false);
    await pass(60_000);
    expect(feed.status.get().stream.kind).toBe('live');
  });
});
