import * as React from 'react';
import type { FleetCounts } from '../../proxy-server/src/domain/fleet-view.ts';
import { fleetWords } from './messages/fleet.ts';
import { useServices } from './services.ts';
import { useFormats } from './ui/Formats.tsx';
import { Age } from './ui/Age.tsx';
import { RouteLink } from './RouteLink.tsx';

/** How much of what is on the page is current, and how old its oldest part is. */
export function FreshnessLine({ counts }: { readonly counts: FleetCounts }): React.ReactElement {
  const formats = useFormats();
  const { fleet } = useServices();
  const [current, rest] = fleetWords.heard(formats.number(counts.currentEdges), formats.number(counts.edges), counts.edges);
  const share = counts.edges === 0 ? 0 : counts.currentEdges / counts.edges;
  const gone = counts.edges === 0 ? 0 : counts.notHeard / counts.edges;
  const { oldest } = counts;
  const members = fleet.picture().members;
  const name = oldest === undefined ? '' : (members?.displayNames[String(fleet.rowOf(oldest.edge))] ?? oldest.edge);
  return (
    <>
      <span>
        <b className="ef-figure">{current}</b>
        {rest}
      </span>
      <span className="ef-share" aria-hidden="true">
        <span className="ef-share__part ef-share__part--current" style={{ width: `${share * 100}%` }} />
        <span className="ef-share__part ef-share__part--gone" style={{ width: `${gone * 100}%` }} />
      </span>
      {oldest === undefined ? null : (
        <span className="ef-freshness__oldest">
          {fleetWords.oldest}
          <b>
            <Age at={oldest.readAt} never="" />
          </b>{' '}
          (<RouteLink to={`/edges/${encodeURIComponent(oldest.edge)}`}>{name}</RouteLink>)
        </span>
      )}
    </>
  );
}
