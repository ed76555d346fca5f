/** setup.mjs in a folder of its own, with an npm that only writes down how it was called. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ROOT } from './source-tree.ts';

const LOCK = {
  packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/only-on-a-mac': { version: '1.0.0', optional: true } },
};
const INSTALLED = { packages: { 'node_modules/a': { version: '1.0.0' } } };

let folder: string;

const write = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};
/** `npm` on the PATH: a shell script. */
const fakeNpm = (script: string): void => {
  write('bin/npm', `#!/bin/sh\necho "$@" >> "${folder}/calls"\n${script}\n`);
  chmodSync(join(folder, 'bin/npm'), 0o755);
};
const installed = (lock: object, node = process.execPath): void => {
  write('node_modules/.package-lock.json', JSON.stringify(lock));
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(node, join(folder, 'node_modules/.bin/node'));
};
const run = () => {
  const env = { PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'setup.mjs')], { env, encoding: 'utf8' });
  const calls = existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];
  return { status, output: stdout + stderr, calls };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setup-'));
  copyFileSync(join(ROOT, 'setup.mjs'), join(folder, 'setup.mjs'));
  write('package-lock.json', JSON.stringify(LOCK));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('setup', () => {
  test('says and does nothing when everything is there', () => {
    fakeNpm('exit 1');
    installed(INSTALLED);
    expect(run()).toEqual({ status: 0, output: '', calls: [] });
  });

  test('installs when nothing is there, with a line of progress', () => {
    fakeNpm(
      `mkdir -p "${folder}/node_modules/.bin"; echo '${JSON.stringify(INSTALLED)}' > "${folder}/node_modules/.package-lock.json"; ln -s "${process.execPath}" "${folder}/node_modules/.bin/node"`,
    );
    const { status, output, calls } = run();
    expect(status).toBe(0);
    expect(output).toContain('Installing packages');
    expect(calls).toEqual([expect.stringMatching(/^ci /)]);
  });

  test('installs again when the lock file asks for another version', () => {
    fakeNpm('exit 0');
    installed({ packages: { 'node_modules/a': { version: '0.9.0' } } });
    expect(run().calls).toEqual([expect.stringMatching(/^ci /)]);
  });

  test('shows the last words of npm and a remedy when it fails', () => {
    fakeNpm('echo "E404 no such package" >&2; exit 1');
    const { status, output } = run();
    expect(status).toBe(1);
    expect(output).toContain('E404 no such package');
    expect(output).toContain('The packages could not be installed');
  });

  test('runs the blocked install script of Node by its name, and says what to allow when that does not help', () => {
    fakeNpm('exit 0');
    installed(INSTALLED, '/bin/false');
    const { status, output, calls } = run();
    expect(status).toBe(1);
    expect(calls).toEqual([expect.stringMatching(/^rebuild node /)]);
    expect(output).toContain('node_modules/.bin/node does not run; this project runs on Node 24');
  });

  test('two commands at once install once: the second waits for the first', async () => {
    fakeNpm(
      `sleep 1; mkdir -p "${folder}/node_modules/.bin"; echo '${JSON.stringify(INSTALLED)}' > "${folder}/node_modules/.package-lock.json"; ln -s "${process.execPath}" "${folder}/node_modules/.bin/node"`,
    );
    const env = { PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter) };
    const both = await Promise.all(
      [1, 2].map(
        () =>
          new Promise<{ readonly code: number | null; readonly words: string }>((resolve) => {
            const child = spawn(process.execPath, [join(folder, 'setup.mjs')], { env });
            let words = '';
            child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
            child.on('close', (code) => resolve({ code, words }));
          }),
      ),
    );
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.filter(({ words }) => words.includes('Another command is installing'))).toHaveLength(1);
    expect(readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, '.setup.lock'))).toBe(false);
  });

  test('a lock whose owner is gone keeps nobody waiting for long', () => {
    fakeNpm('exit 1');
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    write('.setup.lock', String(gone));
    const { status, output } = run();
    expect(status).toBe(1);
    expect(output).toContain('could not be installed');
    expect(existsSync(join(folder, '.setup.lock'))).toBe(false);
  });
});
