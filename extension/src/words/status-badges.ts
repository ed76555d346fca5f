import { isNotHeard, type EdgeState } from '../../../proxy-server/src/domain/edge-state.ts';
import { EDGE_LOOKS, type EdgeLook } from '../../../proxy-server/src/domain/look.ts';
import type { SyncStatus } from '../../../proxy-server/src/domain/health.ts';
import { lookWords, stateWords, syncWords } from '../messages/states.ts';
import type { Tone } from '../ui/StatusBadge.tsx';

/** A state as a badge shows it. */
export interface BadgeWords {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: string;
  readonly lastKnown: boolean;
}

const LOOKS: Readonly<Record<EdgeLook, { readonly tone: Tone; readonly icon: string }>> = {
  Degraded: { tone: 'degraded', icon: 'fa-heart-broken' },
  Failing: { tone: 'failing', icon: 'fa-times-circle' },
  Missing: { tone: 'attention', icon: 'fa-ghost' },
  Unjudged: { tone: 'unknown', icon: 'fa-question-circle' },
  Progressing: { tone: 'progressing', icon: 'fa-circle-notch' },
  Suspended: { tone: 'suspended', icon: 'fa-pause-circle' },
  Healthy: { tone: 'healthy', icon: 'fa-heart' },
  Empty: { tone: 'quiet', icon: 'fa-circle' },
};

/** A look as it is, or, where the edge is not heard (or the hub is away), as it was: never green, always in words. */
export function lookBadge(look: EdgeLook, old: boolean): BadgeWords {
  return { ...LOOKS[look], word: lookWords[look][old ? 'was' : 'is'], lastKnown: old };
}

const isLook = (state: EdgeState): state is EdgeLook => EDGE_LOOKS.some((look) => look === state);

/** The one count an edge is in. */
export function stateBadge(state: EdgeState, old: boolean): BadgeWords {
  if (isLook(state)) return lookBadge(state, old);
  const gone = isNotHeard(state);
  return { word: stateWords[state], tone: gone ? 'stale' : 'quiet', icon: 'fa-circle', lastKnown: gone };
}

const SYNCS: Readonly<Record<SyncStatus, { readonly tone: Tone; readonly icon: string }>> = {
  Synced: { tone: 'healthy', icon: 'fa-check-circle' },
  OutOfSync: { tone: 'attention', icon: 'fa-arrow-alt-circle-up' },
  Unknown: { tone: 'unknown', icon: 'fa-question-circle' },
};

export function syncBadge(sync: SyncStatus, old: boolean): BadgeWords {
  return { ...SYNCS[sync], word: syncWords[sync][old ? 'was' : 'is'], lastKnown: old };
}
