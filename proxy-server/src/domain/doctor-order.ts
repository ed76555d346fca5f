import type { DoctorCheck } from './doctor.ts';

/** From worst to best. What could not be checked is worse than what is well, and better than what is known to be wrong. */
export const DOCTOR_RESULTS = ['failed', 'warning', 'notChecked', 'ok'] as const satisfies readonly DoctorCheck['result'][];

export interface EdgeChecks {
  readonly edge: string;
  readonly worst: DoctorCheck['result'];
  readonly checks: readonly DoctorCheck[];
}

/** The worst of some results; none at all is well. */
export const worstResult = (checks: readonly DoctorCheck[]): DoctorCheck['result'] =>
  DOCTOR_RESULTS.find((result) => checks.some((check) => check.result === result)) ?? 'ok';

/** The checks of edges, an edge at a time, the worst first and else in the order in which they came. */
export function byEdge(checks: readonly DoctorCheck[]): readonly EdgeChecks[] {
  const groups = new Map<string, DoctorCheck[]>();
  for (const check of checks) {
    if (check.edge === undefined) continue;
    const group = groups.get(check.edge);
    if (group === undefined) groups.set(check.edge, [check]);
    else group.push(check);
  }
  const edges = [...groups].map(([edge, group]): EdgeChecks => ({ edge, worst: worstResult(group), checks: group }));
  return [...edges].sort((left, right) => DOCTOR_RESULTS.indexOf(left.worst) - DOCTOR_RESULTS.indexOf(right.worst));
}
