import * as React from 'react';
import { fleetWords } from '../../messages/fleet.ts';
import { useFormats, type Formats } from '../../ui/Formats.tsx';
import { Tile } from '../../ui/Tile.tsx';
import type { FleetPicture } from '../../stores/fleet-store.ts';
import { fleetTiles, mostBehind, type BehindMost, type FleetTile } from './fleet-tiles.ts';
import { hasValues, toggleValues } from '../../query/query-terms.ts';

export interface TilesRowProps {
  readonly picture: FleetPicture;
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

const isOn = (tile: FleetTile, query: string): boolean => {
  return tile.field === undefined ? false : hasValues(query, tile.field, tile.values);
};

function pressed(tile: FleetTile, query: string): string {
  return tile.field === undefined ? '' : toggleValues(query, tile.field, tile.values);
}

/** What stands below a figure whose change is not known. */
function plainNote(tile: FleetTile, picture: FleetPicture, behind: BehindMost | undefined, formats: Formats): string | undefined {
  const oldest = picture.counts?.oldestNotHeard;
  if (tile.id === 'behind' && behind !== undefined) return fleetWords.tiles.behindMost(behind.product, behind.newest);
  if (tile.id === 'notHeard' && tile.value > 0)
    return oldest === undefined ? fleetWords.tiles.never : fleetWords.tiles.longest(formats.duration(formats.now() - oldest.readAt));
  return tile.id === 'edges' ? fleetWords.tiles.applications(picture.counts?.applications ?? 0) : undefined;
}

function noteOf(tile: FleetTile, picture: FleetPicture, behind: BehindMost | undefined, formats: Formats): string {
  if (tile.change !== undefined) return fleetWords.tiles.in24h(formats.signed(tile.change));
  return plainNote(tile, picture, behind, formats) ?? fleetWords.tiles.noChangeYet;
}

const toneOf = (tile: FleetTile): 'better' | 'worse' | 'plain' => {
  if (tile.change === undefined || tile.change === 0 || tile.moreIs === 'plain') return 'plain';
  return tile.change > 0 === (tile.moreIs === 'better') ? 'better' : 'worse';
};

/** Six figures that filter. The first, all edges, clears the query. */
export const TilesRow = React.memo(function TilesRow({ picture, query, onQuery }: TilesRowProps): React.ReactElement | null {
  const formats = useFormats();
  const behind = React.useMemo(() => mostBehind(picture.facets, formats.compare), [picture.facets, formats]);
  if (picture.counts === undefined) return null;
  return (
    <div className="ef-tiles" role="group" aria-label={fleetWords.tiles.label}>
      {fleetTiles({ counts: picture.counts, deltas24h: picture.deltas24h }).map((tile) => (
        <Tile
          key={tile.id}
          title={fleetWords.tiles[tile.id]}
          {...(tile.icon === undefined ? {} : { icon: tile.icon })}
          tone={tile.tone}
          value={tile.value}
          note={noteOf(tile, picture, behind, formats)}
          noteTone={toneOf(tile)}
          pressed={tile.id === 'edges' ? query === '' : isOn(tile, query)}
          onPress={() => onQuery(tile.id === 'edges' ? '' : pressed(tile, query))}
        />
      ))}
    </div>
  );
});
