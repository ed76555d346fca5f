/** Health and sync as Argo CD draws them: icon and colour of each word. */
import * as React from 'react';

interface Look {
  readonly icon: string;
  readonly color: string;
}

const HEALTH: Readonly<Record<string, Look>> = {
  Healthy: { icon: 'fa-heart', color: '#18BE94' },
  Progressing: { icon: 'fa-circle-notch', color: '#0DADEA' },
  Degraded: { icon: 'fa-heart-broken', color: '#E96D76' },
  Suspended: { icon: 'fa-pause-circle', color: '#766f94' },
  Missing: { icon: 'fa-ghost', color: '#f4c030' },
};
const SYNC: Readonly<Record<string, Look>> = {
  Synced: { icon: 'fa-check-circle', color: '#18BE94' },
  OutOfSync: { icon: 'fa-arrow-alt-circle-up', color: '#f4c030' },
};

function Status({
  word,
  looks,
  unknown,
}: {
  readonly word: string;
  readonly looks: typeof HEALTH;
  readonly unknown: string;
}): React.ReactElement {
  const { icon, color } = looks[word] ?? { icon: unknown, color: '#CCD6DD' };
  return (
    <span>
      <i className={`fa ${icon}`} style={{ color }} aria-hidden="true" /> {word}
    </span>
  );
}

export const HealthStatus = ({ health }: { readonly health: string }): React.ReactElement => (
  <Status word={health} looks={HEALTH} unknown="fa-question-circle" />
);
export const SyncStatus = ({ sync }: { readonly sync: string }): React.ReactElement => (
  <Status word={sync} looks={SYNC} unknown="fa-circle-notch" />
);
