import * as React from 'react';
import type { TargetState } from '../../../proxy-server/src/domain/action.ts';
import { targetWords } from '../messages/actions.ts';
import { StatusBadge, type Tone } from '../ui/StatusBadge.tsx';

const LOOKS: Readonly<Record<TargetState, readonly [tone: Tone, icon: string]>> = {
  Waiting: ['quiet', 'fa-clock'],
  Deferred: ['stale', 'fa-hourglass-half'],
  Sent: ['progressing', 'fa-paper-plane'],
  Running: ['progressing', 'fa-circle-notch'],
  Succeeded: ['healthy', 'fa-check-circle'],
  Failed: ['degraded', 'fa-times-circle'],
  Refused: ['attention', 'fa-ban'],
  Stopped: ['quiet', 'fa-stop-circle'],
  Expired: ['attention', 'fa-calendar-times'],
};

/** How one target of an action stands; with a number, how many stand so. */
export function TargetBadge({ state, count }: { readonly state: TargetState; readonly count?: number }): React.ReactElement {
  const [tone, icon] = LOOKS[state];
  const word = targetWords[state];
  return <StatusBadge tone={tone} icon={icon} word={count === undefined ? word : `${count.toLocaleString()} ${word.toLowerCase()}`} />;
}
