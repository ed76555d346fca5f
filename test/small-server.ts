import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { createServer as createSocketServer, type Socket } from 'node:net';
import type { Server } from 'node:net';

export interface SmallServer {
  readonly port: number;
  readonly url: string;
  /** Connections that were made to it. */
  readonly connections: number;
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of a test on a free port; with `tls` over TLS. */
export async function smallServer(handler: Handler, tls?: ServerOptions): Promise<SmallServer> {
  const server = tls === undefined ? createServer(handler) : createTlsServer(tls, handler);
  server.keepAliveTimeout = 0;
  const started = await listening(server, tls === undefined ? 'http' : 'https');
  return {
    ...started,
    get connections() {
      return started.connections;
    },
    close: async () => {
      server.closeAllConnections();
      await started.close();
    },
  };
}

/** A server that speaks no HTTP of its own: whatever `onSocket` writes. */
export async function rawServer(onSocket: (socket: Socket) => void): Promise<SmallServer> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  const started = await listening(server, 'http');
  return {
    ...started,
    get connections() {
      return started.connections;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await started.close();
    },
  };
}

async function listening(server: Server, scheme: string): Promise<SmallServer> {
  let connections = 0;
  server.on(scheme === 'https' ? 'secureConnection' : 'connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `${scheme}://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
