/** Doctor names everything that is configured and asks every edge, so it is for who may see and ask about all of them. */
import type { MayAct } from '../contract/actions.ts';
import { missingPolicyLine } from '../domain/permissions.ts';
import type { Rights } from '../ports/rights.ts';
import type { Asker } from './request-context.ts';

/** No name of an edge: only a line about all edges speaks of it. */
const EVERY_EDGE = '*';

export function mayRunDoctor(rights: Rights, { identity, visibility }: Asker): MayAct {
  const decision = rights.can(identity, 'doctor', { resource: 'edges', edge: EVERY_EDGE, labels: {} });
  if (!decision.allowed || visibility.all) return decision;
  return {
    allowed: false,
    reason: 'Doctor shows every edge and every Application, and the policy keeps some of them from you',
    missingLine: missingPolicyLine(identity.subject, { resource: 'applications', action: 'get', objectText: '*/*/*' }),
  };
}
