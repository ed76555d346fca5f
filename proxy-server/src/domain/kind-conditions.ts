import type { ConditionFacts } from './conditions.ts';
import type { Connection, Lifecycle } from './edge-state.ts';

/** The part of a problem of configuration that a condition shows. */
export interface ObjectProblem {
  readonly field: string;
  readonly remedy: string;
  readonly severity: 'error' | 'warning';
}

const MAX_SHOWN = 3;

/** Ready: the object was read and everything it names is there. */
export function readyCondition(problems: readonly ObjectProblem[], observedGeneration: number): ConditionFacts {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0)
    return { type: 'Ready', status: 'True', reason: 'Accepted', message: 'The configuration is in use', observedGeneration };
  const words = errors.slice(0, MAX_SHOWN).map(({ field, remedy }) => `${field}: ${remedy}`);
  if (errors.length > MAX_SHOWN) words.push(`and ${errors.length - MAX_SHOWN} more`);
  return { type: 'Ready', status: 'False', reason: 'Misconfigured', message: words.join('; '), observedGeneration };
}

/** What is known of the way to an edge. `title` and `remedy` are those of the failure table: they hold no times and no counts. */
export interface ReachFacts {
  readonly connection: Connection;
  readonly lifecycle: Lifecycle;
  readonly failure?: { readonly reason: string; readonly title: string; readonly remedy: string };
}

type ReachWords = Pick<ConditionFacts, 'status' | 'reason' | 'message'>;

const RETIRED: ReachWords = { status: 'Unknown', reason: 'Retired', message: 'The edge is retired and is not contacted' };
const BY_CONNECTION: Readonly<Record<Connection, ReachWords>> = {
  Reachable: { status: 'True', reason: 'Reachable', message: 'The Argo CD of the edge answers' },
  NeverReached: { status: 'Unknown', reason: 'NeverReached', message: 'The edge has not been heard yet' },
  OutOfReach: { status: 'False', reason: 'OutOfReach', message: 'The edge does not answer' },
  Refused: { status: 'False', reason: 'Refused', message: 'The edge refuses the hub' },
};

/** Reachable: true for connection Reachable alone; the reason is the class of the failure. Nothing in it moves while nothing happens. */
export function reachableCondition(facts: ReachFacts, observedGeneration: number): ConditionFacts {
  const base = { type: 'Reachable', observedGeneration } as const;
  if (facts.lifecycle === 'Retired') return { ...base, ...RETIRED };
  const words = BY_CONNECTION[facts.connection];
  if (facts.failure === undefined) return { ...base, ...words };
  const { reason, title, remedy } = facts.failure;
  return { ...base, status: words.status, reason, message: `${title}. ${remedy}` };
}
