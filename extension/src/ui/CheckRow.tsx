import * as React from 'react';
import { Checkbox } from './argo-ui.js';
import { Figure } from './Figure.tsx';

export interface CheckRowProps {
  readonly id: string;
  readonly label: string;
  readonly count?: number;
  readonly checked: boolean;
  readonly onChange: () => void;
}

/** The host's checkbox with a label that belongs to it and a count at the end of the line. */
export function CheckRow({ id, label, count, checked, onChange }: CheckRowProps): React.ReactElement {
  return (
    <label className="ef-check" htmlFor={id}>
      <Checkbox id={id} checked={checked} onChange={onChange} />
      <span className="ef-check__label" title={label} dir="auto">
        {label}
      </span>
      {count === undefined ? null : <Figure value={count} />}
    </label>
  );
}
