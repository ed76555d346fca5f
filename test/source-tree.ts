/** The files of this project, as the architecture tests look at them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface SourceFile {
  /** From the top of the project. */
  readonly path: string;
  readonly text: string;
}

export const ROOT = join(import.meta.dirname, '..');

const LEFT_OUT = /^(node_modules|dist|coverage|\.git|\.cache|test\/fixtures)(\/|$)/;

function walk(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = relative('.', join(folder, entry.name));
    if (LEFT_OUT.test(path)) return [];
    return entry.isDirectory() ? walk(path) : [path];
  });
}

const read = (path: string): SourceFile => ({ path, text: readFileSync(join(ROOT, path), 'utf8') });

/** Every TypeScript file. */
export function sourceFiles(): readonly SourceFile[] {
  return walk('')
    .filter((path) => /\.tsx?$/.test(path))
    .map(read);
}

/** Every Markdown page. */
export function pages(): readonly SourceFile[] {
  return walk('')
    .filter((path) => path.endsWith('.md'))
    .map(read);
}
