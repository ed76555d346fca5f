import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { flap, startTroubledFleet, type TroubledFleet } from '../chaos/troubled-fleet.ts';

jest.setTimeout(60_000);
const SPEED = 15;
const EDGES = 100;
let troubled: TroubledFleet;
beforeAll(async () => {
  troubled = await startTroubledFleet(EDGES, SPEED);
});
afterAll(() => troubled.close());

describe('30 % of the fleet going up and down', () => {
  test('changes nothing of the others, costs few lines, and ends well', async () => {
    const result = await flap(troubled, 0.3, 60_000);
    expect(result.strangers).toBe(0);
    expect(result.turns).toBeGreaterThan(30);
    expect(result.linesLogged).toBeLessThanOrEqual(40);
    expect(result.healedMs).toBeLessThanOrEqual(300_000);
  });
});
