import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { aCloudflareConnector, aSecret } from '../../../test/edge-builders.ts';
import { createWatchHarness, SECOND } from '../../../test/watch-harness.ts';

jest.setTimeout(60_000);
const watch = createWatchHarness();
afterEach(() => watch.close());

const isStream = (path: string): boolean => path.includes('/stream/applications?');
/** What the edge was asked, in its order: one word for each question. */
const asked = (): readonly string[] =>
  watch.front.asked.map((path) =>
    path.endsWith('/api/version') ? 'version' : isStream(path) ? 'stream' : path.includes('/applications?') ? 'list' : path,
  );
const held = { silenceMs: 3_600_000 };

describe('the first contact with an edge of which nothing is known', () => {
  test('its stream comes before all questions, and they follow without another stream', async () => {
    const edge = await watch.start({ behind: true, limits: held });
    await watch.takes('its Applications', () => watch.fleet.told().applications.size === edge.applications.length, 1);
    expect(asked()).toEqual(['stream']);
    expect(watch.connection()).toBe('Reachable');
    await watch.takes('the version', () => watch.fleet.told().facts.argocdVersion !== undefined);
    await watch.takes('the list', () => asked().includes('list'));
    expect(asked().filter((word) => word !== 'stream')).toEqual(['version', 'list']);
    expect(watch.fleet.told().facts).toMatchObject({ mode: 'stream', identity: expect.any(String), missingCapabilities: [] });
    expect(watch.front.asked.filter((path) => isStream(path) && path.includes('automated'))).toHaveLength(1);
  });

  test('an edge without Applications is asked what there is, and is then known to be empty', async () => {
    await watch.start({ behind: true, applications: 0 });
    const tookMs = await watch.takes('the mode', () => watch.fleet.told().facts.mode === 'poll');
    expect(tookMs).toBeGreaterThanOrEqual(5_500);
    expect(tookMs).toBeLessThan(9 * SECOND);
    expect(asked().slice(0, 3)).toEqual(['stream', 'version', 'list']);
    expect(watch.connection()).toBe('Reachable');
  });

  test('a refusal is believed at once, and no second question goes out for it', async () => {
    await watch.start({ behind: true });
    watch.front.intercept = (_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"error":"no session information","code":16,"message":"no session information"}');
      return true;
    };
    await watch.takes('the refusal', () => watch.connection() === 'Refused', 10);
    expect(watch.row()).toBe(22);
    expect(asked()).toEqual(['stream']);
  });

  test('a service token that Access does not know any more is not the last word where there is a second one', async () => {
    await watch.start({ behind: true });
    const { objects } = watch.fleet;
    const id = objects.current().connectors.keys().next().value!;
    objects.putSecrets([
      aSecret('access', { 'client-id': 'old', 'client-secret': 's', 'next-client-id': 'new', 'next-client-secret': 's' }),
    ]);
    objects.putConnector(aCloudflareConnector({ id }));
    watch.front.intercept = (request, response) => {
      if (request.headers['cf-access-client-id'] !== 'old') return false;
      response.writeHead(401, { 'content-type': 'text/html; charset=utf-8', server: 'cloudflare', 'cf-ray': '1-FRA' });
      response.end('<!DOCTYPE html><title>Unauthorized · Cloudflare Access</title>');
      return true;
    };
    await watch.takes('the Applications', () => watch.fleet.told().applications.size === 6, 10);
    expect(watch.fleet.told().reports.every(({ connection }) => connection !== 'Refused')).toBe(true);
    expect(asked().slice(0, 4)).toEqual(['stream', 'version', 'version', 'list']);
  });

  test('a way that is cut is tried a second time, no sooner than an edge may be asked, before it is marked', async () => {
    await watch.start({ behind: true });
    watch.front.intercept = (_request, response) => {
      response.socket?.destroy();
      return true;
    };
    const tookMs = await watch.takes('the mark', () => watch.fleet.told().reports.some(({ failure }) => failure !== undefined), 50);
    expect(watch.connection()).toBe('NeverReached');
    expect(asked()[0]).toBe('stream');
    await watch.takes('the second try', () => asked().includes('version'), 50);
    expect(watch.now()).toBeGreaterThanOrEqual(5 * SECOND - tookMs);
  });

  test('where streams alone are refused on the way, the edge is asked in the same try, and read by lists', async () => {
    await watch.start({ behind: true });
    watch.front.intercept = (request, response) => {
      if (!isStream(request.url ?? '')) return false;
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('404 page not found');
      return true;
    };
    await watch.takes('the questions', () => asked().includes('list'), 10);
    expect(asked().slice(0, 3)).toEqual(['stream', 'version', 'list']);
    expect(watch.connection()).toBe('Reachable');
  });

  test('an edge that leaves the configuration before its first word holds no stream', async () => {
    await watch.start({ behind: true });
    watch.front.intercept = () => true; // never answered
    await watch.takes('the question', () => asked().length === 1, 1);
    watch.fleet.objects.removeEdge(watch.fleet.names[0] ?? '');
    await watch.pass(10 * SECOND);
    expect(asked()).toEqual(['stream']);
    expect(watch.fleet.runtime.timersWaiting).toBe(0);
  });
});
