import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { create, remove, trouble } from '../../../simulator/src/world/operations.ts';
import { createWatchHarness, MINUTE, SECOND } from '../../../test/watch-harness.ts';

jest.setTimeout(60_000);
const watch = createWatchHarness();
afterEach(() => watch.close());

describe('what a stream loses', () => {
  test('a change and a deletion that no event told are found by the repair', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    const [changed, gone] = edge.applications;
    changed!.health = 'Degraded';
    edge.applications.splice(edge.applications.indexOf(gone!), 1);
    const key = `argocd/${changed!.component.name}`;
    const tookMs = await watch.takes(
      'the repair',
      () => watch.fleet.told().applications.get(key)?.health === 'Degraded' && watch.fleet.told().applications.size === 5,
      200,
    );
    expect(tookMs).toBeLessThanOrEqual(10 * MINUTE + 10 * SECOND);
    expect(watch.connection()).toBe('Reachable');
  });

  test('a list of another Argo CD beside a stream that goes on takes nothing away and brings nothing', async () => {
    await watch.start({ behind: true });
    await watch.fleet.settled();
    const keys = [...watch.fleet.told().applications.keys()];
    const item = (name: string) => ({
      metadata: { name, namespace: 'argocd' },
      status: { sync: { status: 'Synced' }, health: { status: 'Healthy' } },
    });
    watch.front.intercept = (request, response) => {
      if (request.url?.includes('/applications?fields=items.metadata.name,items.metadata.namespace,items.status') !== true) return false;
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ metadata: {}, items: [item('other-one'), item('other-two')] }));
      return true;
    };
    await watch.pass(25 * MINUTE, SECOND);
    expect([...watch.fleet.told().applications.keys()]).toEqual(keys);
    expect(watch.connection()).toBe('Reachable');
  });

  test('an edge whose list is too big is asked by project', async () => {
    const edge = await watch.start({ behind: true });
    let refused = 0;
    watch.front.intercept = (request, response) => {
      if (request.url?.includes('/applications?fields') !== true || request.url.includes('stream')) return false;
      refused += 1;
      response
        .writeHead(429, { 'content-type': 'application/json' })
        .end('{"error":"grpc: received message larger than max (2 vs. 1)","code":8,"message":"x"}');
      return true;
    };
    await watch.fleet.settled();
    expect(watch.connection()).toBe('Reachable');
    await watch.pass(12 * MINUTE, SECOND);
    expect(watch.front.asked.filter((path) => path.includes('projects=')).length).toBeGreaterThan(1);
    expect(refused).toBe(1);
    expect(watch.fleet.told().applications.size).toBe(edge.applications.length);
  });
});

describe('where no stream comes through', () => {
  const holdStreams = (): void => {
    watch.front.intercept = (request) => request.url?.includes('/stream/') === true;
  };

  test('an edge without Applications is polled, and streamed as soon as it has one', async () => {
    const edge = await watch.start();
    const { world } = watch.fleet.simulator;
    const [component] = edge.applications.map((application) => application.component);
    for (const application of [...edge.applications]) remove(world, application);
    await watch.takes('the mode', () => watch.fleet.told().facts.mode === 'poll', 10);
    expect(watch.connection()).toBe('Reachable');
    await watch.pass(5 * MINUTE, SECOND);
    expect(watch.now() - (watch.fleet.told().readAt ?? 0)).toBeLessThanOrEqual(20 * SECOND);
    create(world, edge, component!);
    await watch.takes('the Application', () => watch.fleet.told().applications.size === 1, 200);
    await watch.takes('the stream', () => watch.fleet.told().facts.mode === 'stream', 200);
  });

  test('streams that never begin: polled after 10 s, said in words, changes within a minute', async () => {
    const edge = await watch.start({ behind: true });
    holdStreams();
    await watch.takes('the mode', () => watch.fleet.told().facts.mode === 'poll', 50);
    await watch.takes('the data', () => watch.fleet.told().applications.size === 6, 50);
    expect(watch.fleet.told().facts.missingCapabilities?.join(' ')).toContain('polled');
    expect(watch.connection()).toBe('Reachable');
    trouble(watch.fleet.simulator.world, edge.applications[0]!, 'crash');
    await watch.takes('the world', () => edge.applications[0]?.health === 'Degraded', 0);
    const key = `argocd/${edge.applications[0]!.component.name}`;
    const tookMs = await watch.takes('the change', () => watch.fleet.told().applications.get(key)?.health === 'Degraded', 200);
    expect(tookMs).toBeLessThanOrEqual(61 * SECOND);
    watch.revoke(edge);
    await watch.takes('the refusal', () => watch.connection() === 'Refused', 200);
    expect(watch.row()).toBe(22);
  });

  test('streams that come through again are used again', async () => {
    await watch.start({ behind: true });
    holdStreams();
    await watch.takes('polling', () => watch.fleet.told().facts.mode === 'poll', 50);
    watch.front.intercept = () => false;
    expect(await watch.takes('the stream', () => watch.fleet.told().facts.mode === 'stream', SECOND)).toBeLessThanOrEqual(6 * MINUTE);
  });
});

describe('answers that are none', () => {
  const answering = (status: number, type: string, body: string, paths = /./): void => {
    watch.front.intercept = (request, response) => {
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
  ])('%s is row %i after two signs, and nothing known is lost', async (...[, expected, status, type, body]) => {
    await watch.start({ behind: true });
    await watch.fleet.settled();
    await watch.pass(6 * SECOND);
    answering(status, type, body);
    watch.front.cut();
    await watch.takes('the failure', () => watch.row() === expected, 200);
    expect(watch.fleet.told().applications.size).toBe(6);
    watch.front.intercept = () => false;
    await watch.takes('the return', () => watch.connection() === 'Reachable' && watch.row() === undefined, SECOND);
  });

  test('a list that is refused as unsupported does not keep the stream from being read', async () => {
    await watch.start({ behind: true });
    answering(500, 'application/json', '{"error": "failed to marshal error message"}', /v1\/applications\?fields/);
    await watch.takes('the data', () => watch.fleet.told().applications.size === 6, 10);
    await watch.takes('the mode', () => watch.fleet.told().facts.mode === 'stream', 10);
  });

  test('lines of garbage in a stream end it and are never data', async () => {
    await watch.start({ behind: true });
    let streams = 0;
    watch.front.intercept = (request, response) => {
      if (request.url?.includes('automated') !== true) return false;
      streams += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"result":{"application":{"metadata":{"name":"half"\n\n\n');
      return true;
    };
    await watch.takes('two tries', () => streams >= 2, 100);
    expect(watch.fleet.told().applications.size).toBe(0);
    watch.front.intercept = () => false;
    await watch.fleet.settled();
  });

  test('a line without end is cut, and costs no more than the limit', async () => {
    await watch.start({ behind: true, limits: { maxLineBytes: 100_000 } });
    let written = 0;
    watch.front.intercept = (request, response) => {
      if (request.url?.includes('automated') !== true) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = (): void => {
        while (!response.destroyed && written < 50_000_000 && response.write('x'.repeat(50_000))) written += 50_000;
      };
      response.on('drain', more);
      more();
      return true;
    };
    await watch.takes('the end', () => watch.row() === 34, 10);
    expect(written).toBeLessThan(50_000_000);
  });
});
