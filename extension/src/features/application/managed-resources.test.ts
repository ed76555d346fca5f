import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { lineDiff } from './line-diff.ts';
import { parseManagedResources, parseResourceManifests } from './managed-resources.ts';
import { manifestText, maskSecret, parseLive, toYaml } from './manifest-text.ts';

const compare = (left: string, right: string): number => left.localeCompare(right);
const recorded = (version: string, name: string): unknown => {
  const file = new URL(`../../../../test/fixtures/argocd/${version}/${name}.json`, import.meta.url);
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as { response: { body: string } };
  return JSON.parse(response.body);
};
const SIGNAGE = { group: 'apps', kind: 'Deployment', namespace: 'retail', name: 'signage' };

describe('the list of managed resources', () => {
  test('names the changed ones first', () => {
    const answer = {
      items: [
        { kind: 'ConfigMap', name: 'a' },
        { kind: 'Deployment', name: 'b', modified: true },
      ],
    };
    const list = parseManagedResources(answer, 2, compare);
    expect(list.kind === 'known' && list.items.map(({ name, modified }) => [name, modified])).toEqual([['b', true], ['a', false]]); // prettier-ignore
  });

  test.each([3, undefined])('empty, while the Application has %s resources: not known, never "no difference"', (resources) => {
    expect(parseManagedResources({}, resources, compare)).toEqual({ kind: 'unknown' });
  });

  test('empty, and the Application has none: known', () => {
    expect(parseManagedResources({}, 0, compare)).toEqual({ kind: 'known', items: [] });
  });
});

describe('the manifests of one resource', () => {
  test.each(['2.10.20', '2.14.21', '3.4.7', '3.5.1'])('Argo CD %s: the difference is the image alone', (version) => {
    const { compared } = parseResourceManifests(recorded(version, 'managed-resources-signage-out-of-sync'), SIGNAGE)!;
    const diff = lineDiff(compared.live, compared.desired)!;
    const changed = diff.hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== 'same'));
    expect(changed.map(({ kind, text }) => [kind, text.includes('registry.example.com/retail/signage')])).toEqual([
      ['removed', true],
      ['added', true],
    ]);
  });

  test('what is not created yet has no live side, what is to be pruned no desired one', () => {
    const state = JSON.stringify({ kind: 'ConfigMap' });
    const item = (live: string, target: string) => ({
      kind: 'ConfigMap', name: 'a', liveState: live, targetState: target, normalizedLiveState: live, predictedLiveState: target,
    }); // prettier-ignore
    const wanted = { group: '', kind: 'ConfigMap', namespace: '', name: 'a' };
    expect(parseResourceManifests({ items: [item('null', state)] }, wanted)!.compared).toEqual({ live: '', desired: 'kind: ConfigMap\n' });
    expect(parseResourceManifests({ items: [item(state, 'null')] }, wanted)!.compared).toEqual({ live: 'kind: ConfigMap\n', desired: '' });
  });

  test('another resource than the one asked for is none', () => {
    expect(parseResourceManifests({ items: [{ kind: 'Secret', name: 'a' }] }, SIGNAGE)).toBeUndefined();
  });
});

describe('a Secret', () => {
  const secret = {
    kind: 'Secret',
    metadata: { name: 's', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"aHVudGVyMg=="}}' } },
    data: { password: 'aHVudGVyMg==', masked: '+++++' },
    stringData: { token: 'hunter2' },
  };

  test('never shows a value, whether the edge masked it or not', () => {
    const text = manifestText(secret);
    expect(text).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  test('keeps the run of plus signs by which the edge tells equal from changed', () => {
    expect(maskSecret(secret)).toMatchObject({ data: { password: '++++++++', masked: '+++++' } });
  });

  test('as the live manifest of a recorded edge is masked too', () => {
    expect(manifestText(parseLive(recorded('3.5.1', 'resource-secret')))).toMatch(/\+{4,}/);
  });
});

describe('a manifest as YAML', () => {
  test('says what the value says', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'B', '1', '-', ':', '"', ' ', '#', "'", '{', '+') });
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any')),
        fc.dictionary(text, tie('any')),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(text, value), (manifest) => expect(parse(toYaml(manifest)) ?? {}).toEqual(manifest)),
      { numRuns: 100 },
    );
  });

  test('leaves the bookkeeping of the API server out', () => {
    expect(manifestText({ kind: 'Pod', metadata: { name: 'a', managedFields: [{ manager: 'x' }] } })).toBe(
      'kind: Pod\nmetadata:\n  name: a\n',
    );
  });
});

describe('a difference by lines', () => {
  const lines = (count: number, change: Readonly<Record<number, string>> = {}): string =>
    Array.from({ length: count }, (_unused, index) => change[index] ?? `line ${index}`).join('\n') + '\n';

  test('shows three lines around, and says how many are left out', () => {
    const diff = lineDiff(lines(40), lines(40, { 20: 'changed' }))!;
    expect(diff.hunks.map(({ hidden, lines: shown }) => [hidden, shown.length])).toEqual([[17, 8]]);
    expect([diff.hiddenAfter, diff.added, diff.removed]).toEqual([16, 1, 1]);
  });

  test('counts lines on both sides', () => {
    const [hunk] = lineDiff(lines(3), lines(3, { 1: 'new' }))!.hunks;
    expect(hunk!.lines.map(({ kind, live, desired }) => [kind, live, desired])).toEqual([
      ['same', 1, 1], ['removed', 2, undefined], ['added', undefined, 2], ['same', 3, 3],
    ]); // prettier-ignore
  });

  test('of equal texts there is none; of texts too different it is not tried', () => {
    expect(lineDiff('a\n', 'a\n')).toMatchObject({ hunks: [], hiddenAfter: 1, added: 0, removed: 0 });
    expect(lineDiff(lines(5_000), lines(5_000).replaceAll('line', 'word'))).toBeUndefined();
  });
});
