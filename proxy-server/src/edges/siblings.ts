import type { Edge } from '../domain/edge.ts';
import type { EdgeConnection } from '../domain/edge-connection.ts';
import type { EdgeId } from '../domain/ids.ts';
import type { Clock } from '../ports/runtime.ts';

/**
 * Edges that went out of reach together come back together: the first one that answers again wakes the others of its outage (same Connector,
 * same failure, lost at about the same time), which then need not wait for the end of their own back-off. A group is woken at most once in a
 * while, so that flapping edges do not keep each other awake.
 */
export interface Siblings {
  note(edge: Edge, before: EdgeConnection, after: EdgeConnection): void;
  forget(edge: EdgeId): void;
}

/** Lost within this time of each other: one outage. */
const SAME_OUTAGE_MS = 10 * 60_000;
const WAKE_EVERY_MS = 10_000;

interface Group {
  readonly lostAt: Map<EdgeId, number>;
  wokenAt: number;
}

/** Wakes the edges that were lost alike when one of them returns; at most once per group and interval. */
export function createSiblings(clock: Clock, wake: (edge: EdgeId) => void): Siblings {
  const groups = new Map<string, Group>();
  const memberships = new Map<EdgeId, string>();

  const leave = (id: EdgeId): Group | undefined => {
    const key = memberships.get(id);
    const group = key === undefined ? undefined : groups.get(key);
    memberships.delete(id);
    group?.lostAt.delete(id);
    if (key !== undefined && group?.lostAt.size === 0) groups.delete(key);
    return group;
  };
  const join = (id: EdgeId, key: string, lostAt: number): void => {
    if (memberships.get(id) === key) return;
    leave(id);
    const group = groups.get(key) ?? { lostAt: new Map<EdgeId, number>(), wokenAt: -Infinity };
    group.lostAt.set(id, lostAt);
    groups.set(key, group);
    memberships.set(id, key);
  };
  const wakeOthers = (group: Group, lostAt: number): void => {
    const now = clock.now();
    if (now - group.wokenAt < WAKE_EVERY_MS) return;
    group.wokenAt = now;
    for (const [id, otherLostAt] of group.lostAt) if (Math.abs(otherLostAt - lostAt) <= SAME_OUTAGE_MS) wake(id);
  };

  return {
    note(edge, before, after) {
      if (after.connection === 'OutOfReach' && after.failure !== undefined) {
        join(edge.id, `${edge.connector} ${after.failure.row}`, after.since);
      } else if (before.connection === 'OutOfReach') {
        const group = leave(edge.id);
        if (group !== undefined && after.connection === 'Reachable') wakeOthers(group, before.since);
      }
    },
    forget: (edge) => void leave(edge),
  };
}
