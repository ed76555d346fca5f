import * as React from 'react';

/** A thin line while something is asked again; the old picture stays. */
export function ProgressLine({ active, label }: { readonly active: boolean; readonly label: string }): React.ReactElement {
  return (
    <div className={`ef-progress${active ? ' ef-progress--active' : ''}`} role="progressbar" aria-label={label} aria-hidden={!active} />
  );
}
