import { codeAt } from '../../../../proxy-server/src/domain/column-codec.ts';
import { REACH_CODES, type ReachCode } from '../../../../proxy-server/src/domain/connectivity.ts';
import type { ConnectivityStrip } from '../../../../proxy-server/src/domain/fleet-view.ts';

/** A stretch of time in which the connection was the same. */
export interface StripRun {
  readonly code: ReachCode;
  readonly from: number;
  readonly until: number;
  /** Of the whole strip, for its width. */
  readonly share: number;
}

/** Equal neighbours joined: a quiet month is one box, not 720. */
export function stripRuns(strip: ConnectivityStrip): readonly StripRun[] {
  const count = strip.codes.length;
  const start = strip.until - count * strip.cellMs;
  const runs: { code: ReachCode; cells: number; first: number }[] = [];
  for (let cell = 0; cell < count; cell += 1) {
    const code = REACH_CODES[codeAt(strip.codes, cell)] ?? 'notWatched';
    const last = runs.at(-1);
    if (last?.code === code) last.cells += 1;
    else runs.push({ code, cells: 1, first: cell });
  }
  return runs.map(({ code, cells, first }) => ({
    code,
    from: start + first * strip.cellMs,
    until: start + (first + cells) * strip.cellMs,
    share: cells / count,
  }));
}

/** How much of the time each code held, most first, for those who cannot see the strip. */
export function stripShares(runs: readonly StripRun[]): readonly { readonly code: ReachCode; readonly share: number }[] {
  const shares = new Map<ReachCode, number>();
  for (const { code, share } of runs) shares.set(code, (shares.get(code) ?? 0) + share);
  return [...shares].map(([code, share]) => ({ code, share })).sort((left, right) => right.share - left.share);
}
