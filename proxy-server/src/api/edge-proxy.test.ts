import { afterEach, describe, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { gzipSync } from 'node:zlib';
import { createApiHarness, seesRegion, throughHub, type ApiHarness, type ApiHarnessOptions } from '../../../test/api-harness.ts';
import { anApplicationDetail, anEdgeDetail } from '../../../test/fakes/fake-fleet-reader.ts';
import type { EdgeTarget } from '../ports/edge-api.ts';
import { matchPassThrough, PASS_THROUGH_RULES } from './pass-through-rules.ts';

let harness: ApiHarness;
const servers: Server[] = [];
afterEach(async () => {
  await harness.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const TIMERS = {
  after: (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

async function listenOn(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** An edge that answers as the test says, and remembers what it was asked. */
async function anArgoCd(answer: RequestListener): Promise<{ readonly target: EdgeTarget; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const port = await listenOn(createServer((req, res) => void (asked.push(req), answer(req, res))));
  const headers = { authorization: 'Bearer edge-token', 'cf-access-client-id': 'fleet', 'cf-access-client-secret': 'access-secret' };
  return { asked, target: { origin: `http://127.0.0.1:${port}`, pathPrefix: '/argo', headers, tls: { rejectUnauthorized: true } } };
}

async function start(
  target: EdgeTarget | undefined,
  options: ApiHarnessOptions = {},
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  harness = createApiHarness({ target: () => target, timers: TIMERS, ...options });
  harness.fleet.putEdges([
    anEdgeDetail('store-0001'),
    anEdgeDetail('store-0002', { labels: { region: 'south' } }),
    anEdgeDetail('quiet', { access: 'CountsOnly' }),
  ]);
  harness.fleet.putApplications([
    anApplicationDetail('store-0001', 'pos', { project: 'retail' }),
    anApplicationDetail('store-0002', 'pos'),
    anApplicationDetail('quiet', 'pos'),
  ]);
  const { url } = await harness.listen();
  return (path, init = {}) =>
    fetch(`${url}/api/v1/edges/${path}`, { ...init, headers: { ...throughHub(), ...(init.headers as Record<string, string>) } });
}

const json =
  (body: unknown, over: Record<string, string> = {}): RequestListener =>
  (_req, res) => {
    res.writeHead(200, { 'content-type': 'application/json', ...over }).end(JSON.stringify(body));
  };
const POS = 'store-0001/argocd/api/v1/applications/pos?appNamespace=argocd';

describe('what crosses', () => {
  test('the edge gets its own token and none of the headers of browser, hub and proxies', async () => {
    const edge = await anArgoCd(json({ metadata: { name: 'pos' } }));
    const get = await start(edge.target);
    const sent = {
      cookie: 'argocd.token=hub-session', authorization: 'Bearer hub-token', 'cf-connecting-ip': '6.6.6.6', 'cf-access-jwt-assertion': 'x', 'cdn-loop': 'cloudflare',
      'x-forwarded-for': '6.6.6.6', 'x-forwarded-user': 'root', forwarded: 'for=6.6.6.6', 'argocd-user-groups': 'admins', 'grpc-metadata-token': 'forged',
      'proxy-authorization': 'Basic x', te: 'trailers', 'x-http-method-override': 'DELETE', range: 'bytes=0-1', 'x-request-id': 'hub-request-7',
    }; // prettier-ignore
    const answer = await get(POS, { headers: sent });
    expect(await answer.json()).toEqual({ metadata: { name: 'pos' } });
    const { headers, url, method } = edge.asked[0]!;
    expect([method, url]).toEqual(['GET', '/argo/api/v1/applications/pos?appNamespace=argocd&project=retail']);
    expect(Object.keys(headers).sort()).toEqual(
      ['accept', 'accept-encoding', 'authorization', 'cf-access-client-id', 'cf-access-client-secret', 'connection', 'host', 'user-agent', 'x-request-id'],
    ); // prettier-ignore
    expect(headers).toMatchObject({ authorization: 'Bearer edge-token', accept: 'application/json', 'x-request-id': 'hub-request-7' });
    expect(JSON.stringify(headers)).not.toMatch(/hub-session|hub-token|6\.6\.6\.6|root|forged/);
  });

  test('of the answer only what the data needs comes back, and the ray under a name of ours', async () => {
    const noise = { 'set-cookie': 'argocd.token=evil', server: 'cloudflare', 'alt-svc': 'h3', nel: '{}', 'report-to': '{}', 'strict-transport-security': 'max-age=1', 'x-frame-options': 'x', 'access-control-allow-origin': '*' }; // prettier-ignore
    const edge = await anArgoCd(json({ items: [] }, { ...noise, 'cf-ray': '8f00ba-OSL' }));
    const answer = await (await start(edge.target))(POS);
    const names = [...answer.headers.keys()].filter((name) => !['date', 'connection', 'keep-alive'].includes(name)).sort();
    expect(names).toEqual([
      'cache-control',
      'content-type',
      'transfer-encoding',
      'x-content-type-options',
      'x-edge-cf-ray',
      'x-request-id',
    ]);
    expect(answer.headers.get('x-edge-cf-ray')).toBe('8f00ba-OSL');
  });

  test('a compressed answer goes through as it is', async () => {
    const body = JSON.stringify({ nodes: 'n'.repeat(5_000) });
    const edge = await anArgoCd(
      (_req, res) => void res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(body)),
    );
    const answer = await (await start(edge.target))(POS);
    expect(await answer.text()).toBe(body);
    expect(edge.asked[0]?.headers['accept-encoding']).toBe('gzip');
  });

  test('the edge is reached at the address of its Connector, by its own name', async () => {
    const edge = await anArgoCd(json({}));
    const { port } = new URL(edge.target.origin);
    const get = await start({ ...edge.target, origin: 'http://store-0001.edge.example.com', address: `127.0.0.1:${port}` });
    expect((await get(POS)).status).toBe(200);
    expect(edge.asked[0]?.headers.host).toBe('store-0001.edge.example.com');
  });

  test('over TLS the CA and the name of the Connector decide, and a certificate of nobody is refused in words', async () => {
    const made = await generate([{ name: 'commonName', value: 'argocd.local' }], { keySize: 2048, extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'argocd.local' }] }] }); // prettier-ignore
    const port = await listenOn(createTlsServer({ cert: made.cert, key: made.private }, json({ over: 'TLS' })));
    const target = {
      origin: `https://127.0.0.1:${port}`,
      pathPrefix: '',
      headers: {},
      tls: { ca: made.cert, servername: 'argocd.local', rejectUnauthorized: true },
    };
    expect(await (await (await start(target))(POS)).json()).toEqual({ over: 'TLS' });
    await harness.close();
    const refused = await (await start({ ...target, tls: { servername: 'argocd.local', rejectUnauthorized: true } }))(POS);
    expect([refused.status, ((await refused.json()) as { reason: string }).reason]).toEqual([424, 'EdgeCert']);
  });
});

describe('what is let through', () => {
  test.each(PASS_THROUGH_RULES.map((rule) => [rule.path, rule] as const))('%s', async (_path, rule) => {
    const edge = await anArgoCd(json({}));
    const get = await start(edge.target);
    const path = rule.path.replace('{name}', 'pos').replace('{revision}', 'abc123').replace('{pod}', 'pos-1');
    const query = [...rule.query.map((name) => `${name}=x`), 'appNamespace=argocd', 'project=other', 'refresh=hard', 'unheard=of'].join(
      '&',
    );
    expect((await get(`store-0001/argocd${path}?${query}`)).status).toBe(200);
    const asked = new URL(edge.asked[0]?.url ?? '', 'http://edge');
    expect([asked.searchParams.get('project'), asked.searchParams.get(rule.namespaceParameter)]).toEqual(['retail', 'argocd']);
    expect([asked.searchParams.has('refresh'), asked.searchParams.has('unheard')]).toEqual([false, false]);
  });

  test.each([
    'api/v1/applications',
    'api/v1/applications/pos/sync',
    'api/v1/applications/pos/resource/actions/v2',
    'api/v1/applications/pos/../../session',
    'api/v1/applications/pos%2f..%2f..%2fsettings',
    'api/v1/applications//pos',
    'api/v1/applications/POS',
    'api/v1/account/can-i/applications/sync/x',
    'api/v1/repositories',
    'api/v1/clusters',
    'api/v1/stream/applications',
    'api/v1/session/userinfo',
    'api/webhook',
    'terminal',
    'swagger.json',
  ])('%s is not', async (path) => {
    const edge = await anArgoCd(json({}));
    const answer = await (await start(edge.target))(`store-0001/argocd/${path}?appNamespace=argocd`);
    expect(answer.status).toBe(404);
    expect(edge.asked).toEqual([]);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s never reaches an edge', async (method) => {
    const edge = await anArgoCd(json({}));
    expect((await (await start(edge.target))(POS, { method })).status).toBe(405);
    expect(edge.asked).toEqual([]);
  });

  test('edges and Applications that one may not see, and edges that give counts only, are refused like unknown ones', async () => {
    const edge = await anArgoCd(json({}));
    const get = await start(edge.target);
    harness.visibilities.set('bob', seesRegion('north'));
    const bob = { headers: throughHub('bob') };
    const answers = await Promise.all([
      get('store-0002/argocd/api/v1/applications/pos?appNamespace=argocd', bob),
      get('quiet/argocd/api/v1/applications/pos?appNamespace=argocd'),
      get('store-9999/argocd/api/v1/applications/pos?appNamespace=argocd'),
      get('store-0001/argocd/api/v1/applications/kiosk?appNamespace=argocd'),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404]);
    expect(edge.asked).toEqual([]);
  });

  test('logs need a right of their own, and the refusal names the missing line', async () => {
    const edge = await anArgoCd(json({}));
    const get = await start(edge.target);
    harness.denied.set('logs', {
      allowed: false,
      reason: 'No line of the policy allows it',
      missingLine: 'p, jane, logs, get, store-0001/retail/pos, allow',
    });
    const answer = await get('store-0001/argocd/api/v1/applications/pos/logs?appNamespace=argocd');
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ missingLine: 'p, jane, logs, get, store-0001/retail/pos, allow' });
    expect((await get(POS)).status).toBe(200);
  });

  test('without a way to the edge it is said', async () => {
    expect((await (await start(undefined))(POS)).status).toBe(404);
  });

  test('names with every character that Kubernetes allows are read, nothing else is', () => {
    expect(matchPassThrough('/api/v1/applications/a.b-c/resource-tree')?.name).toBe('a.b-c');
    for (const path of ['/api/v1/applications/a b', '/api/v1/applications/..', '/api/v1/applications/a/', '/api/v1/applicationsXa'])
      expect(matchPassThrough(path)).toBeUndefined();
  });
});

const page =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_req, res) => {
    res.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
  };

/** Sends the start of a body that announces more, and closes when that has left. */
const cutAfter =
  (start: string, status: number): RequestListener =>
  (_req, res) => {
    res.writeHead(status, { 'content-type': 'application/json', 'content-length': '900' });
    res.write(start, () => res.socket?.end());
  };

describe('what goes wrong on the way', () => {
  test.each<[what: string, answer: RequestListener, reason: string]>([
    [
      'a tunnel without connector',
      page(530, '<html>error code: 1033</html>', { server: 'cloudflare', 'cf-ray': '8f00ba-OSL' }),
      'EdgeOffline',
    ],
    ['a page of 502', page(502, '<html><title>Bad gateway</title></html>', { server: 'cloudflare', 'cf-ray': '8f00ba-OSL' }), ''],
    [
      'a revoked token',
      (_req, res) =>
        void res
          .writeHead(401, { 'content-type': 'application/json' })
          .end('{"error":"invalid session: token is expired","code":16,"message":"invalid session: token is expired"}'),
      'EdgeToken',
    ],
    [
      'a lost right',
      (_req, res) =>
        void res
          .writeHead(403, { 'content-type': 'application/json' })
          .end('{"error":"permission denied","code":7,"message":"permission denied"}'),
      'EdgeForbidden',
    ],
    ['a page that calls itself good', page(200, '<html>Sign in to the WiFi</html>'), ''],
    ['a redirect', page(302, '', { location: 'https://login.example.com' }), ''],
    ['a refusal that is cut in the middle', cutAfter('{"error":"', 500), ''],
    ['a refusal without end', page(500, `<html>${'x'.repeat(300_000)}</html>`), ''],
    ['a connection that is closed without a word', (_req, res) => void res.destroy(), ''],
  ])('%s is a 424 problem in words', async (_what, answer, reason) => {
    const edge = await anArgoCd(answer);
    const response = await (await start(edge.target))(POS);
    const problem = (await response.json()) as Record<string, string>;
    expect(response.status).toBe(424);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(problem).toMatchObject({
      type: 'https://edgefleet.dev/problems/edge-failed',
      edge: 'store-0001',
      reason: reason === '' ? expect.stringMatching(/^[A-Z]/) : reason,
    });
    expect(problem['detail']).toMatch(/\w+ \w+/);
    expect(JSON.stringify(problem)).not.toMatch(/<html|127\.0\.0\.1|edge-token|login\.example/);
  });

  test('data that is cut in the middle never looks whole', async () => {
    const edge = await anArgoCd(cutAfter('{"metadata":{', 200));
    await expect((async () => (await (await start(edge.target))(POS)).text())()).rejects.toThrow();
  });

  test('nobody listening is a 424 problem', async () => {
    const edge = await anArgoCd(json({}));
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    const response = await (await start(edge.target))(POS);
    expect([response.status, ((await response.json()) as { edge: string }).edge]).toEqual([424, 'store-0001']);
  });

  test('an edge that says nothing is given up in time', async () => {
    const edge = await anArgoCd(() => undefined);
    const response = await (await start(edge.target, { passThrough: { timeoutMs: 100 } }))(POS);
    expect([response.status, ((await response.json()) as { reason: string }).reason]).toEqual([424, 'TimedOut']);
  });

  test('a tree that does not change is idle, not broken: the stream ends empty and well', async () => {
    const edge = await anArgoCd(() => undefined);
    const get = await start(edge.target, { passThrough: { timeoutMs: 100 } });
    const response = await get('store-0001/argocd/api/v1/stream/applications/pos/resource-tree?appNamespace=argocd', {
      headers: { accept: 'text/event-stream' },
    });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(edge.asked[0]?.headers.accept).toBe('text/event-stream');
  });

  test('a log that is followed ends well when its time is over', async () => {
    const edge = await anArgoCd(
      (_req, res) => void (res.writeHead(200, { 'content-type': 'text/event-stream' }), res.write('data: {}\n\n')),
    );
    const get = await start(edge.target, { timers: { after: (delayMs, run) => TIMERS.after(delayMs > 60_000 ? 100 : delayMs, run) } });
    const response = await get('store-0001/argocd/api/v1/applications/pos/logs?appNamespace=argocd&follow=true', {
      headers: { accept: 'text/event-stream' },
    });
    expect([response.status, await response.text()]).toEqual([200, 'data: {}\n\n']);
  });

  test('an answer beyond the limit is refused where it is announced, and cut where it is not', async () => {
    const big = 'x'.repeat(200_000);
    const announced = await anArgoCd(
      (_req, res) => void res.writeHead(200, { 'content-type': 'application/json', 'content-length': String(big.length) }).end(big),
    );
    expect((await (await start(announced.target, { passThrough: { maxBytes: 100_000 } }))(POS)).status).toBe(413);
    await harness.close();
    const unsaid = await anArgoCd(
      (_req, res) => void (res.writeHead(200, { 'content-type': 'application/json' }), res.write(big), res.end()),
    );
    await expect(
      (async () => (await (await start(unsaid.target, { passThrough: { maxBytes: 100_000 } }))(POS)).text())(),
    ).rejects.toThrow();
  });

  test('one edge is asked a bounded number of questions at once', async () => {
    const edge = await anArgoCd(() => undefined);
    const get = await start(edge.target, { passThrough: { timeoutMs: 300, maxPerEdge: 2 } });
    const statuses = (await Promise.all([get(POS), get(POS), get(POS)])).map((answer) => answer.status);
    expect(statuses.sort()).toEqual([424, 424, 429]);
    expect((await get(POS)).status).toBe(424); // places are given back
  });

  test('when the browser goes away, the request to the edge ends too', async () => {
    let gone: () => void;
    const edgeSawEnd = new Promise<void>((resolve) => (gone = resolve));
    const edge = await anArgoCd((req) => void req.socket.on('close', () => gone()));
    const get = await start(edge.target, { passThrough: { timeoutMs: 60_000 } });
    const abort = new AbortController();
    const asking = get(POS, { signal: abort.signal }).catch(() => undefined);
    while (edge.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await Promise.all([edgeSawEnd, asking]);
  });
});
