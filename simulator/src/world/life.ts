/**
 * What happens by itself: Pods crash and heal, objects drift and are put right, a new version of a Product rolls through a region ring by ring,
 * ships sail off and come back. All by the world's clock and from the seed.
 */
import type { Application, Edge, Trouble } from './edge.ts';
import { versionAt } from './catalog.ts';
import { isAtRest, release, trouble } from './operations.ts';
import { createRandom, hashOf, shareOf } from './random.ts';
import type { World } from './world.ts';

/** How edges are taken out of reach; the front does it. */
export interface Reach {
  cut(edges: readonly Edge[]): void;
  restore(edges: readonly Edge[]): void;
}

export interface Life {
  /** Small events per second of the world; each is a change and, a little later, its end. 0: nothing happens by itself any more. */
  setRate(eventsPerSecond: number): void;
  rate(): number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ROLLOUT_EVERY_MS = 4 * MINUTE_MS;
const RING_MS = 45_000;
/** Share of all Applications that may be in a passing trouble at once: the faster events come, the sooner they heal. */
const TROUBLED_SHARE = 0.004;
const LEAST_HEAL_MS = 300;
const MOST_HEAL_MS = 120_000;
const REGIONS = ['north', 'south', 'east', 'west'] as const;
const ROLLED = ['pos', 'inventory', 'kiosk', 'loyalty', 'platform', 'voyage', 'radio', 'care'] as const;

const PASSING: readonly (readonly [Trouble, number])[] = [
  ['rollingOut', 0.62],
  ['drifted', 0.2],
  ['crash', 0.14],
  ['repoDown', 0.04],
];

function passingTrouble(draw: number): Trouble {
  let left = draw;
  for (const [kind, share] of PASSING) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'rollingOut';
}

function happen(world: World, random: () => number, healMs: number, now: number): void {
  const edge = world.edges[Math.floor(random() * world.edges.length)];
  const application = edge?.applications[Math.floor(random() * edge.applications.length)];
  const kind = passingTrouble(random());
  const spread = 0.5 + random();
  if (application === undefined || !isAtRest(application)) return;
  trouble(world, application, kind, now);
  world.agenda.put(now + healMs * spread, (later) => {
    if (application.trouble === kind && application.operation === undefined) trouble(world, application, 'none', later);
  });
}

/** Rolls the next version of a Product through a region, ring by ring; a few stay behind with a Pod that crashes. */
export function rollOut(world: World, product: string, edges: readonly Edge[], now = world.clock.now()): void {
  for (const edge of edges) {
    const ring = Number(edge.labels['ring'] ?? 3);
    for (const application of edge.applications) {
      if (application.component.product !== product) continue;
      const delay = ring * RING_MS + shareOf(world.seed, 'rollout', edge.name, product) * RING_MS;
      world.agenda.put(now + delay, (at) => rollOne(world, application, at));
    }
  }
}

function rollOne(world: World, application: Application, now: number): void {
  // A version that somebody ordered by hand stays.
  if (application.desired !== versionAt(application.component, application.step)) return;
  application.step += 1;
  const version = versionAt(application.component, application.step);
  release(world, application, version, now);
  if (shareOf(world.seed, 'bad start', application.edge.name, application.component.name, version) > 0.004) return;
  world.agenda.put(now + application.edge.rolloutMs, (later) => {
    if (application.live === version) trouble(world, application, 'crash', later);
  });
}

interface Trip {
  readonly count: number;
  readonly from: number;
}

/** Times at sea and in port of one ship: ferries are gone for minutes, freighters for days. */
function voyage(world: World, edge: Edge, reach: Reach, trip: Trip): void {
  const ferry = edge.labels['format'] === 'ferry';
  const draw = (part: string): number => shareOf(world.seed, part, edge.name, trip.count);
  const inPort = ferry ? (10 + 20 * draw('port')) * MINUTE_MS : (8 + 30 * draw('port')) * HOUR_MS;
  const atSea = ferry ? (5 + 30 * draw('sea')) * MINUTE_MS : (1 + 5 * draw('sea')) * DAY_MS;
  const elapsed = trip.count === 0 ? draw('first') * inPort : 0;
  world.agenda.put(trip.from + inPort - elapsed, (leaves) => {
    reach.cut([edge]);
    world.agenda.put(leaves + atSea, (from) => {
      reach.restore([edge]);
      voyage(world, edge, reach, { count: trip.count + 1, from });
    });
  });
}

/** Starts life at a rate; at 0 nothing but what is asked for happens, ships included. */
export function startLife(world: World, reach: Reach, eventsPerSecond: number): Life {
  const random = createRandom(hashOf(world.seed, 'life'));
  const applications = world.edges.reduce((sum, edge) => sum + edge.applications.length, 0);
  let rate = 0;
  let turn = 0;
  let began = false;
  const nextEvent = (mine: number, now: number): void => {
    if (mine !== turn || rate === 0) return;
    const healMs = Math.min(MOST_HEAL_MS, Math.max(LEAST_HEAL_MS, (TROUBLED_SHARE * applications * 1000) / rate));
    happen(world, random, healMs, now);
    world.agenda.put(now + 1000 / rate, (at) => nextEvent(mine, at));
  };
  const nextRollout = (count: number, from: number): void => {
    world.agenda.put(from + ROLLOUT_EVERY_MS, (now) => {
      const region = REGIONS[count % REGIONS.length];
      if (rate > 0)
        rollOut(
          world,
          ROLLED[count % ROLLED.length] ?? 'pos',
          world.edges.filter((edge) => edge.labels['region'] === region),
          now,
        );
      nextRollout(count + 1, now);
    });
  };
  const begin = (): void => {
    began = true;
    const from = world.clock.now();
    nextRollout(0, from);
    for (const edge of world.edges) if (edge.segment === 'ship') voyage(world, edge, reach, { count: 0, from });
  };
  const setRate = (next: number): void => {
    rate = next;
    turn += 1;
    if (rate > 0 && !began) begin();
    nextEvent(turn, world.clock.now());
  };
  setRate(eventsPerSecond);
  return { setRate, rate: () => rate };
}
