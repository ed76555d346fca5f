/** README.md never lies: its YAML is accepted, its commands exist, its picture is made by a script. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { parseObject } from '../proxy-server/src/contract/kind-parser.ts';
import { readCommand } from '../simulator/src/start/config.ts';
import { DEMO_POLICY, PLAIN_POLICY } from '../simulator/src/start/hub-objects.ts';
import { parsePolicy } from '../proxy-server/src/domain/policy.ts';
import { ROOT } from './source-tree.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const blocks = (language: string): string[] =>
  [...README.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');

describe('README', () => {
  test('its YAML is accepted, object by object', () => {
    const objects = blocks('yaml').flatMap((block) => parseAllDocuments(block).map((document) => document.toJS() as unknown));
    const parsed = objects.map((object) => parseObject(object, 1));
    expect(parsed.flatMap(({ problems }) => problems)).toEqual([]);
    expect(parsed.map(({ object }) => object?.kind)).toEqual(['Connector', 'Edge', 'Secret']);
  });

  test('its npm commands exist', () => {
    const commands = [...README.matchAll(/npm (?:run )?([a-z:]+)/g)].map((match) => match[1] ?? '');
    expect(commands.filter((command) => PACKAGE.scripts[command] === undefined)).toEqual([]);
  });

  test('the options it names are options of npm start', () => {
    const options = [...README.matchAll(/npm start -- (.+?)(?:`|\n)/g)].map((match) => (match[1] ?? '').split(' '));
    expect(options.map((args) => readCommand(args).kind)).toEqual(['help', 'start']);
  });

  test('its picture is there', () => {
    const pictures = [...README.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(pictures.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the policies of npm start', () => {
  test.each([DEMO_POLICY, PLAIN_POLICY])('%o can be read', (policy) => {
    expect(parsePolicy({ csv: policy['policy.csv'], default: policy['policy.default'] }).problems).toEqual([]);
  });
});
