/** A fleet of the simulator under the real watchers on a fast clock, and the two troubles of many edges at once. */
import { SEES_EVERYTHING } from '../../proxy-server/src/domain/visibility.ts';
import { tokenOf } from '../../simulator/src/argocd/tokens.ts';
import { startSimulator, type Simulator } from '../../simulator/src/simulator.ts';
import { startChaosFleet, type ChaosFleet } from './chaos-fleet.ts';

export interface TroubledFleet {
  readonly fleet: ChaosFleet;
  readonly simulator: Simulator;
  readonly names: readonly string[];
  reachable(names: readonly string[]): number;
  close(): Promise<void>;
}

const SECOND = 1_000;
const SEED = 1;

export async function startTroubledFleet(edges: number, speed: number): Promise<TroubledFleet> {
  const simulator = await startSimulator({ edges, seed: SEED, applications: 5, keepAliveMs: (15 * SECOND) / speed });
  const urlOf = (name: string): string => `http://127.0.0.1:${simulator.port}/e/${name}`;
  const fleet = await startChaosFleet(
    simulator.world.edges.map((edge) => ({
      name: edge.name,
      url: urlOf(edge.name),
      connector: 'cloudflare' as const,
      token: tokenOf(SEED, edge, 'fleet'),
      labels: edge.labels,
    })),
    speed,
  );
  const names = simulator.world.edges.map(({ name }) => name);
  const reachable = (some: readonly string[]): number => some.filter((name) => fleet.latest(name)?.connection === 'Reachable').length;
  await fleet.runtime.until(() => reachable(names) === names.length, 600 * SECOND, 'a good beginning');
  await fleet.runtime.pass(20 * SECOND);
  fleet.forget();
  return {
    fleet,
    simulator,
    names,
    reachable,
    async close() {
      await fleet.close();
      await simulator.close();
    },
  };
}

/** A tunnel before every one of them, whatever the world reaches them by, and it is down. */
function cutTunnels({ reach, front, world }: Simulator, names: readonly string[]): void {
  reach.cut(names.map((name) => world.edge(name)).filter((edge) => edge !== undefined));
  front.setFault(names, { kind: 'tunnelDown' });
}

export interface FlappingResult {
  /** Reports about edges that were left alone: there must be none. */
  readonly strangers: number;
  readonly linesLogged: number;
  readonly heapBytes: readonly [before: number, after: number];
}

/** Lets a share of the edges go up and down for a while: away and back for 5 to 25 s each time. */
export async function flap({ fleet, simulator, names }: TroubledFleet, share: number, forMs: number): Promise<FlappingResult> {
  const flapping = names.slice(0, Math.round(names.length * share));
  const left = names.slice(flapping.length);
  const linesBefore = fleet.runtime.lines.length;
  const nextAt = new Map(flapping.map((name) => [name, fleet.runtime.clock.now() + Math.random() * 25 * SECOND]));
  const down = new Set<string>();
  const end = fleet.runtime.clock.now() + forMs;
  const heapBefore = heapBytes();
  while (fleet.runtime.clock.now() < end) {
    const now = fleet.runtime.clock.now();
    for (const name of flapping) {
      if ((nextAt.get(name) ?? 0) > now) continue;
      nextAt.set(name, now + (5 + Math.random() * 20) * SECOND);
      if (down.delete(name)) simulator.front.setFault([name], undefined);
      else {
        down.add(name);
        cutTunnels(simulator, [name]);
      }
    }
    await fleet.runtime.pass(SECOND / 2);
  }
  const strangers = left.reduce((sum, name) => sum + fleet.reports(name).length, 0);
  const result = { strangers, linesLogged: fleet.runtime.lines.length - linesBefore, heapBytes: [heapBefore, heapBytes()] } as const;
  simulator.front.setFault(flapping, undefined);
  return result;
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

export interface OutageResult {
  readonly markedMs: number;
  readonly counted: number;
  readonly banners: readonly string[];
  readonly linesLogged: number;
  /** From the first edge that was seen back to the last. */
  readonly returnedMs: number;
  /** Of any edge, within a second. */
  readonly mostRequestsInASecond: number;
}

/** Cuts some edges at once, waits while they are away, and lets them all return in one moment. */
export async function outage({ fleet, simulator, names, reachable }: TroubledFleet, count: number, awayMs: number): Promise<OutageResult> {
  const cut = names.slice(0, count);
  const { runtime } = fleet;
  const linesBefore = runtime.lines.length;
  cutTunnels(simulator, cut);
  const markedMs = await runtime.until(() => reachable(cut) === 0, 600 * SECOND, 'the marks');
  await runtime.pass(awayMs);
  const overview = fleet.state.reader.overview(SEES_EVERYTHING);
  const linesLogged = runtime.lines.length - linesBefore;
  for (const edge of simulator.world.edges) edge.traffic.mostRequestsInASecond = 0;
  simulator.front.setFault(cut, undefined);
  await runtime.until(() => reachable(cut) > 0, 600 * SECOND, 'the first return');
  const returnedMs = await runtime.until(() => reachable(cut) === cut.length, 600 * SECOND, 'all returns');
  return {
    markedMs,
    counted: overview.counts.notHeard,
    banners: overview.causes.filter(({ banner }) => banner).map(({ sentence }) => sentence),
    linesLogged,
    returnedMs,
    mostRequestsInASecond: Math.max(...simulator.world.edges.map(({ traffic }) => traffic.mostRequestsInASecond)),
  };
}
