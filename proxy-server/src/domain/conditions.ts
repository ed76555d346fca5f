/** Conditions as in the Kubernetes API conventions: positive, with a reason in CamelCase and a message that says what to do. */
export interface Condition {
  readonly type: 'Ready' | 'Reachable';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** RFC 3339; moves with `status` alone. */
  readonly lastTransitionTime: string;
  readonly observedGeneration: number;
}

export type ConditionFacts = Omit<Condition, 'lastTransitionTime'>;

/** `2026-11-23T15:45:22Z`: whole seconds, as Kubernetes writes times. */
export const conditionTime = (now: number): string => `${new Date(now).toISOString().slice(0, 19)}Z`;

/** The condition that follows the one before: the time of transition moves only when the status does. */
export function nextCondition(facts: ConditionFacts, before: Condition | undefined, now: number): Condition {
  const kept = before?.status === facts.status ? before.lastTransitionTime : undefined;
  return { ...facts, lastTransitionTime: kept ?? conditionTime(now) };
}

export const conditionOf = (conditions: readonly Condition[], type: Condition['type']): Condition | undefined =>
  conditions.find((condition) => condition.type === type);

interface ComparedStatus {
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
  readonly identity?: { readonly id: string; readonly acceptedGeneration: number };
}

const sameCondition = (left: Condition, right: Condition): boolean =>
  left.status === right.status &&
  left.reason === right.reason &&
  left.message === right.message &&
  left.observedGeneration === right.observedGeneration &&
  left.lastTransitionTime === right.lastTransitionTime;

/** True where writing would change nothing. The order of conditions does not matter. */
export function sameStatus(left: ComparedStatus | undefined, right: ComparedStatus): boolean {
  if (left?.observedGeneration !== right.observedGeneration || left.conditions.length !== right.conditions.length) return false;
  if (left.identity?.id !== right.identity?.id || left.identity?.acceptedGeneration !== right.identity?.acceptedGeneration) return false;
  return right.conditions.every((condition) => {
    const other = conditionOf(left.conditions, condition.type);
    return other !== undefined && sameCondition(other, condition);
  });
}
