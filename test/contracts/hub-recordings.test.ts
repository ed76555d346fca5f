/** The hub that the simulator plays gives the answers that real hubs gave, and hands its backend what theirs was handed. */
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHub } from '../../simulator/src/hub/hub.ts';
import type { Hub } from '../../simulator/src/hub/hub.ts';
import type { HubApplication, HubUser, HubWorld } from '../../simulator/src/hub/hub-world.ts';
import type { HubVersion } from '../../simulator/src/hub/profile.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/hub');
const VERSIONS: readonly (readonly [folder: string, version: HubVersion])[] = [
  ['2.14.21', '2.14'],
  ['3.4.7', '3.4'],
  ['3.5.1', '3.5'],
];
const ROLES: readonly { readonly name: string; readonly user: string }[] = [
  { name: 'admin-without-extensions-rule', user: 'admin-without-rule' },
  { name: 'api-token-as-cookie', user: 'api-token' },
];

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}
interface Recording {
  readonly request: { readonly method: string; readonly path: string; readonly headers: Record<string, string>; readonly body?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly chunks?: { readonly text: string }[];
  };
  readonly backendSaw: Seen | null;
}

const anApplication = (name: string, project: string): HubApplication => ({
  namespace: 'argocd',
  name,
  project,
  destination: { server: 'https://kubernetes.default.svc', namespace: name },
  repoURL: 'https://git.example.com/x.git',
  path: name,
  sync: 'Unknown',
  health: 'Healthy',
  labels: {},
  annotations: {},
});
const aUser = (username: string, mayGet: string[], mayInvoke: string[], subject = username): HubUser => ({
  username: subject,
  userId: subject,
  groups: [],
  mayGet,
  mayInvoke,
});
const WORLD: HubWorld = {
  namespace: 'argocd',
  projects: ['default', 'team-b'],
  users: [
    aUser('admin', ['*/*'], ['*']),
    aUser('teamb', ['team-b/*'], ['edge-fleet']),
    aUser('admin-without-rule', ['*/*'], []),
    aUser('api-token', [], []),
  ],
  applications: [anApplication('pos', 'default'), anApplication('ghost', 'default'), anApplication('frozen', 'team-b')],
};

/** A backend that answers as the recorded one did, and keeps the last request it saw. */
function startBackend(): Promise<{ server: Server; url: string; last: () => Seen | null; forget: () => void }> {
  let seen: Seen | null = null;
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      const headers = req.rawHeaders.flatMap((name, index, all) => (index % 2 === 0 ? [[name, all[index + 1] ?? ''] as const] : []));
      seen = { method: req.method ?? '', url: req.url ?? '', headers, body };
      if (req.url === '/sse') {
        res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
        for (const n of [0, 1, 2]) res.write(`id: ${n}\ndata: {"n":${n}}\n\n`);
        res.end();
        return;
      }
      const zipped = req.url === '/gz' ? { 'Content-Encoding': 'gzip', Etag: '"abc"', 'Set-Cookie': 'argocd.token=evil; path=/' } : {};
      res.writeHead(req.url === '/teapot' ? 418 : 200, { 'Content-Type': 'application/json', ...zipped });
      res.write(req.url === '/gz' ? gzipSync('{"a":1}') : '{"from":"backend"}');
      res.end();
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({ server, url: `http://127.0.0.1:${port}`, last: () => seen, forget: () => void (seen = null) });
    });
  });
}

function ask(
  port: number,
  { method, path, headers, body }: Recording['request'],
  cookie: string | undefined,
): Promise<{ res: IncomingMessage; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = { ...headers, ...(cookie === undefined ? {} : { cookie: `argocd.token=${cookie}` }) };
    const req = request({ port, host: '127.0.0.1', method, path, headers: sent, agent: false }, (res) => {
      text(res).then((answer) => resolve({ res, body: answer }), reject);
    });
    req.on('error', reject);
    if (body !== undefined) req.write(typeof body === 'string' ? body : JSON.stringify(body));
    req.end();
  });
}

/** The cookie of a recording, as one of this hub's sessions. */
function cookieOf(hub: Hub, name: string, recorded: string | undefined): string | undefined {
  if (recorded === undefined) return undefined;
  if (name === 'garbage-cookie') return 'not-a-session';
  const special = ROLES.find((role) => role.name === name);
  return hub.signIn(special?.user ?? recorded.replace(/^.*<session of (.*)>$/, '$1'));
}

const IGNORED = ['date', 'connection', 'keep-alive', 'host'];
const relevant = (headers: readonly (readonly [string, string])[]): string[] =>
  headers
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .filter((line) => !IGNORED.includes(line.slice(0, line.indexOf(':'))))
    .sort();

describe.each(VERSIONS)('the hub of %s answers as recorded', (folder, version) => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let hub: Hub;
  beforeAll(async () => {
    backend = await startBackend();
    const headers = { 'X-Edge-Fleet-Secret': 'view-secret' };
    const extensions = { 'edge-fleet': { url: backend.url, headers }, 'edge-fleet-down': { url: 'http://127.0.0.1:9', headers } };
    hub = await startHub({ version, basePath: '', world: WORLD, extensions, extensionsDir: '/none', shellDir: '/none' });
  });
  afterAll(async () => {
    await hub.close();
    await new Promise((resolve) => backend.server.close(resolve));
  });

  const names = readdirSync(join(FIXTURES, folder)).map((file) => file.replace('.json', ''));
  test.each(names)('%s', async (name) => {
    const recording = JSON.parse(readFileSync(join(FIXTURES, folder, `${name}.json`), 'utf8')) as Recording;
    backend.forget();
    const { res, body } = await ask(hub.port, recording.request, cookieOf(hub, name, recording.request.headers['cookie']));

    expect(res.statusCode).toBe(recording.response.status);
    const rawPairs = res.rawHeaders.flatMap((header, index, all) => (index % 2 === 0 ? [[header, all[index + 1] ?? ''] as const] : []));
    expect(relevant(rawPairs)).toEqual(relevant(Object.entries(recording.response.headers)));
    const expected = recording.response.body ?? recording.response.chunks?.map((chunk) => chunk.text).join('');
    if (name !== 'backend-gzip-etag-set-cookie') expect(body).toBe(expected); // its body is compressed bytes, which text cannot hold

    const saw = backend.last();
    expect(saw === null ? null : { ...saw, headers: relevant(saw.headers) }).toEqual(
      recording.backendSaw === null ? null : { ...recording.backendSaw, headers: relevant(recording.backendSaw.headers) },
    );
  });
});
