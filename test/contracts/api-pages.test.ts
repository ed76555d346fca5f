import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { renderApiPage, renderSettingsPage } from '../../docs/api.ts';
import { PASS_THROUGH_RULES } from '../../proxy-server/src/api/pass-through-rules.ts';

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('docs/api.md and docs/settings.md', () => {
  test('are what the tables render; run `node docs/api.ts` after a change', () => {
    expect(page('api.md')).toBe(renderApiPage());
    expect(page('settings.md')).toBe(renderSettingsPage());
  });

  test('list every path that may be asked of an edge', () => {
    for (const { path } of PASS_THROUGH_RULES) expect(page('api.md')).toContain(`\`${path}\``);
  });
});
