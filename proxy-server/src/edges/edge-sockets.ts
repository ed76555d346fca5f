import { Client, type Dispatcher } from 'undici';

/**
 * The sockets to one edge: one undici Client each, taken for one exchange and given back after it, so that a list and the stream that follows
 * go over the same connection. Ours instead of undici's Pool, because a Pool keeps an empty queue of 2,048 places for every edge.
 */
export interface EdgeSockets {
  /** A socket that nobody uses, a kept one if there is any. */
  take(): Socket;
  /** Grows with every new connection: where it did not grow during a request, the request went over a kept socket. */
  connections(): number;
  close(): void;
}

export interface Socket {
  readonly dispatcher: Dispatcher;
  /** Once, when the exchange is over. `reusable`: false where something may still be under way on it. */
  release(reusable: boolean): void;
}

/** Kept sockets beyond this are closed; how many are in use at once is bounded by those who ask. */
const MAX_KEPT = 4;

/** The sockets of one edge: opened on demand, a few kept, all cut by `close`. */
export function createEdgeSockets(origin: string, options: Client.Options): EdgeSockets {
  const idle: Client[] = [];
  const busy = new Set<Client>();
  let connected = 0;
  let closed = false;
  const open = (): Client => new Client(origin, options).on('connect', countConnection);
  const countConnection = (): void => {
    connected += 1;
  };
  const release = (client: Client, reusable: boolean): void => {
    if (!busy.delete(client)) return;
    if (reusable && !closed && idle.length < MAX_KEPT) idle.push(client);
    else discard(client);
  };
  return {
    take() {
      const client = idle.pop() ?? open();
      busy.add(client);
      return { dispatcher: client, release: (reusable) => release(client, reusable) };
    },
    connections: () => connected,
    close() {
      closed = true;
      for (const client of [...idle, ...busy]) discard(client);
      idle.length = 0;
    },
  };
}

/** Whatever is under way on it fails. */
const discard = (client: Client): void => void client.destroy().catch(() => undefined); // destroying twice is the only way it fails
