import { afterEach, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from './simulator.ts';
import { tellStory } from './story.ts';

const running: Simulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

async function storied(edges: number): Promise<Simulator> {
  const simulator = await startSimulator({ edges, speed: 0 });
  running.push(simulator);
  tellStory(simulator);
  return simulator;
}

const pass = ({ world }: Simulator, ms: number): void => {
  world.clock.advance(ms);
  world.runDue();
};
const away = ({ world, front }: Simulator): string[] =>
  world.edges.filter(({ name }) => front.faultOf(name)?.kind === 'tunnelDown').map(({ connector }) => connector);
const troubles = ({ world }: Simulator): string[] =>
  world.edges.flatMap((edge) => edge.applications.map(({ component, trouble }) => `${component.name} ${trouble}`));

describe('the story of a fleet', () => {
  test('leaves most of it well, and gives each trouble to several edges', async () => {
    const simulator = await storied(600);
    const words = troubles(simulator);
    for (const alike of ['inventory-api crash', 'bakery unsyncable', 'timing imagePull'])
      expect(words.filter((word) => word === alike).length).toBeGreaterThan(1);
    expect(words.filter((word) => word.endsWith(' none')).length / words.length).toBeGreaterThan(0.95);
    const kinds = new Set(simulator.world.edges.map(({ name }) => simulator.front.faultOf(name)?.kind));
    expect([...kinds].sort()).toEqual(['access', 'argocd', 'originRefused', undefined]);
    expect(simulator.world.edges.filter(({ access }) => access.revoked.size > 0).length).toBeGreaterThan(0);
  });

  test('ships put out to sea; a part of one Connector goes away and comes back, and the ships stay away', async () => {
    const simulator = await storied(600);
    expect(away(simulator)).toEqual([]);
    pass(simulator, 130_000);
    expect(new Set(away(simulator))).toEqual(new Set(['ships', 'retail-west']));
    pass(simulator, 360_000);
    expect(new Set(away(simulator))).toEqual(new Set(['ships']));
    pass(simulator, 25 * 60_000);
    expect(new Set(away(simulator))).toEqual(new Set(['ships', 'retail-west']));
  });

  test('is the same for the same seed', async () => {
    expect(troubles(await storied(100))).toEqual(troubles(await storied(100)));
  });
});
