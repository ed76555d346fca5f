import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let home: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'edge-fleet-main-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** The program as a person starts it, with nothing in its environment but what the test says. */
function run(environment: Record<string, string>): {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; errors: string }>;
  readonly output: () => string;
} {
  const own = {
    EDGE_FLEET_CONFIG_DIR: home,
    EDGE_FLEET_STATE_FILE: join(home, 'state.sqlite'),
    EDGE_FLEET_LISTEN: '127.0.0.1:0',
    ...environment,
  };
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), ['proxy-server/src/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...own },
  });
  children.push(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'exit').then(() => ({ code: child.exitCode, errors }));
  return { child, ended, output: () => output };
}

async function started(output: () => string, child: ChildProcess): Promise<number> {
  while (!output().includes('Started proxy-server')) await once(child.stdout!, 'data');
  const line = output().split('\n').find((each) => each.includes('Started proxy-server')); // prettier-ignore
  return (JSON.parse(line ?? '{}') as { port: number }).port;
}

describe('a start that cannot be', () => {
  test('for settings that cannot be read, says each in a line and exits 1', async () => {
    const { code, errors } = await run({ EDGE_FLEET_LISTEN: '8080', EDGE_FLEET_LOG_LEVEL: 'loud' }).ended;
    expect(code).toBe(1);
    expect(errors.trim().split('\n')).toEqual([
      expect.stringMatching(/^EDGE_FLEET_LISTEN=8080 /),
      expect.stringMatching(/^EDGE_FLEET_LOG_LEVEL=loud /),
    ]);
  }, 30_000);

  test('for a folder that is not there, or a port that is taken, says so in one line and exits 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const state = join(home, 'no/such/folder/state.sqlite');
    const [folder, listen, store] = await Promise.all([
      run({ EDGE_FLEET_CONFIG_DIR: join(home, 'nowhere') }).ended,
      run({ EDGE_FLEET_LISTEN: `127.0.0.1:${port}` }).ended,
      run({ EDGE_FLEET_STATE_FILE: state }).ended,
    ]);
    taken.close();
    expect(folder).toEqual({ code: 1, errors: expect.stringMatching(/^EDGE_FLEET_CONFIG_DIR=.*nowhere is no folder: .*\n$/) });
    expect(store).toEqual({ code: 1, errors: expect.stringMatching(/^EDGE_FLEET_STATE_FILE=.*cannot be opened: .*\n$/) });
    expect(listen).toEqual({ code: 1, errors: expect.stringMatching(/^EDGE_FLEET_LISTEN=.* is taken: .*\n$/) });
  }, 30_000);
});

describe('a running program', () => {
  test('is alive and ready, logs JSON alone, and stops with 0 on SIGTERM', async () => {
    await writeFile(join(home, 'bad.yaml'), 'kind: Egde\napiVersion: edgefleet.dev/v1alpha1\nmetadata: {name: a}\n');
    const { child, ended, output } = run({});
    const port = await started(output, child);
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('edge_fleet_build_info');
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/overview`)).status).toBe(401);
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, errors: '' });
    const lines = output().trim().split('\n').map((line) => JSON.parse(line) as { msg: string }); // prettier-ignore
    expect(lines.map((line) => line.msg)).toEqual(
      expect.arrayContaining(['Found a problem in the configuration', 'Stopping proxy-server', 'Stopped proxy-server']),
    );
  }, 30_000);

  test('with health and metrics apart answers them there alone', async () => {
    const { child, ended, output } = run({ EDGE_FLEET_OPS_LISTEN: '127.0.0.1:0' });
    const port = await started(output, child);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  }, 30_000);
});
