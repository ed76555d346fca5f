import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Application } from '../../proxy-server/src/domain/application.ts';
import { toRecord, type ApplicationRecord } from '../../proxy-server/src/domain/application-record.ts';
import { knownApplicationAt, type KnownApplication } from '../../proxy-server/src/domain/known-applications.ts';
import type { KnownEdge, LastKnownBatch, LastKnownStore } from '../../proxy-server/src/ports/last-known-store.ts';
import { anApplication } from '../application-builder.ts';

const record = (name: string, over: Partial<Application> = {}): ApplicationRecord =>
  toRecord(
    anApplication({ name, labels: { part: 'retail "quoted" ☃' }, destination: { server: 'https://kubernetes.default.svc' }, ...over }),
  );

export const anEmptyBatch: LastKnownBatch = { edges: [], droppedEdges: [], applications: [], droppedApplications: [] };

export async function readBack(store: LastKnownStore): Promise<{ edges: KnownEdge[]; applications: KnownApplication[] }> {
  const edges: KnownEdge[] = [];
  const applications: KnownApplication[] = [];
  const texts: string[] = [];
  await store.load(
    (edge) => edges.push(edge),
    (part) => {
      texts.push(...part.texts);
      applications.push(...part.uids.map((_uid, row) => knownApplicationAt(part, row, texts)));
    },
  );
  return { edges, applications };
}

/** What every last-known store must do. The one on disk and the fake both run it, so that the fake cannot drift. */
export function describeLastKnownStore(name: string, open: () => Promise<LastKnownStore>): void {
  describe(`LastKnownStore (${name})`, () => {
    let store: LastKnownStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());
    const edge: KnownEdge = {
      edge: 'store-1',
      readAt: 1_000,
      facts: { argocdVersion: 'v3.5.1', missingCapabilities: ['x'] },
      connectivity: 'abc',
    };
    const known: KnownApplication = { edge: 'store-1', record: record('pos'), observedAt: 5, edgeClockAtReading: 9 };

    test('a new store holds nothing', async () => {
      expect(await readBack(store)).toEqual({ edges: [], applications: [] });
    });

    test('what was written is read back as it was', async () => {
      await store.write({ ...anEmptyBatch, edges: [edge], applications: [known] });
      expect(await readBack(store)).toEqual({ edges: [edge], applications: [known] });
    });

    test('writing the same twice keeps one row, the later one', async () => {
      await store.write({ ...anEmptyBatch, edges: [edge], applications: [known] });
      const later = { ...known, record: record('pos', { health: 'Degraded' }) };
      await store.write({ ...anEmptyBatch, edges: [{ ...edge, readAt: 2_000 }], applications: [later] });
      expect(await readBack(store)).toEqual({ edges: [{ ...edge, readAt: 2_000 }], applications: [later] });
    });

    test('a dropped edge takes its Applications along and leaves its neighbour alone', async () => {
      const neighbour = { ...known, edge: 'store-12' };
      await store.write({ ...anEmptyBatch, edges: [edge, { ...edge, edge: 'store-12' }], applications: [known, neighbour] });
      await store.write({ ...anEmptyBatch, droppedEdges: ['store-1'] });
      expect(await readBack(store)).toEqual({ edges: [{ ...edge, edge: 'store-12' }], applications: [neighbour] });
    });

    test('dropped in the batch that also brings it back: it is back', async () => {
      await store.write({ ...anEmptyBatch, edges: [edge], applications: [known] });
      await store.write({ ...anEmptyBatch, droppedEdges: ['store-1'], edges: [edge], applications: [known] });
      expect(await readBack(store)).toEqual({ edges: [edge], applications: [known] });
    });

    test('a dropped Application goes alone, by namespace and name', async () => {
      const other = { ...known, record: record('pos', { namespace: 'team-a' }) };
      await store.write({ ...anEmptyBatch, applications: [known, other] });
      await store.write({ ...anEmptyBatch, droppedApplications: [{ edge: 'store-1', namespace: 'argocd', name: 'pos' }] });
      expect((await readBack(store)).applications).toEqual([other]);
    });

    test('hourly figures come back in order, and a week of them is kept', async () => {
      for (const hour of [100, 101, 99, 268, 269]) await store.write({ ...anEmptyBatch, hourly: { hour, figures: { degraded: hour } } });
      expect((await store.hourly()).map(({ hour, figures }) => [hour, figures['degraded']])).toEqual([[101, 101], [268, 268], [269, 269]]); // prettier-ignore
    });
  });
}
