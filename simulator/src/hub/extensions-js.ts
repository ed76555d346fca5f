/**
 * GET /extensions.js: every file below the extensions folder whose name matches, in lexical order of its path, one after the other. Up to
 * 3.4 they simply follow each other; from 3.5 on each stands in a try/catch, so that one that throws does not take the later ones along.
 * https://github.com/argoproj/argo-cd/blob/v3.5.1/server/server.go (serveExtensions)
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const PATTERN = /^extension(.*)\.js$/;

/** Regular files only, symlinks skipped; a folder that is missing is an empty one. */
function extensionFiles(directory: string): readonly string[] {
  return entriesOf(directory).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return extensionFiles(path);
    return entry.isFile() && PATTERN.test(entry.name) ? [path] : [];
  });
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // no folder is no extension
  }
}

/** The script as the hub serves it. Read from disk each time: a changed file is live at the next reload. */
export function extensionsScript(directory: string, wraps: boolean): string {
  return extensionFiles(directory)
    .map((path) => {
      const source = `// source: ${path}/${basename(path)} \n`;
      const content = readFileSync(path, 'utf8');
      if (!wraps) return `${source}${content}\n`;
      const caught = `console.error('Extension ${basename(path)} failed to load:', e);`;
      return `${source}try {\n${content}\n} catch(e) { ${caught} }\n`;
    })
    .join('');
}
