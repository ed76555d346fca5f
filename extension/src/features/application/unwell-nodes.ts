import type { ResourceNode } from './resource-nodes.ts';

/** Worst first; Suspended is on purpose, and Unknown says nothing. */
const UNWELL = ['Degraded', 'Missing', 'Progressing'];

const rank = ({ health = '' }: ResourceNode): number => UNWELL.indexOf(health);

/**
 * What keeps an Application from healthy: the resources that are not well, worst first. Of a line of owners only the last is named, since
 * the others are unwell because of it; a message that only an owner has is its own line.
 */
export function unwellNodes(nodes: readonly ResourceNode[]): readonly ResourceNode[] {
  const unwell = nodes.filter((node) => rank(node) >= 0 && !node.orphaned);
  const owners = new Set(unwell.flatMap(({ parents }) => parents));
  return unwell
    .filter((node) => !owners.has(node.key) || node.healthMessage !== undefined)
    .sort((left, right) => rank(left) - rank(right) || left.kind.localeCompare(right.kind) || left.name.localeCompare(right.name));
}
