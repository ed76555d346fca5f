import type { ResourceNode } from './resource-nodes.ts';

/** A line of the tree as it is drawn: what is collapsed or filtered out is not there. */
export interface TreeRow {
  readonly node: ResourceNode;
  /** From 1, as `aria-level` counts. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly children: number;
  readonly expanded: boolean;
}

export interface TreeView {
  readonly collapsed: ReadonlySet<string>;
  readonly filter: string;
}

const shownTexts = (node: ResourceNode): readonly string[] => [
  node.name,
  node.kind,
  node.namespace,
  node.health ?? '',
  node.healthMessage ?? '',
  ...node.images,
  ...node.info.map(({ value }) => value),
];

/** Text search over what a line shows, without case. */
export const matchesNode = (node: ResourceNode, filter: string): boolean => {
  const wanted = filter.trim().toLowerCase();
  return wanted === '' || shownTexts(node).some((text) => text.toLowerCase().includes(wanted));
};

function childrenOf(nodes: readonly ResourceNode[]): ReadonlyMap<string, readonly ResourceNode[]> {
  const known = new Set(nodes.map(({ key }) => key));
  const children = new Map<string, ResourceNode[]>();
  for (const node of nodes) {
    const parent = node.parents.find((key) => known.has(key) && key !== node.key) ?? '';
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  return children;
}

/** Matching nodes and everything above them. */
function keptBy(nodes: readonly ResourceNode[], filter: string): ReadonlySet<string> {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const kept = new Set<string>();
  const keep = (node: ResourceNode): void => {
    if (kept.has(node.key)) return;
    kept.add(node.key);
    for (const parent of node.parents) {
      const above = byKey.get(parent);
      if (above !== undefined) keep(above);
    }
  };
  nodes.filter((node) => matchesNode(node, filter)).forEach(keep);
  return kept;
}

/** Nodes that no root leads to, because their parents form a ring, stand at the root: nothing is lost. */
function unreachable(nodes: readonly ResourceNode[], children: ReadonlyMap<string, readonly ResourceNode[]>): readonly ResourceNode[] {
  const seen = new Set<string>();
  const walk = (node: ResourceNode): void => {
    if (seen.has(node.key)) return;
    seen.add(node.key);
    children.get(node.key)?.forEach(walk);
  };
  children.get('')?.forEach(walk);
  return nodes.filter((node) => {
    if (seen.has(node.key)) return false;
    walk(node);
    return true;
  });
}

/**
 * The tree as lines, by kind and name, so that a line stays where it is while its state changes. A filter opens what it finds, whatever is
 * collapsed.
 */
export function treeRows(
  nodes: readonly ResourceNode[],
  { collapsed, filter }: TreeView,
  compare: (left: string, right: string) => number,
): readonly TreeRow[] {
  const kept = filter.trim() === '' ? undefined : keptBy(nodes, filter);
  const shown = kept === undefined ? nodes : nodes.filter(({ key }) => kept.has(key));
  const children = childrenOf(shown);
  const byName = (left: ResourceNode, right: ResourceNode): number =>
    Number(left.orphaned) - Number(right.orphaned) || compare(left.kind, right.kind) || compare(left.name, right.name);
  const rows: TreeRow[] = [];
  const drawn = new Set<string>();
  const draw = (siblings: readonly ResourceNode[], level: number): void => {
    [...siblings].sort(byName).forEach((node, index) => {
      if (drawn.has(node.key)) return;
      drawn.add(node.key);
      const below = children.get(node.key) ?? [];
      const expanded = below.length > 0 && (kept !== undefined || !collapsed.has(node.key));
      rows.push({ node, level, position: index + 1, siblings: siblings.length, children: below.length, expanded });
      if (expanded) draw(below, level + 1);
    });
  };
  draw([...(children.get('') ?? []), ...unreachable(shown, children)], 1);
  return rows;
}

export type TreeMove = { readonly kind: 'go'; readonly key: string } | { readonly kind: 'toggle'; readonly key: string };

/** What a key does, by the WAI-ARIA tree pattern: right opens or goes in, left closes or goes out. */
export function treeMove(rows: readonly TreeRow[], current: string | undefined, pressed: string): TreeMove | undefined {
  const at = rows.findIndex(({ node }) => node.key === current);
  const row = rows[at];
  const go = (index: number): TreeMove | undefined => {
    const target = rows[Math.min(rows.length - 1, Math.max(0, index))];
    return target === undefined ? undefined : { kind: 'go', key: target.node.key };
  };
  const moves: Readonly<Record<string, () => TreeMove | undefined>> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at < 0 ? 0 : at - 1),
    Home: () => go(0),
    End: () => go(rows.length - 1),
    ArrowRight: () => (row === undefined || row.children === 0 ? undefined : row.expanded ? go(at + 1) : toggle(row)),
    ArrowLeft: () => (row === undefined ? undefined : row.expanded ? toggle(row) : outOf(rows, at)),
  };
  return moves[pressed]?.();
}

const toggle = ({ node }: TreeRow): TreeMove => ({ kind: 'toggle', key: node.key });

function outOf(rows: readonly TreeRow[], at: number): TreeMove | undefined {
  const level = rows[at]?.level ?? 1;
  const above = rows.slice(0, at).findLast((row) => row.level < level);
  return above === undefined ? undefined : { kind: 'go', key: above.node.key };
}
