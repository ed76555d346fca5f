/**
 * The simulator as one object: a world, its edges behind one listener, and the control port. Tests and benchmarks start it in their own process,
 * `main.ts` from the command line.
 *
 *   client ─► listener ─► which edge? (Host, or /e/<edge>/…) ─► front (tunnel, Access, faults) ─► argocd (the API of that edge)
 */
import type { Server } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { createServer } from 'node:http';
import { createArgoCdServer } from './argocd/server.ts';
import { WATCH_BUFFER_SIZE } from './argocd/event-writer.ts';
import { createKeepAlive, KEEP_ALIVE_MS } from './argocd/keep-alive.ts';
import { createControl } from './control.ts';
import { createAccountApi, type AccountApi } from './front/account-api.ts';
import { createDoor, type TlsKeys } from './door.ts';
import { createListener, createReach } from './listener.ts';
import type { Life, Reach } from './world/life.ts';
import { startLife } from './world/life.ts';
import type { Front } from './front/front.ts';
import { createFront } from './front/front.ts';
import { addRecordedEdges } from './world/recorded-edges.ts';
import { createWorldClock } from './world/clock.ts';
import type { World } from './world/world.ts';
import { createWorld } from './world/world.ts';

export interface SimulatorOptions {
  readonly edges: number;
  readonly seed?: number;
  /** Port of the edges; 0 or absent: any free one. */
  readonly port?: number;
  readonly controlPort?: number;
  readonly host?: string;
  /** Applications per edge; absent: 6 to 20 by the kind of site. */
  readonly applications?: number;
  /** Speed of the world's clock; 0: it moves only by `world.clock.advance`. */
  readonly speed?: number;
  readonly startAt?: number;
  /** Small events that happen by themselves, per second of the world; 0 or absent: nothing does. */
  readonly eventsPerSecond?: number;
  readonly front?: Front;
  /** Key and certificate: the edges speak TLS, and send whoever speaks plain HTTP to https. */
  readonly tls?: TlsKeys;
  /** Adds the edges that the recordings of real Argo CDs are compared with. */
  readonly recordedEdges?: boolean;
  readonly keepAliveMs?: number;
  readonly watchBufferSize?: number;
}

export interface Simulator {
  readonly port: number;
  readonly controlPort: number;
  readonly world: World;
  readonly front: Front;
  readonly life: Life;
  readonly reach: Reach;
  /** Cloudflare's account API, served on the control port below `/client/v4`. */
  readonly account: AccountApi;
  close(): Promise<void>;
}

const BACKLOG = 4096;
/** How often what is due in the world is looked at. */
const TICK_MS = 20;

async function listen(server: NetServer, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A listener has no port');
  return address.port;
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

const DEFAULTS = {
  seed: 1,
  port: 0,
  controlPort: 0,
  host: '127.0.0.1',
  speed: 1,
  eventsPerSecond: 0,
  keepAliveMs: KEEP_ALIVE_MS,
  watchBufferSize: WATCH_BUFFER_SIZE,
};

/** Starts everything; resolves when both ports listen. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const settings = { ...DEFAULTS, startAt: Date.now(), ...options };
  const { seed, edges, host, front = createFront() } = settings;
  const clock = createWorldClock({ startAt: settings.startAt, speed: settings.speed, machineNow: () => performance.now() });
  const world = createWorld({ seed, edges, clock, applications: settings.applications });
  if (settings.recordedEdges === true) addRecordedEdges(world);
  const keepAlive = createKeepAlive(settings.keepAliveMs);
  const argocd = createArgoCdServer(world, { keepAlive, bufferSize: settings.watchBufferSize });
  const listener = createListener(world, front, argocd);
  const reach = createReach(front, listener);
  const life = startLife(world, reach, settings.eventsPerSecond);
  const door = createDoor(listener.handle, settings.tls);
  const account = createAccountApi(world, front);
  const control = createServer(createControl({ world, front, life, reach, account }));
  const ticking = setInterval(() => world.runDue(), TICK_MS);
  const close = async (): Promise<void> => {
    clearInterval(ticking);
    keepAlive.close();
    await Promise.all([door.close(), stop(control)]);
  };
  try {
    const port = await listen(door.server, host, settings.port);
    const controlPort = await listen(control, host, settings.controlPort);
    return { port, controlPort, world, front, life, reach, account, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
