import * as React from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import type { HubProblem } from '../api/hub-problem.ts';
import { useServices } from '../services.ts';

export interface QueryResult<T> {
  readonly data?: T;
  readonly problem?: HubProblem;
  readonly fetching: boolean;
  readonly at: number;
  /** The data belongs to the question asked before: it is shown until the new answer is there. */
  readonly previous: boolean;
}

export interface QueryOptions {
  /** Ask again this often while it is on screen and the tab is looked at. */
  readonly refreshMs?: number;
}

/** An answer by path. Undefined asks nothing. The type is what the contract promises for that path. */
export function useQuery<T>(path: string | undefined, { refreshMs }: QueryOptions = {}): QueryResult<T> {
  const { queries } = useServices();
  const subscribe = React.useCallback(
    (listener: () => void) => (path === undefined ? () => undefined : queries.subscribe(path, listener)),
    [queries, path],
  );
  const read = React.useCallback(() => queries.read(path ?? ''), [queries, path]);
  const entry: QueryResult<T> = toResult(useSyncExternalStore(subscribe, read));

  // Talks to a timer: refreshes while the tab is looked at.
  React.useEffect(() => {
    if (path === undefined || refreshMs === undefined) return undefined;
    const timer = window.setInterval(() => {
      if (!document.hidden) queries.refresh(path);
    }, refreshMs);
    return () => window.clearInterval(timer);
  }, [queries, path, refreshMs]);

  const last = React.useRef<QueryResult<T> | undefined>(undefined);
  if (entry.data !== undefined) last.current = entry;
  if (entry.data !== undefined || entry.problem !== undefined || last.current?.data === undefined) return entry;
  return { ...entry, data: last.current.data, at: last.current.at, previous: true };
}

interface Untyped {
  readonly data?: unknown;
  readonly problem?: HubProblem;
  readonly fetching: boolean;
  readonly at: number;
}

/** The cache holds answers of every type under their paths; this is the one place where an answer gets the type of its path back. */
const isTyped = <T>(entry: Untyped): entry is Untyped & { readonly data?: T } => 'fetching' in entry;

function toResult<T>(entry: Untyped): QueryResult<T> {
  if (!isTyped<T>(entry)) return { fetching: false, at: 0, previous: false };
  return { ...entry, previous: false };
}
