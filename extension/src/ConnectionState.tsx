import * as React from 'react';
import { useIsAway, useNextTry } from './hooks/use-away.ts';
import { useValue } from './hooks/use-store.ts';
import { shellWords } from './messages/shell.ts';
import { problemWords } from './messages/problems.ts';
import { anchorOf } from './api/anchor.ts';
import { useServices } from './services.ts';
import { Ticking } from './ui/Ticking.tsx';
import { useFormats } from './ui/Formats.tsx';

/** Whether the page is live; when it is not, since when, why, and when it tries again. */
export function ConnectionState(): React.ReactElement {
  const { feed } = useServices();
  const { stream } = useValue(feed.status);
  const away = useIsAway();
  if (away) return <AwayState />;
  if (stream.kind === 'live') return <span className="ef-live">{shellWords.live}</span>;
  if (stream.kind === 'polling')
    return (
      <span className="ef-live" title={shellWords.pollingTitle}>
        {shellWords.polling}
      </span>
    );
  return <span className="ef-muted">{stream.kind === 'paused' ? shellWords.paused : shellWords.connecting}</span>;
}

function AwayState(): React.ReactElement {
  const { feed, fleet } = useServices();
  const formats = useFormats();
  const { problem } = useValue(feed.status);
  const until = useNextTry();
  const { heardAt, serverNow } = fleet.picture();
  const words = problem === undefined ? undefined : problemWords(problem, anchorOf(window.EDGE_FLEET_VARS));
  const seconds = (): number => Math.max(0, Math.ceil(((until ?? 0) - Date.now()) / 1000));
  return (
    <span className="ef-away" role="alert">
      <span className="ef-hatch" aria-hidden="true" />
      <b>{heardAt === 0 ? (words?.title ?? shellWords.connecting) : shellWords.away(formats.clock(serverNow))}</b>
      <span>{shellWords.awayText}</span>
      <span className="ef-muted" aria-live="off">
        {until === undefined ? shellWords.trying : <Ticking everyMs={1_000}>{() => shellWords.nextTry(seconds())}</Ticking>}
      </span>
      <button type="button" className="ef-button" onClick={() => feed.retry()}>
        {shellWords.retry}
      </button>
    </span>
  );
}
