import * as React from 'react';
import { useServices } from '../../services.ts';
import { fleetWords } from '../../messages/fleet.ts';
import type { UrlState } from '../../hooks/use-url-state.ts';
import { MAX_SELECTED_IN_ADDRESS } from './fleet-address.ts';

export interface Selection {
  readonly names: ReadonlySet<string>;
  /** On, off, or, where `on` is undefined, the other way round. */
  readonly change: (names: readonly string[], on: boolean | undefined) => void;
  readonly clear: () => void;
}

export function changedSelection(before: ReadonlySet<string>, names: readonly string[], on: boolean | undefined): ReadonlySet<string> {
  const after = new Set(before);
  for (const name of names) {
    if (on ?? !before.has(name)) after.add(name);
    else after.delete(name);
  }
  return after;
}

const inAddress = (names: ReadonlySet<string>): string => (names.size > MAX_SELECTED_IN_ADDRESS ? '' : [...names].join());

/** The selected edges, carried between map and table, and in the address while there are few enough for one: then the address decides. */
export function useSelection(url: UrlState, selected: readonly string[]): Selection {
  const { announcement } = useServices();
  const [own, setOwn] = React.useState<ReadonlySet<string>>(() => new Set(selected));
  const address = selected.join();
  const names = React.useMemo(() => (inAddress(own) === address ? own : new Set(address === '' ? [] : address.split(','))), [own, address]);
  const { change: changeAddress } = url;
  const put = React.useCallback(
    (after: ReadonlySet<string>) => {
      setOwn(after);
      changeAddress({ sel: inAddress(after) }, 'replace');
      announcement.set(fleetWords.selection.count(after.size));
    },
    [changeAddress, announcement],
  );
  const change = React.useCallback(
    (changed: readonly string[], on: boolean | undefined) => put(changedSelection(names, changed, on)),
    [put, names],
  );
  const clear = React.useCallback(() => put(new Set()), [put]);
  return { names, change, clear };
}
