import * as React from 'react';
import { fleetWords } from '../../messages/fleet.ts';
import { MAX_SELECTED_IN_ADDRESS } from './fleet-address.ts';

export interface SelectionTrayProps {
  readonly count: number;
  readonly onShow?: () => void;
  readonly onClear: () => void;
}

/** What is selected and what can be done with it; the place does not move anything else. */
export function SelectionTray({ count, onShow, onClear }: SelectionTrayProps): React.ReactElement | null {
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
      <button type="button" className="ef-button" onClick={onClear}>
        {words.clear}
      </button>
    </div>
  );
}
