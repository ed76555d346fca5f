import { afterEach, expect, test } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { createHubVersion } from './hub-version.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function aHub(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/argocd`;
}

test('the version is what the hub says, under its base path, and asked again now and then', async () => {
  const asked: string[] = [];
  let version = 'v3.1.4+abc';
  const hub = createHubVersion(await aHub((req, res) => void (asked.push(req.url ?? ''), res.setHeader('connection', 'close'), res.end(JSON.stringify({ Version: version })))), runtime); // prettier-ignore
  hub.start();
  await runtime.until(() => hub.current() === 'v3.1.4+abc');
  version = 'v3.2.0';
  runtime.advance(600_000);
  await runtime.until(() => hub.current() === 'v3.2.0');
  expect(asked).toEqual(['/argocd/api/version', '/argocd/api/version']);
  hub.close();
});
const runtime = createSteppedRuntime();

test.each<[what: string, answer: RequestListener]>([
  ['is not there', (_req, res) => void res.destroy()],
  ['answers with a page', (_req, res) => void res.end('<html>')],
  ['says no version', (_req, res) => void res.end('{"Version":"latest"}')],
  ['sends us elsewhere', (_req, res) => void res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
])('a hub that %s has no version, is complained of once, and asked again', async (_what, answer) => {
  const stepped = createSteppedRuntime();
  let asked = 0;
  const hub = createHubVersion(
    await aHub((req, res) => void ((asked += 1), res.setHeader('connection', 'close'), answer(req, res))),
    stepped,
  );
  hub.start();
  await stepped.until(() => asked >= 1);
  await stepped.until(() => asked >= 3, { stepMs: 1_000 });
  await stepped.until(() => stepped.lines.length > 0);
  expect(hub.current()).toBeUndefined();
  expect(stepped.lines.filter((line) => line.level === 'warn')).toHaveLength(1);
  hub.close();
});

test('without an address nobody is asked', () => {
  const stepped = createSteppedRuntime();
  const hub = createHubVersion(undefined, stepped);
  hub.start();
  expect([hub.current(), stepped.timersWaiting]).toEqual([undefined, 0]);
});
