import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { tokenOf } from '../../../simulator/src/argocd/tokens.ts';
import { create, remove, trouble } from '../../../simulator/src/world/operations.ts';
import { aSecret } from '../../../test/edge-builders.ts';
import { createWatchHarness, MINUTE, SECOND } from '../../../test/watch-harness.ts';

jest.setTimeout(60_000);
const watch = createWatchHarness();
afterEach(() => watch.close());

describe('a live watch', () => {
  test('shows a change, a new Application and a deletion as the edge tells them', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    const { world } = watch.fleet.simulator;
    const [first, second] = edge.applications;
    trouble(world, first!, 'unrendered');
    const key = `argocd/${first!.component.name}`;
    await watch.takes('the change', () => watch.fleet.told().applications.get(key)?.sync === 'Unknown', 1);
    expect(watch.fleet.told().applications.get(key)).toMatchObject({ health: 'Healthy', conditions: [{ type: 'ComparisonError' }] });
    remove(world, second!);
    await watch.takes('the deletion', () => watch.fleet.told().applications.size === 5, 1);
    create(world, edge, second!.component);
    await watch.takes('the creation', () => watch.fleet.told().applications.size === 6, 1);
  });

  test("reads observedAt with the edge's own clock, within the first minute", async () => {
    await watch.start();
    await watch.fleet.settled();
    await watch.takes('a reading', () => watch.fleet.told().readings.length > 0);
    const [reading] = watch.fleet.told().readings;
    expect(reading?.observedAt).toHaveLength(6);
    expect(Math.abs((reading?.edgeClock ?? 0) - Date.now())).toBeLessThan(10_000);
    expect([...watch.fleet.told().observed.values()].every((time) => time !== undefined)).toBe(true);
  });

  test('says version, mode, clock and identity', async () => {
    await watch.start();
    await watch.fleet.settled();
    await watch.takes('the version', () => watch.fleet.told().facts.argocdVersion !== undefined);
    expect(watch.fleet.told().facts).toMatchObject({
      mode: 'stream', argocdVersion: expect.stringMatching(/^v[23]\./), identity: expect.stringMatching(/^[0-9a-f]{16}$/), clockSkewMs: expect.any(Number),
    }); // prettier-ignore
  });

  test('a stream that breaks is opened again within seconds, and nothing is shown', async () => {
    const edge = await watch.start({ behind: true });
    await watch.fleet.settled();
    await watch.pass(10 * SECOND);
    const streams = (): number => watch.front.asked.filter((path) => /applications\?fields=.*automated/.test(path)).length;
    const before = { streams: streams(), reports: watch.fleet.told().reports.length };
    watch.front.cut();
    const tookMs = await watch.takes('the stream', () => streams() > before.streams);
    expect(tookMs).toBeLessThanOrEqual(5_500);
    await watch.pass(5 * SECOND);
    expect(watch.fleet.told().reports.every((report) => report.connection === 'Reachable' || report.connection === 'NeverReached')).toBe(
      true,
    );
    expect(watch.fleet.told().applications.size).toBe(edge.applications.length);
  });

  test('is opened anew between half an hour and an hour', async () => {
    await watch.start({ behind: true, random: () => 0 });
    await watch.fleet.settled();
    const live = (): number => watch.front.asked.filter((path) => /applications\?fields=.*automated/.test(path)).length;
    await watch.pass(29 * MINUTE, SECOND);
    expect(live()).toBe(1);
    await watch.pass(2 * MINUTE, SECOND);
    expect(live()).toBe(2);
    expect(watch.connection()).toBe('Reachable');
  });
});

describe('an edge that goes away', () => {
  test('a tunnel that is down is OutOfReach within 15 s, keeps its last data, and heals by itself', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    await watch.pass(6 * SECOND);
    const known = [...watch.fleet.told().applications.keys()];
    watch.fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    expect(await watch.takes('the loss', () => watch.connection() === 'OutOfReach')).toBeLessThanOrEqual(15_000);
    expect(watch.row()).toBe(1);
    await watch.pass(10 * MINUTE, SECOND);
    expect([...watch.fleet.told().applications.keys()]).toEqual(known);
    expect(watch.fleet.watcher.api.requestsLastMinute(edge.name as never)).toBeLessThanOrEqual(4);
    watch.fleet.simulator.front.setFault([edge.name], undefined);
    await watch.takes('the return', () => watch.connection() === 'Reachable', SECOND);
    expect(watch.row()).toBeUndefined();
  });

  test.each([0, 0.5, 0.999])('a break behind which nothing answers is OutOfReach within 15 s too (chance %d)', async (chance) => {
    await watch.start({ behind: true, random: () => chance });
    await watch.fleet.settled();
    await watch.pass(8 * SECOND);
    watch.front.stalled = true;
    watch.front.cut();
    expect(await watch.takes('the loss', () => watch.connection() === 'OutOfReach')).toBeLessThanOrEqual(15_000);
    expect(watch.row()).toBe(36);
    expect(watch.fleet.told().applications.size).toBe(6);
    watch.front.stalled = false;
    await watch.takes('the return', () => watch.connection() === 'Reachable', SECOND);
  });

  test('a draining connector keeps its stream and is shown as reachable, and 15 s after its grace as out of reach', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    await watch.pass(8 * SECOND);
    watch.fleet.simulator.front.setFault([edge.name], { kind: 'draining', graceMs: 50 });
    expect(watch.connection()).toBe('Reachable');
    await watch.fleet.runtime.until(() => edge.traffic.openStreams === 0, { what: 'the end of the grace' });
    expect(await watch.takes('the loss', () => watch.connection() === 'OutOfReach')).toBeLessThanOrEqual(15_000);
    expect(watch.row()).toBe(1);
  });

  test('an answer to the probe alone is Reachable with the reason why nothing else comes', async () => {
    await watch.start({ behind: true });
    await watch.fleet.settled();
    watch.front.intercept = (request, response) => {
      if (request.url?.includes('/applications') !== true) return false;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      return true;
    };
    watch.front.cut();
    await watch.takes('the reason', () => watch.row() === 27, 200);
    await watch.pass(MINUTE, SECOND);
    expect({ connection: watch.connection(), row: watch.row(), kept: watch.fleet.told().applications.size }).toEqual({
      connection: 'Reachable', row: 27, kept: 6,
    }); // prettier-ignore
    watch.front.intercept = () => false;
    await watch.takes('the end of it', () => watch.row() === undefined, SECOND);
  });

  test('one that falls silent is OutOfReach within 60 s of its last byte', async () => {
    await watch.start({ behind: true, limits: { silenceMs: 45 * SECOND } });
    await watch.fleet.settled();
    await watch.pass(8 * SECOND);
    const lastByteAt = watch.now();
    watch.front.stalled = true;
    await watch.takes('the loss', () => watch.connection() === 'OutOfReach');
    expect(watch.now() - lastByteAt).toBeLessThanOrEqual(60_500);
    expect(watch.fleet.told().applications.size).toBe(6);
    watch.front.stalled = false;
    await watch.takes('the return', () => watch.connection() === 'Reachable', SECOND);
  });

  test('keep-alives move readAt, but not when the last proof of rights failed', async () => {
    await watch.start({ behind: true, keepAliveMs: 20 });
    await watch.fleet.settled();
    await watch.pass(8 * SECOND);
    const before = watch.fleet.told().readAt ?? 0;
    await watch.takes('a keep-alive', () => (watch.fleet.told().readAt ?? 0) > before + 500);
    watch.front.intercept = (request, response) => {
      if (request.url?.includes('reconciledAt') !== true) return false;
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"boom","code":2,"message":"boom"}');
      return true;
    };
    await watch.takes('a TICK that fails', () => watch.row() === 37, SECOND);
    const heardAt = watch.fleet.told().readAt;
    await watch.pass(3 * SECOND);
    expect(watch.fleet.told().readAt).toBe(heardAt);
    expect(watch.connection()).toBe('Reachable');
  });
});

describe('lifecycle', () => {
  test('a Retired edge is not contacted', async () => {
    const edge = await watch.start({ over: { lifecycle: 'Retired' } });
    await watch.pass(10 * MINUTE, SECOND);
    expect(edge.traffic.requests).toBe(0);
    expect(watch.fleet.told().edge?.lifecycle).toBe('Retired');
    expect(
      await watch.fleet.watcher.api.call(edge.name as never, { method: 'GET', path: '/api/version', timeoutMs: 1_000, token: 'read' }),
    ).toMatchObject({ ok: false });
    expect(watch.fleet.watcher.api.target(edge.name as never, 'read')).toBeUndefined();
  });

  test('a Parked edge is asked every five minutes and holds no stream', async () => {
    const edge = await watch.start({ over: { lifecycle: 'Parked' } });
    await watch.takes('the data', () => watch.fleet.told().applications.size === 6, 10);
    const before = edge.traffic.requests;
    await watch.pass(20 * MINUTE, SECOND);
    expect(edge.traffic.openStreams).toBe(0);
    expect(edge.traffic.requests - before).toBeLessThanOrEqual(8);
    watch.fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    await watch.takes('the loss', () => watch.connection() === 'OutOfReach', SECOND);
    const lost = edge.traffic.requests;
    await watch.pass(20 * MINUTE, SECOND);
    expect(edge.traffic.requests - lost).toBeLessThanOrEqual(5);
  });

  test('an edge that leaves and enters: its stream ends, it is dropped, and it is read again', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    const definition = watch.fleet.told().edge!;
    watch.fleet.objects.removeEdge(edge.name);
    expect(watch.fleet.sink.edges.has(edge.name)).toBe(false);
    await watch.takes('the end of the stream', () => edge.traffic.openStreams === 0, 1);
    watch.fleet.objects.putEdges([definition]);
    await watch.fleet.settled();
  });

  test('without its token Secret an edge is not contacted and says what is missing', async () => {
    const edge = await watch.start({ over: {} });
    await watch.fleet.settled();
    watch.fleet.objects.putSecrets([aSecret(`${edge.name}-argocd`, { other: 'x' })]);
    await watch.takes(
      'the words',
      () => watch.fleet.sink.connection(edge.name)?.failure?.sign.includes('has no usable key read') === true,
      10,
    );
    const before = edge.traffic.requests;
    await watch.pass(10 * MINUTE, SECOND);
    expect(edge.traffic.requests).toBe(before);
    watch.fleet.objects.putSecrets([aSecret(`${edge.name}-argocd`, { read: tokenOf(1, edge, 'fleet') })]);
    await watch.takes('the return', () => watch.connection() === 'Reachable' && watch.row() === undefined, 100);
  });
});
