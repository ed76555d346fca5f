import * as React from 'react';
import { ActMenu } from '../../acting/ActMenu.tsx';
import { actionWords } from '../../messages/actions.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { MAX_SELECTED_IN_ADDRESS } from './fleet-address.ts';

export interface SelectionTrayProps {
  readonly names: ReadonlySet<string>;
  readonly onShow?: () => void;
  readonly onClear: () => void;
}

/** What is selected and what can be done with it; the place does not move anything else. */
export function SelectionTray({ names, onShow, onClear }: SelectionTrayProps): React.ReactElement | null {
  const count = names.size;
  if (count === 0) return null;
  const words = fleetWords.selection;
  return (
    <div className="ef-tray" role="group" aria-label={words.label}>
      <b>{words.count(count)}</b>
      {count > MAX_SELECTED_IN_ADDRESS ? <span className="ef-muted">{words.tooMany}</span> : null}
      {onShow === undefined ? null : (
        <button type="button" className="ef-button" onClick={onShow}>
          {words.show}
        </button>
      )}
      <ActMenu subject={{ edges: [...names] }} what={actionWords.applicationsOf(count)} />
      <button type="button" className="ef-button" onClick={onClear}>
        {words.clear}
      </button>
    </div>
  );
}
