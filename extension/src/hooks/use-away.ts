import * as React from 'react';
import type { FeedStatus } from '../stores/fleet-feed.ts';
import { useServices } from '../services.ts';
import { useValue } from './use-store.ts';

/** A broken stream is reopened within seconds; only what lasts longer is worth saying. */
const AWAY_AFTER_MS = 5_000;

/** Not live, and not by choice. */
export function isBroken({ stream, problem }: FeedStatus): boolean {
  if (stream.kind === 'live' || stream.kind === 'paused') return false;
  return stream.kind === 'polling' ? problem !== undefined : stream.kind === 'waiting' || problem !== undefined;
}

/** True once the service has been away for some seconds: from then on everything on the page is old, and is drawn so. */
export function useIsAway(): boolean {
  const { feed } = useServices();
  const broken = isBroken(useValue(feed.status));
  const [away, setAway] = React.useState(false);
  // Talks to a timer.
  React.useEffect(() => {
    if (!broken) {
      setAway(false);
      return undefined;
    }
    const timer = window.setTimeout(() => setAway(true), AWAY_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [broken]);
  return broken && away;
}

/** When the next try is; undefined while one is under way. */
export function useNextTry(): number | undefined {
  const { stream } = useValue(useServices().feed.status);
  return stream.kind === 'waiting' || stream.kind === 'polling' ? stream.until : undefined;
}
