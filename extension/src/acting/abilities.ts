import * as React from 'react';
import type { CanAct, MayAct } from '../../../proxy-server/src/contract/actions.ts';
import type { ActionKind } from '../../../proxy-server/src/domain/action.ts';
import { anchorOf } from '../api/anchor.ts';
import { OPS } from '../api/hub-client.ts';
import type { HubProblem } from '../api/hub-problem.ts';
import { useQuery } from '../hooks/use-query.ts';
import { actionWords } from '../messages/actions.ts';
import { problemWords } from '../messages/problems.ts';

/** Why something may not be done, and what to paste where so that it may. */
export interface Refusal {
  readonly reason: string;
  readonly line?: string;
  readonly into?: string;
}

export interface Abilities {
  /** Undefined: it may be done. */
  readonly of: (what: ActionKind | 'doctor') => Refusal | undefined;
  readonly answer: CanAct | undefined;
}

/** Rights change in two places, the hub's policy and ours; a page that stays open learns of it. */
const REFRESH_MS = 60_000;
export const CAN_ACT = `${OPS}can-act`;

const ofDecision = (decision: MayAct): Refusal | undefined =>
  decision.allowed ? undefined : { reason: decision.reason, ...(decision.missingLine === '' ? {} : { line: decision.missingLine }) };

function ofProblem(problem: HubProblem): Refusal {
  const { title, text, paste, pasteInto } = problemWords(problem, anchorOf(window.EDGE_FLEET_VARS));
  return {
    reason: `${title}. ${text}`,
    ...(paste === undefined ? {} : { line: paste }),
    ...(pasteInto === undefined ? {} : { into: pasteInto }),
  };
}

/** What this user may do: on one Application, or, without one, at all. Until it is known nothing may be done. */
export function useAbilities(at?: { readonly edge: string; readonly namespace: string; readonly name: string }): Abilities {
  const query =
    at === undefined ? '' : `?${new URLSearchParams({ edge: at.edge, namespace: at.namespace, application: at.name }).toString()}`;
  const { data, problem, previous } = useQuery<CanAct>(CAN_ACT + query, { refreshMs: REFRESH_MS });
  return React.useMemo(() => {
    const answer = problem !== undefined || previous ? undefined : data;
    const of = (what: ActionKind | 'doctor'): Refusal | undefined => {
      if (problem !== undefined) return ofProblem(problem);
      if (answer === undefined) return { reason: actionWords.asking };
      return ofDecision(what === 'doctor' ? answer.doctor : answer.actions[what]);
    };
    return { of, answer };
  }, [data, problem, previous]);
}
