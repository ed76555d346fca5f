import type { Identity } from '../domain/identity.ts';
import type { Visibility } from '../domain/visibility.ts';

/** `doctor` is asked of all edges at once, named `*`. */
export const RIGHTS_ACTIONS = ['get', 'refresh', 'sync', 'rollback', 'terminate', 'doctor'] as const;
export type RightsAction = (typeof RIGHTS_ACTIONS)[number];

/** What an action is about. `logs` is a resource of its own: who may see an Application may not always read its Pods' logs. */
export type RightsObject =
  | { readonly resource: 'edges'; readonly edge: string; readonly labels: Readonly<Record<string, string>> }
  | {
      readonly resource: 'applications' | 'logs';
      readonly edge: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly project: string;
      readonly namespace: string;
      readonly application: string;
    };

/** A refusal says why in words, and the line of policy that would allow it, to paste. */
export type RightsDecision =
  { readonly allowed: true } | { readonly allowed: false; readonly reason: string; readonly missingLine: string };

/** Who may do what, decided from the policy as it is right now. Never throws, never asks anyone else. */
export interface Rights {
  /** Users with the same key see the same; the key changes when the policy does. */
  visibility(identity: Identity): Visibility;
  can(identity: Identity, action: RightsAction, object: RightsObject): RightsDecision;
}
