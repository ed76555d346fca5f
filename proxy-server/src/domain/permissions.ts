import { OPS_SCOPE, VIEW_SCOPE, type Identity } from './identity.ts';
import type { PolicyProblem } from './policy-csv.ts';

/** What a question of rights is about, with the words of the policy for it. */
export interface PolicyQuestion {
  readonly resource: string;
  readonly action: string;
  /** As a line of policy would name it. */
  readonly objectText: string;
}

const GROUP_PREFIX = `${VIEW_SCOPE}-`;

/**
 * The group that the hub vouched for by letting the request through a registration that has its own secret. A request carries one secret:
 * where several groups share it, none is proven.
 */
export function provenGroup(identity: Identity): string | undefined {
  const groups = [...identity.scopes].filter((scope) => scope.startsWith(GROUP_PREFIX) && scope !== OPS_SCOPE);
  return groups.length === 1 ? groups[0]?.slice(GROUP_PREFIX.length) : undefined;
}

/** True where the hub let this user through a registration that is for acting; seeing needs none. */
export const mayAct = (identity: Identity): boolean => identity.scopes.has(OPS_SCOPE) || provenGroup(identity) !== undefined;

const quoted = (text: string): string => (/[",\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The line that would allow it, ready to paste into `policy.csv`. */
export const missingPolicyLine = (subject: string, question: PolicyQuestion): string =>
  `p, ${quoted(subject)}, ${question.resource}, ${question.action}, ${quoted(question.objectText)}, allow`;

/** The line of the hub's own RBAC (`argocd-rbac-cm`) that lets a user through a registration. */
export const missingHubLine = (subject: string, scope: string): string => `p, ${quoted(subject)}, extensions, invoke, ${scope}, allow`;

export const REFUSAL_WORDS = {
  notThroughOps: `Acting goes through the hub's extension ${OPS_SCOPE}, which this request did not. Paste the line into policy.csv of argocd-rbac-cm on the hub`,
  noLine: 'No line of the policy allows it. Paste the line into policy.csv of ConfigMap edge-fleet-policy',
  denied: (line: number): string => `Line ${line} of policy.csv denies it, and deny wins. Change that line of ConfigMap edge-fleet-policy`,
  reservedName: 'A user whose name begins with role: or group: has no rights. Rename the user in the identity provider',
  badPolicy: (problem: PolicyProblem, more: number): string =>
    `The policy cannot be read, so nobody is allowed anything. Line ${problem.line} of policy.csv: ${problem.remedy}${more > 0 ? ` (and ${more} more)` : ''}`,
} as const;
