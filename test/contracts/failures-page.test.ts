import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { renderFailuresPage } from '../../docs/failures.ts';
import { FAILURE_TABLE } from '../../proxy-server/src/domain/failure-table.ts';

describe('docs/failures.md', () => {
  const page = readFileSync(new URL('../../docs/failures.md', import.meta.url), 'utf8');

  test('is what the table renders; run `node docs/failures.ts` after a change', () => {
    expect(page).toBe(renderFailuresPage());
  });

  test('names every row', () => {
    expect([...page.matchAll(/^## (\d+)\. /gm)].map(([, row]) => Number(row))).toEqual(FAILURE_TABLE.map(({ row }) => row));
  });
});
