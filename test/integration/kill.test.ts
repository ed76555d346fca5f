/**
 * kill -9 of the real program while it carries out a bulk sync. A front before the simulated edges counts the syncs that came to each of
 * them: whatever moment the process dies at, every Application is synced once, or, where the run was stopped, at most once.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionRunAnswer } from '../../proxy-server/src/contract/actions.ts';
import { isFinal } from '../../proxy-server/src/domain/action.ts';
import type { ApplicationRow, EdgeRow, Page } from '../../proxy-server/src/domain/fleet-view.ts';
import { writeConfigFolder } from '../../simulator/src/config-folder.ts';
import { startSimulator, type Simulator } from '../../simulator/src/simulator.ts';
import { OPS_SECRET, throughHub } from '../api-harness.ts';
import { SCOPES } from './running-fleet.ts';

const ROOT = join(import.meta.dirname, '../..');
const EDGES = 5;
const POLICY = `apiVersion: v1
kind: ConfigMap
metadata: {name: edge-fleet-policy}
data:
  hubVersion: "3.5.1"
  policy.csv: |
    p, ann, applications, *, */*/*, allow
`;
const headers = { ...throughHub('ann', OPS_SECRET), 'content-type': 'application/json' };

let home = '';
let simulator: Simulator;
let front: Server;
let program: Program;
/** Syncs that an edge took, by path. */
const taken = new Map<string, number>();

/** Passes everything on and counts what was taken. What an edge was asked to do is brought to its end, whoever is gone by then. */
async function startFront(port: number): Promise<Server> {
  const server = createServer((req, res) => {
    const onward = request({ host: '127.0.0.1', port, method: req.method, path: req.url, headers: req.headers }, (answer) => {
      if (req.method === 'POST' && req.url?.endsWith('/sync') === true && answer.statusCode === 200) {
        const key = `${req.headers.host ?? ''}${req.url}`;
        taken.set(key, (taken.get(key) ?? 0) + 1);
      }
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
      answer.on('error', () => res.destroy());
    });
    onward.on('error', () => res.destroy());
    if (req.method === 'GET') res.on('close', () => onward.destroy());
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

interface Program {
  readonly child: ChildProcess;
  readonly url: string;
}

/** The real main.ts in a process of its own; resolves when it answers. */
async function startProgram(): Promise<Program> {
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), ['proxy-server/src/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      EDGE_FLEET_CONFIG_DIR: join(home, 'config'),
      EDGE_FLEET_STATE_FILE: join(home, 'state.sqlite'),
      EDGE_FLEET_LISTEN: '127.0.0.1:0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /"port":(\d+).*Started proxy-server/.exec(said);
      if (found?.[1] !== undefined) resolve(Number(found[1]));
    });
    child.on('close', () => reject(new Error(`the program ended: ${said}`)));
  });
  return { child, url: `http://127.0.0.1:${port}/api/v1` };
}

async function kill({ child }: Program): Promise<void> {
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await gone;
}

async function until<T>(ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (let turn = 0; turn < 400; turn += 1) {
    const value = await ask();
    if (done(value)) return value;
    await fetch(`http://127.0.0.1:${simulator.controlPort}/advance`, { method: 'POST', body: JSON.stringify({ ms: 2_000 }) });
    await pause(50);
  }
  throw new Error('never came to what was waited for');
}

const get = async <T>({ url }: Program, path: string): Promise<T> => (await fetch(`${url}${path}`, { headers })).json() as Promise<T>;
const post = async <T>({ url }: Program, path: string, body: object): Promise<T> =>
  (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<T>;

/** Applications without auto-sync would not do: a sync of one that syncs by itself is the usual case, and counts as well. */
async function targetsOf(program: Program): Promise<readonly { edge: string; namespace: string; name: string }[]> {
  const { items } = await until(
    () => get<Page<EdgeRow>>(program, '/edges?limit=100'),
    (page) => page.items.length === EDGES && page.items.every(({ connection }) => connection === 'Reachable'),
  );
  const operated = items.filter(({ access }) => access === 'Operate').map(({ name }) => name);
  const { items: applications } = await until(
    () => get<Page<ApplicationRow>>(program, `/applications?limit=200&query=${encodeURIComponent(`name:${operated.join(',')}`)}`),
    (page) => page.items.length > 0,
  );
  const idle = applications.filter(({ operation }) => !['Queued', 'Running', 'Retrying', 'Terminating'].includes(operation.state));
  return idle.map(({ edge, namespace, name }) => ({ edge, namespace, name }));
}

const ended = (program: Program, run: string): Promise<ActionRunAnswer> =>
  until(
    () => get<ActionRunAnswer>(program, `/actions/${run}?limit=1000`),
    ({ targets }) => targets.every(({ state }) => isFinal(state)),
  );

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'edge-fleet-kill-'));
  simulator = await startSimulator({ edges: EDGES, seed: 7 });
  front = await startFront(simulator.port);
  const { port } = front.address() as AddressInfo;
  await writeConfigFolder(simulator.world, { folder: join(home, 'config'), host: '127.0.0.1', port, operateShare: 1 });
  await writeFile(join(home, 'config/hub.yaml'), `${SCOPES}---\n${POLICY}`, { mode: 0o600 });
  program = await startProgram();
}, 60_000);
afterAll(async () => {
  await kill(program);
  front.closeAllConnections();
  await new Promise((resolve) => front.close(resolve));
  await simulator.close();
  await rm(home, { recursive: true, force: true });
});

describe('kill -9 during a bulk sync', () => {
  test('it goes on after every start, and no Application is synced twice', async () => {
    const targets = await targetsOf(program);
    taken.clear();
    const { id } = await post<{ id: string }>(program, '/actions', {
      action: { kind: 'sync' }, targets, reason: 'killed in the middle', confirm: targets.length, width: 4,
    }); // prettier-ignore
    for (const afterMs of [20, 300]) {
      await pause(afterMs + Math.random() * 60);
      await kill(program);
      program = await startProgram();
    }
    const { targets: found } = await ended(program, id);
    expect([...taken.values()].filter((count) => count !== 1)).toEqual([]);
    const done = found.filter(({ state }) => state === 'Succeeded');
    expect(done.length).toBeGreaterThan(targets.length / 2);
    expect(taken.size).toBeGreaterThanOrEqual(done.length);
    // What did not succeed says why: its operation ended so on the edge, or another one took its place there.
    for (const { state, message } of found) if (state !== 'Succeeded') expect({ state, message }).toEqual({ state: 'Failed', message: expect.stringMatching(/.{10}/) });
  }, 120_000); // prettier-ignore

  test('a run that was stopped before the kill begins nothing after it', async () => {
    const targets = await targetsOf(program);
    taken.clear();
    const { id } = await post<{ id: string }>(program, '/actions', {
      action: { kind: 'sync' }, targets, reason: 'stopped, then killed', confirm: targets.length, width: 1,
    }); // prettier-ignore
    await post(program, `/actions/${id}/stop`, {});
    await kill(program);
    program = await startProgram();
    const { targets: found, run } = await ended(program, id);
    expect(run.stoppedBy).toBe('ann');
    expect([...taken.values()].filter((count) => count !== 1)).toEqual([]);
    expect(taken.size).toBeLessThanOrEqual(2);
    expect(found.filter(({ state }) => state === 'Stopped').length).toBeGreaterThanOrEqual(targets.length - 2);
  }, 120_000); // prettier-ignore
});
