import { err } from '../../../proxy-server/src/domain/result.ts';
import type { HubClient } from '../api/hub-client.ts';
import { applicationWords } from '../messages/application.ts';
import { QueryCache } from './query-cache.ts';

/** What a person waits for one part; a slow edge is asked again by hand. */
export const PART_DEADLINE_MS = 15_000;

/** Long enough to go through the tabs of an Application and back without asking its edge twice. */
const FRESH_MS = 10_000;
/** Some of them are whole resource trees. */
const MAX_PARTS = 60;

export interface EdgePartsDeps {
  readonly client: Pick<HubClient, 'get'>;
  readonly now: () => number;
  readonly setTimer: (run: () => void, afterMs: number) => number;
  readonly clearTimer: (timer: number) => void;
}

/**
 * Answers of the edge itself, apart from what the fleet knows: an event of the edge must not ask it for all of them again. The last good
 * answer stays while the edge is away, also for whoever leaves the page and comes back.
 */
export function createEdgeParts({ client, now, setTimer, clearTimer }: EdgePartsDeps): QueryCache {
  return new QueryCache({
    now,
    setTimer,
    freshMs: FRESH_MS,
    maxEntries: MAX_PARTS,
    async get(path) {
      const limit = new AbortController();
      const timer = setTimer(() => limit.abort(), PART_DEADLINE_MS);
      const answer = await client.get<unknown>(path, limit.signal);
      clearTimer(timer);
      if (answer.ok || !limit.signal.aborted) return answer;
      return err({ kind: 'edgeFailed', status: 0, detail: applicationWords.part.deadline(PART_DEADLINE_MS / 1_000) });
    },
  });
}
