import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request under a fault. `next` passes it on to the origin, through Access. */
export interface Play {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly ray: string;
  readonly now: () => number;
  readonly next: (as?: string) => void;
  /** The connection has carried a request before. */
  readonly isReusedSocket: boolean;
}
