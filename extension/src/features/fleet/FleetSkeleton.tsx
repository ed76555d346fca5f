import * as React from 'react';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { shellWords } from '../../messages/shell.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';

const TILES = ['edges', 'healthy', 'degraded', 'outOfSync', 'behind', 'notHeard'];

/** The page as it will stand, before anything is known: what comes takes its place and nothing jumps. */
export function FleetSkeleton(): React.ReactElement {
  const { search } = useUrlState();
  return (
    <div className={`ef-fleet ef-fleet--${search.get('view') === 'table' ? 'table' : 'map'}`}>
      <div className="ef-fleet__facets ef-fleet__blank" />
      <div className="ef-fleet__main">
        <div className="ef-tiles" aria-hidden="true">
          {TILES.map((tile) => (
            <div key={tile} className="ef-card ef-fleet__blank-tile" />
          ))}
        </div>
        <div className="ef-card ef-fleet__blank-bar" />
        <div className="ef-card ef-fleet__view">
          <Skeleton label={shellWords.loading} rowHeight={72} />
        </div>
      </div>
      <div className="ef-causes ef-fleet__blank" />
    </div>
  );
}
