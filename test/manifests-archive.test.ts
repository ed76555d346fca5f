/** The archive for installations without access to the internet, over the sources and a bundle that stands in for the built one. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildArchive } from '../manifests/archive.ts';
import { ROOT } from './source-tree.ts';

const NAME = 'edge-fleet-1.2.3';
let folder: string;
let archive: string;
let files: ReadonlyMap<string, Buffer>;

/** Files of a ustar archive. */
function unpack(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; bytes[at] !== 0 && at < bytes.length;) {
    const text = (from: number, length: number): string => bytes.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8);
    if (text(156, 1) === '0') found.set(text(0, 100), bytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ef-archive-'));
  const bundle = join(folder, 'resources/extension-edge-fleet.js');
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'extensions-edge-fleet.js'), ';1;');
  for (const name of ['edge-fleet-extension.tar.gz', 'edge-fleet_checksums.txt']) writeFileSync(join(folder, name), name);
  archive = buildArchive({ root: ROOT, built: folder, out: folder, version: '1.2.3' });
  files = unpack(gunzipSync(readFileSync(archive)));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('npm run archive', () => {
  test('packs what an installation needs, and nothing that only makes it', () => {
    const names = [...files.keys()];
    for (const part of ['images.txt', 'SHA256SUMS', 'LICENSE', 'docs/install.md', 'manifests/hub/anchor/anchor.yaml', 'manifests/crds/edge.yaml', 'manifests/helm/edge-fleet/Chart.yaml', 'manifests/edge/argo-cd-values.yaml', 'manifests/monitoring/dashboard.json', 'extension/edge-fleet-extension.tar.gz', 'extension/resources/extension-edge-fleet.js/extensions-edge-fleet.js'])
      expect(names).toContain(`${NAME}/${part}`); // prettier-ignore
    expect(names.filter((name) => name.endsWith('.ts'))).toEqual([]);
  });

  test('has a checksum for every file, and one for itself', () => {
    const sums = files.get(`${NAME}/SHA256SUMS`)!.toString().trimEnd().split('\n').map((line) => line.split('  ')); // prettier-ignore
    expect(sums.map(([, path]) => `${NAME}/${path!}`).sort()).toEqual(
      [...files.keys()].filter((name) => !name.endsWith('SHA256SUMS')).sort(),
    );
    for (const [sum, path] of sums) expect([path, sum]).toEqual([path, sha256(files.get(`${NAME}/${path!}`)!)]);
    expect(readFileSync(`${archive}.sha256`, 'utf8')).toBe(`${sha256(readFileSync(archive))}  ${NAME}.tar.gz\n`);
  });

  test('is the same for the same sources', () => {
    const before = readFileSync(archive);
    buildArchive({ root: ROOT, built: folder, out: folder, version: '1.2.3' });
    expect(readFileSync(archive).equals(before)).toBe(true);
  });
});
