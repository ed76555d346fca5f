/**
 * Every import rule of .dependency-cruiser.cjs catches a fault planted for it: the faults stand in a folder of their own with the layout
 * of this project and stand-ins for npm packages, cruised once.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from './source-tree.ts';

interface RuleSet {
  readonly forbidden: readonly { readonly name: string }[];
}
const RULES = (createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as RuleSet).forbidden.map(({ name }) => name);

const SRC = 'proxy-server/src';
const importOf = (path: string): string => `import { x } from '${path}';\nexport const y = x;\n`;

/** rule, the file that breaks it, and its text. What it imports is made below. */
const FAULTS: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['no-cycles', `${SRC}/domain/ring.ts`, importOf('./ring-other.ts')],
  ['resolvable', `${SRC}/domain/lost.ts`, importOf('./nowhere.ts')],
  ['domain-imports', `${SRC}/domain/reads-port.ts`, importOf('../ports/target.ts')],
  ['domain-imports', `${SRC}/domain/reads-node.ts`, importOf('node:fs')],
  ['domain-imports', `${SRC}/domain/reads-npm.ts`, importOf('zod')],
  ['ports-imports', `${SRC}/ports/reads-contract.ts`, importOf('../contract/target.ts')],
  ['contract-imports', `${SRC}/contract/reads-port.ts`, importOf('../ports/target.ts')],
  ['cache-imports', `${SRC}/cache/reads-edges.ts`, importOf('../edges/target.ts')],
  ['cache-imports', `${SRC}/cache/reads-node.ts`, importOf('node:zlib')],
  ['controllers-imports', `${SRC}/controllers/reads-kube.ts`, importOf('../kube/target.ts')],
  ['doctor-imports', `${SRC}/doctor/reads-cache.ts`, importOf('../cache/target.ts')],
  ['edges-imports', `${SRC}/edges/reads-cache.ts`, importOf('../cache/target.ts')],
  ['edges-imports', `${SRC}/edges/reads-express.ts`, importOf('express')],
  ['folder-imports', `${SRC}/folder/reads-kube.ts`, importOf('../kube/target.ts')],
  ['kube-imports', `${SRC}/kube/reads-undici.ts`, importOf('undici')],
  ['history-imports', `${SRC}/history/reads-api.ts`, importOf('../api/target.ts')],
  ['rights-imports', `${SRC}/rights/reads-api.ts`, importOf('../api/target.ts')],
  ['api-imports', `${SRC}/api/reads-edges.ts`, importOf('../edges/target.ts')],
  ['api-imports', `${SRC}/api/reads-pino.ts`, importOf('pino')],
  ['observability-imports', `${SRC}/observability/reads-cache.ts`, importOf('../cache/target.ts')],
  ['new-folders-need-a-rule', `${SRC}/novelty/first.ts`, importOf('../domain/target.ts')],
  ['main-is-a-root', `${SRC}/api/reads-main.ts`, importOf('../main.ts')],
  ['config-is-for-main', `${SRC}/edges/reads-config.ts`, importOf('../config.ts')],
  ['extension-imports', 'extension/src/reads-cache.ts', importOf('../../proxy-server/src/cache/target.ts')],
  ['extension-contract-types-only', 'extension/src/runs-contract.ts', importOf('../../proxy-server/src/contract/target.ts')],
  ['extension-npm', 'extension/src/reads-npm.ts', importOf('undici')],
  ['extension-npm', 'extension/src/reads-node.ts', importOf('node:fs')],
  ['extension-argo-ui-leaves', 'extension/src/ui/reads-index.ts', importOf('@argoproj/argo-ui/src/index.ts')],
  ['extension-ui-imports', 'extension/src/ui/reads-store.ts', importOf('../stores/target.ts')],
  ['extension-features-apart', 'extension/src/features/a/reads-b.ts', importOf('../b/target.ts')],
  ['simulator-imports', 'simulator/src/reads-cache.ts', importOf('../../proxy-server/src/cache/target.ts')],
  ['simulator-imports', 'simulator/src/reads-npm.ts', importOf('express')],
  ['simulator-shell-imports', 'simulator/src/hub/shell/reads-hub.ts', importOf('../target.ts')],
  ['production-without-simulator', `${SRC}/main-like.ts`, importOf('../../simulator/src/target.ts')],
  ['test-is-a-leaf', `${SRC}/domain/reads-test.ts`, importOf('../../../test/target.ts')],
  ['tests-are-leaves', 'bench/reads-a-test.ts', importOf('../test/target.test.ts')],
];

/** What the faults import, and imports that every rule must let pass. */
const TARGETS = [
  ...['domain', 'ports', 'contract', 'cache', 'edges', 'kube', 'api'].map((folder) => `${SRC}/${folder}/target.ts`),
  `${SRC}/main.ts`,
  `${SRC}/config.ts`,
  'extension/src/stores/target.ts',
  'extension/src/features/b/target.ts',
  'simulator/src/target.ts',
  'simulator/src/hub/target.ts',
  'test/target.ts',
  'test/target.test.ts',
];
const PACKAGES = ['zod', 'express', 'undici', 'pino', 'yaml', 'react'];
const ALLOWED: readonly (readonly [path: string, text: string])[] = [
  [`${SRC}/contract/allowed.ts`, importOf('zod')],
  [`${SRC}/edges/allowed.ts`, `${importOf('undici')}import 'node:tls';\nimport '../ports/target.ts';\n`],
  [`${SRC}/api/allowed.ts`, `${importOf('express')}import '../cache/target.ts';\n`],
  [
    'extension/src/allowed.ts',
    "import type { x } from '../../proxy-server/src/contract/target.ts';\nimport 'react';\nexport type Y = typeof x;\n",
  ],
  ['simulator/src/allowed.ts', `${importOf('yaml')}import 'node:http';\nimport '../../proxy-server/src/domain/target.ts';\n`],
  ['test/allowed.test.ts', importOf('../proxy-server/src/main.ts')],
];

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

describe('import rules', () => {
  let folder: string;
  let violations: readonly Violation[];

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'import-rules-'));
    for (const path of TARGETS) write(path, 'export const x = 1;\n');
    for (const name of PACKAGES) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, 'exports.x = 1;\n');
    }
    write('node_modules/@argoproj/argo-ui/package.json', JSON.stringify({ name: '@argoproj/argo-ui', version: '1.0.0' }));
    write('node_modules/@argoproj/argo-ui/src/index.ts', 'export const x = 1;\n');
    write('package.json', JSON.stringify({ type: 'module', dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0'])) }));
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: { module: 'preserve', moduleResolution: 'bundler', allowImportingTsExtensions: true, noEmit: true },
      }),
    );
    for (const [, path, text] of FAULTS) write(path, text);
    for (const [path, text] of ALLOWED) write(path, text);
    write(`${SRC}/domain/ring-other.ts`, "import { y } from './ring.ts';\nexport const x = (): unknown => y;\n");

    const cruise = join(ROOT, 'node_modules/.bin/depcruise');
    const config = join(ROOT, '.dependency-cruiser.cjs');
    const args = [cruise, 'extension', 'proxy-server', 'simulator', 'bench', 'test', '--config', config, '--output-type', 'json'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    if (stdout === '') throw new Error(stderr);
    violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(FAULTS)('%s is broken by %s', (rule, path) => {
    const here = violations.filter(({ from, to }) => from === path || to === path); // a cycle is told from one of its ends
    expect(here.map((violation) => violation.rule.name)).toContain(rule);
  });

  test.each(ALLOWED)('%s breaks no rule', (path) => {
    expect(violations.filter(({ from }) => from === path).map((violation) => violation.rule.name)).toEqual([]);
  });

  test('every rule has a planted fault', () => {
    expect(new Set(FAULTS.map(([rule]) => rule))).toEqual(new Set(RULES));
  });
});
