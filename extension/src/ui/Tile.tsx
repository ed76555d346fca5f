import * as React from 'react';
import { Figure } from './Figure.tsx';
import { Icon } from './Icon.tsx';
import type { Tone } from './StatusBadge.tsx';

export interface TileProps {
  readonly title: string;
  readonly icon?: string;
  readonly tone: Tone;
  readonly value: number;
  readonly note: string;
  readonly noteTone?: 'better' | 'worse' | 'plain';
  readonly pressed: boolean;
  readonly onPress: () => void;
}

/** A figure that filters. */
export function Tile({ title, icon, tone, value, note, noteTone = 'plain', pressed, onPress }: TileProps): React.ReactElement {
  return (
    <button type="button" className={`ef-tile ef-tile--${tone}`} aria-pressed={pressed} onClick={onPress}>
      <span className="ef-tile__title">
        {icon !== undefined ? <Icon name={icon} /> : tone === 'stale' ? <span className="ef-hatch" aria-hidden="true" /> : null} {title}
      </span>
      <span className="ef-tile__value">
        <Figure value={value} />
      </span>
      <span className={`ef-tile__note ef-tile__note--${noteTone}`} title={note}>
        {note}
      </span>
    </button>
  );
}
