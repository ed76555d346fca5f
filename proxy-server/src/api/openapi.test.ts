import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { allRouters } from '../../../test/all-routes.ts';
import { createApiHarness, OPS_SECRET, throughHub, type ApiHarness } from '../../../test/api-harness.ts';
import { anEdge } from '../../../test/edge-builders.ts';
import { anApplicationDetail, anEdgeDetail } from '../../../test/fakes/fake-fleet-reader.ts';
import { agreeOnActions } from '../contract/action-answers.ts';
import { agreeOnThrough } from '../contract/doctor.ts';
import { agree } from '../contract/fleet.ts';
import { SEES_EVERYTHING } from '../domain/visibility.ts';
import { openSqliteJournal, type Journal } from '../history/sqlite-journal.ts';
import type { DoctorRuns } from '../ports/doctor-runs.ts';
import type { Rights } from '../ports/rights.ts';
import { createOpenApi } from './openapi.ts';
import { PASS_THROUGH_RULES } from './pass-through-rules.ts';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { readonly get?: Operation; readonly post?: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const document = createOpenApi('0.1.0') as Document;

/** The schema of an answer, read from the document alone. */
function answerSchema(path: string, status: string, mediaType: string, method: 'get' | 'post' = 'get'): z.ZodType {
  const operation = document.paths[path]?.[method];
  const schema = operation?.responses[status]?.content[mediaType]?.schema;
  if (schema === undefined) throw new Error(`the document does not say what ${path} answers with ${status}`);
  const local = JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  return z.fromJSONSchema(JSON.parse(local) as Parameters<typeof z.fromJSONSchema>[0]);
}

const ALLOWED: Rights = { visibility: () => SEES_EVERYTHING, can: () => ({ allowed: true }) };
const DOCTOR: DoctorRuns = {
  running: { startedAt: 1, username: 'ann', done: 1, edges: 2 },
  latest: {
    startedAt: 1,
    finishedAt: 2,
    username: 'ann',
    checks: [{ id: 'dns', edge: 'store-0001', result: 'failed', message: 'x', remedy: 'y' }],
  },
  start: () => true,
};
const RUN = '00000000-0000-4000-8000-000000000001';
const SIGHT = { uid: '1', autoSync: true, history: [{ id: 1, revisions: ['a'] }], sync: 'Synced', health: 'Healthy', deleting: false };

let folder: string;
let journal: Journal;
let harness: ApiHarness;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ef-openapi-'));
  journal = openSqliteJournal(join(folder, 'journal.sqlite'), 0);
  harness = createApiHarness({
    opsApart: true,
    routers: allRouters({ journal, doctor: DOCTOR, rights: ALLOWED, fleet: () => harness.fleet, objects: () => harness.objects }),
  });
  harness.fleet.putEdges([
    anEdgeDetail('store-0001', {
      reason: 'EdgeOffline',
      clockSkewMs: 3,
      argocdVersion: '3.5.1',
      windows: [{ cron: '0 1 * * *', durationMs: 1, nextStart: 2 }],
    }),
  ]);
  harness.fleet.putApplications([
    anApplicationDetail('store-0001', 'pos', { product: 'pos', conditions: [{ type: 'SyncError', message: 'no' }] }),
  ]);
  harness.putProblems([{ where: 'a.yaml:1', object: 'Edge a', field: 'spec.url', remedy: 'Mend it', severity: 'error' }]);
  harness.objects.putEdges([anEdge('store-0001', 'https://store-0001.example.com', { access: 'Operate' })]);
  await post('/actions', { ...SELECTED, reason: 'price rounding' });
  const [target] = await journal.actions.targets(RUN, { limit: 1 });
  await journal.actions.update({ ...target!, state: 'Running', intent: { step: 'act', at: 1, tries: 1 }, before: SIGHT });
});
afterAll(async () => {
  await harness.close();
  journal.close();
  rmSync(folder, { recursive: true });
});

const SELECTED = { action: { kind: 'sync' }, targets: [{ edge: 'store-0001', namespace: 'argocd', name: 'pos' }] };
const post = (path: string, body: object) =>
  request(harness.api.app).post(`/api/v1${path}`).set(throughHub('ann', OPS_SECRET)).set('content-type', 'application/json').send(body);

const QUESTIONS: readonly (readonly [path: string, asked?: string])[] = [
  ['/api/v1/config'],
  ['/api/v1/overview'],
  ['/api/v1/overview/members'],
  ['/api/v1/overview/columns/{field}', '/api/v1/overview/columns/argocd-version'],
  ['/api/v1/overview/rows'],
  ['/api/v1/facets'],
  ['/api/v1/edges'],
  ['/api/v1/edges/{edge}', '/api/v1/edges/store-0001'],
  ['/api/v1/edges/{edge}/applications', '/api/v1/edges/store-0001/applications'],
  ['/api/v1/edges/{edge}/applications/{namespace}/{name}', '/api/v1/edges/store-0001/applications/argocd/pos'],
  ['/api/v1/applications'],
  ['/api/v1/applications/groups', '/api/v1/applications/groups?by=product'],
  ['/api/v1/problems'],
  ['/api/v1/can-i', '/api/v1/can-i?action=get&resource=edges&edge=store-0001'],
  ['/api/v1/can-act'],
  ['/api/v1/actions'],
  ['/api/v1/actions/{run}', `/api/v1/actions/${RUN}`],
  ['/api/v1/audit'],
  ['/api/v1/doctor'],
];

const NOBODY = { 'edge-fleet': { known: false, why: 'x' }, 'edge-fleet-ops': { known: false, why: 'x' } };
const THROUGH = {
  answers: NOBODY,
  mayInvoke: NOBODY,
  hubVersion: { known: true, value: 'v3.5.1' },
  username: { known: true, value: 'ann' },
};

/** What is asked by POST, with a body. */
const POSTS: readonly (readonly [path: string, body: object])[] = [
  ['/actions/preview', SELECTED],
  ['/actions', { ...SELECTED, action: { kind: 'refresh' }, reason: 'x' }],
  ['/actions/{run}/stop', { targets: [0] }],
  ['/doctor', {}],
  ['/doctor/through', THROUGH],
  ['/edges/{edge}/probe', {}],
];

interface Layer {
  readonly rawPath?: string;
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

/** Every route of the app as it is served, as `get /api/v1/edges/{edge}`. */
const servedBy = (layers: readonly Layer[], above = ''): readonly string[] =>
  layers.flatMap(({ rawPath, route, handle }) => {
    if (route !== undefined) {
      const path = `${above}${route.path}`.replace(/[:*](\w+)/g, '{$1}');
      return Object.keys(route.methods).map((method) => `${method} ${path}`);
    }
    return servedBy(handle?.stack ?? [], rawPath === undefined || rawPath === '/' ? above : `${above}${rawPath}`);
  });

describe('the OpenAPI document', () => {
  test('is made of schemas that are the shapes of the domain, or this would not compile', () => {
    expect(agree.length + agreeOnActions.length).toBeGreaterThan(20);
    expect(agreeOnThrough).toBe(true);
  });

  test('is 3.1 and says of every schema what it is, by name', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['FleetOverview', 'FleetDelta', 'EdgeDetail', 'ApplicationDetail', 'Problem']),
    );
    expect(JSON.stringify(document)).not.toMatch(/__schema\d/);
  });

  test.each(QUESTIONS)('%s answers what it says', async (path, asked = path) => {
    const answer = await request(harness.api.app).get(asked).set(throughHub());
    expect(answer.status).toBe(200);
    const parsed = answerSchema(path, '200', 'application/json').safeParse(answer.body);
    expect(parsed.error?.issues ?? []).toEqual([]);
  });

  test.each(POSTS)('POST %s answers what it says', async (path, body) => {
    const answer = await post(path.replace('{run}', RUN).replace('{edge}', 'store-0001'), body);
    expect(answer.status).toBe(200);
    const parsed = answerSchema(`/api/v1${path}`, '200', 'application/json', 'post').safeParse(answer.body);
    expect(parsed.error?.issues ?? []).toEqual([]);
  });

  test('has every route that is served, and every route of it is served', () => {
    const { stack } = harness.api.app.router as unknown as { readonly stack: readonly Layer[] };
    const served = servedBy(stack).filter((route) => !route.endsWith('/argocd/{path}')); // the pass-through has a list of its own
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      path.includes('/argocd/') ? [] : Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(served.length).toBeGreaterThan(25);
    expect([...documented].sort()).toEqual([...new Set(served)].sort());
    expect(served).toHaveLength(new Set(served).size);
  });

  test('a schema of it refuses what it must', () => {
    expect(answerSchema('/api/v1/overview', '200', 'application/json').safeParse({ revision: 'one' }).success).toBe(false);
    expect(answerSchema('/api/v1/edges', '200', 'application/json').safeParse({ items: [{}], total: 1, revision: 1, now: 1 }).success).toBe(
      false,
    );
  });

  test('a problem is what it says', async () => {
    const answer = await request(harness.api.app).get('/api/v1/edges?query=!').set(throughHub());
    const parsed = answerSchema('/api/v1/edges', '400', 'application/problem+json').safeParse(JSON.parse(answer.text));
    expect(parsed.error?.issues ?? []).toEqual([]);
  });

  test('has every route of the pass-through, and is served', async () => {
    for (const rule of PASS_THROUGH_RULES) expect(document.paths).toHaveProperty([`/api/v1/edges/{edge}/argocd${rule.path}`, 'get']);
    expect((await request(harness.api.app).get('/api/v1/openapi.json').set(throughHub())).body).toEqual(
      JSON.parse(JSON.stringify(document)),
    );
  });
});
