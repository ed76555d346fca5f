import type { KnownApplication, KnownEdge, LastKnownBatch, LastKnownStore } from '../../proxy-server/src/ports/last-known-store.ts';

/** The last-known store in memory: complete, and held to the same contract as the one on disk. `failNext` makes writes reject. */
export function memoryLastKnownStore(): LastKnownStore & { failNext(times: number): void; readonly writes: readonly LastKnownBatch[] } {
  const edges = new Map<string, KnownEdge>();
  const applications = new Map<string, KnownApplication>();
  const hours = new Map<number, Readonly<Record<string, number>>>();
  const writes: LastKnownBatch[] = [];
  let failures = 0;
  const keyOf = (edge: string, namespace: string, name: string): string => `${edge} ${namespace} ${name}`;

  const apply = (batch: LastKnownBatch): void => {
    for (const edge of batch.droppedEdges) {
      edges.delete(edge);
      for (const key of [...applications.keys()]) if (key.startsWith(`${edge} `)) applications.delete(key);
    }
    for (const { edge, namespace, name } of batch.droppedApplications) applications.delete(keyOf(edge, namespace, name));
    for (const edge of batch.edges) edges.set(edge.edge, edge);
    for (const row of batch.applications) applications.set(keyOf(row.edge, row.application.namespace, row.application.name), row);
    if (batch.hourly === undefined) return;
    hours.set(batch.hourly.hour, batch.hourly.figures);
    for (const hour of [...hours.keys()]) if (hour <= batch.hourly.hour - 169) hours.delete(hour);
  };

  return {
    notices: [],
    writes,
    failNext: (times) => void (failures = times),
    load: (onEdge, onApplication) => {
      for (const edge of edges.values()) onEdge(edge);
      for (const application of applications.values()) onApplication(application);
      return Promise.resolve();
    },
    hourly: () => Promise.resolve([...hours].sort(([a], [b]) => a - b).map(([hour, figures]) => ({ hour, figures }))),
    write: (batch) => {
      if (failures > 0) {
        failures -= 1;
        return Promise.reject(new Error('The disk is full'));
      }
      writes.push(batch);
      apply(batch);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
