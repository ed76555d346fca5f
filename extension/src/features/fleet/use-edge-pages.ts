import * as React from 'react';
import type { EdgeRow, Page } from '../../../../proxy-server/src/domain/fleet-view.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useServices } from '../../services.ts';
import { edgePagesReducer, NO_PAGES } from './edge-pages.ts';

const PAGE_SIZE = 200;
const REFRESH_MS = 5_000;

export interface EdgePages {
  readonly rows: readonly EdgeRow[];
  readonly total: number | undefined;
  readonly loading: boolean;
  readonly problem: HubProblem | undefined;
  readonly loadMore: () => void;
}

/** The table's rows, page after page by cursor. What is on screen is read again in place: values change, the order does not. */
export function useEdgePages(query: string, sort: string): EdgePages {
  const { client } = useServices();
  const [state, dispatch] = React.useReducer(edgePagesReducer, NO_PAGES);
  const question = `query=${encodeURIComponent(query)}&sort=${encodeURIComponent(sort)}&limit=${PAGE_SIZE}`;
  const latest = React.useRef(state);
  latest.current = state;
  const asking = React.useRef<string | undefined>(undefined);

  const load = React.useCallback(
    (cursor: string | undefined, signal?: AbortSignal): void => {
      const path = `edges?${question}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      if (asking.current === path) return;
      asking.current = path;
      dispatch({ kind: 'asked' });
      void client.get<Page<EdgeRow>>(path, signal).then((answer) => {
        if (signal?.aborted === true) return;
        if (asking.current === path) asking.current = undefined;
        dispatch(
          answer.ok
            ? { kind: 'page', question, first: cursor === undefined, page: answer.value }
            : { kind: 'failed', problem: answer.error },
        );
      });
    },
    [client, question],
  );
  // Talks to the server: another question is asked at once, and what is on screen again and again.
  React.useEffect(() => {
    const controller = new AbortController();
    asking.current = undefined;
    load(undefined, controller.signal);
    const timer = window.setInterval(() => {
      if (document.hidden) return;
      void client.get<Page<EdgeRow>>(`edges?${question}`, controller.signal).then((answer) => {
        if (answer.ok && !controller.signal.aborted) dispatch({ kind: 'again', question, page: answer.value });
      });
    }, REFRESH_MS);
    return () => {
      controller.abort();
      window.clearInterval(timer);
    };
  }, [client, load, question]);

  const loadMore = React.useCallback(() => {
    const { cursor, loading } = latest.current;
    if (cursor !== undefined && !loading) load(cursor);
  }, [load]);
  return { rows: state.rows, total: state.total, loading: state.loading, problem: state.problem, loadMore };
}
