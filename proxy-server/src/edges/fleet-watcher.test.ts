import { afterEach, describe, expect, test } from '@jest/globals';
import { simulatedFleet, type SimulatedFleet } from '../../../test/simulated-fleet.ts';

let fleet: SimulatedFleet;
afterEach(() => fleet.close());

describe('fleet watcher', () => {
  test('reads every Application of every edge over its live stream', async () => {
    fleet = await simulatedFleet({ edges: 20 });
    await fleet.settled();
    for (const name of fleet.names) {
      expect(fleet.sink.connection(name)).toMatchObject({ connection: 'Reachable', attempts: 0 });
      expect(fleet.sink.of(name).facts).toMatchObject({ mode: 'stream', argocdVersion: expect.stringMatching(/^v\d/) });
    }
  });
});
