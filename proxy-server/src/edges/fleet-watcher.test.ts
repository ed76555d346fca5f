import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { aSecret } from '../../../test/edge-builders.ts';
import { simulatedFleet, type SimulatedFleet } from '../../../test/simulated-fleet.ts';

jest.setTimeout(60_000);
let fleet: SimulatedFleet;
afterEach(() => fleet.close());

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const now = (): number => fleet.runtime.clock.now();
const connection = (name: string): string | undefined => fleet.sink.connection(name)?.connection;
const count = (names: readonly string[], value: string): number => names.filter((name) => connection(name) === value).length;
async function takes(what: string, done: () => boolean, stepMs = 100): Promise<number> {
  const startedAt = now();
  await fleet.runtime.until(done, { stepMs, what });
  return now() - startedAt;
}
async function pass(ms: number, stepMs: number): Promise<void> {
  const until = now() + ms;
  await fleet.runtime.until(() => now() >= until, { stepMs, what: 'time' });
}
/** Chance that differs from call to call, and is the same in every run. */
function chances(): () => number {
  let seed = 7;
  return () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x80000000;
  };
}
/** Edges whose streams are cut together with their tunnel. */
const tunnelled = (): readonly string[] => fleet.names.filter((name) => fleet.simulator.world.edge(name)?.reach === 'cloudflare');
const NO_SILENCE = { silenceMs: 24 * 60 * MINUTE };

describe('a fleet', () => {
  test('600 edges, more than are begun at once, connect and settle: every Application of every edge is known', async () => {
    fleet = await simulatedFleet({ edges: 600, applications: 5, random: chances(), limits: NO_SILENCE });
    await fleet.settled();
    expect(count(fleet.names, 'Reachable')).toBe(600);
    expect(fleet.names.every((name) => fleet.sink.of(name).applications.size === 5)).toBe(true);
    expect(fleet.runtime.lines.filter(({ level }) => level !== 'debug').map(({ message }) => message)).toEqual(['Watching edges']);
  });

  test('first connects are paced', async () => {
    fleet = await simulatedFleet({ edges: 60, applications: 2, random: chances(), limits: { ...NO_SILENCE, firstConnectsPerSecond: 20 } });
    await pass(SECOND, 20);
    const early = fleet.names.filter((name) => fleet.sink.of(name).readAt !== undefined).length;
    expect(early).toBeGreaterThan(10);
    expect(early).toBeLessThanOrEqual(22);
    await fleet.settled();
  });

  test('a mass outage is one log line; the first that is back wakes its siblings, which are back within 10 s of it', async () => {
    fleet = await simulatedFleet({ edges: 150, applications: 2, random: chances(), limits: NO_SILENCE });
    await fleet.settled();
    await pass(10 * SECOND, 100);
    const cut = tunnelled().slice(0, 100);
    const spared = fleet.names.filter((name) => !cut.includes(name));
    const changes = spared.map((name) => fleet.sink.of(name).reports.length);
    fleet.simulator.front.setFault(cut, { kind: 'tunnelDown' });
    expect(await takes('the outage', () => count(cut, 'OutOfReach') === cut.length)).toBeLessThanOrEqual(15 * SECOND);
    await pass(4 * MINUTE, SECOND);
    expect(fleet.runtime.lines.filter(({ message }) => message.includes('unreachable'))).toMatchObject([
      { edges: 100, reason: 'EdgeOffline' },
    ]);
    expect(cut.every((name) => fleet.sink.of(name).applications.size === 2)).toBe(true);
    fleet.simulator.front.setFault(cut, undefined);
    await takes('the first return', () => count(cut, 'Reachable') > 0);
    expect(await takes('all returns', () => count(cut, 'Reachable') === cut.length)).toBeLessThanOrEqual(10 * SECOND);
    expect(spared.map((name) => fleet.sink.of(name).reports.length)).toEqual(changes);
    const mostPerSecond = Math.max(...cut.map((name) => fleet.simulator.world.edge(name)?.traffic.mostOpenStreams ?? 0));
    expect(mostPerSecond).toBeLessThanOrEqual(2);
  });

  test('30 % that flap change nothing about the others, and cost tens of log lines', async () => {
    fleet = await simulatedFleet({ edges: 100, applications: 2, random: chances(), limits: NO_SILENCE });
    await fleet.settled();
    const flapping = tunnelled().slice(0, 30);
    const others = fleet.names.filter((name) => !flapping.includes(name));
    const before = others.map((name) => fleet.sink.of(name).reports.length);
    const readBefore = now();
    for (let round = 0; round < 10; round += 1) {
      fleet.simulator.front.setFault(
        flapping.filter((_name, index) => (index + round) % 3 !== 0),
        { kind: 'tunnelDown' },
      );
      await pass(15 * SECOND, 250);
      fleet.simulator.front.setFault(flapping, undefined);
      await pass(15 * SECOND, 250);
    }
    expect(others.map((name) => fleet.sink.of(name).reports.length)).toEqual(before);
    expect(others.every((name) => (fleet.sink.of(name).readAt ?? 0) >= readBefore)).toBe(true);
    expect(fleet.runtime.lines.length).toBeLessThan(60);
    for (const name of flapping) expect(fleet.watcher.api.requestsLastMinute(name as never)).toBeLessThanOrEqual(40);
    await takes('the end of it', () => count(flapping, 'Reachable') === 30);
  });

  test('a changed Secret opens only the watches it concerns', async () => {
    fleet = await simulatedFleet({ edges: 5, applications: 2, random: chances(), limits: NO_SILENCE });
    await fleet.settled();
    await pass(6 * SECOND, 100);
    const streams = (): number[] => fleet.names.map((name) => fleet.simulator.world.edge(name)?.traffic.streamsOpened ?? 0);
    const before = streams();
    const [first] = fleet.names;
    const token = fleet.objects
      .current()
      .secrets.get(`${first}-argocd` as never)!
      .values.get('read')!;
    fleet.objects.putSecrets([aSecret(`${first}-argocd`, { read: token, operate: 'new' })]);
    await takes('the new watch', () => streams()[0]! > before[0]!);
    expect(streams().slice(1)).toEqual(before.slice(1));
  });

  test('closing it leaves no timer and no stream behind', async () => {
    fleet = await simulatedFleet({ edges: 10, applications: 2, random: chances(), limits: NO_SILENCE });
    await fleet.settled();
    await fleet.watcher.close();
    expect(fleet.runtime.timersWaiting).toBe(0);
    await takes('the streams to end', () => fleet.simulator.world.edges.every((edge) => edge.traffic.openStreams === 0), 0);
  });
});

describe('the edge API', () => {
  test('calls, targets and probes an edge that is configured, and says no for any other', async () => {
    fleet = await simulatedFleet({ edges: 1, applications: 2, limits: NO_SILENCE });
    await fleet.settled();
    const { api } = fleet.watcher;
    const [name] = fleet.names as never[];
    const call = { method: 'GET', path: '/api/v1/applications?fields=items.metadata.name', timeoutMs: 1_000, token: 'read' } as const;
    expect(await api.call(name!, call)).toMatchObject({ ok: true, value: { status: 200, body: { items: expect.any(Array) } } });
    expect(await api.call('nobody' as never, call)).toMatchObject({ ok: false });
    expect(await api.call(name!, { ...call, token: 'operate' })).toMatchObject({ ok: false, error: { row: 22 } });
    expect(api.target(name!, 'read')).toMatchObject({
      origin: `http://127.0.0.1:${fleet.simulator.port}`, pathPrefix: `/e/${name}`, headers: { authorization: expect.stringContaining('Bearer '), 'user-agent': 'edge-fleet/test' },
      tls: { rejectUnauthorized: true },
    }); // prettier-ignore
    expect(api.target(name!, 'operate')).toBeUndefined();
    expect(api.target('nobody' as never, 'read')).toBeUndefined();
    expect(api.probeNow(name!)).toBe(false);
    await pass(6 * SECOND, 100);
    expect(api.probeNow(name!)).toBe(true);
    expect(api.probeNow('nobody' as never)).toBe(false);
    expect(api.requestsLastMinute(name!)).toBeGreaterThan(2);
  });
});
