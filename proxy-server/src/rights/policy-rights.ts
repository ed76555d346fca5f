/**
 * Rights from the policy in force. Two ways to the same answer: single questions go to casbin, what somebody sees is compiled once from the
 * same lines into a Visibility, because a fleet asks it for 200,000 Applications at a time; a property test holds the two together.
 * A policy that cannot be read allows nothing. The policy of a moment is one object, swapped whole when its enforcer stands.
 */
import { mayAct, missingHubLine, missingPolicyLine, provenGroup, REFUSAL_WORDS, type PolicyQuestion } from '../domain/permissions.ts';
import { OPS_SCOPE, type Identity } from '../domain/identity.ts';
import { parsePolicy, policyNames, type Policy, type PolicyNames, type PolicySource } from '../domain/policy.ts';
import { applicationRest } from '../domain/policy-object.ts';
import { deniesEdge, speaksOfApplication } from '../domain/policy-line.ts';
import { toVisibility } from '../domain/policy-visibility.ts';
import type { PolicyLine, PolicyProblem } from '../domain/policy-csv.ts';
import type { Visibility } from '../domain/visibility.ts';
import type { Rights, RightsAction, RightsDecision, RightsObject } from '../ports/rights.ts';
import { createCasbinEnforcer, type AskedLine, type CasbinEnforcer } from './casbin-enforcer.ts';

export interface PolicyRightsOptions {
  /** The namespace that the edges' Argo CDs run in: their Applications there have objects of three parts. */
  readonly controlPlaneNamespace: string;
  /** A hash without practical collisions: users whose rights have the same digest share encoded answers. */
  readonly digest: (text: string) => string;
}

export interface PolicyRights extends Rights {
  /** Puts a policy in force; undefined is the empty one. Resolves when questions are answered by it. Calls take effect in their order. */
  apply(source: PolicySource | undefined): Promise<readonly PolicyProblem[]>;
}

interface InForce {
  readonly policy: Policy;
  readonly enforcer: CasbinEnforcer;
  readonly visibilities: Map<string, Visibility>;
}

/** Users whose Visibility is kept ready; beyond it the oldest is made anew when asked for. */
const MAX_VISIBILITIES = 1_000;

const asQuestion = (controlPlaneNamespace: string, action: RightsAction, object: RightsObject): PolicyQuestion => ({
  resource: object.resource,
  action,
  objectText:
    object.resource === 'edges'
      ? object.edge
      : `${object.edge}/${applicationRest(controlPlaneNamespace, object.project, object.namespace, object.application)}`,
});

/** True where a line of policy is about this action on this object. */
function speaksOf(line: PolicyLine, action: RightsAction, object: RightsObject, controlPlaneNamespace: string): boolean {
  if (object.resource !== 'edges' && deniesEdge(line, object)) return true;
  if (!line.resourceGlob.test(object.resource) || !line.actionGlob.test(action)) return false;
  return object.resource === 'edges'
    ? line.objectPattern.name(object.edge, object.labels)
    : speaksOfApplication(line, object, controlPlaneNamespace);
}

async function putInForce(source: PolicySource | undefined): Promise<InForce> {
  const policy = parsePolicy(source);
  return { policy, enforcer: await createCasbinEnforcer(policy), visibilities: new Map() };
}

function refusal(inForce: InForce, names: PolicyNames, question: PolicyQuestion, asked: AskedLine): RightsDecision {
  const missingLine = missingPolicyLine(names.subject === '' ? '<user>' : names.subject, question);
  const [problem] = inForce.policy.problems;
  if (problem !== undefined) {
    return { allowed: false, reason: REFUSAL_WORDS.badPolicy(problem, inForce.policy.problems.length - 1), missingLine: '' };
  }
  if (names.subject === '') return { allowed: false, reason: REFUSAL_WORDS.reservedName, missingLine: '' };
  const denied = inForce.policy.linesOf(names).find((line) => line.effect === 'deny' && asked(line));
  return denied === undefined
    ? { allowed: false, reason: REFUSAL_WORDS.noLine, missingLine }
    : { allowed: false, reason: REFUSAL_WORDS.denied(denied.line), missingLine: '' };
}

/** What somebody sees under the policy in force; remembered per user, with the oldest forgotten first. */
function visibilityOf(inForce: InForce, names: PolicyNames, options: PolicyRightsOptions): Visibility {
  const cacheKey = JSON.stringify([names.subject, names.group]);
  const known = inForce.visibilities.get(cacheKey);
  if (known !== undefined) return known;
  const lines = inForce.policy.linesOf(names);
  const made = toVisibility(lines, options.controlPlaneNamespace, options.digest);
  // Users with equal rights share one object, and with it what it remembers about edges.
  const visibility = [...inForce.visibilities.values()].find((other) => other.key === made.key) ?? made;
  const oldest = inForce.visibilities.keys().next();
  if (inForce.visibilities.size >= MAX_VISIBILITIES && oldest.done !== true) inForce.visibilities.delete(oldest.value);
  inForce.visibilities.set(cacheKey, visibility);
  return visibility;
}

/** Starts without any policy in force: until `apply` has resolved once, nobody is allowed anything. */
export async function createPolicyRights(options: PolicyRightsOptions): Promise<PolicyRights> {
  let inForce = await putInForce({ csv: '', default: '' });
  let applied = Promise.resolve();
  const { controlPlaneNamespace } = options;
  const namesOf = (identity: Identity): PolicyNames => policyNames(identity.subject, provenGroup(identity));

  const decide = (identity: Identity, action: RightsAction, object: RightsObject): RightsDecision => {
    const names = namesOf(identity);
    const question = asQuestion(controlPlaneNamespace, action, object);
    const asked: AskedLine = (line) => speaksOf(line, action, object, controlPlaneNamespace);
    return inForce.enforcer.allows(names, asked) ? { allowed: true } : refusal(inForce, names, question, asked);
  };

  return {
    apply: async (source) => {
      const previous = applied;
      const next = putInForce(source);
      applied = Promise.all([previous, next]).then(([, ready]) => void (inForce = ready));
      await applied;
      return (await next).policy.problems;
    },
    visibility: (identity) => visibilityOf(inForce, namesOf(identity), options),
    can: (identity, action, object) => {
      if (action === 'get') return decide(identity, 'get', object);
      if (!mayAct(identity)) {
        return { allowed: false, reason: REFUSAL_WORDS.notThroughOps, missingLine: missingHubLine(identity.subject, OPS_SCOPE) };
      }
      const seen = decide(identity, 'get', object);
      return seen.allowed ? decide(identity, action, object) : seen;
    },
  };
}
