import { describe, expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';

function logged(write: (log: ReturnType<typeof createLogger>) => void, level: 'info' | 'debug' = 'info'): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger(level, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  test('is one JSON object a line with level in words, time and message', () => {
    const [line] = logged((log) => log.child({ loop: 'watch' }).info({ edge: 'store-0001' }, 'Started watching'));
    expect(line).toMatchObject({ level: 'info', loop: 'watch', edge: 'store-0001', msg: 'Started watching' });
    expect(line?.['time']).toMatch(/^\d{4}-/);
  });

  test('below its level nothing is written', () => {
    expect(logged((log) => log.debug({}, 'Polled'))).toEqual([]);
  });

  const TOKEN = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(30)}.b`;
  test.each<[where: string, fields: Record<string, unknown>]>([
    [
      'a header',
      {
        headers: { authorization: `Bearer ${TOKEN}`, 'CF-Access-Client-Secret': 'hunter2-hunter2', cookie: 'argocd.token=hunter2-hunter2' },
      },
    ],
    ['a field that is named so', { token: 'hunter2-hunter2', clientSecret: 'hunter2-hunter2', password: 'hunter2-hunter2' }],
    ['a message', { err: Object.assign(new Error(`refused: authorization: Bearer ${TOKEN}`), { code: 'E' }) }],
    ['a cause', { err: new Error('outer', { cause: new Error(`token=${TOKEN}`) }) }],
    ['a list', { tried: [`Bearer ${TOKEN}`] }],
    [
      'the query of a URL',
      { url: 'https://edge.example.com/api?token=hunter2-hunter2&a=hunter2-hunter2', path: '/api/v1/x?q=hunter2-hunter2' },
    ],
  ])('a credential in %s is not in the line', (_where, fields) => {
    const text = JSON.stringify(logged((log) => log.child({ ...fields }).warn(fields, 'Asked an edge')));
    expect(text).not.toMatch(/hunter2|eyJ/);
    expect(text).toContain('redacted');
  });

  test('an error keeps name, code, message and the start of its stack; depth and length are bounded', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    const [line] = logged((log) =>
      log.error({ err: Object.assign(new TypeError('no'), { code: 'E_NO' }), loop, many: Array.from({ length: 5_000 }) }, 'Failed'),
    );
    expect(line?.['err']).toMatchObject({ type: 'TypeError', code: 'E_NO', message: 'no', stack: expect.stringContaining('logger.test') });
    expect(JSON.stringify(line).length).toBeLessThan(20_000);
  });
});
