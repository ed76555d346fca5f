/**
 * Packs the bundle as argocd-extension-installer wants it: a tar.gz whose top folder is resources/, and a list of checksums with the
 * archive's name in it. The same bundle gives the same bytes: no clock, no user, no order of the file system.
 * https://github.com/argoproj-labs/argocd-extension-installer/blob/v0.0.9/install.sh
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BLOCK = 512;

/** Every file and folder below `directory`, folders first, in the order of their names. */
function walk(root, path) {
  const entry = { path, isFolder: statSync(join(root, path)).isDirectory() };
  if (!entry.isFolder) return [entry];
  const names = readdirSync(join(root, path)).sort();
  return [entry, ...names.flatMap((name) => walk(root, `${path}/${name}`))];
}

const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`;

/** One ustar header. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html */
function header(path, isFolder, size) {
  if (Buffer.byteLength(path) > 99) throw new Error(`${path} is too long for a name in ustar`);
  const block = Buffer.alloc(BLOCK);
  block.write(isFolder ? `${path}/` : path, 0, 100);
  block.write(octal(isFolder ? 0o755 : 0o644, 8), 100);
  block.write(octal(0, 8), 108); // owner
  block.write(octal(0, 8), 116); // group
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136); // time
  block.write(' '.repeat(8), 148);
  block.write(isFolder ? '5' : '0', 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The folder `top` below `root` as ustar, without times and owners. */
export function tar(root, top) {
  const blocks = walk(root, top).flatMap(({ path, isFolder }) => {
    if (isFolder) return [header(path, true, 0)];
    const content = readFileSync(join(root, path));
    return [header(path, false, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** Writes <name>-extension.tar.gz and <name>_checksums.txt into `directory` after a build without errors. */
export class ArchivePlugin {
  constructor({ directory, name }) {
    this.directory = directory;
    this.name = name;
  }

  apply(compiler) {
    compiler.hooks.done.tap('ArchivePlugin', (stats) => {
      if (stats.hasErrors()) return;
      const archive = `${this.name}-extension.tar.gz`;
      const bytes = gzipSync(tar(this.directory, 'resources'), { level: 9 });
      writeFileSync(join(this.directory, archive), bytes);
      const digest = createHash('sha256').update(bytes).digest('hex');
      writeFileSync(join(this.directory, `${this.name}_checksums.txt`), `${digest}  ${archive}\n`);
    });
  }
}
