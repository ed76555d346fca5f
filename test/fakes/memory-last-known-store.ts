import { applicationKeyText } from '../../proxy-server/src/domain/ids.ts';
import type { KnownApplication, KnownEdge, LastKnownBatch, LastKnownStore } from '../../proxy-server/src/ports/last-known-store.ts';

/** What outlives a store: pass it to the next one to play a restart. */
export interface Disk {
  readonly edges: Map<string, KnownEdge>;
  readonly applications: Map<string, KnownApplication>;
  readonly hours: Map<number, Readonly<Record<string, number>>>;
}

export const emptyDisk = (): Disk => ({ edges: new Map(), applications: new Map(), hours: new Map() });

export interface MemoryLastKnownStore extends LastKnownStore {
  readonly disk: Disk;
  readonly batches: LastKnownBatch[];
  /** While set, every write fails with it. */
  failing: Error | undefined;
  /** While set, writes wait for it. */
  gate: Promise<void> | undefined;
}

const KEPT_HOURS = 7 * 24 + 1;

/** Keeps everything that a real store keeps, in the same form: through JSON. */
export function createMemoryLastKnownStore(disk: Disk = emptyDisk()): MemoryLastKnownStore {
  const dropEdge = (edge: string): void => {
    disk.edges.delete(edge);
    for (const [key, known] of disk.applications) if (known.edge === edge) disk.applications.delete(key);
  };
  const keyOf = (edge: string, key: { readonly namespace: string; readonly name: string }): string => `${edge} ${applicationKeyText(key)}`;
  const write = (batch: LastKnownBatch): void => {
    batch.droppedEdges.forEach(dropEdge);
    for (const { edge, ...key } of batch.droppedApplications) disk.applications.delete(keyOf(edge, key));
    for (const known of batch.edges) disk.edges.set(known.edge, known);
    for (const known of batch.applications) disk.applications.set(keyOf(known.edge, known.application), known);
    if (batch.hourly === undefined) return;
    disk.hours.set(batch.hourly.hour, batch.hourly.figures);
    for (const hour of disk.hours.keys()) if (hour <= batch.hourly.hour - KEPT_HOURS) disk.hours.delete(hour);
  };
  const store: MemoryLastKnownStore = {
    disk,
    batches: [],
    failing: undefined,
    gate: undefined,
    notices: [],
    load(onEdge, onApplication) {
      disk.edges.forEach(onEdge);
      disk.applications.forEach(onApplication);
      return Promise.resolve();
    },
    hourly: () => Promise.resolve([...disk.hours].sort(([left], [right]) => left - right).map(([hour, figures]) => ({ hour, figures }))),
    async write(batch) {
      await store.gate;
      if (store.failing !== undefined) throw store.failing;
      const copy: LastKnownBatch = JSON.parse(JSON.stringify(batch));
      store.batches.push(copy);
      write(copy);
    },
    close: () => Promise.resolve(),
  };
  return store;
}
