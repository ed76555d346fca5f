import type { Facet } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { valuesOf } from '../../query/query-terms.ts';
import { connectionWords, lookWords, stateWords, syncWords } from '../../messages/states.ts';

/** A facet with one value filters nothing, and the look says what the state says already; both stay while they are filtered by. */
export function isUseful(facet: Facet, query: string): boolean {
  if (valuesOf(query, facet.field).size > 0) return true;
  return facet.values.length + facet.more > 1 && facet.field !== 'look';
}

const FIRST = 6;

/** The first few values, those that are chosen always among them; how many are behind the link. */
export function shownValues(
  facet: Facet,
  chosen: ReadonlySet<string>,
  all: boolean,
): { readonly values: Facet['values']; readonly hidden: number } {
  if (all || facet.values.length <= FIRST + 1) return { values: facet.values, hidden: 0 };
  const values = facet.values.filter(({ value }, index) => index < FIRST || chosen.has(value.toLowerCase()));
  return { values, hidden: facet.values.length - values.length };
}

const WORDS: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  state: new Map([...Object.entries(stateWords), ...Object.entries(lookWords).map(([look, { is }]): [string, string] => [look, is])]),
  look: new Map(Object.entries(lookWords).map(([look, { is }]) => [look, is])),
  connection: new Map(Object.entries(connectionWords)),
  sync: new Map(Object.entries(syncWords).map(([sync, { is }]) => [sync, is])),
};

/** Our own words for our own states; a label's value as it is. */
export function facetValueWord(field: string, value: string): string {
  return value === '' ? fleetWords.facets.none : (WORDS[field]?.get(value) ?? value);
}

/** Counts of a facet are those of the query without the facet's own terms, so that choosing one value does not hide the others. */
export function mergeFacets(
  base: readonly Facet[],
  filtered: readonly Facet[] | undefined,
  own: ReadonlyMap<string, readonly Facet[]>,
): readonly Facet[] {
  if (filtered === undefined) return base;
  return base.map((facet) => {
    const source = own.get(facet.field) ?? filtered;
    const counted = source.find(({ field }) => field === facet.field);
    const counts = new Map(counted?.values.map(({ value, edges }) => [value, edges]) ?? []);
    return { ...facet, values: facet.values.map(({ value }) => ({ value, edges: counts.get(value) ?? 0 })) };
  });
}
