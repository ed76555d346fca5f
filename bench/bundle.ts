/** The extension's bundle as every page of the hub loads it, built where it is missing or stale. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildBundles, EXTENSIONS_DIR, staleBundles } from '../simulator/src/start/bundles.ts';
import type { Measurement } from './measurement.ts';

const KB = 1_000;
/** A line chart of recharts, minified by the same webpack and gzipped: measured once, since it is no part of this project. */
const RECHARTS_KB = 101;

export async function measureBundle(): Promise<readonly Measurement[]> {
  if (staleBundles().includes('extension')) await buildBundles(['extension']);
  const names = (await readdir(EXTENSIONS_DIR, { recursive: true })).filter((name) => name.endsWith('.js') && /\.js[/\\]/.test(name));
  const files = await Promise.all(names.map((name) => readFile(join(EXTENSIONS_DIR, name))));
  const sum = (of: (file: Buffer) => number): number => files.reduce((total, file) => total + of(file), 0) / KB;
  return [
    {
      what: 'extension bundle, gzip',
      unit: 'kB',
      baseline: { words: 'recharts alone, given', value: RECHARTS_KB },
      ours: sum((file) => gzipSync(file, { level: 9 }).length),
      detail: `${files.length} file, ${sum((file) => file.length).toFixed(0)} kB minified`,
      mustReach: 90,
      moonshot: 60,
    },
  ];
}
