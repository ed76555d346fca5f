/**
 * What `npm start` runs, in the order in which it starts; it stops in the reverse one.
 *
 *   simulator (or a folder of real edges) ──► proxy-server ──► hub page
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startHub } from '../hub/hub.ts';
import type { Hub } from '../hub/hub.ts';
import { demoHubWorld } from '../hub/hub-world.ts';
import { hubProfile } from '../hub/profile.ts';
import { buildBundles, EXTENSIONS_DIR, SHELL_DIR, staleBundles } from './bundles.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import type { StartConfig } from './config.ts';
import { ACT_EXTENSION, hubObjects, VIEW_EXTENSION } from './hub-objects.ts';
import type { Progress } from './progress.ts';
import { waitUntilReady, waitUntilShown } from './readiness.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SECRET_HEADER = 'X-Edge-Fleet-Secret';
const OWNER_ONLY = 0o600;

export interface RunningFleet {
  readonly url: string;
  /** The session of the hub's admin, for whoever wants to ask through the hub. */
  readonly hub: Hub;
  /** Resolves with a sentence when one of the programs ends by itself. */
  readonly broken: Promise<string>;
  close(): Promise<void>;
}

type Closer = () => Promise<void>;

/** True when nobody listens on this port of the loopback interface. */
export async function isPortFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((settle) => {
    probe.once('error', () => settle(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((settle) => probe.listen(0, '127.0.0.1', settle));
  const address = probe.address();
  await new Promise((settle) => probe.close(settle));
  if (typeof address !== 'object' || address === null) throw new Error('No free port');
  return address.port;
}

interface Folders {
  /** What proxy-server reads. */
  readonly config: string;
  /** What proxy-server writes: kept between runs for a folder of real edges, thrown away for a simulated fleet. */
  readonly state: string;
  readonly remove: Closer;
}

async function makeFolders(configFolder: string | undefined): Promise<Folders> {
  const run = await mkdtemp(join(tmpdir(), 'edge-fleet-'));
  const config = join(run, 'config');
  await mkdir(config);
  const kept = createHash('sha256')
    .update(resolve(configFolder ?? ''))
    .digest('hex')
    .slice(0, 12);
  const state = configFolder === undefined ? join(run, 'state') : join(ROOT, '.cache/start', kept);
  await mkdir(state, { recursive: true });
  if (configFolder !== undefined) await symlink(resolve(configFolder), join(config, 'edges'));
  return { config, state, remove: () => rm(run, { recursive: true, force: true }) };
}

async function startSimulator(edges: number, folders: Folders): Promise<Child> {
  const simulator = startChild({
    name: 'The simulator',
    script: join(ROOT, 'simulator/src/main.ts'),
    args: ['--edges', String(edges), '--story', '--write-config', join(folders.config, 'edges')],
    environment: {},
    logFile: join(folders.state, 'simulator.log'),
  });
  await simulator.line(/^Wrote \d+ files/);
  return simulator;
}

function startProxyServer(port: number, folders: Folders): Child {
  return startChild({
    name: 'proxy-server',
    script: join(ROOT, 'proxy-server/src/main.ts'),
    args: [],
    environment: {
      EDGE_FLEET_CONFIG_DIR: folders.config,
      EDGE_FLEET_STATE_FILE: join(folders.state, 'edge-fleet.sqlite'),
      EDGE_FLEET_LISTEN: `127.0.0.1:${port}`,
    },
    logFile: join(folders.state, 'proxy-server.log'),
  });
}

async function openHub(config: StartConfig, port: number, secrets: Readonly<Record<string, string>>): Promise<Hub> {
  const registration = (name: string) => ({ url: `http://127.0.0.1:${port}`, headers: { [SECRET_HEADER]: secrets[name] ?? '' } });
  return startHub(
    {
      version: config.version,
      basePath: config.basePath,
      world: demoHubWorld(),
      extensions: { [VIEW_EXTENSION]: registration(VIEW_EXTENSION), [ACT_EXTENSION]: registration(ACT_EXTENSION) },
      extensionsDir: EXTENSIONS_DIR,
      shellDir: SHELL_DIR,
    },
    config.port,
  );
}

async function buildStale(progress: Progress, closers: Closer[]): Promise<void> {
  const stale = staleBundles();
  if (stale.length === 0) return;
  const abort = new AbortController();
  closers.push(async () => abort.abort());
  await progress.step(`Building ${stale.join(', ')}`, () => buildBundles(stale, abort.signal));
}

/** Starts the programs one after the other; `closers` grows with each, so that a failure in the middle can be undone. */
async function startAll(config: StartConfig, progress: Progress, closers: Closer[]): Promise<{ hub: Hub; children: readonly Child[] }> {
  const building = buildStale(progress, closers);
  building.catch(() => undefined); // awaited below; a failure must not end the process before

  const folders = await makeFolders(config.configFolder);
  closers.push(folders.remove);
  const objects = await hubObjects(config.configFolder, hubProfile(config.version).argocd);
  await writeFile(join(folders.config, 'hub.yaml'), objects.yaml, { mode: OWNER_ONLY });

  const children: Child[] = [];
  if (config.configFolder === undefined) {
    const simulator = await progress.step(`Starting ${config.edges} simulated edges`, () => startSimulator(config.edges, folders));
    closers.push(() => simulator.stop());
    children.push(simulator);
  }
  const port = await freePort();
  const proxyServer = startProxyServer(port, folders);
  closers.push(() => proxyServer.stop());
  children.push(proxyServer);
  await progress.step('Starting proxy-server', () => waitUntilReady(`http://127.0.0.1:${port}/readyz`, proxyServer));
  await building;
  const hub = await openHub(config, port, objects.secrets);
  closers.push(() => hub.close());
  await progress.step('Waiting for the fleet', () => waitUntilShown(hub, proxyServer));
  return { hub, children };
}

/**
 * Starts everything and resolves when the fleet can be looked at. What was started is stopped again when a step fails or `signal` aborts;
 * then it rejects.
 */
export async function startFleet(config: StartConfig, progress: Progress, signal: AbortSignal): Promise<RunningFleet> {
  const closers: Closer[] = [];
  const close: Closer = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  signal.addEventListener('abort', () => void close(), { once: true });
  try {
    const { hub, children } = await startAll(config, progress, closers);
    const broken = Promise.race(children.map(async ({ name, ended }) => `${name} has ended\n${await ended}`));
    return { url: hub.url, hub, broken, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
