import * as React from 'react';
import { Icon } from './Icon.tsx';

/** One strong colour per meaning; `quiet` is the normal. */
export type Tone = 'healthy' | 'degraded' | 'failing' | 'progressing' | 'attention' | 'suspended' | 'unknown' | 'stale' | 'quiet';

export interface StatusBadgeProps {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: string;
  /** The value is the last known one: hatched, muted, and never in the colour of the state it had. */
  readonly lastKnown?: boolean;
  readonly title?: string;
}

/** A state as glyph and word; colour comes on top and is never alone. */
export function StatusBadge({ word, tone, icon, lastKnown = false, title }: StatusBadgeProps): React.ReactElement {
  return (
    <span className={`ef-badge ef-badge--${lastKnown ? 'stale' : tone}`} title={title}>
      {lastKnown ? <span className="ef-hatch" aria-hidden="true" /> : <Icon name={icon} />}
      <span className="ef-badge__word">{word}</span>
    </span>
  );
}
