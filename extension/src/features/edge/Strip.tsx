import * as React from 'react';
import type { ConnectivityStrip } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { edgeWords } from '../../messages/edge.ts';
import { useFormats } from '../../ui/Formats.tsx';
import { stripRuns, stripShares } from './strip-cells.ts';

/** How the edge could be reached over a time; each stretch says what it was and when. */
export function Strip({
  title,
  strip,
  zone,
}: {
  readonly title: string;
  readonly strip: ConnectivityStrip;
  readonly zone: string;
}): React.ReactElement {
  const formats = useFormats();
  const runs = React.useMemo(() => stripRuns(strip), [strip]);
  const shares = stripShares(runs)
    .map(({ code, share }) => `${edgeWords.reach[code]} ${formats.percent(share)}`)
    .join(', ');
  return (
    <div className="ef-strip">
      <span className="ef-strip__title">{title}</span>
      <div className="ef-strip__bar" role="img" aria-label={edgeWords.strip(title, shares)}>
        {runs.map((run) => (
          <span
            key={run.from}
            className={`ef-strip__run ef-strip__run--${run.code}`}
            style={{ width: `${run.share * 100}%` }}
            title={`${edgeWords.reach[run.code]}: ${formats.absolute(run.from, zone)} \u2013 ${formats.absolute(run.until, zone)}`}
          />
        ))}
      </div>
    </div>
  );
}
