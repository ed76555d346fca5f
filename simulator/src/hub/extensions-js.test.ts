import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { extensionsScript } from './extensions-js.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'extensions-'));
  mkdirSync(join(folder, 'extension-b.js'));
  writeFileSync(join(folder, 'extension-b.js/extensions-b.js'), 'b()');
  writeFileSync(join(folder, 'extension-b.js/extension-0-B_vars.js'), 'vars()');
  writeFileSync(join(folder, 'extension-a.js'), 'a()');
  writeFileSync(join(folder, 'readme.js'), 'not()');
  symlinkSync(join(folder, 'readme.js'), join(folder, 'extension-link.js'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('extensionsScript', () => {
  test('files follow each other in the order of their paths, the variables before the bundle', () => {
    expect(extensionsScript(folder, false)).toBe(
      [
        `// source: ${folder}/extension-a.js/extension-a.js `,
        'a()',
        `// source: ${folder}/extension-b.js/extension-0-B_vars.js/extension-0-B_vars.js `,
        'vars()',
        `// source: ${folder}/extension-b.js/extensions-b.js/extensions-b.js `,
        'b()',
        '',
      ].join('\n'),
    );
  });

  test('from 3.5 on each file is caught by itself', () => {
    const script = extensionsScript(folder, true);
    expect(script.match(/^try \{$/gm)).toHaveLength(3);
    expect(script).toContain("catch(e) { console.error('Extension extensions-b.js failed to load:', e); }");
  });

  test('a folder that is not there is an empty answer', () => {
    expect(extensionsScript(join(folder, 'none'), true)).toBe('');
  });
});
