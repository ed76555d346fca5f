/** The simulator from outside: which edge answers, what the control port changes, and what a client of an edge sees of it. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { request } from 'undici';
import { writeConfigFolder } from './config-folder.ts';
import { readConfig } from './config.ts';
import { startSimulator, type Simulator } from './simulator.ts';
import type { Edge } from './world/edge.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

describe('a simulator', () => {
  let simulator: Simulator;
  let edge: Edge;
  beforeEach(async () => {
    simulator = await startSimulator({ edges: 30, seed: 2 });
    edge = simulator.world.edges.find(({ reach }) => reach === 'direct')!;
  });
  afterEach(() => simulator.close());

  const order = async (command: string, body: unknown): Promise<Answer> => {
    const { statusCode, body: answer } = await request(`http://127.0.0.1:${simulator.controlPort}/${command}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: statusCode, headers: {}, body: await answer.text() };
  };
  const look = async (path: string): Promise<unknown> => (await request(`http://127.0.0.1:${simulator.controlPort}/${path}`)).body.json();
  const tokenFor = async (name: string, account = 'fleet'): Promise<string> =>
    ((await look(`token/${name}/${account}`)) as { token: string }).token;
  const ask = async (path: string, more: Record<string, string> = {}, of: Edge = edge): Promise<Answer> => {
    const headers = { authorization: `Bearer ${await tokenFor(of.name)}`, ...more };
    const { statusCode, headers: answered, body } = await request(`http://127.0.0.1:${simulator.port}/e/${of.name}${path}`, { headers });
    const bytes = Buffer.from(await body.arrayBuffer());
    return {
      status: statusCode,
      headers: answered,
      body: (answered['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8'),
    };
  };
  const only = { select: { names: [] as string[] } };
  beforeEach(() => {
    only.select.names = [edge.name];
  });

  test('finds the edge by path and by Host, and says so where there is none', async () => {
    expect((await ask('/api/version')).body).toMatch(/^\{"Version":"v/);
    const byHost = await request(`http://127.0.0.1:${simulator.port}/api/version`, { headers: { host: `${edge.name}.edge.test:8443` } });
    expect(byHost.statusCode).toBe(200);
    await byHost.body.dump();
    const nobody = await request(`http://127.0.0.1:${simulator.port}/e/no-such-edge/api/version`);
    expect(nobody.statusCode).toBe(404);
    expect(await nobody.body.text()).toContain('No edge here');
  });

  test('packs what is not an event stream for who accepts gzip', async () => {
    const packed = await ask('/api/v1/applications', { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.body).toBe((await ask('/api/v1/applications')).body);
    const events = await ask('/api/v1/applications', { 'accept-encoding': 'gzip', accept: 'text/event-stream' });
    expect(events.headers['content-encoding']).toBeUndefined();
  });

  test.each<[what: string, order: [string, object], path: string, expected: [status: number, words: string]]>([
    [
      'a revoked token',
      ['tokens', { account: 'fleet', state: 'revoked' }],
      '/api/v1/applications',
      [401, 'account fleet does not have token with id'],
    ],
    ['an expired token', ['tokens', { account: 'fleet', state: 'expired' }], '/api/v1/applications', [401, 'token is expired']],
    ['a disabled account', ['account', { account: 'fleet', enabled: false }], '/api/v1/applications', [401, 'account fleet is disabled']],
    ['rights that are gone', ['rights', { account: 'fleet', allowed: false }], '/api/v1/clusters', [200, '"items":null']],
    [
      'a message over the gRPC limit',
      ['grpcLimit', { maxBytes: 1000 }],
      '/api/v1/applications?fields=items.metadata.name',
      [429, 'received message larger than max'],
    ],
    ['an empty cache', ['cache', { empty: true }], '/api/v1/applications/ingress/resource-tree', [500, 'cache: key is missing']],
    ['another root path', ['rootPath', { rootPath: '/argo' }], '/api/v1/applications', [404, '404 page not found']],
  ])('shows %s as Argo CD does', async (_what, [command, input], path, [status, words]) => {
    const token = await tokenFor(edge.name);
    expect((await order(command, { ...only, ...input })).status).toBe(200);
    const answer = await ask(path, { authorization: `Bearer ${token}` });
    expect([answer.status, answer.body.toLowerCase()]).toEqual([status, expect.stringContaining(words.toLowerCase())]);
  });

  test('every node of a tree has a live manifest, and a Pod its containers', async () => {
    interface Node { readonly group?: string; readonly version: string; readonly kind: string; readonly name: string; readonly namespace: string }
    const application = edge.applications.find(
      ({ health, component }) => health === 'Healthy' && component.resources.some(({ kind }) => kind === 'Deployment'),
    );
    const base = `/api/v1/applications/${application!.component.name}`;
    const home = `appNamespace=${application!.component.home ?? 'argocd'}`;
    const { nodes } = JSON.parse((await ask(`${base}/resource-tree?${home}`)).body) as { nodes: readonly Node[] };
    for (const { group = '', version, kind, name, namespace } of nodes) {
      const asked = new URLSearchParams({ group, version, kind, resourceName: name, namespace });
      const { status, body } = await ask(`${base}/resource?${home}&${asked.toString()}`);
      expect([kind, status]).toEqual([kind, 200]);
      const manifest = JSON.parse((JSON.parse(body) as { manifest: string }).manifest) as { kind: string; spec?: { containers?: object[] } };
      expect(manifest.kind).toBe(kind);
      if (kind === 'Pod') expect(manifest.spec?.containers?.length).toBeGreaterThan(0);
    }
    expect(nodes.map(({ kind }) => kind)).toContain('Pod');
  }); // prettier-ignore

  test('knows a token of another edge and of an older key by its signature', async () => {
    const other = simulator.world.edges.find((candidate) => candidate !== edge)!;
    expect((await ask('/api/v1/applications', { authorization: `Bearer ${await tokenFor(other.name)}` })).body).toContain(
      'signature is invalid',
    );
    const old = await tokenFor(edge.name);
    await order('signingKey', only);
    expect((await ask('/api/v1/applications', { authorization: `Bearer ${old}` })).status).toBe(401);
    expect((await ask('/api/v1/applications')).status).toBe(200);
  });

  test('lets an account make a token, use it and take it back', async () => {
    const authorization = `Bearer ${await tokenFor(edge.name)}`;
    const made = await request(`http://127.0.0.1:${simulator.port}/e/${edge.name}/api/v1/account/fleet/token`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"expiresIn":3600,"id":"fleet-next"}',
    });
    const { token } = (await made.body.json()) as { token: string };
    expect((await ask('/api/v1/applications', { authorization: `Bearer ${token}` })).status).toBe(200);
    const gone = await request(`http://127.0.0.1:${simulator.port}/e/${edge.name}/api/v1/account/fleet/token/fleet-next`, {
      method: 'DELETE',
      headers: { authorization, 'content-type': 'application/json' },
    });
    expect(gone.statusCode).toBe(200);
    await gone.body.dump();
    expect((await ask('/api/v1/applications', { authorization: `Bearer ${token}` })).status).toBe(401);
  });

  test('shows the time of a skewed edge in its Date', async () => {
    await order('skew', { ...only, skewMs: 3_600_000 });
    const date = Date.parse(String((await ask('/api/version')).headers['date']));
    expect(date - simulator.world.clock.now()).toBeGreaterThan(3_590_000);
  });

  test('takes edges out of reach as their Connectors see it, streams included, and back', async () => {
    const [direct, tunnelled] = [edge, simulator.world.edges.find(({ reach }) => reach === 'cloudflare')!];
    const headers = { authorization: `Bearer ${await tokenFor(direct.name)}`, accept: 'text/event-stream' };
    const stream = await request(`http://127.0.0.1:${simulator.port}/e/${direct.name}/api/v1/stream/applications`, { headers });
    await order('cut', { select: { names: [direct.name, tunnelled.name] } });
    await expect(stream.body.text()).rejects.toThrow();
    await expect(ask('/api/version')).rejects.toThrow();
    expect((await ask('/api/version', {}, tunnelled)).status).toBe(530);
    await order('restore', { select: { all: true } });
    expect((await ask('/api/version')).status).toBe(200);
    expect((await ask('/api/version', {}, tunnelled)).status).toBe(200);
  });

  test('counts what each edge was asked, and its streams', async () => {
    for (let count = 0; count < 3; count += 1) await ask('/api/version');
    expect(edge.traffic).toMatchObject({ requests: 3, openStreams: 0 });
    expect(edge.traffic.mostRequestsInASecond).toBeGreaterThan(0);
    expect(await look('')).toMatchObject({ edges: 30, traffic: { requests: 3 } });
  });

  test('loses what a client does not read beyond the buffer, without a word', async () => {
    await simulator.close();
    simulator = await startSimulator({ edges: 30, seed: 2, watchBufferSize: 20 });
    const same = simulator.world.edge(edge.name)!;
    const headers = { authorization: `Bearer ${await tokenFor(same.name)}`, accept: 'text/event-stream' };
    const stream = await request(`http://127.0.0.1:${simulator.port}/e/${same.name}/api/v1/stream/applications`, { headers });
    for (let count = 0; count < 20_000 && same.traffic.eventsDropped === 0; count += 1) {
      simulator.world.touch(same.applications[count % same.applications.length]!);
      if (count % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(same.traffic.eventsDropped).toBeGreaterThan(0);
    stream.body.destroy();
    stream.body.on('error', () => undefined);
  });

  test('refuses orders that do not fit, and names those there are', async () => {
    expect(await order('skew', { ...only, skewMs: 'much' })).toMatchObject({ status: 400 });
    expect(await order('cut', { select: { everything: true } })).toMatchObject({ status: 400 });
    expect(await order('cut', 'nonsense')).toMatchObject({ status: 400 });
    const unknown = await order('explode', {});
    expect(unknown.status).toBe(404);
    expect(unknown.body).toContain('restore');
  });

  test('selects nothing where nothing is said, and the same share every time', async () => {
    expect(JSON.parse((await order('slow', { select: {}, delayMs: 0 })).body)).toEqual({ at: expect.any(Number), count: 0, edges: [] });
    const share = { select: { share: 0.4, salt: 'x' }, delayMs: 0 };
    const chosen = async (): Promise<unknown> => (JSON.parse((await order('slow', share)).body) as { edges: string[] }).edges;
    expect(await chosen()).toEqual(await chosen());
    const labels = JSON.parse((await order('slow', { select: { labels: { region: 'north' } }, delayMs: 0 })).body) as { edges: string[] };
    expect(labels.edges.every((name) => simulator.world.edge(name)!.labels['region'] === 'north')).toBe(true);
    expect(labels.edges.length).toBeGreaterThan(0);
  });

  test('survives requests that make no sense', async () => {
    for (const path of [
      '/api/v1/applications/%ff',
      '/api/v1/applications?selector=%25%25',
      '/api/v1/account/can-i/nothing/get/x',
      '/%',
      '/api/v1/stream/applications?selector=a===b!',
    ]) {
      expect((await ask(path)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await ask('/api/version')).status).toBe(200);
  });

  test('writes a folder that names every edge once and opens it with its token', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    const files = await writeConfigFolder(simulator.world, { folder, host: '127.0.0.1', port: simulator.port });
    expect((await readdir(folder)).sort()).toEqual([...files].sort());
    const documents = (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).flatMap((text) =>
      parseAllDocuments(text).map(
        (document) =>
          document.toJS() as { kind: string; metadata: { name: string }; stringData?: { read?: string }; spec?: { url?: string } },
      ),
    );
    const named = (kind: string): string[] =>
      documents.filter((document) => document.kind === kind).map((document) => document.metadata.name);
    expect(named('Edge').sort()).toEqual(simulator.world.edges.map(({ name }) => name).sort());
    for (const kind of ['Secret', 'Connector', 'Product']) expect(new Set(named(kind)).size).toBe(named(kind).length);
    const secret = documents.find((document) => document.kind === 'Secret' && document.metadata.name === `${edge.name}-argocd`);
    expect((await ask('/api/v1/applications', { authorization: `Bearer ${secret?.stringData?.read ?? ''}` })).status).toBe(200);
    expect((await stat(join(folder, files[0]!))).mode & 0o077).toBe(0);
    await rm(folder, { recursive: true });
  });

  test('edges that speak TLS are named by https, with who signed their certificate', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'edges-'));
    await writeConfigFolder(simulator.world, { folder, host: '127.0.0.1', port: simulator.port, ca: 'PEM' });
    const files = await readdir(folder);
    const text = (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('');
    expect(text).toContain('url: https://');
    expect(text).not.toContain('url: http://');
    expect(text).toMatch(/caSecretRef:\n\s+name: edges-ca\n/);
    expect(text).toContain('ca.crt: PEM');
    await rm(folder, { recursive: true });
  });

  test('a fleet too large to be read by people is written as documents of JSON', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'edges-'));
    const large = { ...simulator.world, edges: Array.from({ length: 1_001 }, () => edge) };
    await writeConfigFolder(large, { folder, host: '127.0.0.1', port: simulator.port });
    const file = (await readdir(folder)).find((name) => name.startsWith('edges-')) ?? '';
    const documents = (await readFile(join(folder, file), 'utf8')).split('---\n');
    expect(documents).toHaveLength(1_001);
    expect(JSON.parse(documents[0]!)).toMatchObject({ kind: 'Edge', metadata: { name: edge.name } });
    await rm(folder, { recursive: true });
  });
});

describe('the start of a simulator', () => {
  test('fails where its port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await expect(startSimulator({ edges: 1, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await new Promise((resolve) => taken.close(resolve));
  });

  test('reads its command line and refuses what it does not know', () => {
    expect(readConfig(['--edges', '12', '--speed', '60', '--write-config', '/tmp/x'])).toMatchObject({
      simulator: { edges: 12, speed: 60 },
      configFolder: '/tmp/x',
    });
    expect(() => readConfig(['--edges', 'many'])).toThrow('--edges wants a number');
    expect(() => readConfig(['--edgse', '1'])).toThrow();
    expect(() => readConfig(['--tls-key', 'x'])).toThrow('go together');
  });
});
