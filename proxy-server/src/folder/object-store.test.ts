import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as soon } from 'node:timers/promises';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import type { ConfigSnapshot, ObjectStore } from '../ports/object-store.ts';
import type { Runtime } from '../ports/runtime.ts';
import { createFolderStore, type FolderOptions } from './object-store.ts';
import { FOLDER_LIMITS } from './scan.ts';

let folder: string;
let store: ObjectStore;
let runtime: ReturnType<typeof createSteppedRuntime>;
let changes: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-fleet-folder-'));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** The watcher lives in the machine's time; what waits after an event is short. */
const TIMERS: Runtime['timers'] = {
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

const put = async (name: string, text: string, mode = 0o600): Promise<void> => {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text, { mode });
};

async function start(options: Partial<FolderOptions> = {}): Promise<ConfigSnapshot> {
  runtime = createSteppedRuntime();
  store = createFolderStore({ folder, settleMs: 20, ...options }, { ...runtime, timers: TIMERS, clock: { now: Date.now } });
  changes = 0;
  store.subscribe(() => (changes += 1));
  await store.start();
  return store.current();
}

/** The file system says when: a bounded number of chances. */
async function until(done: (snapshot: ConfigSnapshot) => boolean): Promise<ConfigSnapshot> {
  for (let turn = 0; turn < 400 && !done(store.current()); turn += 1) await soon(10);
  expect(done(store.current())).toBe(true);
  return store.current();
}

const edge = (name: string, extra = ''): string =>
  `apiVersion: edgefleet.dev/v1alpha1\nkind: Edge\nmetadata: {name: ${name}}\nspec:\n  url: https://${name}.example.com\n  connectorRef: {name: plain}\n  tokenSecretRef: {name: token}\n${extra}`;
const BASE =
  'apiVersion: edgefleet.dev/v1alpha1\nkind: Connector\nmetadata: {name: plain}\nspec: {direct: {}}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {read: abc}\n';
const names = (snapshot: ConfigSnapshot): readonly string[] => [...snapshot.edges.keys()].sort();
const has = (snapshot: ConfigSnapshot, ...wanted: readonly string[]): boolean => names(snapshot).join() === wanted.join();

describe('what is in the folder', () => {
  test('documents of many files and sub-folders, as YAML and JSON, are one snapshot', async () => {
    await put('base.yml', `# comment\n${BASE}`);
    await put('north/a.yaml', `---\n${edge('a')}\n---\n# nothing here\n---\n${edge('b')}`);
    await put(
      'south/deep/c.json',
      JSON.stringify({
        apiVersion: 'edgefleet.dev/v1alpha1',
        kind: 'Edge',
        metadata: { name: 'c' },
        spec: { url: 'https://c.example.com', connectorRef: { name: 'plain' }, tokenSecretRef: { name: 'token' } },
      }),
    );
    await put('README.md', 'not read');
    await put('.git/config.yaml', edge('hidden'));
    await put('a.yaml~', edge('backup'));
    await put('.a.yaml.swp', edge('swap'));
    const snapshot = await start();
    expect(names(snapshot)).toEqual(['a', 'b', 'c']);
    expect(snapshot.problems).toEqual([]);
    expect([snapshot.connectors.size, snapshot.secrets.size]).toEqual([1, 1]);
  });

  test('a problem names file, line, object, field, value and remedy', async () => {
    await put('base.yaml', BASE);
    await put('north.yaml', `${edge('a')}---\n${edge('b', '  lifecycle: Paused\n')}`);
    const { problems, edges } = await start();
    expect([...edges.keys()]).toEqual(['a']);
    expect(problems).toEqual([
      {
        where: 'north.yaml:16',
        object: 'Edge b',
        field: 'spec.lifecycle',
        value: 'Paused',
        remedy: expect.stringContaining('Parked'),
        severity: 'error',
      },
    ]);
    expect(runtime.lines).toContainEqual(expect.objectContaining({ level: 'warn', field: 'spec.lifecycle' }));
  });

  test('what cannot be parsed takes its neighbours nowhere', async () => {
    await put('base.yaml', BASE);
    await put('north.yaml', `${edge('a')}---\nkind: Edge\n  metadata: {{{\n---\n${edge('b')}`);
    const snapshot = await start();
    expect(names(snapshot)).toEqual(['a', 'b']);
    expect(snapshot.problems).toEqual([expect.objectContaining({ field: 'syntax', where: expect.stringMatching(/^north\.yaml:\d+$/) })]);
  });

  test('of two with one name the first in order is used, and the other is named', async () => {
    await put('base.yaml', BASE);
    await put('a.yaml', edge('a', '  displayName: First\n'));
    await put('b.yaml', edge('a', '  displayName: Second\n'));
    const { edges, problems } = await start();
    expect([...edges.values()].map((one) => one.displayName)).toEqual(['First']);
    expect(problems).toEqual([
      expect.objectContaining({ where: 'b.yaml:3', object: 'Edge a', remedy: expect.stringContaining('a.yaml:1') }),
    ]);
  });

  test('missing Connectors, Secrets and keys are named where they are missed', async () => {
    await put('a.yaml', edge('a', '  access: Operate\n'));
    expect((await start()).problems.map(({ field, remedy }) => [field, remedy])).toEqual([
      ['spec.connectorRef.name', expect.stringContaining('Add a Connector plain')],
      ['spec.tokenSecretRef.name', expect.stringContaining('the keys read and operate')],
    ]);
    await put('base.yaml', BASE);
    const { problems } = await until((snapshot) => snapshot.connectors.size === 1);
    expect(problems.map((problem) => problem.remedy)).toEqual(['Add the key operate to Secret token']);
  });

  test('an edge abroad whose certificate would go unchecked is not used', async () => {
    await put('base.yaml', BASE.replace('{direct: {}}', '{direct: {insecureSkipVerify: true}}'));
    await put('a.yaml', `${edge('a')}---\n${edge('b').replace('https://b.example.com', 'https://127.0.0.1:8443')}`);
    const snapshot = await start();
    expect(names(snapshot)).toEqual(['b']);
    expect(snapshot.problems).toEqual([
      expect.objectContaining({ object: 'Edge a', field: 'spec.url', remedy: expect.stringContaining('loopback') }),
    ]);
  });

  test('a file of Secrets that others can read is warned about, and its values are in no problem and no log line', async () => {
    await put('base.yaml', BASE.replace('read: abc', 'read: hunter2-hunter2'), 0o644);
    const { problems, secrets } = await start();
    expect(problems).toEqual([
      expect.objectContaining({
        field: 'file mode',
        value: '0644',
        severity: 'warning',
        remedy: expect.stringContaining('chmod 600 base.yaml'),
      }),
    ]);
    expect(secrets.size).toBe(1);
    expect(JSON.stringify([problems, runtime.lines])).not.toContain('hunter2');
    await chmod(join(folder, 'base.yaml'), 0o600);
    await until((snapshot) => snapshot.problems.length === 0);
  });

  test('sizes are bounded: a file too large, files too many and objects too many are named', async () => {
    await put('a.yaml', edge('a'));
    await put('b.yaml', `# ${'x'.repeat(2_000)}\n${edge('b')}`);
    await put('c.yaml', `${edge('c')}---\n${edge('d')}---\n${edge('e')}`);
    const { problems, edges } = await start({ limits: { ...FOLDER_LIMITS, maxFileBytes: 1_500, maxFiles: 3, maxObjects: 2 } });
    expect([...edges.keys()]).toEqual(['a', 'c']);
    const remedies = problems.map((problem) => problem.remedy).join('\n');
    expect(remedies).toMatch(/larger than 1500 bytes/);
    expect(remedies).toMatch(/2 are read and no more/);
  });

  test('a few lines that would unfold to gigabytes are refused', async () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`)].join('\n'); // prettier-ignore
    await put('bomb.yaml', bomb);
    expect((await start()).problems).toEqual([expect.objectContaining({ field: 'syntax' })]);
  });

  test('the YAML of an edge is what stands in its file, JSON as YAML', async () => {
    await put('base.yaml', BASE);
    await put('a.yaml', `---\n${edge('a')}  # why\n`);
    await put(
      'b.json',
      JSON.stringify({
        apiVersion: 'edgefleet.dev/v1alpha1',
        kind: 'Edge',
        metadata: { name: 'b' },
        spec: { url: 'https://b.example.com', connectorRef: { name: 'plain' }, tokenSecretRef: { name: 'token' } },
      }),
    );
    await start();
    expect(store.yamlOf('Edge', 'a')).toMatch(/^apiVersion: edgefleet.dev[^]*# why\n$/);
    expect(store.yamlOf('Edge', 'b')).toContain('url: https://b.example.com\n');
    expect(store.yamlOf('Edge', 'c')).toBeUndefined();
  });

  test('10,000 edges are read in seconds, and one change afterwards parses one document', async () => {
    await put('base.yaml', BASE);
    const documents = Array.from({ length: 10_000 }, (_unused, index) => `---\n${JSON.stringify({ apiVersion: 'edgefleet.dev/v1alpha1', kind: 'Edge', metadata: { name: `e-${index}` }, spec: { url: `https://e-${index}.example.com`, connectorRef: { name: 'plain' }, tokenSecretRef: { name: 'token' } } })}\n`); // prettier-ignore
    await put('all.yaml', documents.join(''));
    const before = await start();
    expect(before.edges.size).toBe(10_000);
    await put('all.yaml', documents.with(7, `---\n${edge('e-7', '  displayName: Seven\n')}`).join(''));
    const after = await until((snapshot) => snapshot !== before);
    const changed = [...after.edges].filter(([id, one]) => before.edges.get(id) !== one).map(([id]) => id);
    expect(changed).toEqual(['e-7']);
  });
});

describe('while it is watched', () => {
  beforeEach(async () => {
    await put('base.yaml', BASE);
    await put('edges/a.yaml', edge('a'));
    await start();
  });

  test.each<[what: string, change: () => Promise<unknown>, wanted: readonly string[]]>([
    ['a file comes', () => put('edges/b.yaml', edge('b')), ['a', 'b']],
    ['a file comes in a new folder', () => put('more/deep/b.yaml', edge('b')), ['a', 'b']],
    ['a file goes', () => unlink(join(folder, 'edges/a.yaml')), []],
    ['a folder goes', () => rm(join(folder, 'edges'), { recursive: true }), []],
    ['a file is written over', () => put('edges/a.yaml', edge('b')), ['b']],
    ['a file is put in place of another, as editors do', async () => { await put('edges/.a.tmp', edge('b')); await rename(join(folder, 'edges/.a.tmp'), join(folder, 'edges/a.yaml')); }, ['b']],
    ['a folder is moved in', async () => { await mkdir(`${folder}-aside`); await writeFile(join(`${folder}-aside`, 'b.yaml'), edge('b')); await rename(`${folder}-aside`, join(folder, 'moved')); }, ['a', 'b']],
  ])('%s: it enters or leaves without a restart', async (_what, change, wanted) => {
    await change();
    await until((snapshot) => has(snapshot, ...wanted));
    expect(changes).toBeGreaterThan(0);
  }); // prettier-ignore

  test('a mounted ConfigMap is swapped as a whole by one symbolic link', async () => {
    const mount = join(folder, 'mount');
    const version = async (name: string, text: string): Promise<void> => {
      await mkdir(join(mount, name), { recursive: true });
      await writeFile(join(mount, name, 'edges.yaml'), text);
      await symlink(name, join(mount, '..data_tmp'));
      await rename(join(mount, '..data_tmp'), join(mount, '..data'));
    };
    await version('..2026_1', edge('b'));
    await symlink('..data/edges.yaml', join(mount, 'edges.yaml'));
    await until((snapshot) => has(snapshot, 'a', 'b'));
    await version('..2026_2', `${edge('b')}---\n${edge('c')}`);
    await until((snapshot) => has(snapshot, 'a', 'b', 'c'));
  });

  test('an object that went bad keeps its last good form and is named, until it is mended', async () => {
    await put('edges/a.yaml', edge('a', '  lifecycle: Paused\n'));
    const bad = await until((snapshot) => snapshot.problems.length === 1);
    expect(bad.edges.get([...bad.edges.keys()][0]!)?.lifecycle).toBe('Active');
    await put('edges/a.yaml', edge('a', '  lifecycle: Parked\n'));
    const good = await until((snapshot) => snapshot.problems.length === 0);
    expect([...good.edges.values()].map((one) => [one.lifecycle, one.generation])).toEqual([['Parked', 2]]);
  });

  test('a file that cannot be parsed any more keeps all that it held', async () => {
    await put('edges/a.yaml', `${edge('a')}---\n${edge('b')}`);
    await until((snapshot) => has(snapshot, 'a', 'b'));
    await put('edges/a.yaml', `${edge('a')}---\nkind: {{{`);
    await until((snapshot) => snapshot.problems.length === 1);
    expect(names(store.current())).toEqual(['a', 'b']);
  });

  test('what did not change keeps its identity, and its place in another file changes nothing', async () => {
    const before = store.current();
    await put('edges/b.yaml', edge('b'));
    const after = await until((snapshot) => has(snapshot, 'a', 'b'));
    for (const [id, one] of before.edges) expect(after.edges.get(id)).toBe(one);
    for (const [id, one] of before.secrets) expect(after.secrets.get(id)).toBe(one);
    await rename(join(folder, 'edges/a.yaml'), join(folder, 'z.yaml'));
    const moved = await until((snapshot) => snapshot !== after);
    for (const [id, one] of before.edges) expect(moved.edges.get(id)).toBe(one);
  });

  test('AcceptNext holds once per change of the field: other changes leave the generation as it is', async () => {
    const generation = (): number | undefined => [...store.current().edges.values()][0]?.generation;
    await put('edges/a.yaml', edge('a', '  identity: AcceptNext\n'));
    await until(() => generation() === 2);
    await put('edges/a.yaml', edge('a', '  identity: AcceptNext\n  displayName: Renamed\n'));
    await until((snapshot) => [...snapshot.edges.values()][0]?.displayName === 'Renamed');
    expect(generation()).toBe(2);
    await put('edges/a.yaml', edge('a'));
    await until(() => generation() === 3);
  });

  test('a folder that goes away keeps what it held, says so, and is read again when it is back', async () => {
    await rename(folder, `${folder}-away`);
    const gone = await until((snapshot) => snapshot.problems.length === 1);
    expect(names(gone)).toEqual(['a']);
    await writeFile(join(`${folder}-away`, 'b.yaml'), edge('b'));
    await rename(`${folder}-away`, folder);
    await until((snapshot) => has(snapshot, 'a', 'b') && snapshot.problems.length === 0);
  }, 15_000);

  test('what no event told is found by the timer', async () => {
    await store.close();
    const stepped = createSteppedRuntime();
    store = createFolderStore({ folder }, stepped);
    await store.start();
    writeFileSync(join(folder, 'edges/b.yaml'), edge('b'));
    stepped.advance(30_000); // in the same turn: no event can have come
    await until((snapshot) => has(snapshot, 'a', 'b'));
  });

  test('many saves at once are one change', async () => {
    await Promise.all(Array.from({ length: 50 }, (_unused, index) => put(`edges/n-${index}.yaml`, edge(`n-${index}`))));
    await until((snapshot) => snapshot.edges.size === 51);
    expect(changes).toBeLessThan(10);
  });

  test('an empty file holds nothing', async () => {
    await truncate(join(folder, 'edges/a.yaml'));
    await until((snapshot) => has(snapshot));
    expect(store.current().problems).toEqual([]);
  });
});
