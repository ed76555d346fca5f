import * as React from 'react';
import type { StoppedAction } from '../../../../proxy-server/src/contract/actions.ts';
import { isCancellable, type ActionTarget } from '../../../../proxy-server/src/domain/action.ts';
import { OPS } from '../../api/hub-client.ts';
import { actionWords } from '../../messages/actions.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useServices } from '../../services.ts';

const words = actionWords.page;

interface GiveUpButtonProps {
  readonly target: ActionTarget;
  /** Told the refusal, and that there is none any more. */
  readonly onProblem: (problem: HubProblem | undefined) => void;
}

/** Gives one Application of a run up: the others are still waited for. What has begun has no such button. */
export function GiveUpButton({ target: { run, index, name, edge, state }, onProblem }: GiveUpButtonProps): React.ReactElement | null {
  const { client, queries, announcement } = useServices();
  const [asked, setAsked] = React.useState(false);
  if (!isCancellable(state)) return null;
  const giveUp = (): void => {
    setAsked(true);
    void client.post<StoppedAction>(`${OPS}actions/${run}/stop`, { targets: [index] }).then((answer) => {
      setAsked(false);
      onProblem(answer.ok ? undefined : answer.error);
      if (answer.ok) announcement.set(answer.value.stopped ? words.gaveUp(name, edge) : words.hasBegun);
      queries.invalidate(`actions/${run}`);
    });
  };
  return (
    <button type="button" className="ef-button" aria-label={words.giveUpOf(name, edge)} disabled={asked} onClick={giveUp}>
      {words.giveUp}
    </button>
  );
}
