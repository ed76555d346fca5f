import * as React from 'react';
import type { ApplicationRow, Page } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useServices } from '../../services.ts';
import { applicationPagesReducer, NO_PAGES, type ApplicationPagesState } from './application-pages.ts';

const PAGE_SIZE = 200;
const REFRESH_MS = 5_000;

export interface ApplicationPages extends ApplicationPagesState {
  readonly loadMore: () => void;
  readonly again: () => void;
}

/** The rows of a question, page after page by cursor. The first page is read again in place while it is looked at. */
export function useApplicationPages(query: string, sort: string): ApplicationPages {
  const { client } = useServices();
  const [state, dispatch] = React.useReducer(applicationPagesReducer, NO_PAGES);
  const question = `query=${encodeURIComponent(query)}&sort=${encodeURIComponent(sort)}&limit=${PAGE_SIZE}`;
  const latest = React.useRef(state);
  latest.current = state;
  const run = React.useRef<AbortController | undefined>(undefined);

  const load = React.useCallback(
    async (cursor: string | undefined): Promise<void> => {
      const signal = run.current?.signal;
      dispatch({ kind: 'asked' });
      const after = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const answer = await client.get<Page<ApplicationRow>>(`applications?${question}${after}`, signal);
      if (signal?.aborted === true) return;
      if (answer.ok) dispatch({ kind: 'page', question, first: cursor === undefined, page: answer.value });
      else dispatch({ kind: 'failed', problem: answer.error });
    },
    [client, question],
  );
  const refresh = React.useCallback(async (): Promise<void> => {
    const signal = run.current?.signal;
    const answer = await client.get<Page<ApplicationRow>>(`applications?${question}`, signal);
    if (signal?.aborted === true) return;
    if (answer.ok) dispatch({ kind: 'again', question, page: answer.value });
    else dispatch({ kind: 'failed', problem: answer.error });
  }, [client, question]);

  // Talks to the server: another question is asked at once, what is on screen again and again.
  React.useEffect(() => {
    const controller = new AbortController();
    run.current = controller;
    void load(undefined);
    const timer = window.setInterval(() => {
      if (!document.hidden && !latest.current.loading) void refresh();
    }, REFRESH_MS);
    return () => {
      controller.abort();
      window.clearInterval(timer);
    };
  }, [load, refresh]);

  const loadMore = React.useCallback(() => {
    const { cursor, loading } = latest.current;
    if (cursor !== undefined && !loading) void load(cursor);
  }, [load]);
  const again = React.useCallback(() => void load(undefined), [load]);
  return { ...state, loadMore, again };
}
