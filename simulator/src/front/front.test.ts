import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPublicKey, verify } from 'node:crypto';
import { request } from 'undici';
import { afterEach, describe, expect, test } from '@jest/globals';
import { FAULT_FOR_ROW, Fault } from './faults.ts';
import { createFront, type Front, type FrontOptions } from './front.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Origin = (request: IncomingMessage, response: ServerResponse, as: string | undefined) => void;
const hello: Origin = (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"Version":"v3"}');

async function open(options: FrontOptions = {}, origin: Origin = hello): Promise<{ front: Front; url: string }> {
  const front = createFront(options);
  const server = createServer((incoming, response) =>
    front.handle(incoming, response, { name: incoming.headers.host?.split('.')[0] ?? '' }, (as) => origin(incoming, response, as)),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { front, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const ask = async (url: string, headers: Record<string, string> = {}, path = '/api/version') => {
  const {
    statusCode,
    headers: answered,
    body,
  } = await request(`${url}${path}`, { headers: { host: 'one.fleet.test', 'user-agent': 'edge-fleet', ...headers } });
  return { status: statusCode, headers: answered, text: await body.text() };
};

describe('errors of Cloudflare take the form that Accept earns', () => {
  test.each([
    [{ accept: 'application/json' }, /^application\/json/, '"error_code":1033'],
    [{ accept: 'application/problem+json' }, /^application\/problem\+json/, '"cloudflare_error":true'],
    [{ accept: 'text/markdown' }, /^text\/markdown/, '# Error 1033'],
    [{ accept: 'text/html' }, /^text\/html/, 'Cloudflare Tunnel error'],
    [{ accept: 'text/event-stream' }, /^text\/plain/, 'error code: 1033'],
    [{ accept: 'text/event-stream', 'user-agent': 'Mozilla/5.0' }, /^text\/html/, '1033'],
  ])('%j', async (headers, type, words) => {
    const { front, url } = await open();
    front.setFault(['one'], { kind: 'tunnelDown' });
    const answer = await ask(url, headers);
    expect(answer).toMatchObject({ status: 530, headers: { server: 'cloudflare', 'cf-error-type': '1033' } });
    expect(answer.headers['content-type']).toMatch(type);
    expect(answer.text).toContain(words);
  });

  test('5xx are never JSON', async () => {
    const { front, url } = await open();
    front.setFault(['one'], { kind: 'edgeError', status: 522 });
    expect(await ask(url, { accept: 'application/json' })).toMatchObject({ status: 522, text: 'error code: 522' });
  });
});

describe('Access', () => {
  const tokens = [{ id: 'good', secret: 's' }, { id: 'expired', secret: 's', usable: false }, { id: 'other', secret: 's', allowed: false }]; // prettier-ignore
  const by = (id: string, secret = 's') => ({ 'cf-access-client-id': id, 'cf-access-client-secret': secret });
  test.each([
    ['strict', {}, 401], ['strict', by('good'), 200], ['strict', by('good', 'wrong'), 401], ['strict', by('expired'), 401], ['strict', by('other'), 403],
    ['strict', { 'cf-access-client-id': 'good' }, 401],
    ['service-auth-only', by('good'), 200], ['service-auth-only', by('expired'), 403],
    ['mixed', by('good'), 200], ['mixed', by('expired'), 302],
    ['allow-mistake', by('good'), 302],
    ['off', {}, 200],
  ] as const)('in mode %s with %j answers %i', async (mode, headers, status) => {
    const { url } = await open({ access: { mode, tokens } });
    const answer = await ask(url, headers);
    expect(answer.status).toBe(status);
    if (status === 302) expect(answer.headers['location']).toMatch(/^https:\/\/acme\.cloudflareaccess\.com\/cdn-cgi\/access\/login\/one\.fleet\.test\?/);
    expect(answer.headers['set-cookie'] === undefined).toBe(status !== 200 || mode === 'strict' || mode === 'off');
  }); // prettier-ignore

  test('what passes carries an assertion that the served keys vouch for', async () => {
    let seen: IncomingMessage['headers'] = {};
    const { url } = await open({ access: { mode: 'strict', tokens } }, (incoming, response) => {
      seen = incoming.headers;
      response.end();
    });
    await ask(url, by('good'));
    const [head, claims, signature] = String(seen['cf-access-jwt-assertion']).split('.');
    const { keys } = JSON.parse((await ask(url, {}, '/cdn-cgi/access/certs')).text) as { keys: [JsonWebKey] };
    const key = createPublicKey({ key: keys[0] as never, format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature!, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toMatchObject({ common_name: 'good', type: 'app' });
  });
});

describe('the zone', () => {
  test('limits requests per second of one address, and says how long to wait', async () => {
    let now = 10_000;
    const { url } = await open({ requestsPerSecond: 2, now: () => now });
    const statuses = [await ask(url), await ask(url), await ask(url)].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await ask(url)).headers['retry-after']).toBe('1');
    now += 1_000;
    expect((await ask(url)).status).toBe(200);
  });

  test('refuses a client without a name where the integrity check is on', async () => {
    const { url } = await open({ integrityCheck: true });
    const { statusCode, body } = await request(url, { headers: { host: 'one.fleet.test' } });
    expect([statusCode, await body.text()]).toEqual([403, 'error code: 1010']);
  });

  test('adds its headers to the request, with the same ray as in the answer', async () => {
    let seen: IncomingMessage['headers'] = {};
    const { url } = await open({}, (incoming, response) => {
      seen = incoming.headers;
      response.end();
    });
    const answer = await ask(url, { 'x-forwarded-for': '198.51.100.7' });
    expect(seen).toMatchObject({ 'cf-ray': answer.headers['cf-ray'], 'x-forwarded-proto': 'https', 'cdn-loop': 'cloudflare; loops=1' });
    expect(seen['x-forwarded-for']).toMatch(/^198\.51\.100\.7, /);
  });

  test('waits for the origin only so long', async () => {
    const { url } = await open({ readTimeoutMs: 30 }, () => undefined);
    expect(await ask(url)).toMatchObject({ status: 524, text: 'error code: 524' });
  });
});

describe('faults', () => {
  test('are set and healed for a share of the edges; the others notice nothing', async () => {
    const { front, url } = await open();
    front.setFault(['one', 'two'], { kind: 'originRefused' });
    expect((await ask(url, { host: 'three.fleet.test' })).status).toBe(200);
    expect((await ask(url)).status).toBe(502);
    front.setFault(['one'], undefined);
    expect((await ask(url)).status).toBe(200);
    expect(front.faultOf('two')).toEqual({ kind: 'originRefused' });
  });

  test('flapping follows the clock', async () => {
    let now = 1_000;
    const { front, url } = await open({ now: () => now });
    front.setFault(['one'], { kind: 'flapping', downMs: 3_000, everyMs: 60_000 });
    expect((await ask(url)).status).toBe(530);
    now = 4_000;
    expect((await ask(url)).status).toBe(200);
  });

  test('draining refuses new requests at once and cuts old streams after the grace', async () => {
    const { front, url } = await open(
      {},
      (_incoming, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n'),
    );
    const stream = await request(url, { headers: { host: 'one.fleet.test' } });
    front.setFault(['one'], { kind: 'draining', graceMs: 60 });
    expect((await ask(url)).status).toBe(530);
    expect(front.inFlight('one')).toBe(1);
    await expect(stream.body.text()).rejects.toThrow();
    expect(front.inFlight('one')).toBe(0);
  });

  test('a client that leaves frees the origin', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const { front, url } = await open({}, (_incoming, response) => {
      closed = new Promise((resolve) => response.once('close', resolve));
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n');
    });
    const { body } = await request(url, { headers: { host: 'one.fleet.test' } });
    body.destroy();
    await closed;
    expect(front.inFlight('one')).toBe(0);
  });

  test('a stream passes piece by piece, at once', async () => {
    const { url } = await open({}, (_incoming, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const { body } = await request(url, { headers: { host: 'one.fleet.test' } });
    for await (const chunk of body) {
      expect(String(chunk)).toBe('data: 1\n\n');
      break;
    }
  });

  test('the wrong edge answers where another is named', async () => {
    const { front, url } = await open({}, (_incoming, response, as) => void response.end(as ?? 'itself'));
    front.setFault(['one'], { kind: 'wrongEdge', as: 'store-9' });
    expect((await ask(url)).text).toBe('store-9');
  });

  test('replayed answers go back in versions and times, and stay what they are otherwise', async () => {
    const good =
      '{"metadata":{"resourceVersion":"5000"},"status":{"reconciledAt":"2026-11-23T12:00:00Z","x":"y"},"reconciledAt":"not a date at all, really"}';
    const { front, url } = await open({}, (_incoming, response) => void response.end(good));
    front.setFault(['one'], { kind: 'replay', backMs: 3_600_000, backVersions: 1_000 });
    expect((await ask(url)).text).toBe(good.replace('5000', '4000').replace('2026-11-23T12:00:00Z', '2026-11-23T11:00:00.000Z'));
  });

  test('every fault goes through JSON and back, and nonsense is refused', () => {
    for (const fault of Object.values(FAULT_FOR_ROW)) expect(Fault.parse(JSON.parse(JSON.stringify(fault)))).toEqual(fault);
    expect(Fault.safeParse({ kind: 'nonsense' }).success).toBe(false);
    expect(Fault.safeParse({ kind: 'slowBody', bytesPerSecond: 0 }).success).toBe(false);
    expect(Fault.safeParse({ kind: 'tunnelDown', extra: 1 }).success).toBe(false);
  });
});
