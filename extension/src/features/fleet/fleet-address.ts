import type { FleetMembers } from '../../../../proxy-server/src/domain/fleet-view.ts';
import type { TableSort } from '../../ui/VirtualTable.tsx';

/** How the fleet is looked at: all of it is in the address, defaults left out. */
export interface FleetAddress {
  readonly query: string;
  /** A label's key, `connector`, or `none`. */
  readonly group: string;
  /** `health`, `sync`, `connection`, `contact` or `version:<product>`. */
  readonly colour: string;
  readonly view: 'map' | 'table';
  readonly hideOthers: boolean;
  readonly sort: TableSort | undefined;
  readonly columns: readonly string[] | undefined;
  readonly selected: readonly string[];
}

export const GROUP_CONNECTOR = 'connector';
export const GROUP_NONE = 'none';
export const DEFAULT_COLOUR = 'health';
/** A longer selection does not fit into an address that mail and chat pass on. */
export const MAX_SELECTED_IN_ADDRESS = 100;

const listOf = (raw: string | null): readonly string[] => (raw === null || raw === '' ? [] : raw.split(','));

export function parseFleetAddress(search: URLSearchParams, defaultGroup: string): FleetAddress {
  const sort = search.get('sort');
  return {
    query: search.get('q') ?? '',
    group: search.get('group') ?? defaultGroup,
    colour: search.get('color') ?? DEFAULT_COLOUR,
    view: search.get('view') === 'table' ? 'table' : 'map',
    hideOthers: search.get('others') === 'hide',
    sort: sort === null || sort === '' ? undefined : { key: sort.replace(/^-/, ''), descending: sort.startsWith('-') },
    columns: search.has('cols') ? listOf(search.get('cols')) : undefined,
    selected: listOf(search.get('sel')).slice(0, MAX_SELECTED_IN_ADDRESS),
  };
}

/** A label that splits the fleet into a handful of groups; `region` where there is one, since people think of places first. */
export function defaultGroup(members: FleetMembers | undefined): string {
  const labels = Object.entries(members?.labels ?? {});
  const fits = labels.filter(([, column]) => column.values.length >= 2 && column.values.length <= 40).map(([key]) => key);
  return ['region', 'zone', 'site'].find((key) => fits.includes(key)) ?? fits.sort()[0] ?? GROUP_NONE;
}

/** First press ascending, second descending, third back to the natural order. */
export function nextSort(sort: TableSort | undefined, key: string): TableSort | undefined {
  if (sort?.key !== key) return { key, descending: false };
  return sort.descending ? undefined : { key, descending: true };
}
