import { defined, fieldAt, listAt, textAt, textsAt, timeAt } from '../../api/json-fields.ts';

/** What names a resource on an edge. */
export interface ResourceName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** One node of the resource tree (argo-cd pkg/apis/application/v1alpha1/types.go @ v3.5.1, ResourceNode). */
export interface ResourceNode extends ResourceName {
  readonly key: string;
  readonly version: string;
  readonly parents: readonly string[];
  readonly health?: string;
  readonly healthMessage?: string;
  readonly info: readonly { readonly name: string; readonly value: string }[];
  readonly images: readonly string[];
  readonly createdAt?: number;
  /** Not managed by the Application, but in its namespace. */
  readonly orphaned: boolean;
}

/** A tree beyond this is cut, and says so. */
export const MAX_NODES = 5_000;

export const resourceKey = ({ group, kind, namespace, name }: ResourceName): string => [group, kind, namespace, name].join('/');

export const toResourceName = (item: unknown): ResourceName => ({
  group: textAt(item, 'group') ?? '',
  kind: textAt(item, 'kind') ?? '',
  namespace: textAt(item, 'namespace') ?? '',
  name: textAt(item, 'name') ?? '',
});

function toNode(item: unknown, orphaned: boolean): ResourceNode {
  const name = toResourceName(item);
  return {
    ...name,
    key: resourceKey(name),
    version: textAt(item, 'version') ?? '',
    parents: listAt(item, 'parentRefs').map((parent) => resourceKey(toResourceName(parent))),
    info: listAt(item, 'info').flatMap((one) => {
      const title = textAt(one, 'name');
      const value = textAt(one, 'value');
      return title === undefined || value === undefined ? [] : [{ name: title, value }];
    }),
    images: textsAt(item, 'images'),
    orphaned,
    ...defined<ResourceNode>({
      health: textAt(item, 'health', 'status'),
      healthMessage: textAt(item, 'health', 'message'),
      createdAt: timeAt(item, 'createdAt'),
    }),
  };
}

export interface ResourceTree {
  readonly nodes: readonly ResourceNode[];
  /** How many nodes the edge named; more than there are where it was cut. */
  readonly total: number;
}

/** Undefined where the answer is no tree at all. A node that comes twice counts once. */
export function parseTree(answer: unknown): ResourceTree | undefined {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined;
  const all = [
    ...listAt(answer, 'nodes').map((item) => ({ item, orphaned: false })),
    ...listAt(answer, 'orphanedNodes').map((item) => ({ item, orphaned: true })),
  ].filter(({ item }) => textAt(item, 'kind') !== undefined && fieldAt(item, 'name') !== undefined);
  const nodes = new Map<string, ResourceNode>();
  for (const { item, orphaned } of all) {
    if (nodes.size >= MAX_NODES) break;
    const node = toNode(item, orphaned);
    if (!nodes.has(node.key)) nodes.set(node.key, node);
  }
  return { nodes: [...nodes.values()], total: all.length };
}
