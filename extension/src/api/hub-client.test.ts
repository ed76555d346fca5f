import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createHubClient, type HubClient } from './hub-client.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

interface Seen {
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

async function against(listener: RequestListener): Promise<{ client: HubClient; seen: Seen[] }> {
  const seen: Seen[] = [];
  server = createServer((req, res) => {
    seen.push({ path: req.url ?? '', headers: req.headers });
    listener(req, res);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/argocd/`;
  const client = createHubClient({
    fetch: (input, init) => fetch(new URL(String(input), base), init),
    anchor: { application: 'argocd:edge-fleet', project: 'edge-fleet' },
  });
  return { client, seen };
}

const json = (res: Parameters<RequestListener>[1], value: unknown): void =>
  void res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
const refuse = (res: Parameters<RequestListener>[1]): void =>
  void res.writeHead(401, { 'Content-Type': 'text/plain' }).end('Unauthorized extension request\n');

describe('a request', () => {
  test('stays below the base href and carries the anchor', async () => {
    const { client, seen } = await against((_req, res) => json(res, { edges: 1 }));
    expect(await client.get('overview')).toEqual({ ok: true, value: { edges: 1 } });
    expect(seen[0]?.path).toBe('/argocd/extensions/edge-fleet/api/v1/overview');
    expect(seen[0]?.headers['argocd-application-name']).toBe('argocd:edge-fleet');
    expect(seen[0]?.headers['argocd-project-name']).toBe('edge-fleet');
  });

  test('that is answered by a 304 is good', async () => {
    const { client, seen } = await against((_req, res) => res.writeHead(304).end());
    const answer = await client.request('overview', { etag: '"7"' });
    expect(answer.ok && answer.value.status).toBe(304);
    expect(seen[0]?.headers['if-none-match']).toBe('"7"');
  });

  test('whose answer is no JSON is a page of another version', async () => {
    const { client } = await against((_req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>'));
    expect(await client.get('overview')).toEqual({ ok: false, error: { kind: 'version', status: 200 } });
  });

  test('that reaches nobody is offline', async () => {
    const { client } = await against((req) => req.socket.destroy());
    const answer = await client.get('overview');
    expect(!answer.ok && answer.error.kind).toBe('offline');
  });

  test('that posts says so with a content type, as the hub demands', async () => {
    const { client, seen } = await against((_req, res) => json(res, {}));
    await client.post('edges/store-1/probe');
    expect(seen[0]?.headers['content-type']).toBe('application/json');
  });
});

describe('a refusal of the hub', () => {
  const hub =
    (
      facts: { readonly loggedIn?: boolean; readonly mayInvoke?: string; readonly items?: readonly object[] },
      accepts?: string,
    ): RequestListener =>
    (req, res) => {
      const path = req.url ?? '';
      if (path.includes('userinfo')) return json(res, { loggedIn: facts.loggedIn ?? true, username: 'maria' });
      if (path.includes('can-i')) return json(res, { value: facts.mayInvoke ?? 'yes' });
      if (path.includes('api/v1/applications?')) return json(res, { items: facts.items ?? [] });
      return accepts !== undefined && req.headers['argocd-application-name'] === accepts ? json(res, { good: true }) : refuse(res);
    };
  const kindOf = async (listener: RequestListener): Promise<unknown> => {
    const { client } = await against(listener);
    const answer = await client.get('overview');
    return answer.ok ? answer.value : answer.error;
  };

  test('without a session is a session that ended', async () => {
    expect(await kindOf(hub({ loggedIn: false }))).toMatchObject({ kind: 'session' });
  });

  test('without the right to invoke names the user', async () => {
    expect(await kindOf(hub({ mayInvoke: 'no' }))).toMatchObject({ kind: 'invoke', user: 'maria' });
  });

  test('with the right to invoke is the anchor', async () => {
    expect(await kindOf(hub({}))).toMatchObject({ kind: 'anchor', user: 'maria' });
  });

  test('finds a stand-in for the anchor and goes on with it', async () => {
    const items = [{ metadata: { namespace: 'argocd', name: 'shop' }, spec: { project: 'default' } }];
    const { client, seen } = await against(hub({ items }, 'argocd:shop'));
    expect(await client.get('overview')).toEqual({ ok: true, value: { good: true } });
    await client.get('overview');
    expect(seen.at(-1)?.headers['argocd-application-name']).toBe('argocd:shop');
  });

  test('is explained once for requests that fail together', async () => {
    const { client, seen } = await against(hub({ mayInvoke: 'no' }));
    await Promise.all([client.get('a'), client.get('b'), client.get('c')]);
    expect(seen.filter(({ path }) => path.includes('userinfo'))).toHaveLength(1);
  });
});

describe('acting', () => {
  test('goes through its own extension, with its body as JSON', async () => {
    let body = '';
    const { client, seen } = await against((req, res) => {
      if (req.url?.includes('can-i') === true) return json(res, { value: 'yes' });
      req.on('data', (chunk: Buffer) => (body += chunk.toString()));
      req.on('end', () => json(res, { id: '1' }));
    });
    expect(await client.post('ops:actions', { reason: 'x' })).toEqual({ ok: true, value: { id: '1' } });
    expect(seen.map(({ path }) => path)).toEqual([
      '/argocd/api/v1/account/can-i/extensions/invoke/edge-fleet-ops',
      '/argocd/extensions/edge-fleet-ops/api/v1/actions',
    ]);
    expect(seen[1]?.headers).toMatchObject({ 'content-type': 'application/json', 'argocd-application-name': 'argocd:edge-fleet' });
    expect(body).toBe('{"reason":"x"}');
  });

  test('of a user whom the hub does not let act is not even asked for, and names user and extension', async () => {
    const { client, seen } = await against((req, res) =>
      json(res, req.url?.includes('userinfo') === true ? { loggedIn: true, username: 'bob' } : { value: 'no' }),
    );
    expect(await client.get('ops:can-act')).toEqual({
      ok: false,
      error: { kind: 'invoke', status: 401, extension: 'edge-fleet-ops', user: 'bob' },
    });
    expect(seen.some(({ path }) => path.includes('/extensions/edge-fleet-ops/api'))).toBe(false);
  });

  test('on a hub that does not know the extension says which', async () => {
    const { client } = await against((req, res) => {
      if (req.url?.includes('can-i') === true) return json(res, { value: 'yes' });
      return void res.writeHead(404, { 'Content-Type': 'text/plain' }).end('Extension not found\n');
    });
    expect(await client.get('ops:can-act')).toMatchObject({ ok: false, error: { kind: 'notConfigured', extension: 'edge-fleet-ops' } });
  });
});
