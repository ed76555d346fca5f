import * as React from 'react';
import type { ApplicationRow } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { ActMenu } from '../../acting/ActMenu.tsx';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { actionWords } from '../../messages/actions.ts';
import { Checkbox } from '../../ui/argo-ui.js';
import type { Column } from '../../ui/VirtualTable.tsx';
import { applicationRowKey } from '../../words/application-facts.ts';

/** Rows that somebody chose, by key; in the address while there are few enough for one. */
export interface ApplicationSelection {
  readonly keys: ReadonlySet<string>;
  readonly toggle: (key: string) => void;
  readonly clear: () => void;
}

const MAX_IN_ADDRESS = 30;

export function useApplicationSelection(): ApplicationSelection {
  const { search, change } = useUrlState();
  const [keys, setKeys] = React.useState<ReadonlySet<string>>(() => new Set(search.get('sel')?.split(',') ?? []));
  const put = React.useCallback(
    (next: ReadonlySet<string>) => {
      setKeys(next);
      change({ sel: next.size === 0 || next.size > MAX_IN_ADDRESS ? undefined : [...next].join(',') }, 'replace');
    },
    [change],
  );
  const toggle = React.useCallback(
    (key: string) => {
      const next = new Set(keys);
      if (!next.delete(key)) next.add(key);
      put(next);
    },
    [keys, put],
  );
  const clear = React.useCallback(() => put(new Set()), [put]);
  return { keys, toggle, clear };
}

/** First in the table: a box on every row. */
export const pickColumn = (keys: ReadonlySet<string>, toggle: (key: string) => void): Column<ApplicationRow> => ({
  key: 'pick',
  title: '',
  width: '36px',
  cell: (row) => {
    const key = applicationRowKey(row);
    return (
      <label className="ef-pick" htmlFor={`ef-pick-${key}`}>
        <span className="ef-hidden">{actionWords.select(key)}</span>
        <Checkbox id={`ef-pick-${key}`} checked={keys.has(key)} onChange={() => toggle(key)} />
      </label>
    );
  },
});

export interface SelectedActionsProps {
  readonly selection: ApplicationSelection;
  readonly query: string;
  readonly total: number;
}

function targetOf(key: string): { readonly edge: string; readonly namespace: string; readonly name: string } {
  const [edge = '', namespace = '', name = ''] = key.split('/');
  return { edge, namespace, name };
}

/** What can be done with the chosen rows, or, where none is chosen, with everything that matches. */
export function SelectedActions({ selection: { keys, clear }, query, total }: SelectedActionsProps): React.ReactElement {
  if (keys.size === 0) return <ActMenu subject={{ query }} what={actionWords.matching(total)} />;
  const what = actionWords.selected(keys.size);
  return (
    <>
      <b role="status">{what}</b>
      <ActMenu subject={{ targets: [...keys].map(targetOf) }} what={what} />
      <button type="button" className="ef-button" onClick={clear}>
        {actionWords.clear}
      </button>
    </>
  );
}
