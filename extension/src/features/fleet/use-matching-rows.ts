import * as React from 'react';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useQuery } from '../../hooks/use-query.ts';

const REFRESH_MS = 2_000;

interface MatchingRows {
  readonly membership: string;
  readonly rows: readonly number[];
}

export interface Matching {
  /** 1 per row that matches; undefined where no query is asked, or none has been answered. */
  readonly mask: Uint8Array | undefined;
  readonly count: number | undefined;
  readonly fetching: boolean;
  readonly problem: HubProblem | undefined;
}

/** Which rows match the query, asked again while it is on show, since edges come to match and cease to. */
export function useMatchingRows(query: string, rows: number, membership: string): Matching {
  const asked = query === '' ? undefined : `overview/rows?query=${encodeURIComponent(query)}`;
  const { data, problem, fetching } = useQuery<MatchingRows>(asked, { refreshMs: REFRESH_MS });
  const mask = React.useMemo(() => {
    if (asked === undefined || data === undefined || data.membership !== membership) return undefined;
    const made = new Uint8Array(rows);
    for (const row of data.rows) made[row] = 1;
    return made;
  }, [asked, data, rows, membership]);
  return { mask, count: mask === undefined ? undefined : data?.rows.length, fetching, problem };
}
