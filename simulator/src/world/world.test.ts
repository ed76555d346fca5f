import { describe, expect, test } from '@jest/globals';
import type { Application } from './edge.ts';
import { createAgenda } from './agenda.ts';
import { createWorldClock, type WorldClock } from './clock.ts';
import { rollOut, startLife } from './life.ts';
import { release } from './operations.ts';
import { createWorld, type World } from './world.ts';

const START = Date.UTC(2026, 10, 23, 12);

function aClock(): WorldClock {
  return createWorldClock({ startAt: START, speed: 0, machineNow: () => 0 });
}
const aWorld = (seed: number, edges: number, applications?: number): World => createWorld({ seed, edges, applications, clock: aClock() });

const portrait = (application: Application): unknown => {
  const { edge, component, operation, operationState, ...rest } = application;
  return {
    ...rest,
    edge: edge.name,
    component: component.name,
    operation: operation?.version,
    phase: operationState?.phase,
    finishedAt: operationState?.finishedAt,
  };
};
const portraits = (world: World): unknown =>
  world.edges.map((edge) => ({ ...edge, traffic: undefined, access: undefined, applications: edge.applications.map(portrait) }));

function live(seed: number, seconds: number): { world: World; cuts: string[]; writes: string[] } {
  const world = aWorld(seed, 60);
  const cuts: string[] = [];
  const writes: string[] = [];
  for (const edge of world.edges)
    world.listen(edge, (type, application) =>
      writes.push(`${type} ${edge.name} ${application.component.name} ${application.health} ${application.sync}`),
    );
  const name = (edges: readonly { name: string }[]): string => edges.map((edge) => edge.name).join(',');
  startLife(world, { cut: (edges) => cuts.push(`cut ${name(edges)}`), restore: (edges) => cuts.push(`restore ${name(edges)}`) }, 5);
  for (let second = 0; second < seconds; second += 1) {
    world.clock.advance(1000);
    world.runDue();
  }
  return { world, cuts, writes };
}

describe('a world', () => {
  test('is the same for the same seed', () => {
    expect(portraits(aWorld(7, 50))).toEqual(portraits(aWorld(7, 50)));
    expect(portraits(aWorld(8, 50))).not.toEqual(portraits(aWorld(7, 50)));
  });

  test('keeps the edges it has when it grows', () => {
    expect(portraits(aWorld(7, 80))).toEqual(expect.arrayContaining((portraits(aWorld(7, 20)) as unknown[]).slice(0, 1)));
  });

  test('lives the same life for the same seed', () => {
    const one = live(3, 900);
    const two = live(3, 900);
    expect(one.writes).toEqual(two.writes);
    expect(one.cuts).toEqual(two.cuts);
    expect(portraits(one.world)).toEqual(portraits(two.world));
    expect(one.writes.length).toBeGreaterThan(1000);
    expect(live(4, 900).writes).not.toEqual(one.writes);
  });

  test('lets ferries go and come back, and heals what breaks', () => {
    const { cuts, world } = live(3, 3 * 3600);
    expect(cuts.some((line) => line.startsWith('cut ship-'))).toBe(true);
    expect(cuts.some((line) => line.startsWith('restore ship-'))).toBe(true);
    const applications = world.edges.flatMap((edge) => edge.applications);
    const broken = applications.filter(({ trouble }) => trouble !== 'none').length;
    expect(broken / applications.length).toBeLessThan(0.15);
  });

  test('rolls the next version through, ring by ring, and leaves what somebody ordered by hand', () => {
    const world = aWorld(3, 40);
    const stores = world.edges.filter(({ segment }) => segment === 'store');
    const version = (index: number): string => stores[index]!.applications.find(({ component }) => component.name === 'pos-api')!.desired;
    const before = stores.map((_, index) => version(index));
    release(
      world,
      stores[0]!.applications.find(({ component }) => component.name === 'pos-api')!,
      '9.9.9',
    );
    rollOut(world, 'pos', stores);
    world.clock.advance(600_000);
    world.runDue();
    expect(version(0)).toBe('9.9.9');
    for (let index = 1; index < stores.length; index += 1) expect(version(index)).not.toBe(before[index]);
  });

  test('has every segment, six to twenty Applications each, and versions from 2.10 to 3.5', () => {
    const { edges } = aWorld(1, 600);
    expect(new Set(edges.map((edge) => edge.labels['segment']))).toEqual(new Set(['retail', 'ships', 'telecom', 'health']));
    expect(Math.min(...edges.map((edge) => edge.applications.length))).toBeGreaterThanOrEqual(6);
    expect(Math.max(...edges.map((edge) => edge.applications.length))).toBeLessThanOrEqual(20);
    expect([...new Set(edges.map((edge) => edge.argocd))].sort()).toEqual(['2.10', '2.14', '3.0', '3.2', '3.3', '3.4', '3.5']);
    expect(new Set(edges.map((edge) => edge.name)).size).toBe(600);
  });

  test('gives each edge as many Applications as it is told to', () => {
    expect(aWorld(1, 30, 20).edges.every((edge) => edge.applications.length === 20)).toBe(true);
  });

  test('raises resourceVersion and generation with every write', () => {
    const world = aWorld(1, 1);
    const application = world.edges[0]!.applications[0]!;
    const { resourceVersion, generation } = application;
    world.touch(application);
    world.touch(application);
    expect(application.resourceVersion).toBeGreaterThan(resourceVersion + 1);
    expect(application.generation).toBe(generation + 2);
  });
});

describe('an agenda', () => {
  test('runs what is due in order of time, and of putting in where times are equal', () => {
    const agenda = createAgenda();
    const ran: string[] = [];
    for (const [at, name] of [
      [30, 'c'],
      [10, 'a'],
      [20, 'b1'],
      [20, 'b2'],
      [40, 'd'],
    ] as const)
      agenda.put(at, () => ran.push(name));
    expect(agenda.runDue(30)).toBe(4);
    expect(ran).toEqual(['a', 'b1', 'b2', 'c']);
    expect(agenda.size()).toBe(1);
  });

  test('runs at once what an entry puts in for a moment that is past, and tells each entry its own time', () => {
    const agenda = createAgenda();
    const ran: number[] = [];
    agenda.put(10, (now) => {
      ran.push(now);
      agenda.put(now + 5, (later) => ran.push(later));
    });
    agenda.runDue(100);
    expect(ran).toEqual([10, 15]);
  });
});

describe('the clock of the world', () => {
  test('runs as fast as it is told and makes no jump when that changes', () => {
    let machine = 0;
    const clock = createWorldClock({ startAt: 1000, speed: 60, machineNow: () => machine });
    machine = 10;
    expect(clock.now()).toBe(1600);
    clock.setSpeed(0);
    machine = 500;
    expect(clock.now()).toBe(1600);
    clock.advance(400);
    expect(clock.now()).toBe(2000);
  });
});
