import * as React from 'react';
import type { FleetMembers } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { useServices } from '../../services.ts';
import type { FleetColumns } from '../../stores/fleet-columns.ts';
import { useFormats } from '../../ui/Formats.tsx';
import { GROUP_CONNECTOR, GROUP_NONE, type FleetAddress } from './fleet-address.ts';
import { groupWord } from './FleetToolbar.tsx';
import { FleetMap } from './map/FleetMap.tsx';
import { groupRows } from './map/map-groups.ts';
import { termOf, type LegendLine } from './map/map-legend.ts';
import { toggleTerm, toggleValue, toggleValues } from '../../query/query-terms.ts';
import { useColouring } from './use-colouring.ts';
import type { Selection } from './use-selection.ts';

export interface MapViewProps {
  readonly members: FleetMembers;
  readonly columns: FleetColumns;
  readonly version: number;
  readonly address: FleetAddress;
  readonly matches: Uint8Array | undefined;
  readonly selection: Selection;
  readonly old: boolean;
  readonly lassoWanted: boolean;
  readonly onLassoDone: () => void;
  readonly onQuery: (query: string) => void;
  readonly onOpen: (name: string) => void;
}

function pressLegend(query: string, { kind }: LegendLine): string {
  const term = termOf(kind);
  return term === undefined ? toggleValues(query, kind.field, kind.values) : toggleTerm(query, term);
}

function titleOf(group: string, key: string): string {
  if (group === GROUP_NONE) return fleetWords.group.all;
  return key === '' ? fleetWords.group.absent : key;
}

/** What the map is told: groups by the chosen column, colours by the chosen field, and rows for the selected names. */
export function MapView(props: MapViewProps): React.ReactElement {
  const { members, columns, address, matches, selection, onQuery } = props;
  const { fleet } = useServices();
  const { compare } = useFormats();
  const { group, query } = address;
  const shown = address.hideOthers ? matches : undefined;
  const groups = React.useMemo(() => {
    const column = group === GROUP_NONE ? undefined : group === GROUP_CONNECTOR ? fleet.connector() : fleet.label(group);
    const shows = shown === undefined ? {} : { shows: (row: number) => shown[row] === 1 };
    return groupRows({ count: members.names.length, column, compare, ...shows });
  }, [members, group, fleet, compare, shown]);
  const colouring = useColouring(address.colour, columns.count);
  const selected = React.useMemo(() => {
    const rows = new Set<number>();
    for (const name of selection.names) {
      const row = fleet.rowOf(name);
      if (row !== undefined) rows.add(row);
    }
    return rows;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- members: the rows of the names change with them
  }, [selection.names, fleet, members]);
  const nameOf = (row: number): string => members.names[row] ?? '';
  return (
    <FleetMap
      members={members}
      columns={columns}
      version={props.version}
      groups={groups}
      titles={groups.map(({ key }) => titleOf(group, key))}
      grouping={groupWord(group)}
      colouring={colouring}
      query={query}
      matches={matches}
      selected={selected}
      old={props.old}
      lassoWanted={props.lassoWanted}
      onOpen={(row) => props.onOpen(nameOf(row))}
      onSelect={(rows, on) => {
        selection.change(rows.map(nameOf), on);
        props.onLassoDone();
      }}
      onPressGroup={({ key }) => {
        if (group !== GROUP_NONE) onQuery(toggleValue(query, group === GROUP_CONNECTOR ? 'connector' : group, key));
      }}
      onPressLegend={(line) => onQuery(pressLegend(query, line))}
    />
  );
}
