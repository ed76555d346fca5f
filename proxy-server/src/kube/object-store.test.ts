import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { toCrd } from '../../../manifests/crd.ts';
import { createCrdValidator } from '../../../test/fakes/crd-validator.ts';
import { FakeKube, type KubeObject } from '../../../test/fakes/fake-kube.ts';
import { createSteppedRuntime, type SteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import type { EdgeId } from '../domain/ids.ts';
import { createKubeStore, type KubeStore } from './object-store.ts';

const NAMESPACE = 'edge-fleet';
const labelled = { 'edgefleet.dev/secret': 'true' };
const anEdge = (name: string, spec: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: 'edgefleet.dev/v1alpha1',
  kind: 'Edge',
  metadata: { name, ...metadata },
  spec: { url: `https://${name}.example.com`, connectorRef: { name: 'plain' }, tokenSecretRef: { name: 'token' }, ...spec },
});
const aConnector: KubeObject = {
  apiVersion: 'edgefleet.dev/v1alpha1',
  kind: 'Connector',
  metadata: { name: 'plain' },
  spec: { direct: {} },
};
const aSecret = (name: string, data: Record<string, string>, labels: object = labelled): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});
const aPolicy = (csv: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'edge-fleet-policy' },
  data: { 'policy.csv': csv },
});

let kube: FakeKube;
let runtime: SteppedRuntime;
let store: KubeStore;
let server: string;
let loads = 0;
let token = 'token-1';

const loadConfig = (): KubeConfig => {
  loads += 1;
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'hub', server, skipTLSVerify: true }],
    users: [{ name: 'us', token }],
    contexts: [{ name: 'us', cluster: 'hub', user: 'us', namespace: NAMESPACE }],
    currentContext: 'us',
  });
  return config;
};
const until = (done: () => boolean, what: string): Promise<void> => runtime.until(done, { stepMs: 5, what });
const edges = (): readonly string[] => [...store.current().edges.keys()];

beforeEach(async () => {
  kube = new FakeKube();
  for (const kind of ['Edge', 'Connector', 'Product'] as const) kube.validators.set(kind, createCrdValidator(toCrd(kind)));
  server = await kube.start();
  token = 'token-1';
  runtime = createSteppedRuntime();
  store = createKubeStore({ namespace: NAMESPACE, loadConfig, settleMs: 10, firstRetryMs: 20 }, runtime);
  for (const object of [
    aConnector,
    anEdge('store-1'),
    aSecret('token', { read: 'r' }),
    aSecret('edge-fleet-scopes', { 'edge-fleet': 's' }),
  ])
    kube.put(object);
});
afterEach(async () => {
  await store.close();
  await kube.close();
});

async function started(): Promise<void> {
  let ready = false;
  void store.start().then(() => (ready = true));
  await until(() => ready, 'the first snapshot');
  await until(() => kube.watches === 5, 'all watches');
}

describe('the store over the Kubernetes API', () => {
  test('starts with one whole snapshot of our namespace and follows what changes', async () => {
    kube.put(aPolicy('p, ann, edges, get, *, allow'));
    await started();
    expect(store.current().edges.get('store-1' as EdgeId)).toMatchObject({ url: 'https://store-1.example.com', generation: 1 });
    expect(store.current().policy?.csv).toContain('ann');
    expect(store.current().problems).toEqual([]);
    kube.put(anEdge('store-2', { displayName: 'Two' }));
    await until(() => edges().length === 2, 'the second edge');
    kube.put(anEdge('store-2', { displayName: 'Zwei' }));
    await until(() => store.current().edges.get('store-2' as EdgeId)?.displayName === 'Zwei', 'the new name');
    expect(store.current().edges.get('store-2' as EdgeId)?.generation).toBe(2);
    kube.remove('Edge', 'store-1');
    await until(() => edges().length === 1, 'the edge to go');
    expect(new Set(kube.requests.map(({ namespace }) => namespace))).toEqual(new Set([NAMESPACE]));
  });

  test('an object that did not change keeps its identity, and a status that moves changes nothing', async () => {
    await started();
    const before = store.current().edges.get('store-1' as EdgeId);
    const condition = {
      type: 'Ready',
      status: 'True',
      reason: 'Accepted',
      message: 'x',
      lastTransitionTime: '2026-11-23T12:00:00Z',
      observedGeneration: 1,
    } as const;
    await store.apply('Edge', 'store-1', { observedGeneration: 1, conditions: [condition] });
    kube.put(anEdge('store-2'));
    await until(() => edges().length === 2, 'the second edge');
    expect(store.current().edges.get('store-1' as EdgeId)).toBe(before);
    expect(store.object('Edge', 'store-1')?.status?.conditions).toEqual([condition]);
  });

  test('Secrets without our label are never asked for', async () => {
    kube.put(aSecret('argocd-secret', { 'server.secretkey': 'x' }, {}));
    await started();
    expect([...store.current().secrets.keys()].sort()).toEqual(['edge-fleet-scopes', 'token']);
    const asked = kube.requests.filter(({ resource }) => resource === 'secrets');
    expect(asked.length).toBeGreaterThan(0);
    for (const request of asked) expect(request.labelSelector).toBe('edgefleet.dev/secret=true');
    for (const request of kube.requests.filter(({ resource }) => resource === 'configmaps')) {
      expect(request.fieldSelector).toBe('metadata.name=edge-fleet-policy');
    }
  });

  test('a bad object keeps its last good form and is named with the remedy', async () => {
    kube.validators.clear();
    await started();
    kube.put(anEdge('store-1', { url: 'ftp://x' }));
    await until(() => store.current().problems.length > 0, 'the problem');
    expect(store.current().edges.get('store-1' as EdgeId)?.url).toBe('https://store-1.example.com');
    expect(store.current().problems[0]).toMatchObject({
      where: 'edge-fleet/store-1',
      object: 'Edge store-1',
      field: 'spec.url',
      severity: 'error',
    });
  });

  test('without the Secret of the scopes the problem says so', async () => {
    kube.remove('Secret', 'edge-fleet-scopes');
    await started();
    expect(store.current().problems).toMatchObject([
      { object: 'Secret edge-fleet-scopes', remedy: expect.stringContaining('edgefleet.dev/secret') },
    ]);
  });

  test('yamlOf shows spec and labels, and nothing that Kubernetes added', async () => {
    await started();
    expect(store.yamlOf('Edge', 'store-1')).toMatch(
      /^apiVersion: edgefleet.dev\/v1alpha1\nkind: Edge\nmetadata:\n {2}name: store-1\nspec:\n/,
    );
    expect(store.yamlOf('Edge', 'store-1')).not.toContain('resourceVersion');
    expect(store.yamlOf('Edge', 'nobody')).toBeUndefined();
  });
});

describe('what an API server does to a watch', () => {
  test('a cut is followed by a new watch that misses nothing', async () => {
    await started();
    kube.cut();
    kube.put(anEdge('store-2'));
    await until(() => edges().length === 2, 'the edge put while cut');
  });

  test('a compaction is followed by a new list, deletions included', async () => {
    await started();
    kube.unavailable(true);
    kube.put(anEdge('store-2'));
    kube.remove('Edge', 'store-1');
    kube.compact();
    kube.unavailable(false);
    await until(() => edges().join() === 'store-2', 'the list after 410');
  });

  test('a watch that was ended in good form and finds its place compacted lists anew, and what that list says counts', async () => {
    await started();
    kube.endWatches();
    kube.put(anEdge('store-2'));
    kube.remove('Edge', 'store-1');
    kube.compact();
    await until(() => edges().join() === 'store-2', 'the list after 410');
    expect(runtime.lines.filter(({ message }) => message.startsWith('Lost the Kubernetes API'))).toEqual([]);
  });

  test('a right to list without one to watch is named, and asked for less and less often', async () => {
    await started();
    kube.watchFailures.set('edges', 403);
    kube.cut();
    const words = /rbac\.yaml: the service account may not list and watch edges/;
    await until(() => words.test(store.current().problems[0]?.remedy ?? ''), 'the problem');
    expect(edges()).toEqual(['store-1']);
    const before = kube.requests.filter(({ resource }) => resource === 'edges').length;
    for (let turn = 0; turn < 20; turn += 1) await runtime.until(() => true, { stepMs: 30_000 });
    expect(kube.requests.filter(({ resource }) => resource === 'edges').length - before).toBeLessThanOrEqual(60);
    kube.watchFailures.clear();
    kube.put(anEdge('store-2'));
    await runtime.until(() => edges().length === 2 && store.current().problems.length === 0, { stepMs: 1_000, what: 'the watch' });
  });

  test('while the server is away what was known stays, and the problem says so until it is back', async () => {
    await started();
    kube.unavailable(true);
    await until(() => store.current().problems.length > 0, 'the trouble');
    expect(edges()).toEqual(['store-1']);
    expect(store.current().problems[0]?.remedy).toMatch(/Reach the Kubernetes API again \(/);
    kube.unavailable(false);
    await until(() => store.current().problems.length === 0, 'the return');
    expect(runtime.lines.filter(({ message }) => message.startsWith('Lost the Kubernetes API')).length).toBeLessThanOrEqual(5);
  });

  test('a rotated token is read anew', async () => {
    await started();
    const before = loads;
    token = 'token-2';
    kube.rotateToken('token-2');
    kube.put(anEdge('store-2'));
    await until(() => edges().length === 2, 'the edge put after the rotation');
    expect(loads).toBeGreaterThan(before);
  });

  test('bookmarks are no changes, and carry the watch past a compaction', async () => {
    await started();
    const snapshot = store.current();
    kube.bookmark();
    await until(() => true, 'a turn');
    expect(store.current()).toBe(snapshot);
  });

  test.each([
    [404, /Apply manifests\/crds\/edge\.yaml/],
    [403, /Apply manifests\/base\/rbac\.yaml/],
  ])('a list that is answered with %d names what to apply, and starts by itself when that was done', async (status, words) => {
    kube.listFailures.set('edges', status);
    let ready = false;
    void store.start().then(() => (ready = true));
    await until(() => store.current().problems.length > 0, 'the problem');
    expect(store.current().problems[0]?.remedy).toMatch(words);
    expect(ready).toBe(false);
    kube.listFailures.clear();
    await until(() => ready, 'the first snapshot');
    expect(edges()).toEqual(['store-1']);
  });
});

describe('writing status', () => {
  const status = (message: string) => ({
    observedGeneration: 1,
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'Misconfigured',
        message,
        lastTransitionTime: '2026-11-23T12:00:00Z',
        observedGeneration: 1,
      },
    ] as const,
  });
  test('is a server-side apply of the status subresource, taken by the CRD', async () => {
    await started();
    expect(await store.apply('Edge', 'store-1', status('one'))).toEqual({ ok: true, value: undefined });
    expect(kube.get('Edge', 'store-1')?.['status']).toEqual(status('one'));
    expect(kube.requests.filter(({ verb }) => verb === 'patch')).toMatchObject([{ resource: 'edges/status', status: 200 }]);
  });
  test('says what became of it: conflict, gone, refused', async () => {
    await started();
    kube.conflicts = 1;
    expect(await store.apply('Edge', 'store-1', status('one'))).toMatchObject({ ok: false, error: { kind: 'conflict' } });
    expect(await store.apply('Edge', 'nobody', status('one'))).toMatchObject({ ok: false, error: { kind: 'gone' } });
    kube.rotateToken('token-3');
    expect(await store.apply('Edge', 'store-1', status('one'))).toMatchObject({ ok: false, error: { kind: 'failed' } });
    token = 'token-3';
    expect(await store.apply('Edge', 'store-1', status('one'))).toMatchObject({ ok: true });
  });
});
