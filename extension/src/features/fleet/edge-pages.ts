import type { EdgeRow, Page } from '../../../../proxy-server/src/domain/fleet-view.ts';
import type { TableSort } from '../../ui/VirtualTable.tsx';
import type { HubProblem } from '../../api/hub-problem.ts';

export interface EdgePagesState {
  /** The question that the rows answer. */
  readonly question: string | undefined;
  readonly rows: readonly EdgeRow[];
  readonly total: number | undefined;
  readonly cursor: string | undefined;
  readonly loading: boolean;
  readonly problem: HubProblem | undefined;
}

export const NO_PAGES: EdgePagesState = {
  question: undefined,
  rows: [],
  total: undefined,
  cursor: undefined,
  loading: false,
  problem: undefined,
};

export type EdgePagesAction =
  | { readonly kind: 'asked' }
  | { readonly kind: 'page'; readonly question: string; readonly first: boolean; readonly page: Page<EdgeRow> }
  | { readonly kind: 'again'; readonly question: string; readonly page: Page<EdgeRow> }
  | { readonly kind: 'failed'; readonly problem: HubProblem };

/** Values of rows that are on show, written over what is known of them; rows stay where they are, new ones wait until the user asks. */
function refreshed(rows: readonly EdgeRow[], fresh: readonly EdgeRow[]): readonly EdgeRow[] {
  const byName = new Map(fresh.map((row) => [row.name, row]));
  return rows.map((row) => byName.get(row.name) ?? row);
}

function withPage(state: EdgePagesState, { question, first, page }: Extract<EdgePagesAction, { kind: 'page' }>): EdgePagesState {
  if (!first && question !== state.question) return state;
  const known = new Set(first ? [] : state.rows.map(({ name }) => name));
  const rows = first ? page.items : [...state.rows, ...page.items.filter(({ name }) => !known.has(name))];
  return { question, rows, total: page.total, cursor: page.cursor, loading: false, problem: undefined };
}

export function edgePagesReducer(state: EdgePagesState, action: EdgePagesAction): EdgePagesState {
  switch (action.kind) {
    case 'asked':
      return { ...state, loading: true };
    case 'failed':
      return { ...state, loading: false, problem: action.problem };
    case 'again':
      if (action.question !== state.question) return state;
      // The first rows decide: an empty table fills up, a full one keeps its order.
      if (state.rows.length === 0)
        return { ...state, rows: action.page.items, total: action.page.total, cursor: action.page.cursor, problem: undefined };
      return { ...state, rows: refreshed(state.rows, action.page.items), total: action.page.total, problem: undefined };
    case 'page':
      return withPage(state, action);
    default:
      return action satisfies never;
  }
}

/** First press ascending, second descending, third back to the natural order. */
export function nextSort(sort: TableSort | undefined, key: string): TableSort | undefined {
  if (sort?.key !== key) return { key, descending: false };
  return sort.descending ? undefined : { key, descending: true };
}
