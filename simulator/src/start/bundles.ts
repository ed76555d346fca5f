/** The three bundles of webpack.config.js: which are older than what they are made of, and making those. */
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const CONFIG = ['webpack.config.js', 'webpack.archive.js', 'webpack.jsx.js', 'package-lock.json', 'tsconfig.json'];
const SHELL_SOURCES = ['simulator/src/hub/shell', ...CONFIG];

interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly sources: readonly string[];
}

const BUNDLES: readonly Bundle[] = [
  {
    name: 'extension',
    file: 'dist/resources/extension-edge-fleet.js/extensions-edge-fleet.js',
    sources: ['extension/src', 'proxy-server/src/domain', 'proxy-server/src/contract', ...CONFIG],
  },
  { name: 'shell-16', file: '.cache/hub-shell/shell-16.js', sources: SHELL_SOURCES },
  { name: 'shell-19', file: '.cache/hub-shell/shell-19.js', sources: SHELL_SOURCES },
];

/** Where the hub finds what it serves. */
export const EXTENSIONS_DIR = join(ROOT, 'dist/resources');
export const SHELL_DIR = join(ROOT, '.cache/hub-shell');

function changedAt(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path).filter((name) => !/\.test\.tsx?$/.test(name));
  return Math.max(stats.mtimeMs, ...inside.map((name) => changedAt(join(path, name))));
}

const isStale = ({ file, sources }: Bundle): boolean => {
  const builtAt = changedAt(join(ROOT, file));
  return sources.some((source) => changedAt(join(ROOT, source)) > builtAt);
};

/** The names of the bundles that are missing, or older than one of their sources. */
export function staleBundles(): readonly string[] {
  return BUNDLES.filter(isStale).map(({ name }) => name);
}

/** Builds these bundles in one webpack process, which `signal` ends. Rejects with what webpack said. */
export async function buildBundles(names: readonly string[], signal?: AbortSignal): Promise<void> {
  const webpack = join(ROOT, 'node_modules/webpack/bin/webpack.js');
  const args = names.flatMap((name) => ['--config-name', name]);
  const child = spawn(process.execPath, [webpack, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`The bundles cannot be built\n${Buffer.concat(said).toString('utf8')}`);
}
