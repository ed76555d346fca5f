/**
 * Writes what is made from code: the CRDs, from the schemas of our kinds. `npm run manifests` writes them, `npm run manifests -- --check`
 * says which are out of date and exits 1.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { FLEET_KINDS } from '../proxy-server/src/contract/kinds.ts';
import { toCrd } from './crd.ts';

const HEADER = '# Made by npm run manifests from proxy-server/src/contract/kinds.ts.\n';

/** Path below manifests/ to text. */
export const generatedFiles = (): ReadonlyMap<string, string> =>
  new Map(
    FLEET_KINDS.map((kind) => [
      `crds/${kind.toLowerCase()}.yaml`,
      HEADER + stringify(toCrd(kind), { lineWidth: 140, aliasDuplicateObjects: false }),
    ]),
  );

async function main(check: boolean): Promise<void> {
  for (const [name, text] of generatedFiles()) {
    const path = join(import.meta.dirname, name);
    const before = await readFile(path, 'utf8').catch(() => '');
    if (before === text) continue;
    if (check) {
      console.error(`manifests/${name} is out of date: run npm run manifests`);
      process.exitCode = 1;
    } else {
      await writeFile(path, text);
      console.log(`Wrote manifests/${name}`);
    }
  }
}

if (process.argv[1] === import.meta.filename) await main(process.argv.includes('--check'));
