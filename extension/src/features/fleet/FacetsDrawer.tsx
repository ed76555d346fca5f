import * as React from 'react';
import type { Facet } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { Icon } from '../../ui/Icon.tsx';
import { FacetsPanel } from './FacetsPanel.tsx';

export interface FacetsDrawerProps {
  readonly facets: readonly Facet[];
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

/** The left column; where there is no room for one, it folds away behind a button. */
export const FacetsDrawer = React.memo(function FacetsDrawer(props: FacetsDrawerProps): React.ReactElement {
  const [open, setOpen] = React.useState(false);
  return (
    <section className={`ef-fleet__facets${open ? ' ef-fleet__facets--open' : ''}`} aria-label={fleetWords.facets.title}>
      <button type="button" className="ef-button ef-fleet__facets-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="fa-filter" /> {fleetWords.facets.open}
      </button>
      <FacetsPanel {...props} />
    </section>
  );
});
