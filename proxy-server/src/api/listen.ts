/** A listening HTTP server, and how it stops. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Longer than the hub's proxy keeps an idle connection (60 s: argo-cd server/extension/extension.go @ v3.5.1), so that it is never us who
 * closes one that it is about to use. */
const KEEP_ALIVE_MS = 75_000;

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Takes no new connections; resolves when the open ones have ended. `closeNow` ends those that have not. */
  close(): Promise<void>;
  closeNow(): void;
}

export interface ListenRefusal {
  /** Code of the error, such as EADDRINUSE. */
  readonly code: string;
}

const isAddress = (address: ReturnType<Server['address']>): address is AddressInfo => typeof address === 'object' && address !== null;

function toListener(server: Server, host: string): Listener {
  const address = server.address();
  return {
    host,
    port: isAddress(address) ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
    closeNow: () => server.closeAllConnections(),
  };
}

/** Resolves when connections are taken, or with the reason why they cannot be. */
export function listen(
  app: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listener | ListenRefusal> {
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: 30_000, requestTimeout: 60_000, maxHeaderSize: 32_768 },
    app,
  );
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code ?? error.message }));
    server.listen(port, host, () => resolve(toListener(server, host)));
  });
}
