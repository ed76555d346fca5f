import { afterAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { anEmptyBatch, describeLastKnownStore, readBack } from '../../../test/contracts/last-known-store.contract.ts';
import { anApplication } from '../../../test/application-builder.ts';
import { memoryLastKnownStore } from '../../../test/fakes/memory-last-known-store.ts';
import { toRecord } from '../domain/application-record.ts';
import { openSqliteLastKnownStore } from './sqlite-last-known-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'last-known-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => join(folder, `state-${(files += 1)}.db`);

describeLastKnownStore('SQLite', () => openSqliteLastKnownStore(newFile()));
describeLastKnownStore('memory', () => Promise.resolve(memoryLastKnownStore()));

describe('the state file', () => {
  test('damaged: it is set aside with its content and said in words', async () => {
    const file = newFile();
    writeFileSync(file, 'this was a database once, before the disk ate it'.repeat(200));
    const store = await openSqliteLastKnownStore(file);
    expect(store.notices).toEqual([expect.stringContaining('damaged')]);
    expect(await readBack(store)).toEqual({ edges: [], applications: [] });
    await store.close();
    const aside = readdirSync(folder).find((name) => name.startsWith(`${file.split('/').at(-1)}.damaged-`));
    expect(readFileSync(join(folder, aside!), 'utf8')).toContain('before the disk ate it');
  });

  test('of a newer version: it is set aside untouched, and the words name both versions', async () => {
    const file = newFile();
    const newer = new DatabaseSync(file);
    newer.exec('CREATE TABLE future (x TEXT); PRAGMA user_version = 99');
    newer.close();
    const before = readFileSync(file);
    const store = await openSqliteLastKnownStore(file);
    expect(store.notices.join()).toMatch(/schema 99, this version knows 1/);
    await store.close();
    const aside = readdirSync(folder).find((name) => name.includes('newer-schema-99') && !/-(wal|shm)$/.test(name));
    const kept = new DatabaseSync(join(folder, aside!));
    expect(kept.prepare('SELECT name FROM sqlite_master').all()).toEqual([{ name: 'future' }]);
    kept.close();
    expect(before.length).toBeGreaterThan(0);
  });

  test('in a folder that is not there: refused with the path and the remedy', async () => {
    const file = join(folder, 'missing', 'state.db');
    await expect(openSqliteLastKnownStore(file)).rejects.toThrow(/missing\/state\.db cannot be opened.*folder exists/);
    expect(existsSync(file)).toBe(false);
  });

  test('of an older run: all of it is there', async () => {
    const file = newFile();
    const first = await openSqliteLastKnownStore(file);
    await first.write({ ...anEmptyBatch, edges: [{ edge: 'store-1', facts: {}, readAt: 7 }] });
    await first.close();
    const second = await openSqliteLastKnownStore(file);
    expect((await readBack(second)).edges).toEqual([{ edge: 'store-1', facts: {}, readAt: 7 }]);
    await second.close();
  });
});

test('rows of an older version are read, and one that cannot be read costs nobody else anything', async () => {
  const file = newFile();
  await (await openSqliteLastKnownStore(file)).close();
  const database = new DatabaseSync(file);
  const put = database.prepare('INSERT INTO application (edge, namespace, name, data, observed_at) VALUES (?, ?, ?, ?, 5)');
  const application = anApplication({ namespace: 'argocd', name: 'pos', healthMessage: 'no printer' });
  put.run('store-1', 'argocd', 'pos', JSON.stringify(application));
  put.run('store-1', 'argocd', 'kds', 'damaged');
  database.close();
  const store = await openSqliteLastKnownStore(file);
  expect((await readBack(store)).applications).toEqual([{ edge: 'store-1', record: toRecord(application), observedAt: 5 }]);
  await store.close();
});

test('read at the start, and read anew after a write and when asked again', async () => {
  const file = newFile();
  const first = await openSqliteLastKnownStore(file);
  await first.write({ ...anEmptyBatch, edges: [{ edge: 'store-1', facts: {}, readAt: 7 }] });
  expect((await readBack(first)).edges).toHaveLength(1);
  await first.close();
  const second = await openSqliteLastKnownStore(file);
  expect((await readBack(second)).edges).toHaveLength(1);
  await second.write({ ...anEmptyBatch, edges: [{ edge: 'store-2', facts: {}, readAt: 7 }] });
  expect((await readBack(second)).edges).toHaveLength(2);
  expect((await readBack(second)).edges).toHaveLength(2);
  await second.close();
});

/** Writes numbered batches of three edges for ever and prints each number once its write has resolved. */
const WRITER = (file: string): string => `
  import { openSqliteLastKnownStore } from ${JSON.stringify(new URL('./sqlite-last-known-store.ts', import.meta.url).href)};
  const store = await openSqliteLastKnownStore(${JSON.stringify(file)});
  for (let n = 1; ; n += 1) {
    const edges = ['a', 'b', 'c'].map((edge) => ({ edge, facts: {}, readAt: n }));
    await store.write({ edges, droppedEdges: [], applications: [], droppedApplications: [] });
    process.stdout.write(n + '\\n');
  }`;

function writeUntilKilled(file: string, lines: number): Promise<number> {
  return new Promise((resolve) => {
    const program = `${file}.writer.mjs`;
    writeFileSync(program, WRITER(file));
    const child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: '' },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.on('close', () => resolve(Number(output.trimEnd().split('\n').at(-1))));
  });
}

test('a writer killed at any point has lost nothing it was told is written, and half of nothing is there', async () => {
  const file = newFile();
  let last = 0;
  for (const lines of [1, 40, 7]) {
    const acknowledged = await writeUntilKilled(file, lines);
    const store = await openSqliteLastKnownStore(file);
    const readAts = (await readBack(store)).edges.map(({ readAt }) => readAt);
    await store.close();
    expect(store.notices).toEqual([]);
    expect(new Set(readAts).size).toBe(1);
    expect(readAts).toHaveLength(3);
    expect(readAts[0]!).toBeGreaterThanOrEqual(acknowledged);
    last = acknowledged;
  }
  expect(last).toBeGreaterThan(0);
}, 30_000);
