/** `npm start` as a user meets it: one URL on the last line, everything behind it alive, nothing left after Ctrl-C. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { ROOT } from '../source-tree.ts';

jest.setTimeout(180_000);

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the URL of the last line. */
  readonly url: Promise<string>;
  readonly code: Promise<number | null>;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, [join(ROOT, 'simulator/src/start.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const url = new Promise<string>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /^Edge Fleet is at (\S+)/m.exec(output);
      if (found?.[1] !== undefined) resolve(found[1]);
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.on('close', () => reject(new Error(output)));
  });
  url.catch(() => undefined);
  const code = once(child, 'close').then(([value]) => value as number | null);
  return { child, output: () => output, url, code };
}

/** Processes whose parent is `pid`, and theirs. */
function descendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [
          [
            Number(name),
            Number(
              readFileSync(`/proc/${name}/stat`, 'utf8')
                .replace(/^.*\) \S /s, '')
                .split(' ')[0],
            ),
          ] as const,
        ];
      } catch {
        return []; // it has ended meanwhile
      }
    });
  const children = parents.filter(([, parent]) => parent === pid).map(([child]) => child);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('npm start', () => {
  test('shows a fleet behind one URL, and Ctrl-C leaves nothing', async () => {
    const run = start('--edges', '12', '--port', String(await freePort()), '--base-path', '/argocd');
    const url = await run.url;
    expect(run.output().trim().split('\n').at(-1)).toBe(`Edge Fleet is at ${url} (Ctrl-C stops it)`);
    expect(new URL(url).pathname).toBe('/argocd/fleet');

    const page = await fetch(url, { headers: { accept: 'text/html' } });
    const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const anchor = { 'Argocd-Application-Name': 'argocd:edge-fleet', 'Argocd-Project-Name': 'edge-fleet' };
    const overview = await fetch(new URL('extensions/edge-fleet/api/v1/overview', url), { headers: { cookie, ...anchor } });
    expect(overview.status).toBe(200);
    expect(await overview.json()).toMatchObject({ counts: { edges: 12 } });

    const processes = descendants(run.child.pid ?? 0);
    expect(processes).toHaveLength(2);
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    expect(processes.filter(isAlive)).toEqual([]);
  });

  test('a port that is taken is one line that says what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const run = start('--port', String(port));
    expect(await run.code).toBe(1);
    expect(run.output()).toBe(`Port ${port} is taken. Choose another one: npm start -- --port ${port + 1}\n`);
    taken.close();
  });

  test('an option that is none is said with the options there are', async () => {
    const run = start('--egdes', '5');
    expect(await run.code).toBe(2);
    expect(run.output()).toMatch(/--egdes/);
    expect(run.output()).toMatch(/--edges N/);
  });

  test('a folder that is not there ends with words', async () => {
    const run = start('--config', '/nowhere/at/all', '--port', String(await freePort()));
    expect(await run.code).toBe(1);
    expect(run.output()).toMatch(/^\/nowhere\/at\/all is no folder/);
  });
});
