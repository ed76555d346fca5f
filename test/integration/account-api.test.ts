/** The account's API of the simulator as the bulk oracle of the real watchers: it makes them look sooner, and its own trouble changes nothing. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { simulatedFleet, type SimulatedFleet } from '../simulated-fleet.ts';
import { MINUTE, NO_SILENCE, SECOND } from '../watch-harness.ts';

jest.setTimeout(60_000);
let fleet: SimulatedFleet;
afterEach(() => fleet.close());

const WELL = { answer: 'well', retryAfterSeconds: 300, lagMs: 0 } as const;
const connection = (name: string): string | undefined => fleet.sink.connection(name)?.connection;
const warnings = (): number => fleet.runtime.lines.filter(({ level }) => level === 'warn').length;
async function start(edges = 3): Promise<readonly string[]> {
  fleet = await simulatedFleet({ edges, applications: 2, keepAliveMs: 2, limits: NO_SILENCE, accountApi: true });
  fleet.simulator.account.order(WELL);
  await fleet.settled();
  return fleet.names;
}
async function takes(what: string, done: () => boolean, stepMs = 200): Promise<number> {
  const from = fleet.runtime.clock.now();
  await fleet.runtime.until(done, { stepMs, what });
  return fleet.runtime.clock.now() - from;
}
async function pass(ms: number): Promise<void> {
  const until = fleet.runtime.clock.now() + ms;
  await fleet.runtime.until(() => fleet.runtime.clock.now() >= until, { stepMs: SECOND });
}

describe('the tunnel list of an account', () => {
  test('brings back an edge long before its own probe is due', async () => {
    const [name = ''] = await start(1);
    fleet.simulator.front.setFault([name], { kind: 'tunnelDown' });
    await takes('the loss', () => connection(name) === 'OutOfReach');
    await pass(20 * MINUTE);
    const dueAt = fleet.sink.connection(name)?.nextProbeAt ?? 0;
    expect(dueAt - fleet.runtime.clock.now()).toBeGreaterThan(45 * SECOND);
    fleet.simulator.front.setFault([name], undefined);
    expect(await takes('the return', () => connection(name) === 'Reachable')).toBeLessThanOrEqual(45 * SECOND);
  });

  test.each(['down', 'inactive', 'degraded'] as const)('that says %s of a tunnel that works marks nobody', async (status) => {
    const names = await start();
    await pass(MINUTE);
    fleet.simulator.account.setStatus(names, status);
    await pass(3 * MINUTE);
    expect(names.map(connection)).toEqual(names.map(() => 'Reachable'));
    expect(names.map((name) => fleet.sink.connection(name)?.failure)).toEqual(names.map(() => undefined));
  });

  test.each(['limited', 'refused', 'broken', 'page'] as const)('that is %s darkens nothing and is said once', async (answer) => {
    const names = await start();
    fleet.simulator.account.order({ ...WELL, answer });
    await pass(15 * MINUTE);
    expect(names.map(connection)).toEqual(names.map(() => 'Reachable'));
    expect(warnings()).toBe(1);
  });

  test('is read to its last page', async () => {
    const names = await start(130);
    const last = names.at(-1) ?? '';
    fleet.simulator.front.setFault([last], { kind: 'tunnelDown' });
    await takes('the loss', () => connection(last) === 'OutOfReach');
    await pass(5 * MINUTE);
    fleet.simulator.front.setFault([last], undefined);
    expect(await takes('the return', () => connection(last) === 'Reachable', SECOND)).toBeLessThanOrEqual(50 * SECOND);
  });
});
