/**
 * An ordinary day of a fleet, for whoever looks at it for the first time: a few edges that cannot be read and why, one release that crashes on
 * one kind of shop, a sync that fails alike in many places, ships that put out to sea, and a region that loses its tunnels for a while. Who it
 * hits follows from the seed; shares keep a fleet of 50 as readable as one of 10,000. Tests and benchmarks start a world without it.
 */
import { seedTokenId } from './argocd/tokens.ts';
import type { Fault } from './front/faults.ts';
import type { Simulator } from './simulator.ts';
import type { Edge, Trouble } from './world/edge.ts';
import { putTrouble } from './world/population.ts';
import { shareOf } from './world/random.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

type Choice = (salt: string, share: number, wanted?: (edge: Edge) => boolean) => readonly Edge[];

/** Applications that are in trouble alike, for one reason: [whom it hits, share of them, Application, trouble, since]. */
const ALIKE: readonly (readonly [(edge: Edge) => boolean, number, string, Trouble, number])[] = [
  [({ labels }) => labels['format'] === 'express' && labels['region'] === 'north', 0.09, 'inventory-api', 'crash', 2 * HOUR_MS],
  [({ labels }) => labels['format'] === 'hyper', 0.1, 'bakery', 'unsyncable', 40 * MINUTE_MS],
  [({ labels }) => labels['segment'] === 'telecom', 0.06, 'timing', 'imagePull', 5 * HOUR_MS],
];

/** What cannot be read from the start, in share of the edges behind a tunnel. */
const UNREADABLE: readonly (readonly [string, number, Fault])[] = [
  ['access', 0.003, { kind: 'access', answer: 'forbidden' }],
  ['origin', 0.004, { kind: 'originRefused' }],
  ['rights', 0.003, { kind: 'argocd', answer: 'forbidden' }],
];

const SHIPS_LEAVING = 0.3;
const FIRST_OUTAGE_MS = 100 * SECOND_MS;
const OUTAGE_MS = 6 * MINUTE_MS;
const OUTAGE_EVERY_MS = 30 * MINUTE_MS;

function standing({ world, front }: Simulator, choose: Choice): void {
  const now = world.clock.now();
  for (const [wanted, share, name, trouble, since] of ALIKE) {
    for (const edge of choose(name, share, wanted)) {
      const application = edge.applications.find(({ component }) => component.name === name);
      if (application !== undefined) putTrouble(application, trouble, now - since);
    }
  }
  for (const edge of choose('repository', 0.008)) {
    for (const application of edge.applications) putTrouble(application, 'repoDown', now - 3 * HOUR_MS);
  }
  for (const edge of choose('token', 0.004)) edge.access.revoked.add(seedTokenId(world.seed, edge, 'fleet'));
  for (const edge of choose('clock', 0.004)) edge.skewMs = -37 * MINUTE_MS;
  for (const [salt, share, fault] of UNREADABLE) {
    front.setFault(
      choose(salt, share, ({ reach }) => reach === 'cloudflare').map(({ name }) => name),
      fault,
    );
  }
}

/** Loses a part of the tunnels of one Connector for a while, and again every so often. */
function outages({ world, reach }: Simulator, edges: readonly Edge[]): void {
  const lose = (at: number): void => {
    world.agenda.put(at, () => reach.cut(edges));
    world.agenda.put(at + OUTAGE_MS, () => reach.restore(edges));
    world.agenda.put(at + OUTAGE_MS, () => lose(at + OUTAGE_EVERY_MS));
  };
  lose(world.clock.now() + FIRST_OUTAGE_MS);
}

/** Puts the story into a world that has just been started. */
export function tellStory(simulator: Simulator): void {
  const { world, front, reach } = simulator;
  const choose: Choice = (salt, share, wanted = () => true) =>
    world.edges.filter((edge) => wanted(edge) && shareOf(world.seed, 'story', salt, edge.name) < share);
  standing(simulator, choose);
  const well = (edge: Edge): boolean => front.faultOf(edge.name) === undefined;
  for (const ship of choose('at sea', SHIPS_LEAVING, (edge) => edge.segment === 'ship' && well(edge))) {
    const at = world.clock.now() + (20 + 100 * shareOf(world.seed, 'puts out', ship.name)) * SECOND_MS;
    world.agenda.put(at, () => reach.cut([ship]));
  }
  outages(
    simulator,
    choose('outage', 0.2, (edge) => edge.connector === 'retail-west' && well(edge)),
  );
}
