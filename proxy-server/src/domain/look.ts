import type { HealthStatus, SyncStatus } from './health.ts';
import { isFailing, type OperationState } from './operation.ts';

/** What an edge looks like, worst first: the worst of its Applications. An edge without Applications is `Empty`. */
export const EDGE_LOOKS = ['Degraded', 'Failing', 'Missing', 'Unjudged', 'Progressing', 'Suspended', 'Healthy', 'Empty'] as const;
export type EdgeLook = (typeof EDGE_LOOKS)[number];
export type ApplicationLook = Exclude<EdgeLook, 'Empty'>;

const RANK: ReadonlyMap<EdgeLook, number> = new Map(EDGE_LOOKS.map((look, rank) => [look, rank]));

/** 0 is worst; also the code under which a look is stored and sent. */
export const lookRank = (look: EdgeLook): number => RANK.get(look) ?? EDGE_LOOKS.length - 1;

export interface LookFacts {
  readonly health: HealthStatus;
  readonly sync: SyncStatus;
  readonly operation: OperationState;
  readonly judged: boolean;
}

/**
 * Not judged, or without a health: `Unjudged`, but `Failing` where the operation fails. Judged: the worse of its health and that `Failing`.
 */
export function applicationLook(facts: LookFacts): ApplicationLook {
  const failing = isFailing(facts.operation, facts.sync);
  if (!facts.judged || facts.health === 'Unknown') return failing ? 'Failing' : 'Unjudged';
  return failing && lookRank(facts.health) > lookRank('Failing') ? 'Failing' : facts.health;
}

/** The worse of two looks. `Empty` is the neutral element, so groups merge in any order. */
export function worseLook(left: EdgeLook, right: EdgeLook): EdgeLook {
  return lookRank(left) <= lookRank(right) ? left : right;
}
