import type { SyncStatus } from './health.ts';

/** Why a health status is no evidence. `notReadable` is no reason: without observedAt the comparison alone decides. */
export const UNJUDGED_REASONS = ['NotCompared', 'ComparisonFailed', 'ControllerSilent'] as const;
export type UnjudgedReason = (typeof UNJUDGED_REASONS)[number];

/** Conditions that say the comparison did not work (argo-cd pkg/apis/application/v1alpha1/types.go @ v3.5.1). */
const COMPARISON_CONDITIONS: ReadonlySet<string> = new Set(['ComparisonError', 'InvalidSpecError', 'UnknownError']);

export interface JudgedFacts {
  readonly sync: SyncStatus;
  readonly conditionTypes: readonly string[];
  /** `status.reconciledAt` at the last reading, and the edge's own clock at that same reading; absent where it cannot be read. */
  readonly observedAt?: number | undefined;
  readonly edgeClockAtReading?: number | undefined;
  readonly judgedWithinMs: number;
}

/**
 * Undefined: the health status rests on a comparison that worked, by a controller that still looks. Else the reason why it does not.
 * An Argo CD that cannot render an Application calls it Healthy, so unjudged is never counted as well. The age of the comparison is taken
 * at the reading, never against now: a cut tunnel makes nothing unjudged.
 */
export function unjudgedReason(facts: JudgedFacts): UnjudgedReason | undefined {
  if (facts.conditionTypes.some((type) => COMPARISON_CONDITIONS.has(type))) return 'ComparisonFailed';
  if (facts.sync === 'Unknown') return 'NotCompared';
  const { observedAt, edgeClockAtReading } = facts;
  if (observedAt === undefined || edgeClockAtReading === undefined) return undefined;
  return edgeClockAtReading - observedAt > facts.judgedWithinMs ? 'ControllerSilent' : undefined;
}
