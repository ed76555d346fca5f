import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { parseObject } from '../proxy-server/src/contract/kind-parser.ts';
import { parsePolicy } from '../proxy-server/src/domain/policy.ts';
import { byKey, findTool, kustomize } from './manifests-tools.ts';

const ROOT = join(import.meta.dirname, '..');
/** Every page of the repository, by its path. */
const PAGES = ['.', 'docs', 'docs/adr'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);
const PROCESS_MS = 60_000;

interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
  /** What stands in the comment before it. */
  readonly note: string;
}

const blocks = PAGES.flatMap((page): readonly Block[] => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/(?:<!-- (.*?) -->\n\n)?```(\w+)\n([\s\S]*?)```/g)].map(([, note = '', language = '', body = '']) => ({ page, language, text: body, note }));
}); // prettier-ignore
const commands = blocks.filter(({ language }) => ['sh', 'bash', 'shell', 'console'].includes(language));
const linesOf = ({ text }: Block): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');

describe('commands in the docs', () => {
  test('each is run by a test, or says why it cannot be', () => {
    expect(commands.length).toBeGreaterThan(10);
    for (const { page, text, note } of commands)
      expect({ page, text, note }).toEqual({
        page,
        text,
        note: expect.stringMatching(/^(run(: doctor)?|run by: test\/\S+|not run: .{10,})$/),
      });
  });

  test('that another test runs are named there', () => {
    for (const block of commands) {
      const file = /^run by: (\S+)$/.exec(block.note)?.[1];
      if (file === undefined) continue;
      const text = readFileSync(join(ROOT, file), 'utf8');
      expect(linesOf(block).filter((line) => text.includes(line.split(/\s+/).slice(0, 2).join(' ')))).not.toEqual([]);
    }
  });

  test('name only files that are there', () => {
    for (const block of commands) {
      for (const [path] of block.text.matchAll(/\b(?:manifests|proxy-server|docs)\/[\w./-]+/g))
        expect({ path, there: existsSync(join(ROOT, path)) }).toEqual({ path, there: true });
    }
  });

  test('name only scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    for (const block of commands)
      for (const [, script = ''] of block.text.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(script);
  });

  for (const block of commands.filter(({ note }) => note === 'run')) {
    for (const line of linesOf(block)) {
      const [tool = '', ...args] = line.split(/\s+/);
      const runs = findTool(tool) === undefined ? test.skip : test;
      runs(`${block.page}: ${line}`, () => {
        const { status, stdout, stderr } = spawnSync(findTool(tool)!, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 });
        expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
        expect(stdout).toContain('apiVersion:');
      });
    }
  }

  for (const block of commands.filter(({ note }) => note === 'run: doctor')) {
    for (const line of linesOf(block)) {
      test(
        `${block.page}: ${line}`,
        () => {
          const folder = mkdtempSync(join(tmpdir(), 'ef-docs-'));
          const args = line.replace(/^npm run doctor -- /, '').split(/\s+/);
          const env = { PATH: process.env['PATH'] ?? '', EDGE_FLEET_CONFIG_DIR: folder };
          const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/node'), ['proxy-server/src/doctor-main.ts', ...args], {
            cwd: ROOT,
            encoding: 'utf8',
            env,
          });
          rmSync(folder, { recursive: true });
          // An empty folder has no scopes: that is the one thing to find.
          expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
          expect(stdout).toContain('edge-fleet-scopes');
        },
        PROCESS_MS,
      );
    }
  }
});

describe('YAML in the docs', () => {
  test('of our kinds is taken by proxy-server', () => {
    const objects = blocks.filter(({ language }) => language === 'yaml').flatMap(({ page, text }) => parseAllDocuments(text).map((document) => ({ page, object: document.toJS() as { kind?: string } }))); // prettier-ignore
    const ours = objects.filter(({ object }) => object.kind !== undefined && object.kind !== 'Kustomization'); // that one is rendered below
    expect(ours.length).toBeGreaterThan(2);
    for (const { page, object } of ours)
      expect({ page, kind: object.kind, problems: parseObject(object, 1).problems }).toEqual({ page, kind: object.kind, problems: [] });
  });

  (findTool('kustomize') === undefined ? test.skip : test)('of a kustomization renders: image and policy are those written there', () => {
    const block = blocks.find(({ page, text }) => page === 'docs/install.md' && text.includes('kind: Kustomization'))!;
    const folder = mkdtempSync(join(ROOT, '.cache/docs-'));
    writeFileSync(join(folder, 'kustomization.yaml'), block.text.replace(/- \S+\/manifests\/hub$/m, `- ${relative(folder, join(ROOT, 'manifests/hub'))}`));
    const objects = byKey(kustomize(folder));
    rmSync(folder, { recursive: true });
    expect(JSON.stringify(objects.get('Deployment edge-fleet/edge-fleet'))).toContain('"registry.example.com/edge-fleet:0.1.0"');
    const { data } = objects.get('ConfigMap edge-fleet/edge-fleet-policy') as unknown as { data: Record<string, string> };
    const { problems, lines } = parsePolicy({ csv: data['policy.csv']!, default: data['policy.default']! });
    expect([problems, lines.map(({ object }) => object).includes('label:region=north')]).toEqual([[], true]);
    expect(data['hubVersion']).toBe('3.5.1');
  }); // prettier-ignore

  test('of the policy can be read', () => {
    const block = blocks.find(({ page, language }) => page === 'docs/rights.md' && language === 'yaml')!;
    const { data } = parseAllDocuments(block.text)[0]!.toJS() as { data: Record<string, string> };
    expect(parsePolicy({ csv: data['policy.csv']!, default: data['policy.default']! }).problems).toEqual([]);
  });
});

describe('links in the docs', () => {
  test('lead to pages that are there', () => {
    for (const page of PAGES) {
      const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
      for (const [, link = ''] of text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g))
        expect({ page, link, there: existsSync(join(ROOT, dirname(page), link)) }).toEqual({ page, link, there: true });
    }
  });
});
