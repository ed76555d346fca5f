import * as React from 'react';
import { fleetWords } from '../../messages/fleet.ts';
import { useServices } from '../../services.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { EdgeTable } from './EdgeTable.tsx';
import { MapView } from './MapView.tsx';
import type { FleetView, WholePicture } from './use-fleet-view.ts';

export interface FleetBodyProps {
  readonly picture: WholePicture;
  readonly version: number;
  readonly view: FleetView;
  readonly old: boolean;
  readonly lassoWanted: boolean;
  readonly onLassoDone: () => void;
}

/** The map, its table twin, or, where nothing matches, the way back. */
export function FleetBody({ picture, version, view, old, lassoWanted, onLassoDone }: FleetBodyProps): React.ReactElement {
  const { router } = useServices();
  const { address, matching, selection, setQuery, url } = view;
  const open = (name: string): void => router.navigate(`/edges/${encodeURIComponent(name)}`);
  const nothing = address.query !== '' && matching.count === 0;
  return (
    <div className={`ef-card ef-fleet__view ef-fleet__view--${address.view}`}>
      {nothing ? (
        <EmptyState icon="fa-filter" title={fleetWords.nothing.title} text={fleetWords.nothing.text(address.query)}>
          <button type="button" className="ef-button ef-button--main" onClick={() => setQuery('')}>
            {fleetWords.nothing.clear}
          </button>
        </EmptyState>
      ) : address.view === 'table' ? (
        <EdgeTable
          query={address.query}
          sort={address.sort}
          onSort={(sort) => url.change({ sort: sort === undefined ? undefined : `${sort.descending ? '-' : ''}${sort.key}` })}
          columns={view.columns}
          products={view.known.products}
          labels={[...view.labels]}
          old={old}
          selected={selection.names}
          onToggle={(name) => selection.change([name], undefined)}
          onOpen={open}
        />
      ) : (
        <MapView
          members={picture.members}
          columns={picture.columns}
          version={version}
          address={address}
          matches={matching.mask}
          selection={selection}
          old={old}
          lassoWanted={lassoWanted}
          onLassoDone={onLassoDone}
          onQuery={setQuery}
          onOpen={open}
        />
      )}
    </div>
  );
}
