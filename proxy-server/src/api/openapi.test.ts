import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { createApiHarness, throughHub, type ApiHarness } from '../../../test/api-harness.ts';
import { anApplicationDetail, anEdgeDetail } from '../../../test/fakes/fake-fleet-reader.ts';
import { agree } from '../contract/fleet.ts';
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
function answerSchema(path: string, status: string, mediaType: string): z.ZodType {
  const operation = document.paths[path]?.get ?? document.paths[path]?.post;
  const schema = operation?.responses[status]?.content[mediaType]?.schema;
  if (schema === undefined) throw new Error(`the document does not say what ${path} answers with ${status}`);
  const local = JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  return z.fromJSONSchema(JSON.parse(local) as Parameters<typeof z.fromJSONSchema>[0]);
}

let harness: ApiHarness;
beforeAll(() => {
  harness = createApiHarness();
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
});
afterAll(() => harness.close());

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
];

describe('the OpenAPI document', () => {
  test('is made of schemas that are the shapes of the domain, or this would not compile', () => {
    expect(agree.length).toBeGreaterThan(10);
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
