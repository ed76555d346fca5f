/** Opens the stream of the fleet: what it carries is decided in `stream.ts`. */
import { Router, type Request } from 'express';
import { z } from 'zod';
import { parse, RequestProblem } from '../problem.ts';
import type { RequestContexts } from '../request-context.ts';
import { parseTopics } from '../stream-client.ts';
import type { FleetStream } from '../stream.ts';

const RETRY_AFTER_SECONDS = 10;
const Revision = z.string().regex(/^[0-9]{1,16}$/).transform(Number); // prettier-ignore
const StreamQuery = z.object({ topics: z.string().max(4_096).default(''), after: Revision.optional() });

/** The header wins: a browser that reconnects by itself sends it. One that cannot be read is none. */
function lastEventId(req: Request): number | undefined {
  const parsed = Revision.safeParse(req.headers['last-event-id']);
  return parsed.success ? parsed.data : undefined;
}

export function streamRoutes(stream: FleetStream, contexts: RequestContexts): Router {
  return Router().get('/stream', (req, res) => {
    const { identity, visibility } = contexts.asker(req);
    const query = parse(StreamQuery, req.query);
    const topics = parseTopics(query.topics);
    if (topics === undefined) throw new RequestProblem('InvalidRequest', 'topics: is a list of fleet and edge:<name>, with commas between');
    if (!stream.hasRoomFor(identity)) {
      throw new RequestProblem('TooManyRequests', 'Too many streams are open: close a tab, or ask again later', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    stream.open(res, { identity, visibility, topics, after: lastEventId(req) ?? query.after });
  });
}
