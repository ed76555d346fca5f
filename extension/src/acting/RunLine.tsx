import * as React from 'react';
import type { ActionSpec } from '../../../proxy-server/src/domain/action.ts';
import { isFinal } from '../../../proxy-server/src/domain/action.ts';
import { actionWords, kindWords } from '../messages/actions.ts';
import { ProblemView } from '../ProblemView.tsx';
import { RouteLink } from '../RouteLink.tsx';
import { TargetBadge } from './TargetBadge.tsx';
import { useRun } from './use-run.ts';

const words = actionWords.page;

/** What was asked for, as one says it. */
export const specWords = (spec: ActionSpec): string =>
  kindWords[spec.kind] + (spec.kind === 'sync' && spec.dryRun ? ` (${words.dry})` : '');

/** What became of an action on the Application that is on screen. */
export function RunLine({ id, onHide }: { readonly id: string; readonly onHide: () => void }): React.ReactElement | null {
  const { data, problem } = useRun(id, 'limit=1');
  const target = data?.targets[0];
  if (problem !== undefined) return <ProblemView problem={problem} compact />;
  if (data === undefined || target === undefined) return null;
  return (
    <div className="ef-run" role="status">
      <b>{specWords(data.run.spec)}</b>
      <TargetBadge state={target.state} />
      <span dir="auto">{target.message}</span>
      <RouteLink to={`/actions/${id}`}>{words.details}</RouteLink>
      {isFinal(target.state) ? (
        <button type="button" className="ef-link" onClick={onHide}>
          {words.hide}
        </button>
      ) : null}
    </div>
  );
}
