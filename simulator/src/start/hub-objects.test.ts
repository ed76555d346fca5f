import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { hubObjects } from './hub-objects.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-objects-'));
});
afterEach(() => rm(folder, { recursive: true }));

const kinds = (yaml: string): unknown[] => parseAllDocuments(yaml).map((document) => (document.toJS() as { kind: string } | null)?.kind);

describe('hubObjects', () => {
  test('without a folder both objects are made up, with a different secret for looking and for acting', async () => {
    const { secrets, yaml } = await hubObjects(undefined, 'v3.5.1');
    expect(kinds(yaml)).toEqual(['Secret', 'ConfigMap']);
    expect(secrets['edge-fleet']).toMatch(/^.{32}$/);
    expect(secrets['edge-fleet']).not.toBe(secrets['edge-fleet-ops']);
  });

  test('secrets are others at each start', async () => {
    const [first, second] = await Promise.all([hubObjects(undefined, 'v3.5.1'), hubObjects(undefined, 'v3.5.1')]);
    expect(first.secrets).not.toEqual(second.secrets);
  });

  test("a folder's own secrets are used, and nothing of theirs is written again", async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: edge-fleet-scopes}\nstringData: {edge-fleet: mine}\n';
    await writeFile(join(folder, 'hub.yaml'), `${secret}---\nkind: ConfigMap\nmetadata: {name: edge-fleet-policy}\n`);
    expect(await hubObjects(folder, 'v3.5.1')).toEqual({ secrets: { 'edge-fleet': 'mine' }, yaml: '' });
  });

  test('a file that is no YAML is left to proxy-server, which says what is wrong with it', async () => {
    await writeFile(join(folder, 'broken.yaml'), 'edge-fleet-scopes: [\n');
    expect(kinds((await hubObjects(folder, 'v3.5.1')).yaml)).toEqual(['Secret', 'ConfigMap']);
  });
});
