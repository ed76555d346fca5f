import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a port that can be closed, with everything that goes over it, and opened again under the same number. */
export interface Origin {
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startOrigin(to: number): Promise<Origin> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const take = (socket: Socket): void => {
    const inner = keep(connect(to, '127.0.0.1'));
    keep(socket).pipe(inner).pipe(socket);
    socket.on('close', () => inner.destroy());
    inner.on('close', () => socket.destroy());
  };
  let server: Server;
  const open = (port: number): Promise<void> =>
    new Promise((resolve) => {
      server = createServer(take).listen(port, '127.0.0.1', () => resolve());
    });
  await open(0);
  const { port } = server!.address() as AddressInfo;
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    start: () => open(port),
  };
}
