import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { demoHubWorld } from './hub-world.ts';
import { startHub } from './hub.ts';
import type { Hub } from './hub.ts';
import { parseShellChoice } from './shell-page.ts';

let shellDir: string;
let hub: Hub;
let below: Hub;
beforeAll(async () => {
  shellDir = mkdtempSync(join(tmpdir(), 'shell-'));
  writeFileSync(join(shellDir, 'shell-16.js'), 'sixteen()');
  writeFileSync(join(shellDir, 'shell-19.js'), 'nineteen()');
  const options = { version: '3.5', world: demoHubWorld(), extensions: {}, extensionsDir: '/none', shellDir } as const;
  hub = await startHub({ ...options, basePath: '' });
  below = await startHub({ ...options, basePath: '/argocd' });
});
afterAll(async () => {
  await hub.close();
  await below.close();
  rmSync(shellDir, { recursive: true });
});

const HTML = { accept: 'text/html' };
const get = (of: Hub, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${of.port}${path}`, { headers, redirect: 'manual' });
const as = (username: string): Record<string, string> => ({ cookie: `argocd.token=${hub.signIn(username)}` });

describe('the page', () => {
  test('any path gives the page to a browser, with its base and the bundles in order', async () => {
    const text = await (await get(hub, '/fleet/edges/store.1', HTML)).text();
    expect(text).toContain('<base href="/">');
    expect(text.indexOf('shell-19.js')).toBeLessThan(text.indexOf('extensions.js'));
  });

  test('what is no page and no file is not found', async () => {
    expect((await get(hub, '/fleet')).status).toBe(404);
  });

  test('below a sub-path the root answers nothing but a way there', async () => {
    expect((await get(below, '/', HTML)).headers.get('location')).toBe('/argocd/');
    expect((await get(below, '/extensions.js')).status).toBe(404);
    expect((await get(below, '/argocd2/extensions.js')).status).toBe(404);
    expect((await get(below, '/argocd/extensions.js')).status).toBe(200);
    expect(await (await get(below, '/argocd/fleet', HTML)).text()).toContain('<base href="/argocd/">');
  });

  test('a cookie chooses another version and sub-path', async () => {
    const cookie = `hub-shell=${encodeURIComponent('3.4~/argocd')}`;
    const text = await (await get(hub, '/argocd/fleet', { ...HTML, cookie })).text();
    expect(text).toContain('shell-16.js');
    expect(await (await get(hub, '/argocd/api/version', { cookie })).json()).toEqual({ Version: 'v3.4.7+unknown' });
  });

  test.each(['3.5~', '3.4~/argocd', '2.14~/a/b'])('the choice %s is taken', (raw) => {
    expect(parseShellChoice(raw)).toEqual({ version: raw.split('~')[0], basePath: raw.split('~')[1] });
  });

  test.each([undefined, '', '9.9~', '3.5~//evil.example', '3.5~/a b', '3.5~/../x', '%zz'])('the choice %s is none', (raw) => {
    expect(parseShellChoice(raw)).toBeUndefined();
  });

  test('scripts are compressed for who takes it, and carry no validators', async () => {
    const answer = await get(hub, '/shell-19.js', { 'accept-encoding': 'gzip' });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('etag')).toBeNull();
    expect(await answer.text()).toBe('nineteen()');
  });

  test('assets are files of two packages and nothing else', async () => {
    expect((await get(hub, '/assets/fontawesome/css/all.min.css')).headers.get('content-type')).toContain('text/css');
    expect((await get(hub, '/assets/fontawesome/package.json')).status).toBe(404);
    expect((await get(hub, '/assets/fontawesome/%2e%2e/x.css')).status).toBe(404);
    expect((await get(hub, '/assets/other/x.css')).status).toBe(404);
  });
});

describe('sessions', () => {
  const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const whoIs = async (cookie: string): Promise<unknown> => (await get(hub, '/api/v1/session/userinfo', { cookie })).json();

  test('the first visit of the page signs in the first user', async () => {
    expect(await whoIs(cookieOf(await get(hub, '/', HTML)))).toMatchObject({ loggedIn: true, username: 'admin' });
  });

  test('a user can be chosen, and the groups of one who has some are told', async () => {
    const answer = await fetch(`http://127.0.0.1:${hub.port}/api/v1/session`, { method: 'POST', body: '{"username":"viewer"}' });
    expect(await whoIs(cookieOf(answer))).toEqual({ loggedIn: true, username: 'viewer', iss: 'argocd', groups: ['fleet-viewers'] });
  });

  test.each(['{"username":"nobody"}', '{}', 'no json', `"${'x'.repeat(5000)}"`])('signing in with %.20s is refused', async (body) => {
    expect((await fetch(`http://127.0.0.1:${hub.port}/api/v1/session`, { method: 'POST', body })).status).toBe(401);
  });

  test('after a sign-out the session is gone and the page does not sign in again', async () => {
    const headers = as('admin');
    const answer = await fetch(`http://127.0.0.1:${hub.port}/api/v1/session`, { method: 'DELETE', headers });
    expect(await whoIs(headers['cookie'] ?? '')).toEqual({});
    const page = await get(hub, '/', { ...HTML, cookie: cookieOf(answer) });
    expect(page.headers.getSetCookie()).toEqual([]);
  });
});

describe('Applications', () => {
  test('nobody sees any without a session', async () => {
    const answer = await get(hub, '/api/v1/applications');
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { error: 'no session information', code: 16, message: 'no session information' },
    ]);
  });

  test('a user of one project sees that project and the anchor', async () => {
    const { items } = (await (await get(hub, '/api/v1/applications', as('teamb'))).json()) as { items: { spec: { project: string } }[] };
    expect(new Set(items.map((item) => item.spec.project))).toEqual(new Set(['edge-fleet', 'team-b']));
  });

  test('one Application is shown to who may see it and refused to who may not, whether it exists or not', async () => {
    expect((await get(hub, '/api/v1/applications/monitoring', as('viewer'))).status).toBe(200);
    expect((await get(hub, '/api/v1/applications/monitoring', as('teamb'))).status).toBe(403);
    expect((await get(hub, '/api/v1/applications/none', as('viewer'))).status).toBe(403);
  });
});

describe('can-i', () => {
  test('says of each user whether they may invoke an extension, as the account API does', async () => {
    const may = async (user: string, extension: string): Promise<unknown> =>
      (await get(hub, `/api/v1/account/can-i/extensions/invoke/${extension}`, as(user))).json();
    expect(await may('admin', 'edge-fleet-ops')).toEqual({ value: 'yes' });
    expect(await may('viewer', 'edge-fleet-ops')).toEqual({ value: 'no' });
    expect(await may('viewer', 'edge-fleet')).toEqual({ value: 'yes' });
  });
});
