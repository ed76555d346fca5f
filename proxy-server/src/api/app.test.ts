import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createApiHarness, OPS_SECRET, seesRegion, throughHub, VIEW_SECRET, type ApiHarness } from '../../../test/api-harness.ts';
import { aSecret } from '../../../test/edge-builders.ts';
import { anApplicationDetail, anEdgeDetail } from '../../../test/fakes/fake-fleet-reader.ts';
import { parseProductId } from '../domain/ids.ts';

let harness: ApiHarness;
const start = (options: Parameters<typeof createApiHarness>[0] = {}): ApiHarness => {
  harness = createApiHarness(options);
  harness.fleet.putEdges([
    anEdgeDetail('store-0001'),
    anEdgeDetail('store-0002', { labels: { region: 'south' }, state: 'Stale' }),
    anEdgeDetail('quiet', { access: 'CountsOnly' }),
  ]);
  harness.fleet.putApplications([anApplicationDetail('store-0001', 'pos'), anApplicationDetail('store-0002', 'kiosk')]);
  return harness;
};
afterEach(() => harness.close());

const get = (path: string, headers: Record<string, string> = throughHub()) => request(harness.api.app).get(path).set(headers);
/** supertest reads JSON by itself; what a cache keeps is looked at as bytes. */
const bytes = (path: string, encoding: string, headers: Record<string, string> = {}) =>
  get(path, { ...throughHub(), 'accept-encoding': encoding, ...headers })
    .buffer(true)
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => done(null, Buffer.concat(chunks)));
    });

const ROUTES: readonly string[] = [
  '/api/v1/config',
  '/api/v1/overview',
  '/api/v1/overview/members',
  '/api/v1/overview/columns/argocd-version',
  '/api/v1/overview/rows?query=store',
  '/api/v1/facets',
  '/api/v1/edges',
  '/api/v1/edges/store-0001',
  '/api/v1/edges/store-0001/applications',
  '/api/v1/edges/store-0001/applications/argocd/pos',
  '/api/v1/applications',
  '/api/v1/applications/groups?by=product',
  '/api/v1/export/edges',
  '/api/v1/export/applications?format=json',
  '/api/v1/problems',
  '/api/v1/can-i?action=get&resource=edges&edge=store-0001',
  '/api/v1/openapi.json',
];

describe('who may ask', () => {
  test.each([
    ...ROUTES,
    '/api/v1/stream',
    '/api/v1/edges/store-0001/argocd/api/v1/applications/pos?appNamespace=argocd',
    '/api/v1/nothing',
  ])('without identity %s is a 401 problem that says nothing of the fleet', async (path) => {
    start();
    const answer = await get(path, {});
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.text)).toMatchObject({
      type: 'https://edgefleet.dev/problems/unauthenticated',
      status: 401,
      instance: answer.headers['x-request-id'],
    });
    expect(answer.text).not.toMatch(/store|quiet/);
  });

  test.each(ROUTES)('through the hub %s answers', async (path) => {
    start();
    expect((await get(path)).status).toBe(200);
  });

  test('a POST without identity is a 401 too', async () => {
    start();
    const answer = await request(harness.api.app).post('/api/v1/edges/store-0001/probe').set('content-type', 'application/json').send('{}');
    expect(answer.status).toBe(401);
    expect(harness.probed).toEqual([]);
  });

  test('until the last known fleet is loaded, who is known reads 503 and who is not still 401', async () => {
    start().setReady(false);
    expect((await get('/api/v1/overview')).status).toBe(503);
    expect((await get('/api/v1/overview', {})).status).toBe(401);
    expect((await get('/readyz', {})).status).toBe(503);
    expect((await get('/livez', {})).status).toBe(200);
    harness.setReady(true);
    expect((await get('/readyz', {})).status).toBe(200);
  });
});

describe('before the scopes Secret is read', () => {
  test('whoever the hub sends reads 503 "starting" with the time to ask again, whatever the secret, and 200 once it is there', async () => {
    start().setReady(false);
    harness.objects.putSecrets([]);
    for (const headers of [throughHub(), throughHub('jane', 'not-read-yet')]) {
      const answer = await get('/api/v1/config', headers);
      expect([answer.status, answer.headers['content-type'], answer.headers['retry-after']]).toEqual([
        503,
        'application/problem+json',
        '1',
      ]);
      expect(JSON.parse(answer.text)).toMatchObject({
        type: 'https://edgefleet.dev/problems/not-ready',
        detail: expect.stringContaining('starting'),
      });
    }
    harness.objects.putSecrets([aSecret('edge-fleet-scopes', { 'edge-fleet': VIEW_SECRET })]);
    harness.setReady(true);
    expect((await get('/api/v1/config')).status).toBe(200);
    expect((await get('/api/v1/config', throughHub('jane', 'not-read-yet'))).status).toBe(401);
  });

  test.each(['x-edge-fleet-secret', 'argocd-username', 'argocd-application-name', 'argocd-project-name'])(
    'a request without %s is refused at once: no Secret is needed to tell',
    async (header) => {
      start().setReady(false);
      const { [header]: _gone, ...rest } = throughHub();
      expect((await get('/api/v1/config', rest)).status).toBe(401);
    },
  );
});

describe('what one sees', () => {
  test('an edge that a user may not see is in no list, no count and no error of theirs', async () => {
    start().visibilities.set('bob', seesRegion('north'));
    const bob = throughHub('bob');
    expect((await get('/api/v1/edges', bob)).body.items.map((edge: { name: string }) => edge.name)).toEqual(['store-0001', 'quiet']);
    expect((await get('/api/v1/overview', bob)).body.counts.edges).toBe(2);
    expect((await get('/api/v1/export/edges', bob)).text).not.toContain('store-0002');
    const hidden = await get('/api/v1/edges/store-0002', bob);
    const unknown = await get('/api/v1/edges/store-9999', bob);
    expect([hidden.status, unknown.status]).toEqual([404, 404]);
    expect(JSON.parse(hidden.text).detail.replace('store-0002', '')).toBe(JSON.parse(unknown.text).detail.replace('store-9999', ''));
    expect((await get('/api/v1/applications', bob)).body.total).toBe(1);
  });

  test('problems of the configuration are for those who see what they are about', async () => {
    start().visibilities.set('bob', seesRegion('north'));
    const problem = { where: 'a.yaml:3', field: 'spec.url', remedy: 'Mend it', severity: 'error' as const };
    harness.putProblems([{ ...problem, object: 'Edge store-0001' }, { ...problem, object: 'Connector plain' }]); // prettier-ignore
    expect((await get('/api/v1/problems')).body.items).toHaveLength(2);
    expect((await get('/api/v1/problems', throughHub('bob'))).body.items).toEqual([]); // the folder holds no Edge that bob sees
  });

  test('Products without an Application that one may see are not named', async () => {
    start().visibilities.set('bob', seesRegion('north'));
    harness.objects.putProducts(['pos', 'secret'].map((name) => ({ id: parseProductId(name)!, matchLabels: {}, version: [] })));
    expect((await get('/api/v1/config')).body.features.products).toEqual(['pos', 'secret']);
    expect((await get('/api/v1/config', throughHub('bob'))).body.features.products).toEqual(['pos']);
  });

  test('config says who one is, with the scopes that were proven', async () => {
    start();
    expect((await get('/api/v1/config')).body).toMatchObject({
      user: { username: 'jane', scopes: ['edge-fleet'] },
      features: { actions: false },
    });
    expect((await get('/api/v1/config', throughHub('jane', OPS_SECRET))).body).toMatchObject({
      user: { scopes: ['edge-fleet-ops'] },
      features: { actions: true },
    });
  });
});

describe('problems', () => {
  test('an error in a query is told with its place', async () => {
    start();
    for (const path of [
      '/api/v1/edges',
      '/api/v1/applications',
      '/api/v1/facets',
      '/api/v1/overview/rows',
      '/api/v1/export/edges',
      '/api/v1/edges/store-0001/applications',
    ]) {
      const answer = await get(`${path}?query=${encodeURIComponent('store !')}`);
      expect([path, answer.status]).toEqual([path, 400]);
      expect(JSON.parse(answer.text)).toMatchObject({ type: 'https://edgefleet.dev/problems/invalid-query', position: 6, length: 1 });
    }
  });

  test.each([
    ['a limit beyond the configured one', '/api/v1/edges?limit=101'],
    ['a limit that is no number', '/api/v1/edges?limit=many'],
    ['a parameter that comes twice', '/api/v1/edges?query=a&query=b'],
    ['a group that is not offered', '/api/v1/applications/groups?by=colour'],
    ['a name that is none', '/api/v1/edges/..%2f..%2fetc'],
    ['a topic that is not offered', '/api/v1/stream?topics=weather'],
  ])('%s is a 400 or 404 problem in words', async (_what, path) => {
    start();
    const answer = await get(path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.text).detail).toMatch(/\w{3}/);
  });

  test('a bug is a 500 that shows neither its words nor its stack, and the log has both under the request id', async () => {
    start();
    harness.fleet.overview = () => {
      throw new Error('secret inner words');
    };
    const answer = await get('/api/v1/overview', { ...throughHub(), 'x-request-id': 'hub-request-1' });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/secret inner words|at .*\.ts/);
    expect(JSON.parse(answer.text).instance).toBe('hub-request-1');
    expect(harness.runtime.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        requestId: 'hub-request-1',
        err: expect.objectContaining({ message: 'secret inner words' }),
      }),
    );
  });

  test('a method that is not offered is 405', async () => {
    start();
    expect((await request(harness.api.app).delete('/api/v1/edges/store-0001').set(throughHub())).status).toBe(405);
  });
});

describe('answers that many ask alike', () => {
  test('are made once per revision and visibility, whoever asks and however encoded', async () => {
    start().visibilities.set('bob', seesRegion('north'));
    const made = harness.fleet.overviewsMade;
    for (const encoding of ['br', 'gzip', 'identity', 'br']) await bytes('/api/v1/overview', encoding);
    expect(harness.fleet.overviewsMade - made).toBe(1);
    await get('/api/v1/overview', throughHub('bob'));
    expect(harness.fleet.overviewsMade - made).toBe(2);
    harness.fleet.publish();
    await bytes('/api/v1/overview', 'br');
    expect(harness.fleet.overviewsMade - made).toBe(3);
  });

  test('every encoding holds the same answer, under an ETag of its own', async () => {
    start();
    const [br, gzip, plain] = [await bytes('/api/v1/overview', 'br, gzip'), await bytes('/api/v1/overview', 'gzip'), await bytes('/api/v1/overview', 'identity')]; // prettier-ignore
    expect([br.headers['content-encoding'], gzip.headers['content-encoding'], plain.headers['content-encoding']]).toEqual([
      'br',
      'gzip',
      undefined,
    ]);
    const wanted = String(plain.body);
    expect([String(br.body), String(gzip.body)]).toEqual([wanted, wanted]); // supertest decodes by the header
    expect(JSON.parse(wanted)).toMatchObject({ counts: { edges: 3 } });
    expect(new Set([br.headers['etag'], gzip.headers['etag'], plain.headers['etag']]).size).toBe(3);
    for (const answer of [br, gzip, plain]) {
      expect(answer.headers['etag']).toMatch(/^"[\w-]+"$/);
      expect(answer.headers['cache-control']).toContain('no-transform');
      expect(answer.headers['vary']).toBe('accept-encoding');
    }
  });

  test('who has the answer, under whichever encoding, gets 304 without a body until it changes', async () => {
    start();
    const etag = String((await bytes('/api/v1/overview', 'br')).headers['etag']);
    const again = await bytes('/api/v1/overview', 'gzip', { 'if-none-match': `"other", ${etag}` });
    expect([again.status, (again.body as Buffer).length]).toEqual([304, 0]);
    harness.fleet.publish();
    expect((await bytes('/api/v1/overview', 'br', { 'if-none-match': etag })).status).toBe(200);
  });

  test('members stay the same answer while only states change', async () => {
    start();
    const etag = String((await bytes('/api/v1/overview/members', 'br')).headers['etag']);
    harness.fleet.publish();
    expect((await bytes('/api/v1/overview/members', 'br', { 'if-none-match': etag })).status).toBe(304);
    harness.fleet.putEdges([anEdgeDetail('store-0003')]);
    expect((await bytes('/api/v1/overview/members', 'br', { 'if-none-match': etag })).status).toBe(200);
  });

  test('a label with a slash in its name is a column, written plainly or encoded', async () => {
    start();
    expect((await get('/api/v1/overview/columns/app.kubernetes.io/part-of')).status).toBe(200);
    expect((await get('/api/v1/overview/columns/app.kubernetes.io%2Fpart-of')).status).toBe(200);
    expect((await get('/api/v1/overview/columns/unheard-of')).status).toBe(404);
  });
});

describe('lists', () => {
  test('are paged by cursor, and the pages of one edge hold its Applications alone', async () => {
    start();
    const first = await get('/api/v1/edges?limit=2');
    expect(first.body.items).toHaveLength(2);
    const second = await get(`/api/v1/edges?limit=2&cursor=${first.body.cursor}`);
    expect(second.body.items.map((edge: { name: string }) => edge.name)).toEqual(['quiet']);
    const own = await get('/api/v1/edges/store-0002/applications');
    expect(own.body.items.map((application: { name: string }) => application.name)).toEqual(['kiosk']);
  });

  test('try now asks the edge once, and says so when it may not be asked again', async () => {
    start();
    const ask = () =>
      request(harness.api.app).post('/api/v1/edges/store-0001/probe').set(throughHub()).set('content-type', 'application/json').send('{}');
    expect((await ask()).body.asked).toBe(true);
    expect((await ask()).body.asked).toBe(false);
    expect((await request(harness.api.app).post('/api/v1/edges/store-0001/probe').set(throughHub()).send('a=b')).status).toBe(415);
  });
});

describe('health and metrics', () => {
  test('metrics tell connections and ages by edge, requests by route, and nothing of names in paths', async () => {
    start();
    await get('/api/v1/edges/store-0001');
    const { text } = await get('/metrics', {});
    expect(text).toContain('edge_fleet_edges{connection="Reachable"} 3');
    expect(text).toContain('edge_fleet_edge_reachable{edge="store-0001"} 1');
    expect(text).toMatch(/edge_fleet_http_request_duration_seconds_count\{route="\/api\/v1\/edges\/:edge",status_class="2xx"\} 1/);
    harness.fleet.putEdges([anEdgeDetail('store-0002')]);
    expect((await get('/metrics', {})).text).not.toContain('store-0001');
  });

  test('apart, they are on their own listener and not on that of the API', async () => {
    start({ opsApart: true });
    expect((await get('/metrics', {})).status).toBe(404);
    expect((await request(harness.api.ops).get('/metrics')).status).toBe(200);
    expect((await request(harness.api.ops).get('/api/v1/overview').set(throughHub())).status).toBe(404);
  });
});
