import type { Application } from '../../proxy-server/src/domain/application.ts';
import type { Edge } from '../../proxy-server/src/domain/edge.ts';
import { applicationKeyText, type EdgeId } from '../../proxy-server/src/domain/ids.ts';
import type { ConnectionReport, EdgeFacts, FleetSink, ObservedReading } from '../../proxy-server/src/ports/fleet-sink.ts';

/** All that watchers told of one edge, as it stands. */
export interface SunkEdge {
  edge: Edge | undefined;
  readonly applications: Map<string, Application>;
  readonly observed: Map<string, number | undefined>;
  readings: ObservedReading[];
  facts: EdgeFacts;
  reports: ConnectionReport[];
  readAt: number | undefined;
  /** How often anything but readAt was told. */
  changes: number;
}

export interface MemoryFleetSink extends FleetSink {
  readonly edges: Map<string, SunkEdge>;
  /** The edge, made if it is not there yet. */
  of(edge: string): SunkEdge;
  /** The latest connection report. */
  connection(edge: string): ConnectionReport | undefined;
}

/** A sink that keeps everything at once and forgets nothing but what is dropped. */
export function createMemoryFleetSink(): MemoryFleetSink {
  const edges = new Map<string, SunkEdge>();
  const of = (edge: string): SunkEdge => {
    const found = edges.get(edge) ?? {
      edge: undefined, applications: new Map(), observed: new Map(), readings: [], facts: {}, reports: [], readAt: undefined, changes: 0,
    }; // prettier-ignore
    edges.set(edge, found);
    return found;
  };
  const changed = (edge: EdgeId): SunkEdge => {
    const sunk = of(edge);
    sunk.changes += 1;
    return sunk;
  };
  return {
    edges,
    of,
    connection: (edge) => of(edge).reports.at(-1),
    putEdge: (edge) => {
      changed(edge.id).edge = edge;
    },
    dropEdge: (edge) => void edges.delete(edge),
    putApplications(edge, applications) {
      const sunk = changed(edge);
      for (const application of applications) sunk.applications.set(applicationKeyText(application), application);
    },
    dropApplications(edge, keys) {
      const sunk = changed(edge);
      for (const key of keys) sunk.applications.delete(applicationKeyText(key));
    },
    putObserved(edge, reading) {
      const sunk = of(edge);
      sunk.readings = [...sunk.readings.slice(-9), reading];
      for (const { key, observedAt } of reading.observedAt) sunk.observed.set(applicationKeyText(key), observedAt);
    },
    putFacts: (edge, facts) => {
      of(edge).facts = facts;
    },
    putConnection: (edge, report) => {
      const sunk = of(edge);
      sunk.reports = [...sunk.reports.slice(-99), report];
    },
    heard: (edge, readAt) => {
      of(edge).readAt = readAt;
    },
    known(edge) {
      const { applications, facts, readAt, reports } = of(edge);
      const connection = reports.at(-1);
      return {
        applications: [...applications.values()],
        ...(facts.identity === undefined ? {} : { identity: facts.identity }),
        ...(facts.acceptedGeneration === undefined ? {} : { acceptedGeneration: facts.acceptedGeneration }),
        ...(readAt === undefined ? {} : { readAt }),
        ...(connection === undefined ? {} : { connection }),
      };
    },
  };
}
