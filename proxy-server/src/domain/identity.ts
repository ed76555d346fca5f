/**
 * Who asks, as far as the hub proves it. `subject` is what rights are granted to; `scopes` are the hub's proxy extensions whose secrets came
 * with the request. What a client can forge (its groups) is kept for the audit under a name that says so, and grants nothing.
 */
export interface Identity {
  readonly subject: string;
  readonly username: string;
  /** Only on hubs known to be 3.2 or later: before that anyone can claim any. */
  readonly userId?: string;
  /** `edge-fleet`, `edge-fleet-ops`, or `edge-fleet-<group>`. */
  readonly scopes: ReadonlySet<string>;
  readonly claimedGroups: readonly string[];
  /** The anchor Application that the hub checked, and its project. */
  readonly anchor: { readonly namespace: string; readonly name: string; readonly project: string };
}

/** The registration of views. Every request needs it or one of the others. */
export const VIEW_SCOPE = 'edge-fleet';
/** The registration of actions. */
export const OPS_SCOPE = 'edge-fleet-ops';

/** True from 3.2 on: the hub sets the user id there, so a client cannot. */
export function setsUserId(hubVersion: string | undefined): boolean {
  const [, major, minor] = /^v?([0-9]+)\.([0-9]+)/.exec(hubVersion ?? '') ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 2);
}
