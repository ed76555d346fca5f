import * as React from 'react';
import type { ActionPreview, StartedAction } from '../../../proxy-server/src/contract/actions.ts';
import type { Result } from '../../../proxy-server/src/domain/result.ts';
import { OPS } from '../api/hub-client.ts';
import type { HubProblem } from '../api/hub-problem.ts';
import { actionWords } from '../messages/actions.ts';
import { useServices, type Services } from '../services.ts';
import { CAN_ACT } from './abilities.ts';
import { toSpec, type ActionDraft, type ActionSubject } from './action-draft.ts';

const HOUR_MS = 3_600_000;
export const EXPIRIES_H = [1, 8, 24, 168, 720, 1440] as const;
export const WIDTHS = [1, 5, 10, 25, 100] as const;

/** How it is carried out, apart from what is done. */
export interface ActionTerms {
  readonly reason: string;
  readonly expiresH: number;
  readonly width: number;
  readonly typed: string;
}

export const NEW_TERMS: ActionTerms = { reason: '', expiresH: 24, width: 10, typed: '' };

export interface Impact {
  readonly preview?: ActionPreview;
  readonly problem?: HubProblem;
}

/** What it would touch, asked once before anything can be pressed. Writes nothing anywhere. */
export function useImpact(draft: ActionDraft, subject: ActionSubject): Impact {
  const { client } = useServices();
  const [impact, setImpact] = React.useState<Impact>({});
  const body = JSON.stringify({ ...subject, action: toSpec(draft) });
  const latest = React.useRef(body);
  latest.current = body;
  // Talks to the server, once: options do not change what is touched.
  React.useEffect(() => {
    let gone = false;
    void client.post<ActionPreview>(`${OPS}actions/preview`, JSON.parse(latest.current)).then((answer) => {
      if (!gone) setImpact(answer.ok ? { preview: answer.value } : { problem: answer.error });
    });
    return () => {
      gone = true;
    };
  }, [client]);
  return impact;
}

export interface Decision {
  readonly draft: ActionDraft;
  readonly terms: ActionTerms;
  readonly preview: ActionPreview | undefined;
  /** Auto-sync is on where the rollback goes. */
  readonly mustTurnOff: boolean;
}

/** What is still missing before it may be asked for, in words; undefined: nothing. */
export function missing({ draft, terms, preview, mustTurnOff }: Decision): string | undefined {
  const { needs } = actionWords.sheet;
  if (preview === undefined) return needs.preview;
  if (preview.applications <= preview.refused) return needs.nothing;
  if (mustTurnOff && !draft.turnAutoSyncOff) return needs.off;
  if (terms.reason.trim() === '') return needs.reason;
  return preview.confirm && terms.typed.trim() !== String(preview.applications) ? needs.confirm : undefined;
}

/** Asks for it. What is on screen about rights and runs is asked again. */
export async function startAction(
  { client, queries }: Services,
  subject: ActionSubject,
  draft: ActionDraft,
  terms: ActionTerms,
): Promise<Result<StartedAction, HubProblem>> {
  const answer = await client.post<StartedAction>(`${OPS}actions`, {
    ...subject,
    action: toSpec(draft),
    reason: terms.reason.trim(),
    expiresInMs: terms.expiresH * HOUR_MS,
    width: terms.width,
    ...(terms.typed.trim() === '' ? {} : { confirm: Number(terms.typed) }),
  });
  if (answer.ok) {
    queries.invalidate('actions');
    queries.invalidate(CAN_ACT);
  }
  return answer;
}
