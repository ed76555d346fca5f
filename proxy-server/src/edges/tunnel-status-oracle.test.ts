import { afterEach, describe, expect, test } from '@jest/globals';
import { aCloudflareConnector, aSecret } from '../../../test/edge-builders.ts';
import { createMemoryObjectStore } from '../../../test/fakes/memory-object-store.ts';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { smallServer, type Handler } from '../../../test/small-server.ts';
import { DEFAULT_EDGE_LIMITS } from './limits.ts';
import { createTunnelOracles } from './tunnel-status-oracle.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface TestTunnel {
  readonly name: string;
  readonly status: string;
}
async function account(answer: (page: number, respond: Parameters<Handler>[1]) => void) {
  const asked: { url: string; authorization: string | undefined }[] = [];
  const server = await smallServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    answer(Number(new URL(request.url ?? '', 'http://x').searchParams.get('page')), response);
  });
  const runtime = createSteppedRuntime();
  const told: string[] = [];
  const oracles = createTunnelOracles({
    runtime, limits: DEFAULT_EDGE_LIMITS, apiUrl: `${server.url}/client/v4`,
    onUp: (edge) => void told.push(`${edge} up`), onDown: (edge) => void told.push(`${edge} down`),
  }); // prettier-ignore
  const objects = createMemoryObjectStore();
  objects.putConnector(aCloudflareConnector({ statusApi: { accountId: 'acc', tokenSecret: 'cf-status' as never, tunnelPrefix: 'edge-' } }));
  objects.putSecrets([aSecret('cf-status', { token: 'api-token' })]);
  oracles.follow(objects.current());
  closers.push(() => server.close(), () => oracles.close()); // prettier-ignore
  /** Until it was asked `times` times, by stepping the clock; how long that took on it. */
  const turns = async (times: number): Promise<number> => {
    const from = runtime.clock.now();
    await runtime.until(() => asked.length >= times, { stepMs: 500, what: `question ${times}` });
    await runtime.until(() => runtime.timersWaiting === 1, { what: 'the answer' });
    return runtime.clock.now() - from;
  };
  return { asked, told, turns, oracles, objects, runtime };
}
const page = (response: Parameters<Handler>[1], tunnels: readonly TestTunnel[], headers: Record<string, string> = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ success: true, errors: [], messages: [], result: tunnels, result_info: { page: 1 } }));
};

describe('the account API as a hint', () => {
  test('asks for the tunnels with our prefix and tells what changed since the time before', async () => {
    let status = 'healthy';
    const { told, turns, asked } = await account((_page, response) =>
      page(response, [{ name: 'edge-store-1', status }, { name: 'edge-store-2', status: 'degraded' }, { name: 'somebody-else', status: 'down' }])); // prettier-ignore
    await turns(1);
    expect(asked[0]).toEqual({
      url: '/client/v4/accounts/acc/cfd_tunnel?is_deleted=false&include_prefix=edge-&page=1&per_page=100',
      authorization: 'Bearer api-token',
    });
    expect(told).toEqual([]);
    status = 'down';
    expect(await turns(2)).toBeGreaterThanOrEqual(29_000);
    expect(told).toEqual(['store-1 down']);
    status = 'healthy';
    await turns(3);
    expect(told).toEqual(['store-1 down', 'store-1 up']);
  });

  test('reads all pages', async () => {
    let second = 'healthy';
    const { told, turns } = await account((number, response) =>
      page(response, number === 1 ? Array.from({ length: 100 }, (_value, index) => ({ name: `edge-a${index}`, status: 'healthy' })) : [{ name: 'edge-last', status: second }])); // prettier-ignore
    await turns(2);
    second = 'inactive';
    await turns(4);
    expect(told).toEqual(['last down']);
  });

  test.each<[string, (response: Parameters<Handler>[1]) => void]>([
    [
      'refuses the token',
      (response) => void response.writeHead(403, { 'content-type': 'application/json' }).end('{"success":false,"errors":[]}'),
    ],
    ['answers with a page', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    [
      'answers with another shape',
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"success":true,"result":[{"name":7}]}'),
    ],
    ['hangs up', (response) => void response.destroy()],
  ])('darkens nothing when it %s, and is asked less often', async (_what, answer) => {
    let fails = false;
    const { told, turns, runtime } = await account((_page, response) =>
      fails ? answer(response) : page(response, [{ name: 'edge-a', status: 'healthy' }]),
    );
    await turns(1);
    fails = true;
    await turns(2);
    const first = await turns(3);
    const second = await turns(4);
    expect(second).toBeGreaterThan(first);
    expect(told).toEqual([]);
    expect(runtime.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  test('waits as long as it is told to', async () => {
    let limited = true;
    const { turns, told } = await account((_page, response) =>
      limited
        ? void response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '300' }).end('{}')
        : page(response, [{ name: 'edge-a', status: 'healthy' }], { ratelimit: '"default";r=1;t=120' }),
    );
    await turns(1);
    limited = false;
    expect(await turns(2)).toBeGreaterThanOrEqual(299_000);
    expect(await turns(3)).toBeGreaterThanOrEqual(119_000);
    expect(told).toEqual([]);
  });

  test.each([
    ['a Retry-After of a day', (response: Parameters<Handler>[1]) => void response.writeHead(429, { 'retry-after': '86400' }).end()],
    ['a window of eleven days', (response: Parameters<Handler>[1]) => page(response, [], { ratelimit: '"default";r=0;t=999999' })],
    ['a page without end', (response: Parameters<Handler>[1]) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const pour = (): void => { while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20))); };
      response.on('drain', pour);
      pour();
    }],
  ])('is asked again within an hour after %s', async (_what, respond) => {
    const { turns, told } = await account((_page, response) => respond(response));
    await turns(1);
    expect(await turns(2)).toBeLessThanOrEqual(3_601_000);
    expect(told).toEqual([]);
  }); // prettier-ignore

  test('is not asked any more when the Connector no longer names it', async () => {
    const { turns, oracles, objects, runtime, asked } = await account((_page, response) => page(response, []));
    await turns(1);
    objects.putConnector(aCloudflareConnector());
    oracles.follow(objects.current());
    runtime.advance(600_000);
    expect({ asked: asked.length, timers: runtime.timersWaiting }).toEqual({ asked: 1, timers: 0 });
  });
});
