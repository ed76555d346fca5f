import * as React from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import type { HistoryMode } from '../router.ts';
import { useServices } from '../services.ts';

const TYPING_MS = 300;

/** Changes to the query of the address: `undefined` removes a key (a default is never written), other keys stay. */
export type SearchChange = Readonly<Record<string, string | undefined>>;

export function withChange(search: string, change: SearchChange): string {
  const params = new URLSearchParams(search);
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined || value === '') params.delete(key);
    else params.set(key, value);
  }
  return params.toString();
}

export const searchOf = (location: string): string => (location.includes('?') ? location.slice(location.indexOf('?') + 1) : '');
export const pathOf = (location: string): string => location.split('?')[0] ?? '/';

/** Path and query of our page, read anew whenever the address changes. */
export function useLocation(): string {
  const { router } = useServices();
  return useSyncExternalStore(router.subscribe, router.current);
}

export interface UrlState {
  readonly search: URLSearchParams;
  readonly change: (change: SearchChange, mode?: HistoryMode) => void;
  /** For what is being typed: written 300 ms after the last stroke, and no step for Back. */
  readonly changeSoon: (change: SearchChange) => void;
}

export function useUrlState(): UrlState {
  const { router } = useServices();
  const text = searchOf(useLocation());
  const search = React.useMemo(() => new URLSearchParams(text), [text]);
  const timer = React.useRef<number | undefined>(undefined);
  const change = React.useCallback(
    (next: SearchChange, mode: HistoryMode = 'push') => {
      window.clearTimeout(timer.current);
      const before = searchOf(router.current());
      const after = withChange(before, next);
      if (after !== new URLSearchParams(before).toString()) router.setSearch(after, mode);
    },
    [router],
  );
  const changeSoon = React.useCallback(
    (next: SearchChange) => {
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => change(next, 'replace'), TYPING_MS);
    },
    [change],
  );
  // Talks to the timer: what was typed last is not written into the address of another page.
  React.useEffect(() => () => window.clearTimeout(timer.current), []);
  return { search, change, changeSoon };
}
