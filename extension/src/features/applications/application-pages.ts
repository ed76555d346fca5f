import type { ApplicationRow, Page } from '../../../../proxy-server/src/domain/fleet-view.ts';
import type { HubProblem } from '../../api/hub-problem.ts';

/** Rows that were loaded, page after page, for one question. */
export interface ApplicationPagesState {
  readonly question: string | undefined;
  readonly rows: readonly ApplicationRow[];
  readonly total: number | undefined;
  readonly cursor: string | undefined;
  readonly loading: boolean;
  readonly problem: HubProblem | undefined;
}

export const NO_PAGES: ApplicationPagesState = {
  question: undefined, rows: [], total: undefined, cursor: undefined, loading: false, problem: undefined,
}; // prettier-ignore

export type ApplicationPagesAction =
  | { readonly kind: 'asked' }
  | { readonly kind: 'page'; readonly question: string; readonly first: boolean; readonly page: Page<ApplicationRow> }
  | { readonly kind: 'again'; readonly question: string; readonly page: Page<ApplicationRow> }
  | { readonly kind: 'failed'; readonly problem: HubProblem };

export const applicationRowKey = ({ edge, namespace, name }: ApplicationRow): string => `${edge}/${namespace}/${name}`;

/** What follows the rows that are there; a row that moved between two pages is not shown twice. */
function withPage(
  state: ApplicationPagesState,
  { question, first, page }: Extract<ApplicationPagesAction, { kind: 'page' }>,
): ApplicationPagesState {
  if (!first && question !== state.question) return state;
  const known = new Set(first ? [] : state.rows.map(applicationRowKey));
  const rows = first ? page.items : [...state.rows, ...page.items.filter((row) => !known.has(applicationRowKey(row)))];
  return { question, rows, total: page.total, cursor: page.cursor, loading: false, problem: undefined };
}

/** Values change in place, rows stay where they are: order and length move only when the user asks. */
function withFresh(
  state: ApplicationPagesState,
  { question, page }: Extract<ApplicationPagesAction, { kind: 'again' }>,
): ApplicationPagesState {
  if (question !== state.question) return state;
  if (state.rows.length === 0) return withPage(state, { kind: 'page', question, first: true, page });
  const fresh = new Map(page.items.map((row) => [applicationRowKey(row), row]));
  const rows = state.rows.map((row) => fresh.get(applicationRowKey(row)) ?? row);
  return { ...state, rows, total: page.total, problem: undefined };
}

export function applicationPagesReducer(state: ApplicationPagesState, action: ApplicationPagesAction): ApplicationPagesState {
  switch (action.kind) {
    case 'asked':
      return { ...state, loading: true };
    case 'failed':
      return { ...state, loading: false, problem: action.problem };
    case 'again':
      return withFresh(state, action);
    case 'page':
      return withPage(state, action);
    default:
      return action satisfies never;
  }
}
