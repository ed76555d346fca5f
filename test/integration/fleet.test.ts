import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApplicationRow, EdgeDetail, EdgeRow, FleetOverview, Page } from '../../proxy-server/src/domain/fleet-view.ts';
import { throughHub } from '../api-harness.ts';
import { runFleet, SCOPES, type RunningFleet } from './running-fleet.ts';

const EDGES = 24;
let fleet: RunningFleet;
beforeAll(async () => {
  fleet = await runFleet(EDGES);
}, 60_000);
afterAll(() => fleet.close());

const overview = (body: FleetOverview): number => Object.values(body.counts.byState).reduce((sum, edges) => sum + edges, 0);
const isHeard = (body: FleetOverview): boolean =>
  body.counts.edges === EDGES && body.counts.notHeard === 0 && body.counts.currentEdges === EDGES;
const edgeOf = (index: number): string => fleet.simulator.world.edges[index]!.name;
/** Edges behind Cloudflare Connectors, whose words differ from plain ones. */
const tunnelled = (): string => fleet.simulator.world.edges.find((edge) => edge.reach === 'cloudflare')!.name;

const firstApplication = async (edge: string): Promise<ApplicationRow> =>
  ((await fleet.get(`/api/v1/edges/${edge}/applications`)).body as Page<ApplicationRow>).items[0]!;

describe('the whole program in front of a fleet', () => {
  test('every edge is heard, every Application is read, and the counts add up', async () => {
    const body = await fleet.until('/api/v1/overview', isHeard);
    expect(overview(body)).toBe(EDGES);
    const applications = fleet.simulator.world.edges.reduce((sum, edge) => sum + edge.applications.length, 0);
    await fleet.until<FleetOverview>('/api/v1/overview', ({ counts }) => counts.applications === applications);
    expect((await fleet.get('/readyz')).status).toBe(200);
    expect((await fleet.get('/api/v1/problems')).body).toEqual({ items: [] });
  }, 60_000);

  test('nobody gets in without the hub', async () => {
    for (const headers of [
      {},
      { ...throughHub(), 'x-edge-fleet-secret': 'guess' },
      { 'argocd-user-groups': 'admins', 'argocd-username': 'root' },
    ] as Record<string, string>[]) {
      expect((await fleet.get('/api/v1/overview', headers)).status).toBe(401);
    }
  });

  test('what breaks on an edge is seen in lists and told on the stream', async () => {
    const { name, namespace } = await firstApplication(edgeOf(0));
    const stream = await fleet.stream(`/api/v1/stream?topics=fleet,edge:${edgeOf(0)}`);
    await fleet.order('trouble', { select: { names: [edgeOf(0)] }, trouble: 'crash' });
    await fleet.order('advance', { ms: 600_000 });
    const path = `/api/v1/edges/${edgeOf(0)}/applications/${namespace}/${name}`;
    await fleet.until<ApplicationRow>(path, (body) => body.look === 'Degraded');
    await fleet.until<EdgeRow>(`/api/v1/edges/${edgeOf(0)}`, (body) => body.state === 'Degraded');
    let text = '';
    const reader = stream.body!.getReader();
    while (!/event: edge\n/.test(text) || !/event: delta\n/.test(text)) {
      await fleet.pass(50);
      text += Buffer.from((await reader.read()).value!).toString();
    }
    await reader.cancel();
    const listed = (await fleet.get(`/api/v1/applications?query=look:degraded`)).body as Page<ApplicationRow>;
    expect(listed.items.map((row) => `${row.edge}/${row.name}`)).toContain(`${edgeOf(0)}/${name}`);
  }, 60_000);

  test('a cut tunnel is one edge out of reach in the right words, with its look kept; nothing else moves, and it heals by itself', async () => {
    const name = tunnelled();
    const before = (await fleet.get(`/api/v1/edges/${name}`)).body as EdgeDetail;
    const cutAt = fleet.runtime.clock.now();
    await fleet.order('fault', { select: { names: [name] }, fault: { kind: 'tunnelDown' } });
    const cut = await fleet.until<EdgeDetail>(`/api/v1/edges/${name}`, (body) => body.connection === 'OutOfReach', 5);
    expect(fleet.runtime.clock.now() - cutAt).toBeLessThan(20_000);
    expect(cut).toMatchObject({
      state: 'OutOfReach',
      reason: 'EdgeOffline',
      look: before.look,
      applications: before.applications,
      failure: { row: 1 },
    });
    expect(cut.failure?.sentence).toContain(before.displayName);
    const { body } = await fleet.get('/api/v1/overview');
    expect((body as FleetOverview).counts.notHeard).toBe(1);
    const { name: application, namespace } = await firstApplication(name);
    const refused = await fleet.get(`/api/v1/edges/${name}/argocd/api/v1/applications/${application}?appNamespace=${namespace}`);
    expect([refused.status, (refused.body as { reason: string }).reason]).toEqual([424, 'EdgeOffline']);
    await fleet.order('fault', { select: { names: [name] }, fault: null });
    await fleet.until<EdgeDetail>(`/api/v1/edges/${name}`, (body) => body.connection === 'Reachable' && body.failure === undefined, 20);
    await fleet.until('/api/v1/overview', isHeard, 20);
  }, 60_000);

  test('one Application of an edge is read through the pass-through, with the token of the edge', async () => {
    const { name, namespace } = await firstApplication(edgeOf(1));
    const asked = (rest: string): ReturnType<RunningFleet['get']> =>
      fleet.get(`/api/v1/edges/${edgeOf(1)}/argocd/api/v1/applications/${name}${rest}?appNamespace=${namespace}`);
    const tree = await asked('/resource-tree');
    expect([tree.status, Array.isArray((tree.body as { nodes: unknown }).nodes)]).toEqual([200, true]);
    expect(((await asked('')).body as { metadata: { name: string } }).metadata.name).toBe(name);
    expect((await asked('/sync')).status).toBe(404);
  });

  test('an edge enters and leaves while it runs, and a file that is wrong takes nothing down', async () => {
    const yaml = ((await fleet.get(`/api/v1/edges/${edgeOf(2)}`)).body as EdgeDetail).yaml!;
    await fleet.put('more.yaml', yaml.replaceAll(`name: ${edgeOf(2)}\n`, 'name: newcomer\n'));
    const entered = await fleet.until<EdgeDetail>(
      '/api/v1/edges/newcomer',
      (body) => body.connection === 'Reachable' && body.applications > 0,
    );
    expect(entered.name).toBe('newcomer');
    await fleet.put('wrong.yaml', yaml.replaceAll(`name: ${edgeOf(2)}\n`, 'name: wrong\n').replace('url: http', 'url: gopher'));
    const { items } = await fleet.until<{ items: { where: string; object: string; field: string; remedy: string }[] }>(
      '/api/v1/problems',
      (body) => body.items.length > 0,
    );
    expect(items).toEqual([
      expect.objectContaining({ where: expect.stringMatching(/^wrong\.yaml:\d+$/), object: 'Edge wrong', field: 'spec.url' }),
    ]);
    expect(((await fleet.get('/api/v1/overview')).body as FleetOverview).counts.edges).toBe(EDGES + 1);
    await fleet.put('more.yaml', '');
    await fleet.put('wrong.yaml', '');
    await fleet.until<FleetOverview>('/api/v1/overview', isHeard);
    expect((await fleet.get('/api/v1/edges/newcomer')).status).toBe(404);
    await fleet.until<{ items: unknown[] }>('/api/v1/problems', (body) => body.items.length === 0);
  }, 60_000);

  test('policy in the folder holds for lists, counts and stream from the moment it is saved', async () => {
    const region = fleet.simulator.world.edges[0]!.labels['region']!;
    const inRegion = fleet.simulator.world.edges.filter((edge) => edge.labels['region'] === region).length;
    const csv = [
      `p, role:local, edges, get, label:region=${region}, allow`,
      `p, role:local, applications, get, label:region=${region}/*/*, allow`,
      'g, bob, role:local',
      'g, jane, role:viewer',
    ].join('\\n');
    await fleet.put(
      'policy.yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: edge-fleet-policy}\ndata: {hubVersion: "3.5.1", policy.default: "", policy.csv: "${csv}"}\n`,
    );
    await fleet.put('hub.yaml', SCOPES);
    for (;;) {
      const { body } = await fleet.get('/api/v1/overview', throughHub('bob'));
      if ((body as FleetOverview).counts.edges === inRegion) break;
      await fleet.pass(20);
    }
    expect(inRegion).toBeLessThan(EDGES);
    expect(((await fleet.get('/api/v1/edges', throughHub('bob'))).body as Page<EdgeRow>).total).toBe(inRegion);
    expect(((await fleet.get('/api/v1/edges', throughHub('jane'))).body as Page<EdgeRow>).total).toBe(EDGES);
    expect(((await fleet.get('/api/v1/edges', throughHub('carol'))).body as Page<EdgeRow>).total).toBe(0);
  }, 60_000);

  test('after a restart the last known fleet is there at once, as old as it is, and turns current', async () => {
    await fleet.order('cut', { select: { all: true } });
    await fleet.pass(100);
    await fleet.restart();
    const { body } = await fleet.get('/api/v1/overview');
    const { counts } = body as FleetOverview;
    expect(counts.edges).toBe(EDGES);
    expect(counts.applications).toBeGreaterThan(EDGES);
    const row = (await fleet.get(`/api/v1/edges/${edgeOf(0)}`)).body as EdgeDetail;
    expect(row.readAt).toBeLessThanOrEqual(fleet.runtime.clock.now());
    expect(row.look).toBe('Degraded');
    await fleet.order('restore', { select: { all: true } });
    await fleet.until('/api/v1/overview', isHeard, 20);
  }, 60_000);
});
