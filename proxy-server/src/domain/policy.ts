import { parsePolicyCsv, type PolicyLine, type PolicyProblem, type RoleLine } from './policy-csv.ts';

/** The policy as written; absent parts have the defaults below. */
export interface PolicySource {
  readonly csv: string;
  readonly default?: string;
}

export const DEFAULT_ROLE = 'role:viewer';

/** What `role:viewer` may do without a line: see everything but logs. A policy may add to it, or take from it with deny lines. */
export const BUILT_IN_CSV = ['edges', 'applications', 'environments', 'products', 'promotions']
  .map((resource) => `p, role:viewer, ${resource}, get, ${resource === 'applications' ? '*/*/*' : '*'}, allow`)
  .join('\n');

/** As many steps as casbin follows from a subject to a role. */
const MAX_ROLE_STEPS = 10;
/** A person is never called so: else whoever may choose a user name chooses a role. */
const RESERVED = /^(role|group):/;

/**
 * A policy in force. One line that cannot be read refuses the whole: nobody knows whether it was to allow or to deny, so `lines` is empty,
 * nothing is allowed, and `problems` names every bad line.
 */
export interface Policy {
  readonly lines: readonly PolicyLine[];
  readonly roles: readonly RoleLine[];
  /** Every subject has this role as well; '' gives nothing. Deny lines win over it too. */
  readonly defaultRole: string;
  readonly problems: readonly PolicyProblem[];
  /** Everything that is granted to or held back from whoever has these names, roles followed. Order as written. */
  linesOf(names: PolicyNames): readonly PolicyLine[];
}

/** Names and everything they lead to: each `g` line is one step. */
function rolesOf(names: readonly string[], roles: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const all = new Set(names);
  let frontier: readonly string[] = names;
  for (let step = 0; step < MAX_ROLE_STEPS && frontier.length > 0; step += 1) {
    frontier = frontier.flatMap((name) => roles.get(name) ?? []).filter((role) => !all.has(role));
    for (const role of frontier) all.add(role);
  }
  return all;
}

/** Reads the policy object; no object at all is the empty policy, under which everybody is a viewer. */
export function parsePolicy(source: PolicySource | undefined): Policy {
  const written = parsePolicyCsv(source?.csv ?? '');
  const builtIn = parsePolicyCsv(BUILT_IN_CSV);
  const isGood = written.problems.length === 0;
  const lines = isGood ? [...builtIn.lines.map((line) => ({ ...line, line: 0 })), ...written.lines] : [];
  const roles = isGood ? written.roles : [];
  const defaultRole = (source?.default ?? DEFAULT_ROLE).trim();
  const byName = Map.groupBy(lines, (line) => line.subject);
  const steps = new Map<string, string[]>();
  for (const { subject, role } of roles) steps.set(subject, [...(steps.get(subject) ?? []), role]);
  return {
    lines,
    roles,
    defaultRole,
    problems: written.problems,
    linesOf: ({ subject, group }) => {
      const all = rolesOf(
        [subject, group, defaultRole].filter((name) => name !== ''),
        steps,
      );
      return [...all].flatMap((name) => byName.get(name) ?? []);
    },
  };
}

/** The names under which the policy may speak of one user. */
export interface PolicyNames {
  /** '' where the user's name looks like a role or a group: such a user is nobody. */
  readonly subject: string;
  /** `group:<name>`, or '' without a proven group. */
  readonly group: string;
}

export const policyNames = (subject: string, group: string | undefined): PolicyNames => ({
  subject: RESERVED.test(subject) ? '' : subject,
  group: group === undefined ? '' : `group:${group}`,
});
