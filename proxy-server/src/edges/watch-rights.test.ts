import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { tokenOf } from '../../../simulator/src/argocd/tokens.ts';
import type { Edge as SimulatedEdge } from '../../../simulator/src/world/edge.ts';
import { remove, trouble } from '../../../simulator/src/world/operations.ts';
import { anEdge, aSecret } from '../../../test/edge-builders.ts';
import { createWatchHarness, MINUTE, SECOND } from '../../../test/watch-harness.ts';

jest.setTimeout(60_000);
const watch = createWatchHarness();
afterEach(() => watch.close());

describe('token and rights', () => {
  test('a revoked token is Refused within 6 min of a live stream, and a new one heals without a restart', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    await watch.takes('a reading', () => watch.fleet.told().readings.length > 0);
    watch.revoke(edge);
    expect(await watch.takes('the refusal', () => watch.connection() === 'Refused', 200)).toBeLessThanOrEqual(6 * MINUTE);
    expect(watch.fleet.sink.connection(edge.name)?.failure).toMatchObject({ row: 22, detail: 'revoked' });
    expect(watch.fleet.told().applications.size).toBe(6);
    const heardAt = watch.fleet.told().readAt;
    await watch.pass(30 * SECOND);
    expect(watch.fleet.told().readAt).toBe(heardAt);
    edge.access.revoked.clear();
    watch.fleet.objects.putSecrets([aSecret(`${edge.name}-argocd`, { read: tokenOf(1, edge, 'fleet') })]);
    expect(await watch.takes('the return', () => watch.connection() === 'Reachable')).toBeLessThanOrEqual(10_000);
  });

  test('a right taken away is Refused (row 23) within 6 min, and nothing is pruned', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    await watch.takes('a reading', () => watch.fleet.told().readings.length > 0);
    edge.access.withoutRights.add('fleet');
    expect(await watch.takes('the refusal', () => watch.connection() === 'Refused', 200)).toBeLessThanOrEqual(6 * MINUTE);
    expect(watch.row()).toBe(23);
    expect(watch.fleet.told().applications.size).toBe(6);
    edge.access.withoutRights.clear();
    await watch.takes('the return', () => watch.connection() === 'Reachable', SECOND);
    expect(watch.fleet.told().applications.size).toBe(6);
  });

  test('rights lost while the edge was away: refused on return, nothing pruned', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    await watch.whileAway(edge, () => {
      edge.access.withoutRights.add('fleet');
    });
    await watch.takes('the refusal', () => watch.connection() === 'Refused', SECOND);
    expect({ row: watch.row(), kept: watch.fleet.told().applications.size }).toEqual({ row: 23, kept: 6 });
  });

  test('Applications that are really gone are pruned, even all of them, after asking', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    await watch.whileAway(edge, () => {
      for (const application of [...edge.applications].slice(1)) remove(watch.fleet.simulator.world, application);
    });
    await watch.takes('the prune', () => watch.fleet.told().applications.size === 1, SECOND);
    expect(watch.connection()).toBe('Reachable');
  });
});

describe('which Argo CD it is', () => {
  const replaceUids = (edge: SimulatedEdge): void => {
    for (const application of edge.applications) application.uid = `another-${application.component.name}`;
  };
  const lost = async (edge: SimulatedEdge): Promise<void> => {
    await watch.fleet.settled();
    await watch.whileAway(edge, () => {
      replaceUids(edge);
      trouble(watch.fleet.simulator.world, edge.applications[0]!, 'crash');
    });
  };

  test('another one behind the name is flagged and never merged', async () => {
    const edge = await watch.start();
    await lost(edge);
    await watch.takes('the flag', () => watch.row() === 39, SECOND);
    const changes = watch.fleet.told().changes;
    const heardAt = watch.fleet.told().readAt;
    await watch.pass(20 * MINUTE, SECOND);
    expect(watch.fleet.sink.connection(edge.name)).toMatchObject({ connection: 'Refused', failure: { row: 39 } });
    expect({ changes: watch.fleet.told().changes, heardAt: watch.fleet.told().readAt }).toEqual({ changes, heardAt });
    expect([...watch.fleet.told().applications.values()].some(({ uid }) => uid.startsWith('another-'))).toBe(false);
  });

  test('AcceptNext takes it as the known one, once', async () => {
    const edge = await watch.start();
    await lost(edge);
    await watch.takes('the flag', () => watch.row() === 39, SECOND);
    const identity = watch.fleet.told().facts.identity;
    const url = watch.fleet.told().edge!.url;
    watch.fleet.objects.putEdges([anEdge(edge.name, url, { identity: 'AcceptNext', generation: 2 })]);
    await watch.takes('the acceptance', () => watch.connection() === 'Reachable', SECOND);
    await watch.takes(
      'its data',
      () => [...watch.fleet.told().applications.values()].every(({ uid }) => uid.startsWith('another-')),
      SECOND,
    );
    expect(watch.fleet.told().facts).toMatchObject({ acceptedGeneration: 2 });
    expect(watch.fleet.told().facts.identity).not.toBe(identity);
    for (const application of edge.applications) application.uid = `third-${application.component.name}`;
    watch.fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    await watch.takes('the loss', () => watch.connection() === 'OutOfReach', SECOND);
    watch.fleet.simulator.front.setFault([edge.name], undefined);
    await watch.takes('the flag', () => watch.row() === 39, SECOND);
  });

  test('what was accepted before a restart is not accepted again by a folder that counts anew', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    const { sink, objects } = watch.fleet;
    const { url } = watch.fleet.told().edge!;
    // As after a restart: the sink knows what was accepted, the watcher is a new one, and the folder says generation 1.
    objects.putEdges([anEdge(edge.name, url, { lifecycle: 'Retired' })]);
    await watch.pass(SECOND);
    sink.putFacts(anEdge(edge.name, url).id, { ...watch.fleet.told().facts, acceptedGeneration: 3 });
    replaceUids(edge);
    objects.putEdges([anEdge(edge.name, url, { identity: 'AcceptNext', generation: 1 })]);
    await watch.takes('the flag', () => watch.row() === 39, SECOND);
  });

  test('an older state is row 41: the last good data stays and readAt does not move', async () => {
    const edge = await watch.start();
    await watch.fleet.settled();
    await watch.takes('a reading', () => watch.fleet.told().readings.length > 0);
    watch.fleet.simulator.front.setFault([edge.name], { kind: 'replay', backMs: 3_600_000, backVersions: 100 });
    await watch.takes('the replay', () => watch.row() === 41, SECOND);
    const heardAt = watch.fleet.told().readAt;
    await watch.pass(MINUTE, SECOND);
    expect({ connection: watch.connection(), row: watch.row(), heardAt: watch.fleet.told().readAt }).toEqual({
      connection: 'Reachable',
      row: 41,
      heardAt,
    });
    watch.fleet.simulator.front.setFault([edge.name], undefined);
    await watch.takes('the end of it', () => watch.row() === undefined, SECOND);
    expect(watch.connection()).toBe('Reachable');
  });
});
