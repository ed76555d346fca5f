import { newEnforcer, newModelFromString } from 'casbin';
import type { Policy, PolicyNames } from '../domain/policy.ts';
import type { PolicyLine } from '../domain/policy-csv.ts';

/**
 * Argo CD's own model (`assets/model.conf` @ v3.5.1), with two differences. A request names the default role and a proven group beside the
 * subject, and deny wins over all three, where Argo CD lets its default role win. The match of a line's words is one function,
 * `speaksOf`, because our objects name edges by label too; `p.line` is the index of the line.
 */
const MODEL = `
[request_definition]
r = sub, group, def, asked

[policy_definition]
p = sub, res, act, obj, eft, line

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = speaksOf(p.line, r.asked) && (g(r.sub, p.sub) || g(r.group, p.sub) || g(r.def, p.sub))
`;

/** The words of a question, held against the words of one line. */
export type AskedLine = (line: PolicyLine) => boolean;

export interface CasbinEnforcer {
  /** True where a line allows it to one of the names and none denies it to any. */
  allows(names: PolicyNames, asked: AskedLine): boolean;
}

/** Loads a policy into casbin. Building is asynchronous there, asking is not. */
export async function createCasbinEnforcer(policy: Policy): Promise<CasbinEnforcer> {
  const model = newModelFromString(MODEL);
  const byIndex = new Map<string, PolicyLine>();
  for (const [index, line] of policy.lines.entries()) {
    byIndex.set(String(index), line);
    model.addPolicy('p', 'p', [line.subject, line.resource, line.action, line.object, line.effect, String(index)]);
  }
  for (const { subject, role } of policy.roles) model.addPolicy('g', 'g', [subject, role]);
  const enforcer = await newEnforcer(model);
  await enforcer.buildRoleLinks();
  await enforcer.addFunction('speaksOf', (index: string, asked: AskedLine) => {
    const line = byIndex.get(index);
    return line !== undefined && asked(line);
  });
  return { allows: (names, asked) => enforcer.enforceSync(names.subject, names.group, policy.defaultRole, asked) };
}
