/** The built file, looked at without a browser: what its neighbours, the host's React and a hardened hub demand of its text. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { EXTENSIONS_DIR } from '../simulator/src/start/bundles.ts';

const FOLDER = join(EXTENSIONS_DIR, 'extension-edge-fleet.js');
const BUNDLE = readFileSync(join(FOLDER, 'extensions-edge-fleet.js'));
const TEXT = BUNDLE.toString('utf8');
const LIMIT_BYTES = 300_000;
const GZIP_LIMIT_BYTES = 90_000;

describe('the bundle', () => {
  test('it stands between semicolons', () => {
    expect(TEXT.startsWith(';')).toBe(true);
    expect(TEXT.trimEnd().endsWith(';')).toBe(true);
  });

  test('it is one file that fits the budget', () => {
    expect(readdirSync(FOLDER).filter((name) => name.endsWith('.js'))).toEqual(['extensions-edge-fleet.js']);
    expect(BUNDLE.length).toBeLessThanOrEqual(LIMIT_BYTES);
    expect(gzipSync(BUNDLE).length).toBeLessThanOrEqual(GZIP_LIMIT_BYTES);
  });

  test.each([
    ['a React of its own', /ReactCurrentOwner|react\.element|react\.transitional\.element/],
    ['a root of its own', /createRoot\(|hydrateRoot\(/],
    ['react-is', /react-is/],
    ['code made from text', /\beval\(|new Function\(/],
    ['a chunk to be fetched', /webpackChunk/],
  ])('it has no %s', (_what, pattern) => {
    expect(TEXT).not.toMatch(pattern);
  });

  test('the archive holds it below resources/, and its checksum is right', () => {
    const archive = readFileSync(join(EXTENSIONS_DIR, '../edge-fleet-extension.tar.gz'));
    const names = [
      ...gunzipSync(archive)
        .toString('latin1')
        .matchAll(/(resources\/[\x20-\x7e]*)\0/g),
    ].map((match) => match[1]);
    expect(names).toContain('resources/extension-edge-fleet.js/extensions-edge-fleet.js');
    const digest = createHash('sha256').update(archive).digest('hex');
    expect(readFileSync(join(EXTENSIONS_DIR, '../edge-fleet_checksums.txt'), 'utf8')).toBe(`${digest}  edge-fleet-extension.tar.gz\n`);
  });
});
