import { makeFailure } from './classify.ts';
import type { EdgeFailure } from './failure.ts';

/** What an edge said at one moment, as far as it can only grow: by Application, `namespace/name`. */
export interface ReplayReading {
  /** The edge's own clock at the reading. */
  readonly edgeClock: number;
  /** `metadata.resourceVersion`, where it is a number. */
  readonly versions: ReadonlyMap<string, number>;
  /** `status.reconciledAt`, ms. */
  readonly observedAt: ReadonlyMap<string, number>;
}

/**
 * Row 41, where everything that can be compared went back: a restored backup, or a cache in between. One Application that moved forward or
 * stayed clears it: then something else set the others back. A clock of the edge that itself went back explains times, but not versions.
 */
export function replayFailure(before: ReplayReading, after: ReplayReading): EdgeFailure | undefined {
  if (allWentBack(before.versions, after.versions)) return makeFailure(41, { sign: 'resourceVersion of every Application went back' });
  const clockWentOn = after.edgeClock >= before.edgeClock;
  return clockWentOn && allWentBack(before.observedAt, after.observedAt)
    ? makeFailure(41, { sign: 'reconciledAt of every Application went back' })
    : undefined;
}

function allWentBack(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): boolean {
  let compared = 0;
  for (const [key, value] of after) {
    const earlier = before.get(key);
    if (earlier === undefined) continue;
    if (value >= earlier) return false;
    compared += 1;
  }
  return compared > 0;
}
