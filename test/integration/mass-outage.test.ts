import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { outage, startTroubledFleet, type TroubledFleet } from '../chaos/troubled-fleet.ts';

jest.setTimeout(60_000);
const SPEED = 10;
let troubled: TroubledFleet;
beforeAll(async () => {
  troubled = await startTroubledFleet(300, SPEED);
});
afterAll(() => troubled.close());

describe('a tenth of the fleet cut at once', () => {
  test('is marked within 15 s, counted, one banner and one line; all are back within 10 s of the first, and none sees a storm', async () => {
    const result = await outage(troubled, 30, 60_000);
    expect(result.markedMs).toBeLessThanOrEqual(16_000);
    expect(result.counted).toBe(30);
    expect(result.banners).toHaveLength(1);
    expect(result.linesLogged).toBe(1);
    expect(result.returnedMs).toBeLessThanOrEqual(10_000);
    expect(result.busiest.ofOneEdge).toBeLessThanOrEqual(10);
  });
});
