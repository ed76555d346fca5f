import type { Page } from '../../../proxy-server/src/domain/fleet-view.ts';
import type { HubProblem } from '../api/hub-problem.ts';

/** Rows that were loaded, page after page, for one question. */
export interface PagedRows<Row> {
  readonly question: string | undefined;
  readonly rows: readonly Row[];
  readonly total: number | undefined;
  readonly cursor: string | undefined;
  readonly loading: boolean;
  readonly problem: HubProblem | undefined;
}

export type PagedRowsAction<Row> =
  | { readonly kind: 'asked' }
  | { readonly kind: 'page'; readonly question: string; readonly first: boolean; readonly page: Page<Row> }
  /** What is said now of rows that were asked for by name. */
  | { readonly kind: 'again'; readonly question: string; readonly asked: readonly string[]; readonly rows: readonly Row[] }
  | { readonly kind: 'total'; readonly question: string; readonly total: number }
  | { readonly kind: 'failed'; readonly problem: HubProblem };

export function noRows<Row>(): PagedRows<Row> {
  return { question: undefined, rows: [], total: undefined, cursor: undefined, loading: false, problem: undefined };
}

type KeyOf<Row> = (row: Row) => string;
type ActionOf<Row, Kind> = Extract<PagedRowsAction<Row>, { kind: Kind }>;

/** What follows the rows that are there; a row that moved between two pages is not shown twice. */
function withPage<Row>(state: PagedRows<Row>, { question, first, page }: ActionOf<Row, 'page'>, keyOf: KeyOf<Row>): PagedRows<Row> {
  if (!first && question !== state.question) return state;
  const known = new Set(first ? [] : state.rows.map(keyOf));
  const rows = first ? page.items : [...state.rows, ...page.items.filter((row) => !known.has(keyOf(row)))];
  return { question, rows, total: page.total, cursor: page.cursor, loading: false, problem: undefined };
}

/** Values change in place and rows stay where they are; a row that is no more goes, since nothing true can be said of it. */
function withFresh<Row>(state: PagedRows<Row>, { question, asked, rows }: ActionOf<Row, 'again'>, keyOf: KeyOf<Row>): PagedRows<Row> {
  if (question !== state.question) return state;
  const fresh = new Map(rows.map((row) => [keyOf(row), row]));
  const gone = new Set(asked.filter((key) => !fresh.has(key)));
  const next = state.rows.flatMap((row) => (gone.has(keyOf(row)) ? [] : [fresh.get(keyOf(row)) ?? row]));
  return { ...state, rows: next, problem: undefined };
}

/** Order and length move only when the user asks, values whenever they are known anew. */
export function pagedRowsReducer<Row>(keyOf: KeyOf<Row>): (state: PagedRows<Row>, action: PagedRowsAction<Row>) => PagedRows<Row> {
  return (state, action) => {
    switch (action.kind) {
      case 'asked':
        return { ...state, loading: true };
      case 'failed':
        return { ...state, loading: false, problem: action.problem };
      case 'total':
        return action.question === state.question ? { ...state, total: action.total } : state;
      case 'again':
        return withFresh(state, action, keyOf);
      case 'page':
        return withPage(state, action, keyOf);
      default:
        return action satisfies never;
    }
  };
}

/** As many rows in one question as an address may be long. */
const MAX_NAMES_CHARS = 4_000;

/** Rows in sight, in lots that can be asked for by name. */
export function lotsOf<Row>(rows: readonly Row[], keyOf: KeyOf<Row>): readonly (readonly Row[])[] {
  const lots: Row[][] = [];
  let room = 0;
  for (const row of rows) {
    const length = keyOf(row).length;
    if (lots.length === 0 || length > room) {
      lots.push([]);
      room = MAX_NAMES_CHARS;
    }
    lots.at(-1)?.push(row);
    room -= length;
  }
  return lots;
}
