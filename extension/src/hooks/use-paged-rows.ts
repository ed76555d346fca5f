import * as React from 'react';
import type { Page } from '../../../proxy-server/src/domain/fleet-view.ts';
import type { HubClient } from '../api/hub-client.ts';
import { lotsOf, noRows, pagedRowsReducer, type PagedRows, type PagedRowsAction } from '../stores/paged-rows.ts';
import { useServices } from '../services.ts';

export interface RowList<Row> {
  /** Where the rows are asked for, as `edges`. */
  readonly path: string;
  readonly keyOf: (row: Row) => string;
  /** The query that finds these rows, and perhaps some more. */
  readonly queryOf: (rows: readonly Row[]) => string;
}

export interface RowQuestion {
  readonly query: string;
  readonly sort: string;
  /** Another value: something changed, so what is in sight is asked again at once. */
  readonly mark?: string | number;
}

export interface LoadedRows<Row> extends PagedRows<Row> {
  readonly loadMore: () => void;
  /** From the start: rows that came meanwhile get their place. */
  readonly again: () => void;
  /** Tells which rows are in sight: they are kept fresh. */
  readonly onSight: (rows: readonly Row[]) => void;
}

const PAGE_SIZE = 200;
/** As large as a page may be: rows asked for by name may have namesakes. */
const LOT_SIZE = 500;
const REFRESH_MS = 5_000;

interface Asking<Row> {
  readonly client: HubClient;
  readonly list: RowList<Row>;
  readonly question: string;
  readonly signal: AbortSignal;
  readonly dispatch: (action: PagedRowsAction<Row>) => void;
}

async function askPage<Row>({ client, list, question, signal, dispatch }: Asking<Row>, cursor: string | undefined): Promise<void> {
  dispatch({ kind: 'asked' });
  const after = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const answer = await client.get<Page<Row>>(`${list.path}?${question}&limit=${PAGE_SIZE}${after}`, signal);
  if (signal.aborted) return;
  dispatch(
    answer.ok ? { kind: 'page', question, first: cursor === undefined, page: answer.value } : { kind: 'failed', problem: answer.error },
  );
}

/** Whatever their place in the list has become: rows in sight are asked for by name. */
async function askAgain<Row>({ client, list, question, signal, dispatch }: Asking<Row>, inSight: readonly Row[]): Promise<void> {
  const whole = client.get<Page<Row>>(`${list.path}?${question}&limit=1`, signal);
  for (const lot of lotsOf(inSight, list.keyOf)) {
    const answer = await client.get<Page<Row>>(`${list.path}?query=${encodeURIComponent(list.queryOf(lot))}&limit=${LOT_SIZE}`, signal);
    if (signal.aborted) return;
    const asked = answer.ok && answer.value.cursor === undefined ? lot.map(list.keyOf) : [];
    dispatch(answer.ok ? { kind: 'again', question, asked, rows: answer.value.items } : { kind: 'failed', problem: answer.error });
  }
  const answer = await whole;
  if (answer.ok && !signal.aborted) dispatch({ kind: 'total', question, total: answer.value.total });
}

/** The rows of a question, page after page by cursor. What is in sight is asked again and again: values change, the order does not. */
export function usePagedRows<Row>(list: RowList<Row>, { query, sort, mark = '' }: RowQuestion): LoadedRows<Row> {
  const { client } = useServices();
  const reducer = React.useMemo(() => pagedRowsReducer(list.keyOf), [list]);
  const [state, dispatch] = React.useReducer(reducer, noRows<Row>());
  const question = `query=${encodeURIComponent(query)}&sort=${encodeURIComponent(sort)}`;
  const latest = React.useRef(state);
  latest.current = state;
  const sight = React.useRef<readonly Row[]>([]);
  const run = React.useRef<Asking<Row> | undefined>(undefined);

  const load = React.useCallback((cursor: string | undefined) => {
    if (run.current !== undefined) void askPage(run.current, cursor);
  }, []);
  const refresh = React.useCallback(() => {
    const { rows, loading } = latest.current;
    if (run.current === undefined || loading || document.hidden) return;
    if (rows.length === 0) load(undefined);
    else void askAgain(run.current, sight.current);
  }, [load]);

  // Talks to the server: another question is asked at once, what is in sight again and again.
  React.useEffect(() => {
    const controller = new AbortController();
    run.current = { client, list, question, signal: controller.signal, dispatch };
    load(undefined);
    const timer = window.setInterval(refresh, REFRESH_MS);
    return () => {
      controller.abort();
      window.clearInterval(timer);
    };
  }, [client, list, question, load, refresh]);

  const seen = React.useRef(mark);
  // Talks to the server: something changed.
  React.useEffect(() => {
    if (seen.current !== mark) refresh();
    seen.current = mark;
  }, [mark, refresh]);

  const loadMore = React.useCallback(() => {
    const { cursor, loading } = latest.current;
    if (cursor !== undefined && !loading) load(cursor);
  }, [load]);
  const again = React.useCallback(() => load(undefined), [load]);
  const onSight = React.useCallback((rows: readonly Row[]) => {
    sight.current = rows;
  }, []);
  return { ...state, loadMore, again, onSight };
}
