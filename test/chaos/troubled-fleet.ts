/** A fleet of played edges under the real watchers, and the two troubles of many edges at once. */
import { SEES_EVERYTHING } from '../../proxy-server/src/domain/visibility.ts';
import { createFastRuntime } from '../fakes/fast-runtime.ts';
import { createRealRuntime } from '../fakes/real-runtime.ts';
import { startChaosFleet, type ChaosFleet } from './chaos-fleet.ts';
import { playHere, playInChild, type Busiest, type PlayedEdges } from './played-edges.ts';

export interface TroubledFleet {
  readonly fleet: ChaosFleet;
  readonly played: PlayedEdges;
  readonly names: readonly string[];
  reachable(names: readonly string[]): number;
  close(): Promise<void>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const APPLICATIONS = 5;

/** On a fast clock, everything in one process. */
export async function startTroubledFleet(edges: number, speed: number): Promise<TroubledFleet> {
  const played = await playHere({ edges, applications: APPLICATIONS, keepAliveMs: (15 * SECOND) / speed });
  return watchPlayed(played, await startChaosFleet(chaosEdges(played), { runtime: createFastRuntime(speed) }));
}

/** On the machine's clock, the edges in a process of their own, and nothing kept that only tests ask for. */
export async function startFullSizeFleet(edges: number): Promise<TroubledFleet> {
  const played = await playInChild({ edges, applications: APPLICATIONS, keepAliveMs: 15 * SECOND });
  return watchPlayed(played, await startChaosFleet(chaosEdges(played), { runtime: createRealRuntime(), remembers: false }));
}

const chaosEdges = ({ port, edges }: PlayedEdges) =>
  edges.map(({ name, labels, token }) => ({
    name,
    labels,
    token,
    url: `http://127.0.0.1:${port}/e/${name}`,
    connector: 'cloudflare' as const,
  }));

async function watchPlayed(played: PlayedEdges, fleet: ChaosFleet): Promise<TroubledFleet> {
  const names = played.edges.map(({ name }) => name);
  const reachable = (some: readonly string[]): number => some.filter((name) => fleet.latest(name)?.connection === 'Reachable').length;
  await fleet.runtime.until(() => reachable(names) === names.length, 10 * MINUTE, 'a good beginning');
  await fleet.runtime.pass(20 * SECOND);
  fleet.forget();
  return {
    fleet,
    played,
    names,
    reachable,
    async close() {
      await fleet.close();
      await played.close();
    },
  };
}

export interface FlappingResult {
  /** Reports about edges that were left alone: there must be none. */
  readonly strangers: number;
  readonly linesLogged: number;
  /** Times an edge went away or came back. */
  readonly turns: number;
  /** Used heap after a collection: before it, and at the end of each third of it. */
  readonly heapBytes: readonly number[];
  readonly busiest: Busiest;
  /** From the end of it until every edge was well again. */
  readonly healedMs: number;
}

/** Lets a share of the edges go up and down for a while: away and back for 5 to 25 s each time. */
export async function flap(troubled: TroubledFleet, share: number, forMs: number): Promise<FlappingResult> {
  const { fleet, played, names, reachable } = troubled;
  const { runtime } = fleet;
  const flapping = names.slice(0, Math.round(names.length * share));
  const linesBefore = runtime.lines.length;
  const began = runtime.clock.now();
  const heap = [await heapBytes()];
  played.resetMeter();
  let turns = 0;
  for (const third of [1, 2, 3]) {
    turns += await flapUntil(troubled, flapping, began + (third * forMs) / 3);
    heap.push(await heapBytes());
  }
  const busiest = await played.busiest();
  played.heal(flapping);
  const healedMs = await runtime.until(() => reachable(names) === names.length, 10 * MINUTE, 'every edge to return');
  const left = names.slice(flapping.length);
  const strangers = left.reduce((sum, name) => sum + fleet.reports(name).length, 0);
  return { strangers, linesLogged: runtime.lines.length - linesBefore, turns, heapBytes: heap, busiest, healedMs };
}

/** Begins with every one of them well. */
async function flapUntil({ fleet, played }: TroubledFleet, flapping: readonly string[], end: number): Promise<number> {
  const { runtime } = fleet;
  const nextAt = new Map(flapping.map((name) => [name, runtime.clock.now() + Math.random() * 25 * SECOND]));
  const down = new Set<string>();
  let turns = 0;
  while (runtime.clock.now() < end) {
    const now = runtime.clock.now();
    const due = flapping.filter((name) => (nextAt.get(name) ?? 0) <= now);
    const back = due.filter((name) => down.delete(name));
    const away = due.filter((name) => !back.includes(name));
    for (const name of away) down.add(name);
    for (const name of due) nextAt.set(name, now + (5 + Math.random() * 20) * SECOND);
    if (back.length > 0) played.heal(back);
    if (away.length > 0) played.cut(away);
    turns += due.length;
    await runtime.pass(SECOND / 2);
  }
  played.heal([...down]);
  return turns;
}

async function heapBytes(): Promise<number> {
  globalThis.gc?.();
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

export interface OutageResult {
  /** From the cut until the last was marked. */
  readonly markedMs: number;
  readonly counted: number;
  readonly banners: readonly string[];
  readonly linesLogged: number;
  /** From the first edge that was seen back to the last. */
  readonly returnedMs: number;
  /** Within a second of the return. */
  readonly busiest: Busiest;
  /** Reports about edges that were left alone. */
  readonly strangers: number;
}

/** Cuts some edges at once, waits while they are away, and lets them all return in one moment. */
export async function outage({ fleet, played, names, reachable }: TroubledFleet, count: number, awayMs: number): Promise<OutageResult> {
  const cut = names.slice(0, count);
  const { runtime } = fleet;
  const linesBefore = runtime.lines.length;
  played.cut(cut);
  const markedMs = await runtime.until(() => reachable(cut) === 0, 10 * MINUTE, 'the marks');
  await runtime.pass(awayMs);
  const overview = fleet.state.reader.overview(SEES_EVERYTHING);
  const linesLogged = runtime.lines.length - linesBefore;
  played.resetMeter();
  played.heal(cut);
  await runtime.until(() => reachable(cut) > 0, 10 * MINUTE, 'the first return');
  const returnedMs = await runtime.until(() => reachable(cut) === cut.length, 10 * MINUTE, 'all returns');
  return {
    markedMs,
    counted: overview.counts.notHeard,
    banners: overview.causes.filter(({ banner }) => banner).map(({ sentence }) => sentence),
    linesLogged,
    returnedMs,
    busiest: await played.busiest(),
    strangers: names.slice(count).reduce((sum, name) => sum + fleet.reports(name).length, 0),
  };
}
