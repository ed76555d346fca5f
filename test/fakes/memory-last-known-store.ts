import { createKnownApplicationsWriter, toKnownRow, type KnownApplication } from '../../proxy-server/src/domain/known-applications.ts';
import type { KnownEdge, LastKnownBatch, LastKnownStore } from '../../proxy-server/src/ports/last-known-store.ts';

/** What outlives a store: pass it to the next one to play a restart. */
export interface Disk {
  readonly edges: Map<string, KnownEdge>;
  readonly applications: Map<string, KnownApplication>;
  readonly hours: Map<number, Readonly<Record<string, number>>>;
}

export const emptyDisk = (): Disk => ({ edges: new Map(), applications: new Map(), hours: new Map() });

export interface MemoryLastKnownStore extends LastKnownStore {
  readonly writes: readonly LastKnownBatch[];
  readonly disk: Disk;
  /** That many writes reject from now on. */
  failNext(times: number): void;
  /** Writes wait until the returned function is called. */
  hold(): () => void;
}

/** Few, so that what is kept comes in several parts. */
const PART = 3;

const keyOf = (edge: string, namespace: string, name: string): string => `${edge} ${namespace} ${name}`;

function apply({ edges, applications, hours }: Disk, batch: LastKnownBatch): void {
  for (const edge of batch.droppedEdges) {
    edges.delete(edge);
    for (const key of [...applications.keys()]) if (key.startsWith(`${edge} `)) applications.delete(key);
  }
  for (const { edge, namespace, name } of batch.droppedApplications) applications.delete(keyOf(edge, namespace, name));
  for (const edge of batch.edges) edges.set(edge.edge, edge);
  for (const row of batch.applications) applications.set(keyOf(row.edge, row.record.texts.namespace, row.record.texts.name), row);
  if (batch.hourly === undefined) return;
  hours.set(batch.hourly.hour, batch.hourly.figures);
  for (const hour of [...hours.keys()]) if (hour <= batch.hourly.hour - 169) hours.delete(hour);
}

/** The last-known store in memory: complete, and held to the same contract as the one on disk. What it keeps went through JSON. */
export function memoryLastKnownStore(disk: Disk = emptyDisk()): MemoryLastKnownStore {
  const writes: LastKnownBatch[] = [];
  let failures = 0;
  let held: Promise<void> | undefined;
  return {
    disk,
    notices: [],
    writes,
    failNext: (times) => void (failures = times),
    hold() {
      const gate = Promise.withResolvers<void>();
      held = gate.promise;
      return () => {
        held = undefined;
        gate.resolve();
      };
    },
    load: (onEdge, onApplications) => {
      for (const edge of disk.edges.values()) onEdge(edge);
      const writer = createKnownApplicationsWriter(PART);
      for (const known of disk.applications.values()) {
        writer.add(toKnownRow(known));
        if (writer.rows === PART) onApplications(writer.take());
      }
      onApplications(writer.take());
      return Promise.resolve();
    },
    hourly: () => Promise.resolve([...disk.hours].sort(([a], [b]) => a - b).map(([hour, figures]) => ({ hour, figures }))),
    write: async (batch) => {
      await held;
      if (failures > 0) {
        failures -= 1;
        throw new Error('The disk is full');
      }
      const copy: LastKnownBatch = JSON.parse(JSON.stringify(batch));
      writes.push(copy);
      apply(disk, copy);
    },
    close: () => Promise.resolve(),
  };
}
