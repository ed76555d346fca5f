import * as React from 'react';
import type { Facet } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { CheckRow } from '../../ui/CheckRow.tsx';
import { facetValueWord, isUseful, shownValues } from './facet-lines.ts';
import { toggleValue, valuesOf, withoutField } from '../../query/query-terms.ts';

export interface FacetsPanelProps {
  readonly facets: readonly Facet[];
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

/** Values with the number of edges that have them; several of one field mean any of them. */
export function FacetsPanel({ facets, query, onQuery }: FacetsPanelProps): React.ReactElement {
  return (
    <div className="ef-facets">
      {facets
        .filter((facet) => isUseful(facet, query))
        .map((facet) => (
          <FacetGroup key={facet.field} facet={facet} query={query} onQuery={onQuery} />
        ))}
    </div>
  );
}

function FacetGroup({
  facet,
  query,
  onQuery,
}: {
  readonly facet: Facet;
  readonly query: string;
  readonly onQuery: (query: string) => void;
}): React.ReactElement {
  const [all, setAll] = React.useState(false);
  const chosen = valuesOf(query, facet.field);
  const { values, hidden } = shownValues(facet, chosen, all);
  return (
    <fieldset className="ef-facet">
      <legend className="ef-facet__title">
        <span dir="auto">{facet.title}</span>
        {chosen.size === 0 ? null : (
          <button type="button" className="ef-link ef-facet__clear" onClick={() => onQuery(withoutField(query, facet.field))}>
            {fleetWords.facets.clear}
          </button>
        )}
      </legend>
      {values.map(({ value, edges }) => (
        <CheckRow
          key={value}
          id={`ef-facet-${facet.field}-${value}`}
          label={facetValueWord(facet.field, value)}
          count={edges}
          checked={chosen.has(value.toLowerCase())}
          onChange={() => onQuery(toggleValue(query, facet.field, value))}
        />
      ))}
      {hidden > 0 || all ? (
        <button type="button" className="ef-link ef-facet__more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? fleetWords.facets.less : fleetWords.facets.more(hidden)}
        </button>
      ) : null}
      {all && facet.more > 0 ? <p className="ef-facet__cut">{fleetWords.facets.cut(facet.more)}</p> : null}
    </fieldset>
  );
}
