import { DISCOVERY_PATH, discoverAnchor, type Anchor } from './anchor.ts';
import type { HubProblem } from './hub-problem.ts';

/** What the hub's own API says, or undefined where it does not say anything. */
export type AskHub = (path: string) => Promise<unknown>;

/** Another anchor to try, or the problem as it is. */
export type Explained = { readonly anchor: Anchor } | { readonly problem: HubProblem };

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

export const MAY_INVOKE = 'api/v1/account/can-i/extensions/invoke/';
/** `yes` or `no`. */
export const valueOf = (answer: unknown): unknown => fieldOf(answer, 'value');

const isSame = (left: Anchor, right: Anchor): boolean => left.application === right.application && left.project === right.project;

/**
 * The hub answers 401 in one and the same words for four causes: a session that ended, no right to invoke the extension, no anchor
 * Application, and no right to see it. The hub's own API tells which; where the user sees another Application, that one may stand in.
 */
export async function explainRefusal(refused: HubProblem, wanted: Anchor, used: Anchor, askHub: AskHub): Promise<Explained> {
  const info = await askHub('api/v1/session/userinfo');
  if (info !== undefined && fieldOf(info, 'loggedIn') !== true) return { problem: { ...refused, kind: 'session' } };
  const name = fieldOf(info, 'username');
  const problem: HubProblem = typeof name === 'string' ? { ...refused, user: name } : refused;
  const mayInvoke = valueOf(await askHub(MAY_INVOKE + (refused.extension ?? 'edge-fleet')));
  if (mayInvoke === 'no') return { problem };
  const standIn = discoverAnchor(await askHub(DISCOVERY_PATH), wanted);
  if (standIn !== undefined && !isSame(standIn, used)) return { anchor: standIn };
  return { problem: mayInvoke === 'yes' ? { ...problem, kind: 'anchor' } : problem };
}
