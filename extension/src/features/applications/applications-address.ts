import type { TableSort } from '../../ui/VirtualTable.tsx';

export const GROUP_KEYS = ['name', 'product', 'version', 'message'] as const;
export type GroupKey = (typeof GROUP_KEYS)[number];

/** What is searched and how it is shown: all of it is in the address, defaults left out. */
export interface ApplicationsAddress {
  readonly query: string;
  readonly group: GroupKey | undefined;
  readonly sort: TableSort | undefined;
}

/** The worst first: who opens the page is looking for trouble. */
export const DEFAULT_SORT = 'look';

export function parseApplicationsAddress(search: URLSearchParams): ApplicationsAddress {
  const sort = search.get('sort') ?? '';
  return {
    query: search.get('q') ?? '',
    group: GROUP_KEYS.find((key) => key === search.get('group')),
    sort: sort === '' ? undefined : { key: sort.replace(/^-/, ''), descending: sort.startsWith('-') },
  };
}

/** First press ascending, second descending, third back to the worst first. */
export function nextSort(sort: TableSort | undefined, key: string): string | undefined {
  if (sort?.key !== key) return key;
  return sort.descending ? undefined : `-${key}`;
}

/** As the list is asked for it. */
export const sortParameter = (sort: TableSort | undefined): string =>
  sort === undefined ? DEFAULT_SORT : `${sort.descending ? '-' : ''}${sort.key}`;
