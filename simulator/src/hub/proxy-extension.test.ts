/** What of the proxy's way with bodies no recording shows. */
import { createServer, request } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { demoHubWorld } from './hub-world.ts';
import { startHub } from './hub.ts';
import type { Hub } from './hub.ts';

let hub: Hub;
let backend: Server;
afterEach(async () => {
  await hub.close();
  backend.closeAllConnections();
  backend.close();
});

async function start(listener: RequestListener): Promise<void> {
  backend = createServer(listener).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const address = backend.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const extensions = { 'edge-fleet': { url: `http://127.0.0.1:${port}/a/path/that/counts/for/nothing`, headers: {} } };
  hub = await startHub({ version: '3.5', basePath: '', world: demoHubWorld(), extensions, extensionsDir: '/none', shellDir: '/none' });
}

async function ask(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const sent = {
    cookie: `argocd.token=${hub.signIn('admin')}`,
    'argocd-application-name': 'argocd:edge-fleet',
    'argocd-project-name': 'edge-fleet',
    ...headers,
  };
  const outgoing = request({ host: '127.0.0.1', port: hub.port, path: `/extensions/edge-fleet${path}`, headers: sent });
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer;
}

describe('the proxy extension', () => {
  const zipped: RequestListener = (_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));

  test('a client that takes gzip gets what the backend packed', async () => {
    await start(zipped);
    const answer = await ask('/', { 'accept-encoding': 'gzip' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(await buffer(answer)).toString()).toBe('{"a":1}');
  });

  test('for a client that asks for nothing it is unpacked', async () => {
    await start(zipped);
    const answer = await ask('/');
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(await text(answer)).toBe('{"a":1}');
  });

  test('only scheme and host of the configured address count', async () => {
    await start((req, res) => res.end(req.url));
    expect(await text(await ask('/api/v1/x?y=%2F'))).toBe('/api/v1/x?y=%2F');
  });

  test('a stream arrives as it is written, and ends at the backend when the client leaves', async () => {
    const left = Promise.withResolvers<void>();
    await start((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('data: 1\n\n');
      res.on('close', left.resolve);
    });
    const answer = await ask('/stream');
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString()).toBe('data: 1\n\n');
    answer.destroy();
    await left.promise;
  });

  test('a backend that breaks off in the middle breaks the answer off', async () => {
    await start((_req, res) => {
      res.writeHead(200, { 'content-length': '10' });
      res.write('12345');
      setImmediate(() => res.destroy());
    });
    const answer = await ask('/');
    await expect(text(answer)).rejects.toThrow(/aborted/);
  });

  test('a path that cannot be decoded is a bad request', async () => {
    await start((_req, res) => res.end());
    expect((await ask('/%zz')).statusCode).toBe(400);
  });
});
