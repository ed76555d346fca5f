import * as React from 'react';
import type { Cause } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useIsAway } from '../../hooks/use-away.ts';
import { useShortcuts } from '../../hooks/use-shortcuts.ts';
import { useFleet, useValue } from '../../hooks/use-store.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { QueryLine, QUERY_INPUT_ID } from '../../query/QueryLine.tsx';
import { withValues } from '../../query/query-terms.ts';
import { useServices } from '../../services.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { CausesPanel } from './CausesPanel.tsx';
import { FacetsDrawer } from './FacetsDrawer.tsx';
import { isUseful } from './facet-lines.ts';
import { DEFAULT_COLOUR } from './fleet-address.ts';
import { FleetBody } from './FleetBody.tsx';
import { FleetSkeleton } from './FleetSkeleton.tsx';
import { FleetToolbar } from './FleetToolbar.tsx';
import { SelectionTray } from './SelectionTray.tsx';
import { TilesRow } from './TilesRow.tsx';
import { useFleetFacets } from './use-fleet-facets.ts';
import { isWholePicture, useFleetView, type WholePicture } from './use-fleet-view.ts';
import { useMoreItems } from './use-more-items.ts';
import { ViewForm } from './ViewForm.tsx';

/** More names than this in one query cannot be read any more. */
const MAX_NAMES_IN_QUERY = 50;

/** The whole fleet: figures, causes, filters, and every edge as a cell or a row. Chooses between first load, problem, empty and the page. */
export function FleetPage(): React.ReactElement {
  const { feed } = useServices();
  const old = useIsAway();
  const { picture, version, whole } = useFleet();
  const { problem } = useValue(feed.status);
  if (!whole || !isWholePicture(picture)) {
    if (problem !== undefined) return <ProblemView problem={problem} onRetry={() => feed.retry()} />;
    return <FleetSkeleton />;
  }
  if (picture.members.names.length === 0)
    return <EmptyState icon="fa-network-wired" title={fleetWords.empty.title} text={fleetWords.empty.text} />;
  return <WholeFleet picture={picture} version={version} old={old} />;
}

interface WholeFleetProps {
  readonly picture: WholePicture;
  readonly version: number;
  readonly old: boolean;
}

const namesOf = (names: readonly string[], mask: Uint8Array | undefined): readonly string[] =>
  mask === undefined ? names : names.filter((_name, row) => mask[row] === 1);

function WholeFleet({ picture, version, old }: WholeFleetProps): React.ReactElement {
  const view = useFleetView(picture);
  const { url, address, selection, matching, known, setQuery } = view;
  const { query } = address;
  const { names } = picture.members;
  const facets = useFleetFacets(picture.facets, query);
  // Of the whole fleet, not of what is filtered: the column must not come and go while one types.
  const bare = !picture.facets.some((facet) => isUseful(facet, query));
  const [colourOpen, setColourOpen] = React.useState(false);
  const [area, setArea] = React.useState(false);
  const more = useMoreItems({
    address,
    url,
    matching: matching.count ?? names.length,
    onSelectAll: () => selection.change(namesOf(names, matching.mask), true),
    onArea: () => setArea(true),
  });
  useShortcuts({
    '/': () => document.getElementById(QUERY_INPUT_ID)?.focus(),
    t: () => view.setView(address.view === 'map' ? 'table' : 'map'),
    c: () => setColourOpen(address.view === 'map'),
    Escape: selection.clear,
  });
  const showSelected = { onShow: () => setQuery(withValues('', 'name', [...selection.names])) };
  return (
    <div className={`ef-fleet ef-fleet--${address.view}${bare ? ' ef-fleet--bare' : ''}`}>
      <OutageBanner causes={picture.causes} onQuery={setQuery} />
      {bare ? null : <FacetsDrawer facets={facets} query={query} onQuery={setQuery} />}
      <div className="ef-fleet__main">
        <TilesRow picture={picture} query={query} onQuery={setQuery} />
        <FleetToolbar
          address={address}
          labels={[...view.labels]}
          products={known.products}
          columns={view.columns}
          more={more.items}
          colourOpen={colourOpen}
          onColourOpen={setColourOpen}
          onGroup={(group) => url.change({ group: group === view.firstGroup ? undefined : group })}
          onColour={(colour) => url.change({ color: colour === DEFAULT_COLOUR ? undefined : colour })}
          onView={view.setView}
          onColumns={(keys) => url.change({ cols: keys.join(',') }, 'replace')}
        >
          <QueryLine
            query={query}
            labels={view.labels}
            known={known}
            placeholder={fleetWords.query.placeholder}
            onType={(next) => url.changeSoon({ q: next })}
            onSubmit={setQuery}
            refused={matching.problem?.kind === 'invalidQuery' ? matching.problem.detail : undefined}
          />
        </FleetToolbar>
        {more.naming ? <ViewForm onSave={more.saveAs} onCancel={more.cancel} /> : null}
        <SelectionTray
          names={selection.names}
          onClear={selection.clear}
          {...(selection.names.size > MAX_NAMES_IN_QUERY ? {} : showSelected)}
        />
        <FleetBody picture={picture} version={version} view={view} old={old} lassoWanted={area} onLassoDone={() => setArea(false)} />
      </div>
      <CausesPanel causes={picture.causes} query={query} onQuery={setQuery} />
    </div>
  );
}

/** Most of the fleet at once: one fact, said once, above everything else. */
function OutageBanner({
  causes,
  onQuery,
}: {
  readonly causes: readonly Cause[];
  readonly onQuery: (query: string) => void;
}): React.ReactElement | null {
  const cause = causes.find(({ banner }) => banner);
  if (cause === undefined) return null;
  const show = (
    <button type="button" className="ef-button" onClick={() => onQuery(cause.query)}>
      {fleetWords.banner.show}
    </button>
  );
  return (
    <div className="ef-fleet__banner">
      <Notice tone="stale" icon="fa-unlink" title={cause.title} aside={show}>
        <p className="ef-notice__text">{cause.sentence}</p>
      </Notice>
    </div>
  );
}
