import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { smallServer, type SmallServer } from './small-server.ts';

/** A proxy of a test before the simulator: lets everything through but what the test takes for itself. */
export interface EdgeInFront extends SmallServer {
  /** True: the test has answered, or means not to. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** From now on nothing comes through any more, in either direction, and no connection ends: a process that was stopped. */
  stalled: boolean;
  /** Cuts every answer that is under way. */
  cut(): void;
  /** Paths that were asked for, in their order. */
  readonly asked: string[];
}

export async function edgeInFront(port: number): Promise<EdgeInFront> {
  const asked: string[] = [];
  const open = new Set<ServerResponse>();
  const state = { intercept: (): boolean => false, stalled: false, asked } as Pick<EdgeInFront, 'intercept' | 'stalled' | 'asked'>;
  const server = await smallServer((request, response) => {
    asked.push(request.url ?? '');
    if (state.stalled || state.intercept(request, response)) return;
    open.add(response);
    response.on('close', () => open.delete(response));
    const forward = httpRequest(
      { port, host: '127.0.0.1', method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('data', (chunk: Buffer) => state.stalled || response.write(chunk));
        answer.on('end', () => state.stalled || response.end());
        answer.on('error', () => response.destroy());
      },
    );
    forward.on('error', () => response.destroy());
    response.on('close', () => forward.destroy());
    request.pipe(forward);
  });
  return Object.assign(state, {
    port: server.port,
    url: server.url,
    get connections() {
      return server.connections;
    },
    cut: () => open.forEach((response) => response.destroy()),
    close: () => server.close(),
  });
}
