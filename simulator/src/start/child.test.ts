import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startChild } from './child.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'child-'));
});
afterEach(() => rm(folder, { recursive: true }));

const start = async (source: string) => {
  const script = join(folder, 'program.mjs');
  await writeFile(script, source);
  return startChild({ name: 'It', script, args: ['one'], environment: { WORD: 'two' }, logFile: join(folder, 'log') });
};
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('startChild', () => {
  test('a line is found with what it matched, and everything printed is in the log', async () => {
    const child = await start('console.log("ready", process.argv[2], process.env.WORD); setInterval(() => 1, 1000);');
    const [, words] = await child.line(/^ready (.*)$/);
    expect(words).toBe('one two');
    await child.stop();
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe('ready one two\n');
  });

  test('a program that ends before its line rejects with its last words', async () => {
    const child = await start('console.error("no such folder"); process.exit(1);');
    await expect(child.line(/ready/)).rejects.toThrow(/It ended before it was ready\nno such folder/);
  });

  test('a stop waits for the end, and a second one finds nothing to do', async () => {
    const child = await start(
      'process.on("SIGTERM", () => { console.log("closing"); process.exit(0); }); console.log("up"); setInterval(() => 1, 1000);',
    );
    await child.line(/up/);
    await child.stop();
    await child.stop();
    expect(await child.ended).toBe('up\nclosing');
  });

  test('a program with a worker lives on', async () => {
    const source = `import { isMainThread, Worker } from 'node:worker_threads';
      if (isMainThread) new Worker(new URL(import.meta.url)).on('exit', () => {
        setTimeout(() => console.log('still here'), 200); setInterval(() => 1, 1000); });`;
    const child = await start(source);
    await child.line(/still here/);
    await child.stop();
  });

  test('nothing is left when the parent is killed', async () => {
    await writeFile(join(folder, 'grandchild.mjs'), 'console.log("up", process.pid); setInterval(() => 1, 1000);');
    const parentSource = `import { startChild } from '${join(import.meta.dirname, 'child.ts')}';
      const child = startChild({ name: 'x', script: '${join(folder, 'grandchild.mjs')}', args: [], environment: {}, logFile: '${join(folder, 'log')}' });
      console.log((await child.line(/up (\\d+)/))[1]);`;
    await writeFile(join(folder, 'parent.mjs'), parentSource);
    const parent = spawn(process.execPath, [join(folder, 'parent.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    for (let turn = 0; turn < 100 && isAlive(pid); turn += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAlive(pid)).toBe(false);
  });
});
