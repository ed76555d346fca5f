/** What the first middlewares find out about a request, for all that come after. Kept beside the request, not on it. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Identity } from '../domain/identity.ts';
import type { Visibility } from '../domain/visibility.ts';
import { RequestProblem } from './problem.ts';

export interface Asker {
  readonly identity: Identity;
  readonly visibility: Visibility;
}

export interface RequestContexts {
  requestId(req: IncomingMessage): string;
  setAsker(req: IncomingMessage, asker: Asker): void;
  /** Throws the 401 problem where nobody was identified: a route cannot be reached around identity. */
  asker(req: IncomingMessage): Asker;
}

/** An id that the hub or a front gave is kept, so that the logs of both can be joined. */
function toRequestId(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{8,128}$/.test(given) ? given : randomUUID();
}

export function createRequestContexts(): RequestContexts {
  const ids = new WeakMap<IncomingMessage, string>();
  const askers = new WeakMap<IncomingMessage, Asker>();
  return {
    requestId: (req) => {
      const known = ids.get(req);
      if (known !== undefined) return known;
      const id = toRequestId(req.headers['x-request-id']);
      ids.set(req, id);
      return id;
    },
    setAsker: (req, asker) => {
      askers.set(req, asker);
    },
    asker: (req) => {
      const asker = askers.get(req);
      if (asker === undefined) throw new RequestProblem('Unauthenticated', 'Nobody was identified');
      return asker;
    },
  };
}
