/**
 * Who gets in, asked with a hostile mind over HTTP: the whole program behind the hubs that the simulator plays. What those hand on is held to
 * recordings of real hubs by test/contracts/hub-recordings.test.ts.
 */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { unpackMembers } from '../../proxy-server/src/domain/packed-members.ts';
import type { FleetOverview } from '../../proxy-server/src/domain/fleet-view.ts';
import { demoHubWorld, type HubUser } from '../../simulator/src/hub/hub-world.ts';
import { startHub, type Hub } from '../../simulator/src/hub/hub.ts';
import type { HubVersion } from '../../simulator/src/hub/profile.ts';
import { OPS_SECRET, VIEW_SECRET } from '../api-harness.ts';
import { runFleet, SCOPES, type RunningFleet } from './running-fleet.ts';

const EDGES = 12;
const BOARD_SECRET = 'board-secret-of-the-tests';
const REGION = 'north';
const ANCHOR = { 'Argocd-Application-Name': 'argocd:edge-fleet', 'Argocd-Project-Name': 'edge-fleet' };

/** SSO users are known to the policy by their id on a hub that sets it; `eve` is nobody in it. */
const user = (username: string, userId: string, ...mayInvoke: string[]): HubUser => ({
  username,
  userId,
  groups: [],
  mayGet: ['edge-fleet/*'],
  mayInvoke,
});
const WORLD = {
  ...demoHubWorld(),
  users: [
    user('root', 'root', 'edge-fleet', 'edge-fleet-ops'),
    user('nora', 'nora', 'edge-fleet'),
    user('eve', 'eve', 'edge-fleet'),
    user('member', 'member', 'edge-fleet', 'edge-fleet-release-board'),
  ],
};
const POLICY = `
p, root, edges, get, *, allow
p, root, applications, *, */*/*, allow
p, nora, edges, get, label:region=${REGION}, allow
p, nora, applications, get, label:region=${REGION}/*/*, allow
p, group:release-board, edges, get, *, allow
p, admins, edges, get, *, allow
p, group:admins, edges, get, *, allow
`;

let fleet: RunningFleet;
const hubs = new Map<HubVersion, Hub>();
const HUBS: readonly (readonly [version: HubVersion, argocd: string])[] = [['2.14', '2.14.21'], ['3.4', '3.4.7'], ['3.5', '3.5.1']]; // prettier-ignore

const putPolicy = (hubVersion: string): Promise<void> =>
  fleet.put('hub.yaml', `${SCOPES.replace(/\}\n$/, `, edge-fleet-release-board: ${BOARD_SECRET}}\n`)}---\n${stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'edge-fleet-policy' }, data: { hubVersion, 'policy.default': '', 'policy.csv': POLICY } })}`); // prettier-ignore

beforeAll(async () => {
  fleet = await runFleet(EDGES);
  await fleet.until<FleetOverview>('/api/v1/overview', ({ counts }) => counts.currentEdges === EDGES);
  const registration = (secret: string) => ({ url: `http://127.0.0.1:${fleet.program.port}`, headers: { 'X-Edge-Fleet-Secret': secret } });
  const extensions = {
    'edge-fleet': registration(VIEW_SECRET),
    'edge-fleet-ops': registration(OPS_SECRET),
    'edge-fleet-release-board': registration(BOARD_SECRET),
  };
  for (const [version] of HUBS)
    hubs.set(version, await startHub({ version, basePath: '', world: WORLD, extensions, extensionsDir: '/none', shellDir: '/none' }));
}, 60_000);
afterAll(async () => {
  for (const hub of hubs.values()) await hub.close();
  await fleet.close();
});

interface Answer {
  readonly status: number;
  readonly body: { readonly detail?: string; readonly user?: { subject: string; scopes: string[] }; readonly counts?: { edges: number } };
}

/** One request, byte by byte as written, so that nothing between tidies its headers up. */
function raw(port: number, path: string, headers: readonly string[], method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', ...rest] = text.split('\r\n\r\n');
      const body = /\{[\s\S]*\}/.exec(rest.join('\r\n\r\n'))?.[0] ?? '{}';
      resolve({ status: Number(head.split(' ')[1]), body: JSON.parse(body) as Answer['body'] });
    });
    socket.write(
      [`${method} ${path} HTTP/1.1`, 'Host: hub', 'Accept-Encoding: identity', ...headers, 'Connection: close', '', ''].join('\r\n'),
    );
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
  });
}

/** A registration of a hub: `edge-fleet` where none is named. */
type Door = HubVersion | readonly [version: HubVersion, extension: string];

/** Through the hub, with the session of this user. */
function through(door: Door, who: string, path: string, more: readonly string[] = []): Promise<Answer> {
  const [version, extension] = typeof door === 'string' ? [door, 'edge-fleet'] : door;
  const hub = hubs.get(version)!;
  const lines = [`Cookie: argocd.token=${hub.signIn(who)}`, ...Object.entries(ANCHOR).map(([name, value]) => `${name}: ${value}`)];
  return raw(hub.port, `/extensions/${extension}/api/v1/${path}`, [...lines, ...more]);
}

const edgesOf = ({ body }: Answer): number | undefined => body.counts?.edges;

describe.each(HUBS)('behind a hub %s', (version, argocd) => {
  beforeAll(async () => {
    await putPolicy(argocd);
    // The folder is watched in the machine's own time.
    for (let turn = 0; turn < 2_000; turn += 1) {
      const { body } = await through(version, 'nora', 'overview');
      const stripped = await through(version, 'nora', 'config', ['Connection: Argocd-User-Id']);
      if (body.counts !== undefined && body.counts.edges < EDGES && stripped.status === (version === '2.14' ? 200 : 401)) return;
      await fleet.pass(20);
    }
    throw new Error('the policy was not taken');
  }, 60_000);

  test('everybody is who their session says, and sees what the policy says: lists, counts and single edges', async () => {
    const north = fleet.simulator.world.edges.filter(({ labels }) => labels['region'] === REGION);
    const south = fleet.simulator.world.edges.find(({ labels }) => labels['region'] !== REGION)!;
    expect(north.length).toBeGreaterThan(0);
    expect(edgesOf(await through(version, 'root', 'overview'))).toBe(EDGES);
    expect(edgesOf(await through(version, 'nora', 'overview'))).toBe(north.length);
    expect(edgesOf(await through(version, 'eve', 'overview'))).toBe(0);
    expect((await through(version, 'nora', `edges/${north[0]!.name}`)).status).toBe(200);
    const hidden = await through(version, 'nora', `edges/${south.name}`);
    const absent = await through(version, 'nora', 'edges/there-is-none');
    expect([hidden.status, absent.status]).toEqual([404, 404]);
    expect(hidden.body.detail?.replace(south.name, '')).toBe(absent.body.detail?.replace('there-is-none', ''));
    expect((await through(version, 'nora', 'config')).body.user).toMatchObject({ subject: 'nora', scopes: ['edge-fleet'] });
  });

  test.each<[attack: string, headers: readonly string[]]>([
    ['claims groups', ['Argocd-User-Groups: admins,release-board,group:admins']],
    ['claims another name', ['Argocd-Username: root']],
    ['claims another id', ['Argocd-User-Id: root']],
    ['claims name, id and groups in odd case', ['ARGOCD-USERNAME: root', 'argocd-user-id: root', 'aRgOcD-uSeR-gRoUpS: admins']],
    ['writes them with underscores', ['Argocd_Username: root', 'Argocd_User_Id: root', 'X_Edge_Fleet_Secret: guess']],
    ['brings the secret for acting along', [`X-Edge-Fleet-Secret: ${OPS_SECRET}`]],
    ['says that it was forwarded for another', ['X-Forwarded-User: root', 'X-Forwarded-For: 127.0.0.1', 'Forwarded: for=127.0.0.1']],
    ['brings a token', ['Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0.']],
  ])('a user who %s is treated as who they are', async (_attack, headers) => {
    const answer = await through(version, 'eve', 'config', headers);
    expect(answer.status).toBe(200);
    expect(answer.body.user).toEqual({ username: 'eve', subject: 'eve', scopes: ['edge-fleet'], idBelieved: version !== '2.14' });
    expect(edgesOf(await through(version, 'eve', 'overview', headers))).toBe(0);
  });

  test.each<[attack: string, headers: readonly string[]]>([
    ['the secret', ['Connection: X-Edge-Fleet-Secret']],
    ['the secret, and puts in another', ['Connection: x-edge-fleet-secret', `X-Edge-Fleet-Secret: ${OPS_SECRET}`]],
    ['their name', ['Connection: close, Argocd-Username', 'Argocd-Username: root']],
    ['everything, over two lines', ['Connection: Argocd-Username, Argocd-User-Id', 'Connection: X-Edge-Fleet-Secret, Argocd-User-Groups']],
  ])('a client that has the hub strip %s is nobody', async (_attack, headers) => {
    const answer = await through(version, 'eve', 'overview', headers);
    expect(answer.status).toBe(401);
    expect(answer.body.detail).toMatch(/missing/);
  });

  test('a client that has the hub strip the user id is nobody where ids are believed, and themselves where not', async () => {
    const answer = await through(version, 'eve', 'config', ['Connection: Argocd-User-Id']);
    if (version === '2.14') expect(answer.body.user).toMatchObject({ subject: 'eve' });
    else expect(answer.status).toBe(401);
  });

  test('an anchor that is named twice, one of them verified, is refused', async () => {
    expect((await through(version, 'eve', 'config', ['Argocd-Application-Name: argocd:cert-manager'])).status).toBe(401);
    expect((await through(version, 'eve', 'config', ['Argocd-Project-Name: platform'])).status).toBe(401);
  });

  test('the registration that the hub let somebody through decides what they may do', async () => {
    expect((await through([version, 'edge-fleet-ops'], 'eve', 'config')).status).toBe(401);
    expect((await through([version, 'edge-fleet-release-board'], 'eve', 'config')).status).toBe(401);
    expect((await through([version, 'edge-fleet-ops'], 'root', 'config')).body.user?.scopes).toEqual(['edge-fleet-ops']);
    expect(edgesOf(await through(version, 'member', 'overview'))).toBe(0);
    expect(edgesOf(await through([version, 'edge-fleet-release-board'], 'member', 'overview'))).toBe(EDGES);
  });

  test('a session of somebody else makes nobody more than that, and one that was ended is none', async () => {
    const hub = hubs.get(version)!;
    const cookie = `Cookie: argocd.token=${hub.signIn('nora')}`;
    const anchor = Object.entries(ANCHOR).map(([name, value]) => `${name}: ${value}`);
    const replayed = await raw(hub.port, '/extensions/edge-fleet/api/v1/config', [cookie, ...anchor, 'Argocd-Username: root']);
    expect(replayed.body.user?.subject).toBe('nora');
    await raw(hub.port, '/api/v1/session', [cookie], 'DELETE');
    expect((await raw(hub.port, '/extensions/edge-fleet/api/v1/config', [cookie, ...anchor])).status).toBe(401);
  });

  test('what a stream and an export say names no edge that the user may not see', async () => {
    const hidden = fleet.simulator.world.edges.filter(({ labels }) => labels['region'] !== REGION);
    const hub = hubs.get(version)!;
    const ask = (path: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${hub.port}/extensions/edge-fleet/api/v1/${path}`, { headers: { cookie: `argocd.token=${hub.signIn('nora')}`, ...ANCHOR } }); // prettier-ignore
    const paths = [
      'overview',
      'overview/members',
      'facets',
      'edges',
      'applications',
      'applications/groups?by=edge',
      'export/edges',
      'export/applications',
      'problems',
      'audit',
      'actions',
      'config',
    ];
    const textOf = async (path: string): Promise<string> => {
      const said = await (await ask(path)).text();
      return path === 'overview/members' ? JSON.stringify(unpackMembers(JSON.parse(said))) : said;
    };
    const texts = await Promise.all(paths.map(textOf));
    const stream = await ask(`stream?topics=fleet,edge:${hidden[0]!.name}`);
    const reader = stream.body!.getReader();
    let text = '';
    for (let chunks = 0; chunks < 3; chunks += 1) {
      const read = reader.read();
      await fleet.pass(50);
      text += Buffer.from((await read).value ?? []).toString();
      if (/event: (snapshot|overview|fleet)/.test(text)) break;
    }
    await reader.cancel();
    expect(text).toContain('event: ');
    expect(texts.join()).toContain(fleet.simulator.world.edges.find(({ labels }) => labels['region'] === REGION)!.name);
    for (const said of [...texts, text])
      for (const { name, displayName } of hidden)
        for (const word of [`"${name}"`, `,${name},`, displayName]) expect(said.includes(word) ? word : '').toBe('');
  }, 30_000);

  test('an answer that was kept for one user is not the answer for another', async () => {
    const hub = hubs.get(version)!;
    const ask = (who: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`http://127.0.0.1:${hub.port}/extensions/edge-fleet/api/v1/overview`, { headers: { cookie: `argocd.token=${hub.signIn(who)}`, ...ANCHOR, ...headers } }); // prettier-ignore
    const tag = (await ask('root')).headers.get('etag')!;
    expect((await ask('root', { 'if-none-match': tag })).status).toBe(304);
    expect((await ask('nora', { 'if-none-match': tag })).status).toBe(200);
    expect((await ask('root')).headers.get('cache-control')).toContain('private');
  });
});

describe('past the hub', () => {
  test.each<[way: string, headers: readonly string[]]>([
    ['as the hub would write it, without the secret', ['Argocd-Username: root', 'Argocd-User-Id: root']],
    ['with an empty secret', ['Argocd-Username: root', 'Argocd-User-Id: root', 'X-Edge-Fleet-Secret:']],
    ['with the secret twice, one right', ['Argocd-Username: root', 'Argocd-User-Id: root', `X-Edge-Fleet-Secret: ${VIEW_SECRET}`, 'X-Edge-Fleet-Secret: x']],
    ['with a beginning of the secret', ['Argocd-Username: root', 'Argocd-User-Id: root', `X-Edge-Fleet-Secret: ${VIEW_SECRET.slice(0, -1)}`]],
    ['with the secret in the query', ['Argocd-Username: root', 'Argocd-User-Id: root']],
    ['with two names', ['Argocd-Username: eve', 'Argocd-Username: root', 'Argocd-User-Id: root', `X-Edge-Fleet-Secret: ${VIEW_SECRET}`]],
    ['with a session of the hub', ['Cookie: argocd.token=abc', 'Authorization: Bearer abc']],
    ['with nothing', []],
  ])('%s: 401', async (_way, headers) => {
    const anchor = Object.entries(ANCHOR).map(([name, value]) => `${name}: ${value}`);
    const { port } = fleet.program;
    for (const path of ['overview', `edges?x-edge-fleet-secret=${VIEW_SECRET}`, 'openapi.json', 'stream', 'nothing/here'])
      expect((await raw(port, `/api/v1/${path}`, [...anchor, ...headers])).status).toBe(401);
  }); // prettier-ignore

  test('a secret that is being replaced is good in both forms, and only as long as it stands there', async () => {
    const scopes = (values: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: edge-fleet-scopes}\nstringData: {${values}}\n`;
    const policy = `---\n${stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'edge-fleet-policy' }, data: { hubVersion: '3.5.1' } })}`;
    const status = async (secret: string): Promise<number> =>
      (await raw(fleet.program.port, '/api/v1/config', [...Object.entries(ANCHOR).map(([name, value]) => `${name}: ${value}`), 'Argocd-Username: eve', 'Argocd-User-Id: eve', `X-Edge-Fleet-Secret: ${secret}`])).status; // prettier-ignore
    const becomes = async (old: number, next: number): Promise<void> => {
      for (let turn = 0; turn < 2_000; turn += 1) {
        if ((await status(VIEW_SECRET)) === old && (await status('the-next-secret-of-the-tests')) === next) return;
        await fleet.pass(20);
      }
      throw new Error('the secret was not taken');
    };
    await fleet.put('hub.yaml', scopes(`edge-fleet: ${VIEW_SECRET}, edge-fleet.next: the-next-secret-of-the-tests`) + policy);
    await becomes(200, 200);
    await fleet.put('hub.yaml', scopes('edge-fleet: the-next-secret-of-the-tests') + policy);
    await becomes(401, 200);
  }, 60_000);
});
