import * as React from 'react';
import { useIsAway } from '../../hooks/use-away.ts';
import { useFleet, useValue } from '../../hooks/use-store.ts';
import { useShortcuts } from '../../hooks/use-shortcuts.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { shellWords } from '../../messages/shell.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useServices } from '../../services.ts';
import type { FleetPicture } from '../../stores/fleet-store.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { CausesPanel } from './CausesPanel.tsx';
import { defaultColumns } from './edge-columns.tsx';
import { EdgeTable } from './EdgeTable.tsx';
import { FacetsDrawer } from './FacetsDrawer.tsx';
import { defaultGroup, DEFAULT_COLOUR, parseFleetAddress } from './fleet-address.ts';
import { FleetToolbar } from './FleetToolbar.tsx';
import { knownWords } from './known-words.ts';
import { MapView } from './MapView.tsx';
import { QueryLine, QUERY_INPUT_ID } from './QueryLine.tsx';
import { SelectionTray } from './SelectionTray.tsx';
import { TilesRow } from './TilesRow.tsx';
import { useFleetFacets } from './use-fleet-facets.ts';
import { useMatchingRows } from './use-matching-rows.ts';
import { useMoreItems } from './use-more-items.ts';
import { useSelection } from './use-selection.ts';
import { withValues } from './query-terms.ts';
import { ViewForm } from './ViewForm.tsx';

/** The whole fleet: figures, causes, filters, and every edge as a cell or a row. Chooses between first load, problem, empty and the page. */
export function FleetPage(): React.ReactElement {
  const { feed } = useServices();
  const old = useIsAway();
  const { picture, version, whole } = useFleet();
  const { problem } = useValue(feed.status);
  if (!whole) {
    if (problem !== undefined) return <ProblemView problem={problem} onRetry={() => feed.retry()} />;
    return <Skeleton label={shellWords.loading} rowHeight={72} />;
  }
  if (picture.counts?.edges === 0)
    return <EmptyState icon="fa-network-wired" title={fleetWords.empty.title} text={fleetWords.empty.text} />;
  return <WholeFleet picture={picture} version={version} old={old} />;
}

interface WholeFleetProps {
  readonly picture: FleetPicture;
  readonly version: number;
  readonly old: boolean;
}

function WholeFleet({ picture, version, old }: WholeFleetProps): React.ReactElement | null {
  const { router } = useServices();
  const url = useUrlState();
  const { members, columns } = picture;
  const firstGroup = React.useMemo(() => defaultGroup(members), [members]);
  const address = parseFleetAddress(url.search, firstGroup);
  const { query } = address;
  const selection = useSelection(url, address.selected);
  const matching = useMatchingRows(query, columns?.count ?? 0, members?.membership ?? '');
  const facets = useFleetFacets(picture.facets, query);
  const known = React.useMemo(() => knownWords(members, picture.facets), [members, picture.facets]);
  const labelKeys = React.useMemo(() => Object.keys(members?.labels ?? {}).sort(), [members]);
  const labelSet = React.useMemo(() => new Set(labelKeys), [labelKeys]);
  const [colourOpen, setColourOpen] = React.useState(false);
  const [area, setArea] = React.useState(false);
  const setQuery = (next: string): void => url.change({ q: next });
  const setView = (view: 'map' | 'table'): void => url.change({ view: view === 'map' ? undefined : view });
  const open = (name: string): void => router.navigate(`/edges/${encodeURIComponent(name)}`);
  const more = useMoreItems({
    address,
    url,
    matching: matching.count ?? columns?.count ?? 0,
    onSelectAll: () => selection.change(namesOf(members?.names ?? [], matching.mask), true),
    onArea: () => setArea(true),
  });
  useShortcuts({
    '/': () => document.getElementById(QUERY_INPUT_ID)?.focus(),
    t: () => setView(address.view === 'map' ? 'table' : 'map'),
    c: () => setColourOpen(address.view === 'map'),
    Escape: () => selection.clear(),
  });
  if (members === undefined || columns === undefined) return null;
  const shownColumns = address.columns ?? defaultColumns(known.products);
  const banner = picture.causes.find((cause) => cause.banner);
  const nothing = query !== '' && matching.count === 0;
  return (
    <div className="ef-fleet">
      {banner === undefined ? null : (
        <div className="ef-fleet__banner">
          <Notice
            tone="stale"
            icon="fa-unlink"
            title={banner.title}
            aside={
              <button type="button" className="ef-button" onClick={() => setQuery(banner.query)}>
                {fleetWords.banner.show}
              </button>
            }
          >
            <p className="ef-notice__text">{banner.sentence}</p>
          </Notice>
        </div>
      )}
      <FacetsDrawer facets={facets} query={query} onQuery={setQuery} />
      <div className="ef-fleet__main">
        <TilesRow picture={picture} query={query} onQuery={setQuery} />
        <FleetToolbar
          address={address}
          labels={labelKeys}
          products={known.products}
          columns={shownColumns}
          more={more.items}
          colourOpen={colourOpen}
          onColourOpen={setColourOpen}
          onGroup={(group) => url.change({ group: group === firstGroup ? undefined : group })}
          onColour={(colour) => url.change({ color: colour === DEFAULT_COLOUR ? undefined : colour })}
          onView={setView}
          onColumns={(keys) => url.change({ cols: keys.join(',') }, 'replace')}
        >
          <QueryLine
            query={query}
            labels={labelSet}
            known={known}
            onType={(next) => url.changeSoon({ q: next })}
            onSubmit={setQuery}
            refused={matching.problem?.kind === 'invalidQuery' ? matching.problem.detail : undefined}
          />
        </FleetToolbar>
        {more.naming ? <ViewForm onSave={more.saveAs} onCancel={more.cancel} /> : null}
        <SelectionTray
          count={selection.names.size}
          onShow={selection.names.size > 50 ? undefined : () => setQuery(withValues('', 'name', [...selection.names]))}
          onClear={selection.clear}
        />
        <div className={`ef-card ef-fleet__view ef-fleet__view--${address.view}`}>
          {nothing ? (
            <EmptyState icon="fa-filter" title={fleetWords.nothing.title} text={fleetWords.nothing.text(query)}>
              <button type="button" className="ef-button ef-button--main" onClick={() => setQuery('')}>
                {fleetWords.nothing.clear}
              </button>
            </EmptyState>
          ) : address.view === 'table' ? (
            <EdgeTable
              query={query}
              sort={address.sort}
              onSort={(sort) => url.change({ sort: sort === undefined ? undefined : `${sort.descending ? '-' : ''}${sort.key}` })}
              columns={shownColumns}
              products={known.products}
              labels={labelKeys}
              old={old}
              selected={selection.names}
              onToggle={(name) => selection.change([name], undefined)}
              onOpen={open}
            />
          ) : (
            <MapView
              members={members}
              columns={columns}
              version={version}
              address={address}
              matches={matching.mask}
              selection={selection}
              old={old}
              lassoWanted={area}
              onLassoDone={() => setArea(false)}
              onQuery={setQuery}
              onOpen={open}
            />
          )}
        </div>
      </div>
      <CausesPanel causes={picture.causes} query={query} onQuery={setQuery} />
    </div>
  );
}

const namesOf = (names: readonly string[], mask: Uint8Array | undefined): readonly string[] =>
  mask === undefined ? names : names.filter((_name, row) => mask[row] === 1);
