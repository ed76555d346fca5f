/**
 * `npm run archive`: everything that an installation without access to the internet needs beside the images, in one file that is the same for the
 * same sources: dist/edge-fleet-<version>.tar.gz with manifests, chart, extension, pages and the list of images, a checksum for each file within,
 * and one for the archive beside it. Images are not in it: `images.txt` names them for a mirror.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tar } from '../webpack.archive.js';

export interface ArchiveOptions {
  /** The repository. */
  readonly root: string;
  /** What `npm run build` wrote: resources/, the archive for the installer, its checksums. */
  readonly built: string;
  /** Where the archive goes. */
  readonly out: string;
  readonly version: string;
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
/** What is only there to make and test the rest. */
const isLeftOut = (path: string): boolean => /\.(tsx?|js)$/.test(path) && !path.includes('extensions-edge-fleet');

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => statSync(path).isDirectory() || !isLeftOut(path) });
}

/** Writes the archive and its checksum; answers the archive's path. */
export function buildArchive({ root, built, out, version }: ArchiveOptions): string {
  const name = `edge-fleet-${version}`;
  const staging = mkdtempSync(join(tmpdir(), 'edge-fleet-archive-'));
  try {
    const top = join(staging, name);
    for (const part of ['manifests', 'docs', 'README.md', 'LICENSE']) copy(join(root, part), join(top, part));
    for (const part of ['resources', 'edge-fleet-extension.tar.gz', 'edge-fleet_checksums.txt'])
      copy(join(built, part), join(top, 'extension', part));
    copy(join(root, 'manifests/images.txt'), join(top, 'images.txt'));
    const sums = filesBelow(top).map((path) => `${digest(readFileSync(path))}  ${relative(top, path)}\n`);
    writeFileSync(join(top, 'SHA256SUMS'), sums.join(''));
    const bytes = gzipSync(tar(staging, name), { level: 9 });
    const path = join(out, `${name}.tar.gz`);
    writeFileSync(path, bytes);
    writeFileSync(`${path}.sha256`, `${digest(bytes)}  ${basename(path)}\n`);
    return path;
  } finally {
    rmSync(staging, { recursive: true });
  }
}

function ownVersion(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}

function main(root: string): void {
  const built = join(root, 'dist');
  console.log(`Wrote ${relative(root, buildArchive({ root, built, out: built, version: ownVersion(root) }))}`);
}

if (process.argv[1] === import.meta.filename) main(join(import.meta.dirname, '..'));
