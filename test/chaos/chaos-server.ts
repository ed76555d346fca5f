/**
 * An Argo CD that can be told to misbehave: a server over bare sockets, so that every byte of an answer is a test's own. One listener for many
 * edges, told apart by the first part of the path; each is good until its trick is on, and good again when it is off.
 */
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What of an edge is asked for. */
export type Part = 'version' | 'list' | 'stream' | 'tick' | 'other';

export interface Ask {
  readonly path: string;
  readonly part: Part;
  readonly headers: string;
  readonly socket: Socket;
  /** Answers as a good Argo CD does. */
  good(): void;
}

export interface Trick {
  /** What it spoils; absent: everything. */
  readonly on?: readonly Part[];
  /** Undefined: the request is left without an answer. */
  play(ask: Ask): void;
}

/** What a watch has to make of it. `well`: nothing at all is to be noticed. Else one of the rows, with this connection. */
export type Sees = 'well' | readonly [connection: 'Reachable' | 'OutOfReach' | 'Refused', ...rows: number[]];

export interface ChaosServer {
  readonly port: number;
  /** Requests by edge. */
  readonly asked: ReadonlyMap<string, number>;
  turn(edge: string, on: boolean): void;
  /** Answers what comes over a connection that somebody else took; `spoil` is asked before anything is answered, and says that it did. */
  serve(socket: Socket, spoil?: (ask: Ask) => boolean): void;
  close(): Promise<void>;
}

const APPLICATIONS = ['one', 'two', 'three'];
const KEEP_ALIVE_MS = 200;
const DATE = (): string => new Date().toUTCString();

/** One Application as the projections show it. */
export function application(name: string, health = 'Healthy'): object {
  return {
    metadata: { name, namespace: 'argocd', uid: `uid-${name}` },
    spec: { project: 'default', destination: { server: 'https://kubernetes.default.svc', namespace: name } },
    status: { sync: { status: 'Synced', revision: 'abc' }, health: { status: health }, reconciledAt: new Date().toISOString() },
  };
}

export const GOOD = { version: '{"Version":"v3.4.7+abc"}' } as const;
export const goodItems = (health?: string): readonly object[] => APPLICATIONS.map((name) => application(name, health));
export const listBody = (items: readonly unknown[] = goodItems()): string => JSON.stringify({ metadata: { resourceVersion: '7' }, items });
export const eventText = (raw: object): string => JSON.stringify({ result: { type: 'ADDED', application: raw } });

/** Head and body as one text; `headers` may name a length of their own. */
export function answer(status: string, headers: readonly string[], body: string | Buffer = ''): Buffer {
  const own = headers.some((header) => /^(content-length|transfer-encoding):/i.test(header));
  const lines = [`HTTP/1.1 ${status}`, `Date: ${DATE()}`, ...headers, ...(own ? [] : [`Content-Length: ${Buffer.byteLength(body)}`])];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}
export const json = (body: string | Buffer, ...headers: string[]): Buffer =>
  answer('200 OK', ['Content-Type: application/json', ...headers], body);

/** What a good Argo CD says to a question that has one body. */
export function bodyFor({ part, path }: Pick<Ask, 'part' | 'path'>, health?: string): string {
  if (part === 'version') return GOOD.version;
  if (part === 'list') return listBody(path.includes('matches-nothing') ? [] : goodItems(health));
  return path.includes('/can-i/') ? '{"value":"yes"}' : '{"items":[]}';
}

const SSE_HEAD = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n`;
export const chunk = (text: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n`), Buffer.from(text), Buffer.from('\r\n')]);

/** Keeps comments coming until the socket is gone. */
export function keepAlive(socket: Socket, comment: Buffer | string = chunk(':\n')): void {
  const timer = setInterval(() => socket.write(comment), KEEP_ALIVE_MS);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}

function goodStream({ socket, part }: Ask): void {
  socket.write(SSE_HEAD.replace('text/event-stream', part === 'tick' ? 'application/json' : 'text/event-stream'));
  for (const raw of goodItems()) socket.write(chunk(part === 'tick' ? `${eventText(raw)}\n` : `data: ${eventText(raw)} \n\n\n`));
  keepAlive(socket, chunk(part === 'tick' ? '\n' : ':\n'));
}

function partOf(path: string): Part {
  if (path.startsWith('/api/version')) return 'version';
  if (path.startsWith('/api/v1/stream/applications')) return path.includes('reconciledAt') ? 'tick' : 'stream';
  return path.startsWith('/api/v1/applications') ? 'list' : 'other';
}

function targetOf(head: string): { readonly edge: string; readonly path: string } {
  const [, edge = '', path = ''] = /^\w+ \/([^/ ]+)(\/[^ ]*)/.exec(head) ?? [];
  return { edge, path };
}

/** Serves every edge of `tricks` below `/<edge>`. */
export async function startChaos(tricks: ReadonlyMap<string, Trick>): Promise<ChaosServer> {
  const turnedOn = new Set<string>();
  const asked = new Map<string, number>();
  const sockets = new Map<Socket, string>();

  const take = (socket: Socket, head: string, spoil?: (ask: Ask) => boolean): void => {
    const { edge, path } = targetOf(head);
    sockets.set(socket, edge);
    asked.set(edge, (asked.get(edge) ?? 0) + 1);
    const part = partOf(path);
    const good = (): void => {
      if (part === 'stream' || part === 'tick') goodStream(ask);
      else socket.write(json(bodyFor(ask)));
    };
    const ask: Ask = { path, part, headers: head, socket, good };
    if (spoil?.(ask) === true) return;
    const trick = turnedOn.has(edge) ? tricks.get(edge) : undefined;
    if (trick === undefined || trick.on?.includes(part) === false) good();
    else trick.play(ask);
  };
  const listen = (socket: Socket, spoil?: (ask: Ask) => boolean): void => {
    let pending = '';
    sockets.set(socket, '');
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      pending += bytes.toString('latin1');
      for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
        const head = pending.slice(0, end);
        pending = pending.slice(end + 4);
        take(socket, head, spoil);
      }
    });
  };
  const server: Server = createSocketServer((socket) => listen(socket));
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    serve: listen,
    turn(edge, on) {
      if (on) turnedOn.add(edge);
      else turnedOn.delete(edge);
      for (const [socket, of] of sockets) if (of === edge) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.keys()) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
