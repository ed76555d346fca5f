import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { demoHubWorld } from './hub-world.ts';
import { backendHeaders, goPath } from './proxy-headers.ts';
import type { HeaderMap, ProxyHop } from './proxy-headers.ts';

const WORLD = demoHubWorld();
type Plain = Readonly<Record<string, string>>;
const client = (headers: Plain): HeaderMap => new Map(Object.entries(headers).map(([name, value]) => [name, [value]]));
const sent = (headers: HeaderMap): Plain => Object.fromEntries([...headers].map(([name, lines]) => [name, lines.join(' | ')]));
const aHop = (over: Partial<ProxyHop> = {}): ProxyHop => ({
  user: WORLD.users[0]!,
  application: WORLD.applications[0]!,
  controlPlaneNamespace: 'argocd',
  sendsUserId: true,
  configured: { 'X-Edge-Fleet-Secret': 'right' },
  clientAddress: '10.0.0.1',
  ...over,
});

describe('backendHeaders', () => {
  test('a client cannot choose what the hub sets', () => {
    const claimed = client({
      'argocd-username': 'root',
      'argocd-user-id': 'root',
      'argocd-namespace': 'other',
      'x-edge-fleet-secret': 'guess',
    });
    const headers = sent(backendHeaders(claimed, aHop()));
    expect(headers).toMatchObject({
      'argocd-username': 'admin',
      'argocd-user-id': 'admin',
      'argocd-namespace': 'argocd',
      'x-edge-fleet-secret': 'right',
    });
  });

  test('groups of a user who has some replace a claim; without any the claim passes', () => {
    const claimed = client({ 'argocd-user-groups': 'admins' });
    const viewer = WORLD.users.find(({ username }) => username === 'viewer')!;
    expect(sent(backendHeaders(claimed, aHop({ user: viewer })))['argocd-user-groups']).toBe('fleet-viewers');
    expect(sent(backendHeaders(claimed, aHop()))['argocd-user-groups']).toBe('admins');
  });

  test('before 3.2 a claimed user id passes', () => {
    expect(sent(backendHeaders(client({ 'argocd-user-id': 'root' }), aHop({ sendsUserId: false })))['argocd-user-id']).toBe('root');
  });

  test('whatever the client sends, cookie, token and connection headers never reach the backend', () => {
    const name = fc.constantFrom('cookie', 'authorization', 'connection', 'keep-alive', 'te', 'upgrade', 'x-other', 'argocd-username');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (pairs) => {
        const headers = backendHeaders(client(Object.fromEntries(pairs)), aHop());
        for (const gone of ['cookie', 'authorization', 'connection', 'keep-alive', 'te', 'upgrade']) expect(headers.has(gone)).toBe(false);
      }),
    );
  });

  test('naming headers in Connection takes away the secret and the identity, as it does on a real hub', () => {
    const headers = backendHeaders(client({ connection: 'X-Edge-Fleet-Secret, argocd-username' }), aHop());
    expect([headers.has('x-edge-fleet-secret'), headers.has('argocd-username'), headers.has('argocd-namespace')]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('a header that a client sends twice', () => {
  test('goes on as two lines, unless the hub sets it', () => {
    const twice: HeaderMap = new Map([
      ['argocd-application-name', ['argocd:edge-fleet', 'argocd:other']],
      ['argocd-username', ['root', 'toor']],
      ['connection', ['x-a', 'X-B']],
      ['x-a', ['1']],
      ['x-b', ['2']],
    ]);
    const headers = sent(backendHeaders(twice, aHop()));
    expect(headers).toMatchObject({ 'argocd-application-name': 'argocd:edge-fleet | argocd:other', 'argocd-username': 'admin' });
    expect([headers['x-a'], headers['x-b']]).toEqual([undefined, undefined]);
  });
});

describe('goPath', () => {
  test.each([
    ['/a%2Fb', '/a/b'],
    ['/c%20d', '/c%20d'],
    ['/a:b@c=d&e+f,g;h$i', '/a:b@c=d&e+f,g;h$i'],
    ["/!'()*", '/%21%27%28%29%2A'],
    ['/%E2%82%AC', '/%E2%82%AC'],
  ])('%s becomes %s', (escaped, expected) => {
    expect(goPath(escaped)).toBe(expected);
  });

  test('a path that cannot be decoded is none', () => {
    expect(goPath('/%zz')).toBeUndefined();
  });
});
