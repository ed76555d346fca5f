/** The whole program over a Kubernetes API: a real HTTP server, the real client library, the simulator's edges, and a clock that the test steps. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { toCrd } from '../../manifests/crd.ts';
import type { EdgeRow, FleetOverview } from '../../proxy-server/src/domain/fleet-view.ts';
import { createCrdValidator } from '../fakes/crd-validator.ts';
import { FakeKube, type KubeObject } from '../fakes/fake-kube.ts';
import { runFleet, type RunningFleet } from './running-fleet.ts';

const EDGES = 8;
const STATUS_KINDS = ['Edge', 'Connector', 'Product'] as const;
let kube: FakeKube;
let fleet: RunningFleet;
let tokenFile: string;

type Condition = Readonly<Record<'type' | 'status' | 'reason' | 'message' | 'lastTransitionTime', string>>;

/** A Secret as the API stores it: what was stringData is data. */
function stored({ stringData, ...object }: KubeObject): KubeObject {
  if (object.kind !== 'Secret') return object as KubeObject;
  const data = Object.entries((stringData ?? {}) as Record<string, string>).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ]);
  return {
    ...object,
    metadata: { ...object.metadata, labels: { 'edgefleet.dev/secret': 'true' } },
    data: Object.fromEntries(data),
  } as KubeObject;
}

const put = (object: KubeObject): void => expect(kube.put(stored(object))).toEqual([]);
const edgeName = (index: number): string => fleet.simulator.world.edges[index]!.name;
const patches = (): number => kube.requests.filter(({ verb }) => verb === 'patch').length;
const conditionsOf = (kind: string, name: string): readonly Condition[] =>
  ((kube.get(kind, name)?.['status'] ?? {}) as { conditions?: Condition[] }).conditions ?? [];
const conditionOf = (kind: string, name: string, type: string): Condition | undefined =>
  conditionsOf(kind, name).find((condition) => condition.type === type);
const isHeard = ({ counts }: FleetOverview): boolean => counts.edges === EDGES && counts.notHeard === 0;
const until = (done: () => boolean, stepMs = 20): Promise<unknown> => fleet.until('/api/v1/overview', done, stepMs);
const problems = async (): Promise<readonly { readonly object: string; readonly remedy: string }[]> =>
  ((await fleet.get('/api/v1/problems')).body as { items: { object: string; remedy: string }[] }).items;

/** A kubeconfig whose token stands in a file, as the service account of a Pod has it. */
function kubeconfig(folder: string, server: string): string {
  tokenFile = join(folder, 'token.txt');
  writeFileSync(tokenFile, kube.token);
  const user = { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
  const path = join(folder, 'kubeconfig.txt');
  const text = stringify({
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'hub',
    'clusters': [{ name: 'hub', cluster: { server, 'insecure-skip-tls-verify': true } }],
    'users': [{ name: 'us', user }],
    'contexts': [{ name: 'hub', context: { cluster: 'hub', user: 'us', namespace: 'edge-fleet' } }],
  }); // prettier-ignore
  writeFileSync(path, text);
  return path;
}

beforeAll(async () => {
  kube = new FakeKube();
  for (const kind of STATUS_KINDS) kube.validators.set(kind, createCrdValidator(toCrd(kind)));
  const server = await kube.start();
  fleet = await runFleet(EDGES, (folder) => {
    for (const file of readdirSync(folder))
      for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) put(document.toJS() as KubeObject);
    return Promise.resolve({ EDGE_FLEET_SOURCE: 'kubernetes', EDGE_FLEET_KUBECONFIG: kubeconfig(folder, server) });
  });
}, 60_000);
afterAll(async () => {
  await fleet.close();
  await kube.close();
});

describe('proxy-server over the Kubernetes API', () => {
  test('watches every Edge that is there, and says so in its status', async () => {
    await fleet.until('/api/v1/overview', isHeard);
    expect(await problems()).toEqual([]);
    const isTrue = (kind: string, type: string): boolean =>
      kube.names(kind).every((name) => conditionOf(kind, name, type)?.status === 'True');
    await until(() => isTrue('Edge', 'Reachable') && STATUS_KINDS.every((kind) => isTrue(kind, 'Ready')));
    for (const kind of STATUS_KINDS) expect(kube.names(kind).length).toBeGreaterThan(0);
    for (const { name } of fleet.simulator.world.edges)
      expect(kube.get('Edge', name)).toMatchObject({ metadata: { generation: 1 }, status: { observedGeneration: 1 } });
  }, 60_000);

  test('after a restart it looks at everything and writes no status a second time', async () => {
    const before = patches();
    const versions = kube.names('Edge').map((name) => kube.get('Edge', name)!.metadata['resourceVersion']);
    await fleet.restart();
    await fleet.until('/api/v1/overview', isHeard);
    await fleet.pass(5_000);
    expect(patches()).toBe(before);
    expect(kube.names('Edge').map((name) => kube.get('Edge', name)!.metadata['resourceVersion'])).toEqual(versions);
  }, 60_000);

  test('asks for nothing but lists, watches and status of its own namespace', () => {
    expect(new Set(kube.requests.map(({ namespace }) => namespace))).toEqual(new Set(['edge-fleet']));
    expect(new Set(kube.requests.map(({ verb }) => verb))).toEqual(new Set(['list', 'watch', 'patch']));
    for (const { resource, labelSelector } of kube.requests)
      if (resource === 'secrets') expect(labelSelector).toBe('edgefleet.dev/secret=true');
  });

  test('an Edge comes, changes and goes without a restart', async () => {
    const [first] = kube.names('Edge');
    const like = kube.get('Edge', first!)!;
    const guest = {
      ...like,
      metadata: { name: 'guest', labels: { region: 'guest' } },
      spec: { ...(like['spec'] as object), displayName: 'Guest' },
    };
    const { status: _status, ...bare } = guest as KubeObject & { status?: unknown };
    put(bare as KubeObject);
    await fleet.until<EdgeRow>('/api/v1/edges/guest', (body) => body.displayName === 'Guest');
    put({ ...bare, spec: { ...(bare['spec'] as object), displayName: 'Guest of honour', lifecycle: 'Parked' } } as KubeObject);
    await fleet.until<EdgeRow>('/api/v1/edges/guest', (body) => body.displayName === 'Guest of honour');
    await until(() => (kube.get('Edge', 'guest')?.['status'] as { observedGeneration?: number } | undefined)?.observedGeneration === 2);
    kube.remove('Edge', 'guest');
    await fleet.until('/api/v1/overview', isHeard);
    expect((await fleet.get('/api/v1/edges/guest')).status).toBe(404);
  }, 60_000);

  test('a reference that leads nowhere is the reason of Ready False, and heals', async () => {
    const name = edgeName(0);
    const secret = kube.get('Secret', `${name}-argocd`)!;
    kube.remove('Secret', `${name}-argocd`);
    await until(() => conditionOf('Edge', name, 'Ready')?.status === 'False');
    expect(conditionOf('Edge', name, 'Ready')?.message).toContain(`${name}-argocd`);
    kube.put(secret);
    await until(() => conditionOf('Edge', name, 'Ready')?.status === 'True');
  }, 60_000);

  test('a token that was replaced in its Secret is used from the next request on', async () => {
    const name = edgeName(1);
    const secret = kube.get('Secret', `${name}-argocd`)!;
    kube.put({ ...secret, data: { read: Buffer.from('eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJmbGVldCJ9.AAAA').toString('base64') } });
    await fleet.until<EdgeRow>(`/api/v1/edges/${name}`, (body) => body.connection === 'Refused', 100);
    await until(() => conditionOf('Edge', name, 'Reachable')?.status === 'False');
    expect(conditionOf('Edge', name, 'Reachable')).toMatchObject({ reason: 'EdgeToken' });
    kube.put(secret);
    await fleet.until<EdgeRow>(`/api/v1/edges/${name}`, (body) => body.connection === 'Reachable', 100);
    await until(() => conditionOf('Edge', name, 'Reachable')?.status === 'True');
  }, 60_000);

  test('an API server that restarts, compacts and rotates the token costs nothing but the time in between', async () => {
    writeFileSync(tokenFile, 'token-2');
    await kube.restart(() => {
      kube.rotateToken('token-2');
      const edge = kube.get('Edge', edgeName(2))!;
      put({ ...edge, spec: { ...(edge['spec'] as object), displayName: 'Named while away' } } as KubeObject);
      kube.compact();
    });
    await fleet.until<EdgeRow>(`/api/v1/edges/${edgeName(2)}`, (body) => body.displayName === 'Named while away', 50);
    await fleet.until('/api/v1/problems', (body: { items: unknown[] }) => body.items.length === 0, 50);
    await fleet.until('/api/v1/overview', isHeard);
    await until(() => (kube.get('Edge', edgeName(2))?.['status'] as { observedGeneration?: number }).observedGeneration === 2);
  }, 60_000);

  test('a Role or a CRD that is taken away is named with what to apply; what was known stays in use', async () => {
    kube.listFailures.set('connectors', 403).set('products', 404);
    kube.cut();
    await fleet.until('/api/v1/problems', (body: { items: unknown[] }) => body.items.length >= 2, 50);
    const words = (await problems()).map(({ object, remedy }) => `${object}: ${remedy}`).join('\n');
    expect(words).toMatch(/list of Connector: Apply manifests\/base\/rbac\.yaml/);
    expect(words).toMatch(/list of Product: Apply manifests\/crds\/product\.yaml/);
    expect(((await fleet.get('/api/v1/overview')).body as FleetOverview).counts.edges).toBe(EDGES);
    kube.listFailures.clear();
    await fleet.until('/api/v1/problems', (body: { items: unknown[] }) => body.items.length === 0, 50);
  }, 60_000);

  test('alerts and dashboard ask for metrics that it exposes, by labels that they have', async () => {
    const monitoring = join(import.meta.dirname, '../../manifests/monitoring');
    const texts = ['alerts.yaml', 'dashboard.json'].map((file) => readFileSync(join(monitoring, file), 'utf8').replaceAll('\\"', '"'));
    const { body } = await fleet.get('/metrics');
    const exposed = String(body);
    const asked = texts.flatMap((text) => [...text.matchAll(/\b(edge_fleet_[a-z_]+)(?:\{([^}]*)\})?/g)]);
    expect(asked.length).toBeGreaterThan(10);
    for (const [, name = '', selector = ''] of asked) {
      expect(exposed).toContain(`# TYPE ${name.replace(/_bucket$/, '')} `);
      const series = exposed.split('\n').filter((line) => line.startsWith(`${name}{`));
      const labels = [...selector.matchAll(/([a-z_]+)\s*(?:=|!=|=~|!~)\s*"/g)].map(([, label]) => `${label!}=`);
      for (const label of labels)
        if (series.length > 0)
          expect({ name, label, there: series.some((line) => line.includes(label)) }).toEqual({ name, label, there: true });
    }
  });

  test('nothing of a Secret is in the log', () => {
    const log = JSON.stringify(fleet.runtime.lines);
    for (const name of kube.names('Secret'))
      for (const value of Object.values(kube.get('Secret', name)!['data'] as Record<string, string>)) {
        expect(log).not.toContain(value);
        expect(log).not.toContain(Buffer.from(value, 'base64').toString());
      }
    for (const token of ['token-1', 'token-2']) expect(log).not.toContain(token);
  });
});
