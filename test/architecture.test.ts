/** The rules of this house that need the whole tree, each with a planted fault that proves it can fail. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { HOUSE_RULES } from './house-rules.ts';
import { brokenLinks } from './page-links.ts';
import { pages, ROOT, sourceFiles } from './source-tree.ts';
import type { SourceFile } from './source-tree.ts';

const FILES = sourceFiles();
const RULES_THEMSELVES = [
  'test/house-rules.ts',
  'test/architecture.test.ts',
  'test/architecture-imports.test.ts',
  'test/architecture-lint.test.ts',
];

const DOMAIN = 'proxy-server/src/domain/look.ts';
const FAULTS: readonly (readonly [rule: string, fault: SourceFile])[] = [
  ['file size', { path: DOMAIN, text: '\n'.repeat(402) }],
  ['file name', { path: 'proxy-server/src/domain/edge-utils.ts', text: '' }],
  ['file name', { path: 'proxy-server/src/domain/edgeLook.ts', text: '' }],
  ['words', { path: DOMAIN, text: 'const lastSeen = 1;\n' }],
  ['module state', { path: DOMAIN, text: 'let count = 0;\n' }],
  ['module state', { path: DOMAIN, text: 'const cache = new Map<string, string>();\n' }],
  ['module state', { path: DOMAIN, text: 'export const all: string[] = [];\n' }],
  ['todo', { path: DOMAIN, text: '// TODO later\n' }],
  ['lint exceptions', { path: DOMAIN, text: '// eslint-disable-next-line complexity\n' }],
  ['reach outside', { path: DOMAIN, text: "import { x } from '../../../../elsewhere/x.ts';\n" }],
  ['doc comments', { path: DOMAIN, text: 'export function look(): void {}\n' }],
];

describe('each house rule catches its planted fault', () => {
  test.each(FAULTS)('%s', (rule, fault) => {
    expect(HOUSE_RULES[rule]!(fault)).not.toEqual([]);
  });

  test('every rule has a fault', () => {
    expect(new Set(FAULTS.map(([rule]) => rule))).toEqual(new Set(Object.keys(HOUSE_RULES)));
  });
});

describe('the tree keeps the house rules', () => {
  test.each(Object.entries(HOUSE_RULES))('%s', (_name, rule) => {
    const judged = FILES.filter(({ path }) => !RULES_THEMSELVES.includes(path));
    expect(judged.flatMap((file) => rule(file).map((problem) => `${file.path} ${problem}`))).toEqual([]);
  });

  test('nine of ten files have at most 250 lines', () => {
    const sizes = FILES.filter(({ path }) => !/\.test\.tsx?$/.test(path)).map(({ text }) => text.split('\n').length - 1);
    const sorted = sizes.sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThanOrEqual(250);
  });
});

describe('links of the pages', () => {
  const exists = (path: string): boolean => existsSync(join(ROOT, path));
  const page = (text: string): SourceFile => ({ path: 'docs/a.md', text });

  test('every link leads somewhere', () => {
    const all = pages();
    expect(all.flatMap((one) => brokenLinks(one, all, exists).map((link) => `${one.path} → ${link}`))).toEqual([]);
  });

  test.each([
    ['to a missing file', '[x](missing.md)'],
    ['to a missing heading', '# One\n[x](#two)'],
    ['out of the project', '[x](../../y.md)'],
  ])('a link %s is caught', (_what, text) => {
    expect(brokenLinks(page(text), [page(text)], (path) => path === 'docs/a.md')).toHaveLength(1);
  });

  test('a link to a heading, in code, or to the web is none of its business', () => {
    const text = '# One `two`!\n[x](#one-two) [y](https://example.com)\n```\n[z](nowhere.md)\n```\n';
    expect(brokenLinks(page(text), [page(text)], (path) => path === 'docs/a.md')).toEqual([]);
  });
});
