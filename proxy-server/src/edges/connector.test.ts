import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { aCloudflareConnector, aDirectConnector, anEdge, aSecret } from '../../../test/edge-builders.ts';
import { createMemoryObjectStore, type MemoryObjectStore } from '../../../test/fakes/memory-object-store.ts';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { smallServer, type Handler, type SmallServer } from '../../../test/small-server.ts';
import type { Connector, Edge } from '../domain/edge.ts';
import { createRoutes, type Routes } from './connector.ts';
import { splitAddress } from './dialer.ts';
import { createEdgeClient } from './edge-client.ts';
import { DEFAULT_EDGE_LIMITS } from './limits.ts';
import { isRoute, type EdgeRoute, type NoRoute } from './route.ts';

interface Certificate {
  readonly private: string;
  readonly cert: string;
}
const certificateFor = async (name: string): Promise<Certificate> =>
  generate([{ name: 'commonName', value: name }], { extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }] });

let site: Certificate;
let stranger: Certificate;
beforeAll(async () => {
  site = await certificateFor('argocd.site.test');
  stranger = await certificateFor('argocd.site.test');
});
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Way {
  readonly objects: MemoryObjectStore;
  readonly routes: Routes;
  readonly route: EdgeRoute | NoRoute;
}
function wayTo(
  url: string,
  connector: Connector,
  secrets: Readonly<Record<string, Record<string, string>>> = {},
  over: Partial<Edge> = {},
): Way {
  const objects = createMemoryObjectStore();
  objects.putConnector(connector);
  objects.putSecrets(Object.entries({ 'store-argocd': { read: 'read-token' }, ...secrets }).map(([name, values]) => aSecret(name, values)));
  const routes = createRoutes(DEFAULT_EDGE_LIMITS, 'edge-fleet/test');
  const route = routes.routeOf(anEdge('store', url, over), objects.current());
  if (isRoute(route)) closers.push(() => route.close());
  return { objects, routes, route };
}
async function outcome({ route }: Way): Promise<number | string> {
  if (!isRoute(route)) return route.missing.sign;
  const client = createEdgeClient(DEFAULT_EDGE_LIMITS, createSteppedRuntime());
  const result = await client.ask(route, { method: 'GET', path: '/api/version', token: 'read', operation: 'test' });
  return result.ok ? JSON.stringify(result.value.body) : result.error.row;
}
/** Says by which name it was asked, and what certificate the client showed. */
const mirror: Handler = (request, response) => {
  const socket = request.socket as TLSSocket;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      host: request.headers.host?.replace(/:.*/, ''),
      sni: socket.servername,
      client: socket.getPeerCertificate?.()?.subject?.CN,
    }),
  );
};
async function tlsServer(certificate: Certificate, ca?: string): Promise<SmallServer> {
  const demands = ca === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca };
  const server = await smallServer(mirror, { key: certificate.private, cert: certificate.cert, ...demands });
  closers.push(() => server.close());
  return server;
}
const address = (server: SmallServer): string => `127.0.0.1:${server.port}`;

describe('a direct Connector', () => {
  test('goes to its address while Host, SNI and the name on the certificate stay those of the edge', async () => {
    const server = await tlsServer(site);
    const connector = aDirectConnector({ address: address(server), caSecret: 'site-ca' as never });
    const way = wayTo('https://argocd.site.test', connector, { 'site-ca': { 'ca.crt': site.cert } });
    expect(await outcome(way)).toBe('{"host":"argocd.site.test","sni":"argocd.site.test"}');
  });

  test('asks for another name where it says so', async () => {
    const server = await tlsServer(site);
    const connector = aDirectConnector({ address: address(server), caSecret: 'site-ca' as never, serverName: 'argocd.site.test' });
    const way = wayTo('https://10.0.0.7:8443', connector, { 'site-ca': { 'ca.crt': site.cert } });
    expect(await outcome(way)).toBe('{"host":"10.0.0.7","sni":"argocd.site.test"}');
  });

  test.each<[string, string, number]>([
    ['signed by somebody else', 'https://argocd.site.test', 30],
    ['made for another name', 'https://other.site.test', 30],
  ])('a certificate %s is row 30', async (_what, url, expected) => {
    const server = await tlsServer(site);
    const ca = url.includes('other') ? site.cert : stranger.cert;
    const connector = aDirectConnector({ address: address(server), caSecret: 'site-ca' as never });
    expect(await outcome(wayTo(url, connector, { 'site-ca': { 'ca.crt': ca } }))).toBe(expected);
  });

  test('shows its client certificate; without one it is told so after the handshake', async () => {
    const hub = await certificateFor('hub.test');
    const server = await tlsServer(site, hub.cert);
    const connector = aDirectConnector({
      address: address(server),
      caSecret: 'site-ca' as never,
      clientCertificateSecret: 'hub-client' as never,
    });
    const secrets = { 'site-ca': { 'ca.crt': site.cert }, 'hub-client': { 'tls.crt': hub.cert, 'tls.key': hub.private } };
    expect(await outcome(wayTo('https://argocd.site.test', connector, secrets))).toContain('"client":"hub.test"');
    const without = aDirectConnector({ address: address(server), caSecret: 'site-ca' as never });
    expect(await outcome(wayTo('https://argocd.site.test', without, secrets))).toBe(30);
  });

  test('skips checks on loopback only', async () => {
    const server = await tlsServer(stranger);
    const careless = (address?: string): Connector =>
      aDirectConnector({ insecureSkipVerify: true, ...(address === undefined ? {} : { address }) });
    expect(await outcome(wayTo(`https://127.0.0.1:${server.port}`, careless()))).toContain('"host":"127.0.0.1"');
    expect(await outcome(wayTo('https://argocd.site.test', careless(address(server))))).toContain('argocd.site.test');
    expect(await outcome(wayTo('https://argocd.site.test', careless()))).toContain('only loopback addresses may');
    expect(await outcome(wayTo('https://127.0.0.1', careless('10.0.0.7:443')))).toContain('only loopback addresses may');
  });

  test.each<[string, Partial<Extract<Connector, { kind: 'direct' }>>, Record<string, Record<string, string>>, string]>([
    ['the CA is missing', { caSecret: 'site-ca' as never }, {}, 'Secret site-ca of Connector plain is missing or has no ca.crt'],
    [
      'the CA is no PEM',
      { caSecret: 'site-ca' as never },
      { 'site-ca': { 'ca.crt': '-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----' } },
      'no certificate that can be read',
    ],
    ['the key is missing', { clientCertificateSecret: 'c' as never }, { c: { 'tls.crt': 'x' } }, 'tls.crt or tls.key'],
    ['the key is no PEM', { clientCertificateSecret: 'c' as never }, { c: { 'tls.crt': 'x', 'tls.key': 'y' } }, 'cannot be read'],
  ])('says what is wrong when %s', async (_what, over, secrets, words) => {
    expect(await outcome(wayTo('https://argocd.site.test', aDirectConnector(over), secrets))).toContain(words);
  });
});

describe('a cloudflare Connector', () => {
  test('sends the service token and leaves the beacon to who asks for it', () => {
    const connector = aCloudflareConnector({ beaconPath: '/healthz-tunnel' });
    const { route } = wayTo('https://store.example.com', connector, { access: { 'client-id': 'id', 'client-secret': 'secret' } });
    expect(isRoute(route) && route.headers('read')).toEqual({
      'user-agent': 'edge-fleet/test', authorization: 'Bearer read-token', 'cf-access-client-id': 'id', 'cf-access-client-secret': 'secret',
    }); // prettier-ignore
    expect(isRoute(route) && route.beaconPath).toBe('/healthz-tunnel');
    expect(isRoute(route) && route.headers('none')).not.toHaveProperty('authorization');
  });

  test.each<[string, Record<string, Record<string, string>>, string]>([
    ['the Secret is missing', {}, 'Secret access of Connector plain is missing'],
    ['half a token is there', { access: { 'client-id': 'id' } }, 'has no client-id and client-secret'],
    ['the token could not be a header', { access: { 'client-id': 'id', 'client-secret': 'a\nb' } }, 'has no client-id and client-secret'],
  ])('says what is wrong when %s', async (_what, secrets, words) => {
    expect(await outcome(wayTo('https://store.example.com', aCloudflareConnector(), secrets))).toContain(words);
  });
});

describe('routes', () => {
  const url = 'https://store.example.com';
  test('stay the same object until something they are made of changes', () => {
    const { objects, routes, route } = wayTo(url, aDirectConnector());
    const edge = anEdge('store', url);
    expect(routes.routeOf(edge, objects.current())).toBe(route);
    objects.putSecrets([aSecret('somebody-else', { read: 'x' })]);
    expect(routes.routeOf({ ...edge, displayName: 'another' }, objects.current())).toBe(route);
    objects.putSecrets([aSecret('store-argocd', { read: 'new' })]);
    const renewed = routes.routeOf(edge, objects.current());
    expect(renewed).not.toBe(route);
    expect(isRoute(renewed) && renewed.headers('read')).toMatchObject({ authorization: 'Bearer new' });
    objects.putConnector(aDirectConnector({ serverName: 'x' }));
    expect(routes.routeOf(edge, objects.current())).not.toBe(renewed);
  });

  test.each<[string, Record<string, string>, Partial<Edge>, string]>([
    ['the token is missing', {}, {}, 'has no usable key read'],
    ['the token could not be a header', { read: 'a b\r\nx: y' }, {}, 'has no usable key read'],
    ['the Connector is missing', { read: 'x' }, { connector: 'nowhere' as never }, 'Connector nowhere is not defined'],
  ])('say what is wrong when %s', async (_what, token, over, words) => {
    expect(await outcome(wayTo(url, aDirectConnector(), { 'store-argocd': token }, over))).toContain(words);
  });

  test('the write token is there for edges with access Operate only', () => {
    const secrets = { 'store-argocd': { read: 'r', operate: 'o' } };
    const readOnly = wayTo(url, aDirectConnector(), secrets).route;
    const operate = wayTo(url, aDirectConnector(), secrets, { access: 'Operate' }).route;
    expect(isRoute(readOnly) && readOnly.headers('operate')).toBeUndefined();
    expect(isRoute(operate) && operate.headers('operate')).toMatchObject({ authorization: 'Bearer o' });
  });
});

test.each([
  ['127.0.0.1:8443', '127.0.0.1', '8443'],
  ['[::1]:443', '::1', '443'],
  ['edge.test:80', 'edge.test', '80'],
])('the address %s is host and port', (text, host, port) => {
  expect(splitAddress(text)).toEqual({ host, port });
});
