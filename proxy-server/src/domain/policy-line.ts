import { applicationRest, type EdgeTarget } from './policy-object.ts';
import type { PolicyLine } from './policy-csv.ts';

export interface ApplicationTarget extends EdgeTarget {
  readonly project: string;
  readonly namespace: string;
  readonly application: string;
}

/**
 * True where the object of a line names this Application. A deny of three parts holds in every namespace: it must not fail open where an
 * edge's Argo CD runs in another one than assumed.
 */
export function speaksOfApplication(line: PolicyLine, target: ApplicationTarget, controlPlaneNamespace: string): boolean {
  const { project, namespace, application } = target;
  if (line.objectPattern.application(target, applicationRest(controlPlaneNamespace, project, namespace, application))) return true;
  return line.effect === 'deny' && line.objectPattern.application(target, `${project}/${application}`);
}

/** True where the line denies to see the edge itself: then everything on it is denied with it. */
export const deniesEdge = (line: PolicyLine, target: EdgeTarget): boolean =>
  line.effect === 'deny' &&
  line.resourceGlob.test('edges') &&
  line.actionGlob.test('get') &&
  line.objectPattern.name(target.edge, target.labels);
