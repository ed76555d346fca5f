/**
 * The listener of the edges: plain HTTP, or TLS that answers plain HTTP on the same port with a redirect to https, as argocd-server without
 * `--insecure` does (cmux in `server/server.go`). HTTP/1.1 only, like the REST API of argocd-server. No timeout of its own: Go has none.
 */
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server as NetServer, Socket } from 'node:net';
import { createServer as createNetServer } from 'node:net';

export interface TlsKeys {
  readonly key: string;
  readonly cert: string;
}

export interface Door {
  /** What listens. */
  readonly server: NetServer;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/** First byte of a TLS handshake record. */
const HANDSHAKE = 0x16;

const redirect: RequestListener = (request, response) => {
  const location = `https://${request.headers.host ?? ''}${request.url ?? '/'}`;
  const body = `<a href="${location.replaceAll('&', '&amp;')}">Temporary Redirect</a>.\n\n`;
  response.removeHeader('connection');
  response.writeHead(307, {
    'Content-Type': 'text/html; charset=utf-8',
    Location: location,
    Date: new Date().toUTCString(),
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
};

function withoutTimeouts<T extends Server>(server: T): T {
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  return server;
}

function plainDoor(handle: RequestListener): Door {
  const server = withoutTimeouts(createServer(handle));
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Hands a connection to the server that speaks what its first byte speaks. */
function sort(socket: Socket, secure: Server, plain: Server): void {
  socket.once('error', () => socket.destroy());
  socket.once('readable', () => {
    const first: unknown = socket.read(1);
    if (!Buffer.isBuffer(first)) return;
    socket.unshift(first);
    (first[0] === HANDSHAKE ? secure : plain).emit('connection', socket);
  });
}

function tlsDoor(handle: RequestListener, keys: TlsKeys): Door {
  const secure = withoutTimeouts(createTlsServer({ ...keys, ALPNProtocols: ['http/1.1'] }, handle));
  const plain = withoutTimeouts(createServer(redirect));
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    sort(socket, secure, plain);
  });
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Not listening yet. */
export function createDoor(handle: RequestListener, keys: TlsKeys | undefined): Door {
  return keys === undefined ? plainDoor(handle) : tlsDoor(handle, keys);
}
