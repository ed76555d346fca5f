import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_NODES, parseTree, type ResourceNode } from './resource-nodes.ts';
import { treeMove, treeRows, type TreeRow } from './tree-rows.ts';

const compare = (left: string, right: string): number => left.localeCompare(right, 'en', { numeric: true });
const recorded = (version: string, name: string): unknown => {
  const file = new URL(`../../../../test/fixtures/argocd/${version}/${name}.json`, import.meta.url);
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as { response: { body: string } };
  return JSON.parse(response.body);
};
const node = (name: string, parents: readonly string[] = [], over: Partial<ResourceNode> = {}): ResourceNode => ({
  key: name, group: '', kind: 'Pod', namespace: 'shop', name, version: 'v1', parents, info: [], images: [], orphaned: false, ...over,
}); // prettier-ignore
const NOTHING: ReadonlySet<string> = new Set();
const all = (nodes: readonly ResourceNode[], filter = '', collapsed = NOTHING): readonly TreeRow[] =>
  treeRows(nodes, { collapsed, filter }, compare);

describe('the tree that an edge answers with', () => {
  test.each(['2.10.20', '2.14.21', '3.4.7', '3.5.1'])(
    'Argo CD %s: a crashing Pod stands below its ReplicaSet and Deployment',
    (version) => {
      const tree = parseTree(recorded(version, 'tree-inventory'))!;
      const rows = all(tree.nodes);
      expect(rows.map(({ node: { kind }, level }) => [kind, level])).toEqual([['Deployment', 1], ['ReplicaSet', 2], ['Pod', 3]]); // prettier-ignore
      const pod = rows[2]!.node;
      expect(pod.health).toBe('Degraded');
      expect(pod.info).toContainEqual({ name: 'Status Reason', value: 'CrashLoopBackOff' });
    },
  );

  test('an info without a value, as 3.5 sends it, is left out', () => {
    const pod = parseTree(recorded('3.5.1', 'tree-inventory'))!.nodes.find(({ kind }) => kind === 'Pod')!;
    expect(pod.info.map(({ name }) => name)).not.toContain('Node');
  });

  test('an Application that was never rendered has an empty tree, and that is known', () => {
    expect(parseTree(recorded('3.5.1', 'tree-ghost'))).toEqual({ nodes: [], total: 0 });
  });

  test('more nodes than a page can hold are cut, and how many there were is told', () => {
    const nodes = Array.from({ length: MAX_NODES + 7 }, (_unused, index) => ({ kind: 'Pod', name: `p-${index}` }));
    const tree = parseTree({ nodes })!;
    expect([tree.nodes.length, tree.total]).toEqual([MAX_NODES, MAX_NODES + 7]);
  });

  test('whatever comes, it is a tree or nothing', () => {
    fc.assert(fc.property(fc.jsonValue(), (answer) => expect(() => parseTree(answer)).not.toThrow()));
    expect(parseTree('a page of HTML')).toBeUndefined();
  });
});

describe('the lines of a tree', () => {
  const NODES = [node('app'), node('set', ['app']), node('pod-10', ['set']), node('pod-9', ['set'], { health: 'Degraded' }), node('other')];

  test('are in natural order, each with its place among its siblings', () => {
    expect(all(NODES).map(({ node: { name }, level, position, siblings }) => [name, level, position, siblings])).toEqual([
      ['app', 1, 1, 2], ['set', 2, 1, 1], ['pod-9', 3, 1, 2], ['pod-10', 3, 2, 2], ['other', 1, 2, 2],
    ]); // prettier-ignore
  });

  test('below a closed node are not there', () => {
    expect(all(NODES, '', new Set(['set'])).map(({ node: { name } }) => name)).toEqual(['app', 'set', 'other']);
  });

  test('a filter keeps what is above a match and opens it', () => {
    expect(all(NODES, 'DEGRADED', new Set(['app'])).map(({ node: { name } }) => name)).toEqual(['app', 'set', 'pod-9']);
  });

  test('every node is there once, even where parents form a ring', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(names, fc.array(names, { maxLength: 2 })), { selector: ([name]) => name }), (drawn) => {
        const nodes = drawn.map(([name, parents]) => node(name, parents));
        expect(
          all(nodes)
            .map(({ node: { key } }) => key)
            .sort(),
        ).toEqual(nodes.map(({ key }) => key).sort());
      }),
    );
  });
});

describe('the keys of a tree', () => {
  const NODES = [node('app'), node('set', ['app']), node('pod', ['set'])];
  const rows = all(NODES);
  test.each([
    ['ArrowDown', 'app', { kind: 'go', key: 'set' }],
    ['ArrowDown', 'pod', { kind: 'go', key: 'pod' }],
    ['ArrowUp', 'set', { kind: 'go', key: 'app' }],
    ['ArrowRight', 'app', { kind: 'go', key: 'set' }],
    ['ArrowRight', 'pod', undefined],
    ['ArrowLeft', 'set', { kind: 'toggle', key: 'set' }],
    ['ArrowLeft', 'pod', { kind: 'go', key: 'set' }],
    ['End', 'app', { kind: 'go', key: 'pod' }],
    ['Home', 'pod', { kind: 'go', key: 'app' }],
    ['ArrowDown', undefined, { kind: 'go', key: 'app' }],
    ['x', 'app', undefined],
  ])('%s on %s', (pressed, current, move) => {
    expect(treeMove(rows, current, pressed)).toEqual(move);
  });

  test('right opens what is closed', () => {
    expect(treeMove(all(NODES, '', new Set(['app'])), 'app', 'ArrowRight')).toEqual({ kind: 'toggle', key: 'app' });
  });
});
