import { describe, expect, test } from '@jest/globals';
import { createProgress } from './progress.ts';

describe('createProgress', () => {
  test('a step is one line with the seconds since the start, and gives what it ran', async () => {
    const lines: string[] = [];
    let now = 1_000;
    const progress = createProgress(
      (line) => lines.push(line),
      () => now,
    );
    expect(await progress.step('First', async () => 1)).toBe(1);
    now = 13_345;
    await progress.step('Second', async () => undefined);
    expect(lines).toEqual(['   0.0 s  First', '  12.3 s  Second']);
  });

  test('a step that fails fails', async () => {
    const progress = createProgress(
      () => undefined,
      () => 0,
    );
    await expect(progress.step('It', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
