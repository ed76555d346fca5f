import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Edge as SimulatedEdge } from '../../../simulator/src/world/edge.ts';
import { remove, trouble } from '../../../simulator/src/world/operations.ts';
import { anEdge } from '../../../test/edge-builders.ts';
import { createWatchHarness, MINUTE, SECOND } from '../../../test/watch-harness.ts';

jest.setTimeout(60_000);
const watch = createWatchHarness();
afterEach(() => watch.close());

const start = async (): Promise<SimulatedEdge> => {
  const edge = await watch.start({ behind: true });
  watch.front.intercept = (request) => request.url?.includes('/stream/') === true;
  await watch.takes('polling', () => watch.fleet.told().facts.mode === 'poll', 50);
  await watch.takes('the data', () => watch.fleet.told().applications.size === 6, 50);
  return edge;
};
/** Another Argo CD with Applications of the same names, where something has happened meanwhile. */
const replace = (edge: SimulatedEdge, by: string): void => {
  for (const application of edge.applications)
    Object.assign(application, { uid: `${by}-${application.component.name}`, createdAt: application.createdAt + 7 * MINUTE });
  trouble(watch.fleet.simulator.world, edge.applications[0]!, 'crash');
};
const wholes = (): number => watch.front.asked.filter((path) => /\/applications\/[^?]/.test(path) && !path.includes('stream')).length;
const uids = (): readonly string[] => [...watch.fleet.told().applications.values()].map(({ uid }) => uid).filter((uid) => uid !== '');
const url = (): string => watch.fleet.told().edge!.url;
const changed = (): { changes: number; heardAt: number | undefined } => ({
  changes: watch.fleet.told().changes,
  heardAt: watch.fleet.told().readAt,
});

describe('which Argo CD it is, where lists are all there is', () => {
  test('it is known by a few of its Applications, and seldom asked again', async () => {
    await start();
    expect(watch.fleet.told().facts.identity).toMatch(/^[0-9a-f]{16}$/);
    expect(uids()).toHaveLength(3);
    const before = wholes();
    await watch.pass(20 * MINUTE, SECOND);
    expect(wholes() - before).toBeLessThanOrEqual(10);
    expect(watch.connection()).toBe('Reachable');
  });

  test('another one behind the name is flagged within a minute and never merged', async () => {
    const edge = await start();
    replace(edge, 'another');
    expect(await watch.takes('the flag', () => watch.row() === 39, SECOND)).toBeLessThanOrEqual(90 * SECOND);
    const before = changed();
    await watch.pass(10 * MINUTE, SECOND);
    expect(watch.fleet.sink.connection(edge.name)).toMatchObject({ connection: 'Refused', failure: { row: 39 } });
    expect(changed()).toEqual(before);
    expect(uids().some((uid) => uid.startsWith('another-'))).toBe(false);
  });

  test('AcceptNext takes it as the known one, once; the one after that is flagged again', async () => {
    const edge = await start();
    const { identity } = watch.fleet.told().facts;
    replace(edge, 'another');
    await watch.takes('the flag', () => watch.row() === 39, SECOND);
    watch.fleet.objects.putEdges([anEdge(edge.name, url(), { identity: 'AcceptNext', generation: 2 })]);
    await watch.takes('the acceptance', () => watch.connection() === 'Reachable' && watch.row() === undefined, SECOND);
    await watch.takes('its data', () => uids().length > 0 && uids().every((uid) => uid.startsWith('another-')), SECOND);
    expect(watch.fleet.told().applications.size).toBe(6);
    expect(watch.fleet.told().facts).toMatchObject({ acceptedGeneration: 2 });
    expect(watch.fleet.told().facts.identity).not.toBe(identity);
    replace(edge, 'third');
    await watch.takes('the flag', () => watch.row() === 39, SECOND);
  });

  test('after a restart it is still known, by uid, where creation times tell nothing', async () => {
    const edge = await start();
    // As after a restart: the sink knows what was stored, the watcher is a new one.
    watch.fleet.objects.putEdges([anEdge(edge.name, url(), { lifecycle: 'Retired' })]);
    await watch.pass(SECOND);
    for (const application of edge.applications) application.uid = `another-${application.component.name}`;
    watch.fleet.objects.putEdges([anEdge(edge.name, url())]);
    await watch.takes('the flag', () => watch.row() === 39, SECOND);
  });

  test('Applications that were made anew, and others that were not, are the same Argo CD', async () => {
    const edge = await start();
    const oldest = edge.applications.reduce((left, right) => (left.createdAt <= right.createdAt ? left : right));
    for (const application of edge.applications.filter((each) => each !== oldest))
      Object.assign(application, { uid: `anew-${application.component.name}`, createdAt: application.createdAt + 400 * 24 * 60 * MINUTE });
    remove(
      watch.fleet.simulator.world,
      edge.applications.find((each) => each !== oldest)!,
    );
    await watch.takes('the loss', () => watch.fleet.told().applications.size === 5, SECOND);
    await watch.pass(10 * MINUTE, SECOND);
    expect(watch.connection()).toBe('Reachable');
    expect(watch.row()).toBeUndefined();
  });

  test('the few by which it was known are gone, and it is the same: others are learnt', async () => {
    const edge = await start();
    const known = new Set([...watch.fleet.told().applications].flatMap(([key, { uid }]) => (uid === '' ? [] : [key])));
    expect(known.size).toBe(3);
    const gone = edge.applications.filter(({ component }) => known.has(`argocd/${component.name}`));
    for (const application of gone) remove(watch.fleet.simulator.world, application);
    await watch.takes('the loss', () => watch.fleet.told().applications.size === 3, SECOND);
    await watch.pass(20 * MINUTE, SECOND);
    expect({ connection: watch.connection(), row: watch.row() }).toEqual({ connection: 'Reachable', row: undefined });
    trouble(watch.fleet.simulator.world, edge.applications[0]!, 'crash');
    await watch.takes('their uids', () => uids().length === 3, SECOND);
  });

  test('an older state is row 41: the last good data stays, and it heals by itself', async () => {
    const edge = await start();
    await watch.pass(2 * MINUTE, SECOND);
    watch.fleet.simulator.front.setFault([edge.name], { kind: 'replay', backMs: 3_600_000, backVersions: 100 });
    await watch.takes('the replay', () => watch.row() === 41, SECOND);
    const before = changed();
    await watch.pass(2 * MINUTE, SECOND);
    expect({ ...changed(), connection: watch.connection(), row: watch.row() }).toEqual({ ...before, connection: 'Reachable', row: 41 });
    watch.fleet.simulator.front.setFault([edge.name], undefined);
    await watch.takes('the end of it', () => watch.row() === undefined, SECOND);
    expect(watch.connection()).toBe('Reachable');
  });
});
