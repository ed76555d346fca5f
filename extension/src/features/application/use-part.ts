import * as React from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import type { HubProblem } from '../../api/hub-problem.ts';
import { applicationWords } from '../../messages/application.ts';
import type { QueryCache } from '../../stores/query-cache.ts';
import type { EdgePaths } from './edge-paths.ts';

/** What every part of the page is given: where its edge's answers are kept, and whether the edge can be asked now. */
export interface PartsOfEdge {
  readonly parts: QueryCache;
  readonly paths: EdgePaths;
  /** Not heard from: it is asked once, and then only by hand. */
  readonly away: boolean;
}

export const PartsContext = React.createContext<PartsOfEdge | undefined>(undefined);

export function usePartsOfEdge(): PartsOfEdge {
  const parts = React.useContext(PartsContext);
  if (parts === undefined) throw new Error('A part was rendered outside its page');
  return parts;
}

export interface Part<T> {
  readonly data?: T;
  readonly problem?: HubProblem;
  readonly fetching: boolean;
  /** When the edge gave the answer; 0: never. */
  readonly at: number;
  readonly again: () => void;
}

const REFRESH_MS = 60_000;
const UNREADABLE: HubProblem = { kind: 'edgeFailed', status: 200, detail: applicationWords.part.unreadable };

/** One answer of the edge by path, read by `parse`. Undefined asks nothing. Asked again each minute while it is looked at. */
export function usePart<T>(path: string | undefined, parse: (answer: unknown) => T | undefined): Part<T> {
  const { parts, away } = usePartsOfEdge();
  const subscribe = React.useCallback(
    (listener: () => void) => (path === undefined ? () => undefined : parts.subscribe(path, listener)),
    [parts, path],
  );
  const read = React.useCallback(() => parts.read(path ?? ''), [parts, path]);
  const entry = useSyncExternalStore(subscribe, read);
  const data = React.useMemo(() => (entry.data === undefined ? undefined : parse(entry.data)), [entry.data, parse]);
  const again = React.useCallback(() => {
    if (path !== undefined) parts.refresh(path);
  }, [parts, path]);

  // Talks to a timer: asks again while the tab is looked at and the edge is there.
  React.useEffect(() => {
    if (path === undefined || away) return undefined;
    const timer = window.setInterval(() => {
      if (!document.hidden) parts.refresh(path);
    }, REFRESH_MS);
    return () => window.clearInterval(timer);
  }, [parts, path, away]);

  const problem = entry.problem ?? (entry.data !== undefined && data === undefined ? UNREADABLE : undefined);
  return {
    fetching: entry.fetching,
    at: entry.at,
    again,
    ...(data === undefined ? {} : { data }),
    ...(problem === undefined ? {} : { problem }),
  };
}
