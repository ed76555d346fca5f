/**
 * package-lock.json is what a clone installs: it names no registry, and every dependency it speaks of has its entry, those for other
 * platforms included, or `npm ci` refuses it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from './source-tree.ts';

interface Entry {
  readonly version?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const TEXT = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
const PACKAGES = (JSON.parse(TEXT) as { packages: Readonly<Record<string, Entry>> }).packages;

/** Where Node would find `name` from the package at `path`: beside it or further up. */
function isFound(path: string, name: string): boolean {
  if (PACKAGES[`${path === '' ? '' : `${path}/`}node_modules/${name}`] !== undefined) return true;
  return path !== '' && isFound(path.slice(0, path.lastIndexOf('node_modules/')).replace(/\/$/, ''), name);
}

describe('package-lock.json', () => {
  test('names no registry', () => {
    expect(TEXT).not.toMatch(/"resolved"|https?:\/\/[^"]*\.tgz/);
  });

  test('every entry has a version', () => {
    expect(Object.entries(PACKAGES).flatMap(([path, { version, link }]) => (version === undefined && link !== true ? [path] : []))).toEqual(
      [],
    );
  });

  test('every dependency has an entry', () => {
    const missing = Object.entries(PACKAGES).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !isFound(path, name))
        .map((name) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
