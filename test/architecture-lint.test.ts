/** Every rule of eslint.config.mjs that stands for a rule of this house catches a fault planted for it, and only where it applies. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from './source-tree.ts';

// Texts are linted under the names of files that exist: the type-aware rules ask the compiler about them.
const DOMAIN = 'proxy-server/src/domain/look.ts';
const SERVER = 'proxy-server/src/folder/scan.ts';
const CONFIG = 'proxy-server/src/config.ts';
const EXTENSION = 'extension/src/router.ts';
const PAGE = 'simulator/src/hub/shell/App.tsx';
const TEST = 'test/summary.test.ts';

const lines = (count: number): string => '  a();\n'.repeat(count);
const withFunction = (count: number): string => `declare function a(): void;\nexport function b(): void {\n${lines(count)}}\n`;
const branches = (count: number): string =>
  `export const f = (n: number): number => {\n${'  if (n > 1) return n;\n'.repeat(count)}  return 0;\n};\n`;

const FAULTS: readonly (readonly [what: string, rule: string, path: string, text: string])[] = [
  ['a promise nobody waits for', '@typescript-eslint/no-floating-promises', SERVER, 'Promise.resolve(1);\n'],
  ['a promise as a condition', '@typescript-eslint/no-misused-promises', SERVER, 'if (Promise.resolve(1)) throw new Error();\n'],
  ['an await of no promise', '@typescript-eslint/await-thenable', SERVER, 'await 1;\n'],
  ['a thrown text', '@typescript-eslint/only-throw-error', SERVER, "throw 'x';\n"],
  [
    'a switch that forgets a kind',
    '@typescript-eslint/switch-exhaustiveness-check',
    DOMAIN,
    "export function f(kind: 'a' | 'b'): void {\n  switch (kind) {\n    case 'a':\n  }\n}\n",
  ],
  [
    'a type imported as a value',
    '@typescript-eslint/consistent-type-imports',
    DOMAIN,
    "import { Result } from './result.ts';\nexport type X = Result<1, 2>;\n",
  ],
  ['any', '@typescript-eslint/no-explicit-any', DOMAIN, 'export const x = (y: any): unknown => y;\n'],
  ['an exclamation mark', '@typescript-eslint/no-non-null-assertion', DOMAIN, 'export const f = (x?: string): string => x!;\n'],
  ['a type assertion', '@typescript-eslint/consistent-type-assertions', DOMAIN, 'export const f = (x: unknown): string => x as string;\n'],
  ['two equals signs', 'eqeqeq', DOMAIN, 'export const f = (x: number): boolean => x == 1;\n'],
  ['console', 'no-console', SERVER, "console.log('x');\n"],
  ['a default export', 'no-restricted-syntax', DOMAIN, 'export default 1;\n'],
  ['a barrel', 'no-restricted-syntax', DOMAIN, "export * from './result.ts';\n"],
  ['a named barrel', 'no-restricted-syntax', DOMAIN, "export { ok } from './result.ts';\n"],
  ['instanceof on an error', 'no-restricted-syntax', DOMAIN, 'export const f = (x: unknown): boolean => x instanceof TypeError;\n'],
  ['an I before a name', 'no-restricted-syntax', DOMAIN, 'export interface IEdge {\n  a: 1;\n}\n'],
  ['the environment outside config.ts', 'no-restricted-syntax', SERVER, 'export const x = process.env;\n'],
  ['the clock in domain', 'no-restricted-syntax', DOMAIN, 'export const f = (): number => Date.now();\n'],
  ['a new Date in domain', 'no-restricted-syntax', DOMAIN, 'export const f = (): Date => new Date();\n'],
  ['chance in domain', 'no-restricted-syntax', DOMAIN, 'export const f = (): number => Math.random();\n'],
  ['a timer in domain', 'no-restricted-globals', DOMAIN, 'export const f = (): unknown => setTimeout(() => 1, 1);\n'],
  ['a branchy function', 'complexity', DOMAIN, branches(11)],
  [
    'depth',
    'max-depth',
    DOMAIN,
    'export function f(a: number): void {\n  if (a) {\n    if (a) {\n      if (a) {\n        if (a) f(a);\n      }\n    }\n  }\n}\n',
  ],
  ['five parameters', 'max-params', DOMAIN, 'export const f = (a: 1, b: 2, c: 3, d: 4, e: 5): unknown => [a, b, c, d, e];\n'],
  ['a long file', 'max-lines', DOMAIN, '// x\n'.repeat(401)],
  ['a long function', 'max-lines-per-function', DOMAIN, withFunction(61)],
  ['a long component', 'max-lines-per-function', PAGE, withFunction(151)],
  ['a hook of React 18', 'no-restricted-syntax', EXTENSION, "import { useId } from 'react';\nexport const x = useId;\n"],
  [
    'the same by its namespace',
    'no-restricted-properties',
    EXTENSION,
    "import * as React from 'react';\nexport const x = React.useSyncExternalStore;\n",
  ],
  [
    'a root of our own',
    'no-restricted-imports',
    EXTENSION,
    "import { createRoot } from 'react-dom/client';\nexport const x = createRoot;\n",
  ],
  ['react-is', 'no-restricted-imports', EXTENSION, "import * as ReactIs from 'react-is';\nexport const x = ReactIs;\n"],
  ['the runtime of JSX', 'no-restricted-imports', EXTENSION, "import { jsx } from 'react/jsx-runtime';\nexport const x = jsx;\n"],
  [
    'render of React 16',
    'no-restricted-properties',
    EXTENSION,
    "import * as ReactDOM from 'react-dom';\nexport const x = ReactDOM.render;\n",
  ],
  [
    'a dependency of an effect left out',
    'react-hooks/exhaustive-deps',
    EXTENSION,
    "import * as React from 'react';\nexport function useX(x: number): void {\n  React.useEffect(() => {\n    document.title = String(x);\n  }, []);\n}\n",
  ],
  [
    'a hook under a condition',
    'react-hooks/rules-of-hooks',
    EXTENSION,
    "import * as React from 'react';\nexport function useX(x: number): void {\n  if (x) React.useState(1);\n}\n",
  ],
  ['a mocked module', 'no-restricted-syntax', TEST, "jest.mock('./x.ts');\n"],
  ['a test that only runs itself', 'no-restricted-syntax', TEST, "test.only('x', () => 1);\n"],
  ['a test that says should', 'no-restricted-syntax', TEST, "test('it should work', () => 1);\n"],
];

const ALLOWED: readonly (readonly [what: string, rule: string, path: string, text: string])[] = [
  ['the environment in config.ts', 'no-restricted-syntax', CONFIG, 'export const x = process.env;\n'],
  ['an exclamation mark in a test', '@typescript-eslint/no-non-null-assertion', TEST, 'export const f = (x?: string): string => x!;\n'],
  ['a component of 100 lines', 'max-lines-per-function', PAGE, withFunction(100)],
  ['ten branches', 'complexity', DOMAIN, branches(9)],
];

describe('lint', () => {
  let found: readonly (readonly string[])[];
  beforeAll(() => {
    const planted = [...FAULTS, ...ALLOWED].map(([, , path, text]) => ({ path, text }));
    const child = spawnSync(process.execPath, [join(ROOT, 'test/lint-planted.ts')], {
      cwd: ROOT,
      input: JSON.stringify(planted),
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(child.stderr);
    found = JSON.parse(child.stdout) as string[][];
  }, 90_000);

  test.each(FAULTS.map(([what, rule], index) => [what, rule, index] as const))('%s is caught by %s', (_what, rule, index) => {
    expect(found[index]).toContain(rule);
  });

  test.each(ALLOWED.map(([what, rule], index) => [what, rule, FAULTS.length + index] as const))('%s passes', (_what, rule, index) => {
    expect(found[index]).not.toContain(rule);
  });
});
