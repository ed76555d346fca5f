import { expect, test } from '@jest/globals';
import { anEdgeId } from '../../../test/edge-builders.ts';
import { createRequestMeter } from './request-meter.ts';

test('counts the requests of the last minute by edge, and forgets older ones', () => {
  let now = 1_000_000;
  const meter = createRequestMeter({ now: () => now });
  const [a, b] = [anEdgeId('a'), anEdgeId('b')];
  for (let second = 0; second < 120; second += 1) {
    meter.count(a);
    now += 1_000;
  }
  expect(meter.lastMinute(a)).toBeGreaterThanOrEqual(50);
  expect(meter.lastMinute(a)).toBeLessThanOrEqual(60);
  expect(meter.lastMinute(b)).toBe(0);
  now += 3_600_000;
  expect(meter.lastMinute(a)).toBe(0);
  now -= 3_600_000; // a clock that went back
  meter.count(a);
  expect(meter.lastMinute(a)).toBeGreaterThanOrEqual(0);
  meter.forget(a);
  expect(meter.lastMinute(a)).toBe(0);
});
