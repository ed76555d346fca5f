import * as React from 'react';
import type { Facet } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { mergeFacets } from './facet-lines.ts';
import { valuesOf, withoutField } from '../../query/query-terms.ts';

interface FacetsAnswer {
  readonly items: readonly Facet[];
}

const REFRESH_MS = 5_000;
const path = (query: string): string => `facets?query=${encodeURIComponent(query)}`;

/** At most this many fields are counted apart; a query that asks more fields than that gets the plain counts for the rest. */
const OWN_COUNTS = 3;

/**
 * Facets with counts for what is filtered. A field that is filtered by is counted without its own terms: after choosing north one still sees
 * how many there are in the west.
 */
export function useFleetFacets(base: readonly Facet[], query: string): readonly Facet[] {
  const chosen = base.filter(({ field }) => valuesOf(query, field).size > 0).map(({ field }) => field);
  const [one, two, three] = chosen.slice(0, OWN_COUNTS);
  const all = useQuery<FacetsAnswer>(path(query), { refreshMs: REFRESH_MS });
  const first = useQuery<FacetsAnswer>(one === undefined ? undefined : path(withoutField(query, one)), { refreshMs: REFRESH_MS });
  const second = useQuery<FacetsAnswer>(two === undefined ? undefined : path(withoutField(query, two)), { refreshMs: REFRESH_MS });
  const third = useQuery<FacetsAnswer>(three === undefined ? undefined : path(withoutField(query, three)), { refreshMs: REFRESH_MS });
  return React.useMemo(() => {
    const own = new Map<string, readonly Facet[]>();
    const add = (field: string | undefined, answer: FacetsAnswer | undefined): void => {
      if (field !== undefined && answer !== undefined) own.set(field, answer.items);
    };
    add(one, first.data);
    add(two, second.data);
    add(three, third.data);
    return mergeFacets(base, query === '' ? (all.data?.items ?? base) : all.data?.items, own);
  }, [base, query, all.data, one, first.data, two, second.data, three, third.data]);
}
