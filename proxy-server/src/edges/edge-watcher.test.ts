import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { anEdge, aSecret } from '../../../test/edge-builders.ts';
import { edgeInFront, type EdgeInFront } from '../../../test/edge-in-front.ts';
import { simulatedFleet, type SimulatedFleet, type SimulatedFleetOptions } from '../../../test/simulated-fleet.ts';
import { seedTokenId, tokenOf } from '../../../simulator/src/argocd/tokens.ts';
import { create, remove, trouble } from '../../../simulator/src/world/operations.ts';
import type { Edge as SimulatedEdge } from '../../../simulator/src/world/edge.ts';

jest.setTimeout(60_000);
let fleet: SimulatedFleet;
let front: EdgeInFront | undefined;
afterEach(async () => {
  await fleet.close();
  await front?.close();
  front = undefined;
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Keep-alives come on the machine's time, which stands still while ours is stepped: silence is only for tests that are about it. */
const NO_SILENCE = { silenceMs: 24 * 60 * MINUTE };

/** One edge, read and settled; `behind`: with a proxy of the test before it. */
async function oneEdge(options: SimulatedFleetOptions & { readonly behind?: boolean } = {}): Promise<SimulatedEdge> {
  const { behind = false, limits = {}, ...rest } = options;
  fleet = await simulatedFleet({ applications: 6, keepAliveMs: 2, ...rest, limits: { ...NO_SILENCE, ...limits }, start: false });
  const edge = fleet.simulator.world.edges[0]!;
  if (behind) {
    front = await edgeInFront(fleet.simulator.port);
    fleet.objects.putEdges([anEdge(edge.name, `${front.url}/e/${edge.name}`, options.over)]);
  }
  fleet.watcher.start();
  return edge;
}
const connection = (): string | undefined => fleet.sink.connection(fleet.names[0]!)?.connection;
const row = (): number | undefined => fleet.sink.connection(fleet.names[0]!)?.failure?.row;
const now = (): number => fleet.runtime.clock.now();
/** Until it holds; the time it took on the fleet's clock. */
async function takes(what: string, done: () => boolean, stepMs = 50): Promise<number> {
  const startedAt = now();
  await fleet.runtime.until(done, { stepMs, what });
  return now() - startedAt;
}
/** Lets time pass with all that happens in it. */
async function pass(ms: number, stepMs = 250): Promise<void> {
  const until = now() + ms;
  await fleet.runtime.until(() => now() >= until, { stepMs, what: 'time' });
}
const revoke = (edge: SimulatedEdge): unknown => edge.access.revoked.add(seedTokenId(1, edge, 'fleet'));

describe('a live watch', () => {
  test('shows a change, a new Application and a deletion as the edge tells them', async () => {
    const edge = await oneEdge();
    await fleet.settled();
    const { world } = fleet.simulator;
    const [first, second] = edge.applications;
    trouble(world, first!, 'unrendered');
    const key = `argocd/${first!.component.name}`;
    await takes('the change', () => fleet.told().applications.get(key)?.sync === 'Unknown', 1);
    expect(fleet.told().applications.get(key)).toMatchObject({ health: 'Healthy', conditions: [{ type: 'ComparisonError' }] });
    remove(world, second!);
    await takes('the deletion', () => fleet.told().applications.size === 5, 1);
    create(world, edge, second!.component);
    await takes('the creation', () => fleet.told().applications.size === 6, 1);
  });

  test("reads observedAt with the edge's own clock, within the first minute", async () => {
    await oneEdge();
    await fleet.settled();
    await takes('a reading', () => fleet.told().readings.length > 0);
    const [reading] = fleet.told().readings;
    expect(reading?.observedAt).toHaveLength(6);
    expect(Math.abs((reading?.edgeClock ?? 0) - Date.now())).toBeLessThan(10_000);
    expect([...fleet.told().observed.values()].every((time) => time !== undefined)).toBe(true);
  });

  test('says version, mode, clock and identity', async () => {
    await oneEdge();
    await fleet.settled();
    expect(fleet.told().facts).toMatchObject({
      mode: 'stream', argocdVersion: expect.stringMatching(/^v[23]\./), identity: expect.stringMatching(/^[0-9a-f]{16}$/), clockSkewMs: expect.any(Number),
    }); // prettier-ignore
  });

  test('a stream that breaks is opened again within seconds, and nothing is shown', async () => {
    const edge = await oneEdge({ behind: true });
    await fleet.settled();
    await pass(10 * SECOND);
    const streams = (): number => front!.asked.filter((path) => /applications\?fields=.*automated/.test(path)).length;
    const before = { streams: streams(), reports: fleet.told().reports.length };
    front!.cut();
    const tookMs = await takes('the stream', () => streams() > before.streams);
    expect(tookMs).toBeLessThanOrEqual(5_500);
    await pass(5 * SECOND);
    expect(fleet.told().reports.every((report) => report.connection === 'Reachable' || report.connection === 'NeverReached')).toBe(true);
    expect(fleet.told().applications.size).toBe(edge.applications.length);
  });

  test('is opened anew between half an hour and an hour', async () => {
    await oneEdge({ behind: true, random: () => 0 });
    await fleet.settled();
    const live = (): number => front!.asked.filter((path) => /applications\?fields=.*automated/.test(path)).length;
    await pass(29 * MINUTE, SECOND);
    expect(live()).toBe(1);
    await pass(2 * MINUTE, SECOND);
    expect(live()).toBe(2);
    expect(connection()).toBe('Reachable');
  });
});

describe('an edge that goes away', () => {
  test('a tunnel that is down is OutOfReach within 15 s, keeps its last data, and heals by itself', async () => {
    const edge = await oneEdge();
    await fleet.settled();
    await pass(6 * SECOND);
    const known = [...fleet.told().applications.keys()];
    fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    expect(await takes('the loss', () => connection() === 'OutOfReach')).toBeLessThanOrEqual(15_000);
    expect(row()).toBe(1);
    await pass(10 * MINUTE, SECOND);
    expect([...fleet.told().applications.keys()]).toEqual(known);
    expect(fleet.watcher.api.requestsLastMinute(edge.name as never)).toBeLessThanOrEqual(4);
    fleet.simulator.front.setFault([edge.name], undefined);
    await takes('the return', () => connection() === 'Reachable', SECOND);
    expect(row()).toBeUndefined();
  });

  test('one that falls silent is OutOfReach within 60 s of its last byte', async () => {
    await oneEdge({ behind: true, limits: { silenceMs: 45 * SECOND } });
    await fleet.settled();
    await pass(8 * SECOND);
    const lastByteAt = now();
    front!.stalled = true;
    await takes('the loss', () => connection() === 'OutOfReach');
    expect(now() - lastByteAt).toBeLessThanOrEqual(60_500);
    expect(fleet.told().applications.size).toBe(6);
    front!.stalled = false;
    await takes('the return', () => connection() === 'Reachable', SECOND);
  });

  test('keep-alives move readAt, but not when the last proof of rights failed', async () => {
    await oneEdge({ behind: true, keepAliveMs: 20 });
    await fleet.settled();
    await pass(8 * SECOND);
    const before = fleet.told().readAt ?? 0;
    await takes('a keep-alive', () => (fleet.told().readAt ?? 0) > before + 500);
    front!.intercept = (request, response) => {
      if (request.url?.includes('reconciledAt') !== true) return false;
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"boom","code":2,"message":"boom"}');
      return true;
    };
    await takes('a TICK that fails', () => row() === 37, SECOND);
    const heardAt = fleet.told().readAt;
    await pass(3 * SECOND);
    expect(fleet.told().readAt).toBe(heardAt);
    expect(connection()).toBe('Reachable');
  });
});

describe('token and rights', () => {
  test('a revoked token is Refused within 6 min of a live stream, and a new one heals without a restart', async () => {
    const edge = await oneEdge();
    await fleet.settled();
    await takes('a reading', () => fleet.told().readings.length > 0);
    revoke(edge);
    expect(await takes('the refusal', () => connection() === 'Refused', 200)).toBeLessThanOrEqual(6 * MINUTE);
    expect(fleet.sink.connection(edge.name)?.failure).toMatchObject({ row: 22, detail: 'revoked' });
    expect(fleet.told().applications.size).toBe(6);
    const heardAt = fleet.told().readAt;
    await pass(30 * SECOND);
    expect(fleet.told().readAt).toBe(heardAt);
    edge.access.revoked.clear();
    fleet.objects.putSecrets([aSecret(`${edge.name}-argocd`, { read: tokenOf(1, edge, 'fleet') })]);
    expect(await takes('the return', () => connection() === 'Reachable')).toBeLessThanOrEqual(10_000);
  });

  test('a right taken away is Refused (row 23) within 6 min, and nothing is pruned', async () => {
    const edge = await oneEdge();
    await fleet.settled();
    await takes('a reading', () => fleet.told().readings.length > 0);
    edge.access.withoutRights.add('fleet');
    expect(await takes('the refusal', () => connection() === 'Refused', 200)).toBeLessThanOrEqual(6 * MINUTE);
    expect(row()).toBe(23);
    expect(fleet.told().applications.size).toBe(6);
    edge.access.withoutRights.clear();
    await takes('the return', () => connection() === 'Reachable', SECOND);
    expect(fleet.told().applications.size).toBe(6);
  });

  test('rights lost while the edge was away: refused on return, nothing pruned', async () => {
    const edge = await oneEdge();
    await fleet.settled();
    fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    await takes('the loss', () => connection() === 'OutOfReach');
    edge.access.withoutRights.add('fleet');
    fleet.simulator.front.setFault([edge.name], undefined);
    await takes('the refusal', () => connection() === 'Refused', SECOND);
    expect({ row: row(), kept: fleet.told().applications.size }).toEqual({ row: 23, kept: 6 });
  });

  test('Applications that are really gone are pruned, even all of them, after asking', async () => {
    const edge = await oneEdge();
    await fleet.settled();
    fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    await takes('the loss', () => connection() === 'OutOfReach');
    for (const application of [...edge.applications].slice(1)) remove(fleet.simulator.world, application);
    fleet.simulator.front.setFault([edge.name], undefined);
    await takes('the prune', () => fleet.told().applications.size === 1, SECOND);
    expect(connection()).toBe('Reachable');
  });
});

describe('which Argo CD it is', () => {
  const replaceUids = (edge: SimulatedEdge): void => {
    for (const application of edge.applications) application.uid = `another-${application.component.name}`;
  };
  const lost = async (edge: SimulatedEdge): Promise<void> => {
    await fleet.settled();
    fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    await takes('the loss', () => connection() === 'OutOfReach');
    replaceUids(edge);
    trouble(fleet.simulator.world, edge.applications[0]!, 'crash');
    fleet.simulator.front.setFault([edge.name], undefined);
  };

  test('another one behind the name is flagged and never merged', async () => {
    const edge = await oneEdge();
    await lost(edge);
    await takes('the flag', () => row() === 39, SECOND);
    const changes = fleet.told().changes;
    const heardAt = fleet.told().readAt;
    await pass(20 * MINUTE, SECOND);
    expect(fleet.sink.connection(edge.name)).toMatchObject({ connection: 'Refused', failure: { row: 39 } });
    expect({ changes: fleet.told().changes, heardAt: fleet.told().readAt }).toEqual({ changes, heardAt });
    expect([...fleet.told().applications.values()].some(({ uid }) => uid.startsWith('another-'))).toBe(false);
  });

  test('AcceptNext takes it as the known one, once', async () => {
    const edge = await oneEdge();
    await lost(edge);
    await takes('the flag', () => row() === 39, SECOND);
    const identity = fleet.told().facts.identity;
    const url = fleet.told().edge!.url;
    fleet.objects.putEdges([anEdge(edge.name, url, { identity: 'AcceptNext', generation: 2 })]);
    await takes('the acceptance', () => connection() === 'Reachable', SECOND);
    await takes('its data', () => [...fleet.told().applications.values()].every(({ uid }) => uid.startsWith('another-')), SECOND);
    expect(fleet.told().facts).toMatchObject({ acceptedGeneration: 2 });
    expect(fleet.told().facts.identity).not.toBe(identity);
    for (const application of edge.applications) application.uid = `third-${application.component.name}`;
    fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    await takes('the loss', () => connection() === 'OutOfReach', SECOND);
    fleet.simulator.front.setFault([edge.name], undefined);
    await takes('the flag', () => row() === 39, SECOND);
  });

  test('an older state is row 41: the last good data stays and readAt does not move', async () => {
    const edge = await oneEdge();
    await fleet.settled();
    await takes('a reading', () => fleet.told().readings.length > 0);
    fleet.simulator.front.setFault([edge.name], { kind: 'replay', backMs: 3_600_000, backVersions: 100 });
    await takes('the replay', () => row() === 41, SECOND);
    const heardAt = fleet.told().readAt;
    await pass(MINUTE, SECOND);
    expect({ connection: connection(), row: row(), heardAt: fleet.told().readAt }).toEqual({ connection: 'Reachable', row: 41, heardAt });
    fleet.simulator.front.setFault([edge.name], undefined);
    await takes('the end of it', () => row() === undefined, SECOND);
    expect(connection()).toBe('Reachable');
  });
});

describe('what a stream loses', () => {
  test('a change and a deletion that no event told are found by the repair', async () => {
    const edge = await oneEdge();
    await fleet.settled();
    const [changed, gone] = edge.applications;
    changed!.health = 'Degraded';
    edge.applications.splice(edge.applications.indexOf(gone!), 1);
    const key = `argocd/${changed!.component.name}`;
    const tookMs = await takes(
      'the repair',
      () => fleet.told().applications.get(key)?.health === 'Degraded' && fleet.told().applications.size === 5,
      200,
    );
    expect(tookMs).toBeLessThanOrEqual(10 * MINUTE + 10 * SECOND);
    expect(connection()).toBe('Reachable');
  });

  test('an edge whose list is too big is asked by project', async () => {
    const edge = await oneEdge({ behind: true });
    let refused = 0;
    front!.intercept = (request, response) => {
      if (request.url?.includes('/applications?fields') !== true || request.url.includes('stream')) return false;
      refused += 1;
      response
        .writeHead(429, { 'content-type': 'application/json' })
        .end('{"error":"grpc: received message larger than max (2 vs. 1)","code":8,"message":"x"}');
      return true;
    };
    await fleet.settled();
    expect(connection()).toBe('Reachable');
    await pass(12 * MINUTE, SECOND);
    expect(front!.asked.filter((path) => path.includes('projects=')).length).toBeGreaterThan(1);
    expect(refused).toBe(1);
    expect(fleet.told().applications.size).toBe(edge.applications.length);
  });
});

describe('where no stream comes through', () => {
  const holdStreams = (): void => {
    front!.intercept = (request) => request.url?.includes('/stream/') === true;
  };

  test('an edge without Applications is polled, and streamed as soon as it has one', async () => {
    const edge = await oneEdge();
    const { world } = fleet.simulator;
    const [component] = edge.applications.map((application) => application.component);
    for (const application of [...edge.applications]) remove(world, application);
    await takes('the mode', () => fleet.told().facts.mode === 'poll', 10);
    expect(connection()).toBe('Reachable');
    await pass(5 * MINUTE, SECOND);
    expect(now() - (fleet.told().readAt ?? 0)).toBeLessThanOrEqual(20 * SECOND);
    create(world, edge, component!);
    await takes('the Application', () => fleet.told().applications.size === 1, 200);
    await takes('the stream', () => fleet.told().facts.mode === 'stream', 200);
  });

  test('streams that never begin: polled after 10 s, said in words, changes within a minute', async () => {
    const edge = await oneEdge({ behind: true });
    holdStreams();
    await takes('the mode', () => fleet.told().facts.mode === 'poll', 50);
    await takes('the data', () => fleet.told().applications.size === 6, 50);
    expect(fleet.told().facts.missingCapabilities?.join(' ')).toContain('polled');
    expect(connection()).toBe('Reachable');
    trouble(fleet.simulator.world, edge.applications[0]!, 'crash');
    await takes('the world', () => edge.applications[0]?.health === 'Degraded', 0);
    const key = `argocd/${edge.applications[0]!.component.name}`;
    const tookMs = await takes('the change', () => fleet.told().applications.get(key)?.health === 'Degraded', 200);
    expect(tookMs).toBeLessThanOrEqual(61 * SECOND);
    revoke(edge);
    await takes('the refusal', () => connection() === 'Refused', 200);
    expect(row()).toBe(22);
  });

  test('streams that come through again are used again', async () => {
    await oneEdge({ behind: true });
    holdStreams();
    await takes('polling', () => fleet.told().facts.mode === 'poll', 50);
    front!.intercept = () => false;
    expect(await takes('the stream', () => fleet.told().facts.mode === 'stream', SECOND)).toBeLessThanOrEqual(6 * MINUTE);
  });
});

describe('answers that are none', () => {
  const answering = (status: number, type: string, body: string, paths = /./): void => {
    front!.intercept = (request, response) => {
      if (!paths.test(request.url ?? '')) return false;
      response.writeHead(status, { 'content-type': type, location: `http://127.0.0.1${request.url ?? ''}` }).end(body);
      return true;
    };
  };

  test.each<[what: string, expected: number, status: number, type: string, body: string]>([
    ['a web page', 27, 200, 'text/html', '<html><body>Sign in</body></html>'],
    ['a redirect to the same address', 26, 307, 'text/html', '<a href="/">moved</a>'],
    ['a bad gateway', 4, 502, 'text/html', '<html>502</html>'],
    ['half an answer', 34, 200, 'application/json', '{"Version":"v3.5.1'],
  ])('%s is row %i after two signs, and nothing known is lost', async (_what, expected, status, type, body) => {
    await oneEdge({ behind: true });
    await fleet.settled();
    await pass(6 * SECOND);
    answering(status, type, body);
    front!.cut();
    await takes('the failure', () => row() === expected, 200);
    expect(fleet.told().applications.size).toBe(6);
    front!.intercept = () => false;
    await takes('the return', () => connection() === 'Reachable' && row() === undefined, SECOND);
  });

  test('a list that is refused as unsupported does not keep the stream from being read', async () => {
    await oneEdge({ behind: true });
    answering(500, 'application/json', '{"error": "failed to marshal error message"}', /v1\/applications\?fields/);
    await takes('the data', () => fleet.told().applications.size === 6, 10);
    await takes('the mode', () => fleet.told().facts.mode === 'stream', 10);
  });

  test('lines of garbage in a stream end it and are never data', async () => {
    await oneEdge({ behind: true });
    let streams = 0;
    front!.intercept = (request, response) => {
      if (request.url?.includes('automated') !== true) return false;
      streams += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"result":{"application":{"metadata":{"name":"half"\n\n\n');
      return true;
    };
    await takes('two tries', () => streams >= 2, 100);
    expect(fleet.told().applications.size).toBe(0);
    front!.intercept = () => false;
    await fleet.settled();
  });

  test('a line without end is cut, and costs no more than the limit', async () => {
    await oneEdge({ behind: true, limits: { maxLineBytes: 100_000 } });
    let written = 0;
    front!.intercept = (request, response) => {
      if (request.url?.includes('automated') !== true) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = (): void => {
        while (!response.destroyed && written < 50_000_000 && response.write('x'.repeat(50_000))) written += 50_000;
      };
      response.on('drain', more);
      more();
      return true;
    };
    await takes('the end', () => row() === 34, 10);
    expect(written).toBeLessThan(50_000_000);
  });
});

describe('lifecycle', () => {
  test('a Retired edge is not contacted', async () => {
    const edge = await oneEdge({ over: { lifecycle: 'Retired' } });
    await pass(10 * MINUTE, SECOND);
    expect(edge.traffic.requests).toBe(0);
    expect(fleet.told().edge?.lifecycle).toBe('Retired');
    expect(
      await fleet.watcher.api.call(edge.name as never, { method: 'GET', path: '/api/version', timeoutMs: 1_000, token: 'read' }),
    ).toMatchObject({ ok: false });
    expect(fleet.watcher.api.target(edge.name as never, 'read')).toBeUndefined();
  });

  test('a Parked edge is asked every five minutes and holds no stream', async () => {
    const edge = await oneEdge({ over: { lifecycle: 'Parked' } });
    await takes('the data', () => fleet.told().applications.size === 6, 10);
    const before = edge.traffic.requests;
    await pass(20 * MINUTE, SECOND);
    expect(edge.traffic.openStreams).toBe(0);
    expect(edge.traffic.requests - before).toBeLessThanOrEqual(8);
    fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    await takes('the loss', () => connection() === 'OutOfReach', SECOND);
    const lost = edge.traffic.requests;
    await pass(20 * MINUTE, SECOND);
    expect(edge.traffic.requests - lost).toBeLessThanOrEqual(5);
  });

  test('an edge that leaves and enters: its stream ends, it is dropped, and it is read again', async () => {
    const edge = await oneEdge();
    await fleet.settled();
    const definition = fleet.told().edge!;
    fleet.objects.removeEdge(edge.name);
    expect(fleet.sink.edges.has(edge.name)).toBe(false);
    await takes('the end of the stream', () => edge.traffic.openStreams === 0, 1);
    fleet.objects.putEdges([definition]);
    await fleet.settled();
  });

  test('without its token Secret an edge is not contacted and says what is missing', async () => {
    const edge = await oneEdge({ over: {} });
    await fleet.settled();
    fleet.objects.putSecrets([aSecret(`${edge.name}-argocd`, { other: 'x' })]);
    await takes('the words', () => fleet.sink.connection(edge.name)?.failure?.sign.includes('has no usable key read') === true, 10);
    const before = edge.traffic.requests;
    await pass(10 * MINUTE, SECOND);
    expect(edge.traffic.requests).toBe(before);
    fleet.objects.putSecrets([aSecret(`${edge.name}-argocd`, { read: tokenOf(1, edge, 'fleet') })]);
    await takes('the return', () => connection() === 'Reachable' && row() === undefined, 100);
  });
});
