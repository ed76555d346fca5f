import { fieldAt, listAt, numberAt, textAt, textsAt } from '../../api/json-fields.ts';
import type { ResourceNode } from './resource-nodes.ts';

/** How far an Argo Rollout is (argo-rollouts pkg/apis/rollouts/v1alpha1/types.go @ v1.8.3). */
export interface RolloutProgress {
  readonly strategy: 'canary' | 'blueGreen';
  /** Steps done, of how many; absent where there are none. */
  readonly step?: number;
  readonly steps?: number;
  /** Share of the traffic, or of the Pods, that the new version has. */
  readonly weight?: number;
  /** Why it stands still. */
  readonly paused: readonly string[];
  readonly aborted: boolean;
  readonly message?: string;
}

export const isRollout = ({ group, kind }: Pick<ResourceNode, 'group' | 'kind'>): boolean => group === 'argoproj.io' && kind === 'Rollout';

/** Without traffic routing there is no weight in the status: the last setWeight that was passed says what is aimed at. */
function weightOf(status: unknown, steps: readonly unknown[], done: number): number | undefined {
  const measured = numberAt(status, 'canary', 'weights', 'canary', 'weight');
  if (measured !== undefined) return measured;
  const passed = steps.slice(0, done + 1).map((step) => numberAt(step, 'setWeight'));
  return done >= steps.length ? 100 : (passed.findLast((weight) => weight !== undefined) ?? 0);
}

/** Undefined where the manifest is no Rollout. */
export function rolloutProgress(manifest: unknown): RolloutProgress | undefined {
  if (textAt(manifest, 'kind') !== 'Rollout') return undefined;
  const status = fieldAt(manifest, 'status');
  const canary = fieldAt(manifest, 'spec', 'strategy', 'canary');
  const steps = listAt(canary, 'steps');
  const done = numberAt(status, 'currentStepIndex') ?? 0;
  const weight = canary === undefined || steps.length === 0 ? undefined : weightOf(status, steps, done);
  const message = textAt(status, 'message');
  return {
    strategy: canary === undefined ? 'blueGreen' : 'canary',
    ...(steps.length === 0 ? {} : { step: Math.min(done, steps.length), steps: steps.length }),
    ...(weight === undefined ? {} : { weight }),
    paused: [
      ...(fieldAt(manifest, 'spec', 'paused') === true ? ['by a person'] : []),
      ...listAt(status, 'pauseConditions').flatMap((condition) => textAt(condition, 'reason') ?? []),
    ],
    aborted: fieldAt(status, 'abort') === true,
    ...(message === undefined ? {} : { message }),
  };
}

/** Names of the containers of a Pod, those that start first at the end. */
export function containersOf(manifest: unknown): readonly string[] {
  const names = (list: string): readonly string[] =>
    textsAt({ names: listAt(manifest, 'spec', list).map((one) => textAt(one, 'name')) }, 'names');
  return [...names('containers'), ...names('initContainers')];
}
