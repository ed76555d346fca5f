import * as React from 'react';
import type { FleetMembers } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useUrlState, type UrlState } from '../../hooks/use-url-state.ts';
import { knownWords, mostRunProducts } from '../../query/known-words.ts';
import type { KnownWords } from '../../query/query-completion.ts';
import type { FleetColumns } from '../../stores/fleet-columns.ts';
import type { FleetPicture } from '../../stores/fleet-store.ts';
import { defaultColumns } from './edge-columns.tsx';
import { defaultGroup, parseFleetAddress, type FleetAddress } from './fleet-address.ts';
import { useMatchingRows, type Matching } from './use-matching-rows.ts';
import { useSelection, type Selection } from './use-selection.ts';

/** A fleet whose names and columns belong together. */
export interface WholePicture extends FleetPicture {
  readonly members: FleetMembers;
  readonly columns: FleetColumns;
}

export const isWholePicture = (picture: FleetPicture): picture is WholePicture =>
  picture.members !== undefined && picture.columns !== undefined;

/** How the user looks at the fleet: what the address says, what is selected, what matches, and the fleet's own words. */
export interface FleetView {
  readonly url: UrlState;
  readonly address: FleetAddress;
  readonly firstGroup: string;
  readonly selection: Selection;
  readonly matching: Matching;
  readonly known: KnownWords;
  readonly labels: ReadonlySet<string>;
  readonly columns: readonly string[];
  readonly setQuery: (query: string) => void;
  readonly setView: (view: 'map' | 'table') => void;
}

export function useFleetView({ members, columns, facets }: WholePicture): FleetView {
  const url = useUrlState();
  const firstGroup = React.useMemo(() => defaultGroup(members), [members]);
  const address = parseFleetAddress(url.search, firstGroup);
  const selection = useSelection(url, address.selected);
  const matching = useMatchingRows(address.query, columns.count, members.membership);
  const known = React.useMemo(() => knownWords(members, facets), [members, facets]);
  const productKeys = known.products.join();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- not facets: a column keeps its Product while counts change
  const products = React.useMemo(() => mostRunProducts(facets), [productKeys]);
  const labels = React.useMemo(() => new Set(Object.keys(members.labels).sort()), [members]);
  const { change } = url;
  const setQuery = React.useCallback((query: string) => change({ q: query }), [change]);
  return {
    url,
    address,
    firstGroup,
    selection,
    matching,
    known,
    labels,
    columns: address.columns ?? defaultColumns(products),
    setQuery,
    setView: (view) => url.change({ view: view === 'map' ? undefined : view }),
  };
}
