/** Fills one way of keeping Applications and says how many bytes it takes. One process for each, so that none sees another's leavings. */
import { FleetTable } from '../proxy-server/src/cache/fleet-table.ts';
import { emptyConnectivity, noteConnection, toBytes } from '../proxy-server/src/domain/connectivity.ts';
import { toRecord } from '../proxy-server/src/domain/application-record.ts';
import { heapSnapshotBytes } from './heap-snapshot.ts';
import { APPLICATIONS_PER_EDGE, POS, sampleApplication, sampleEdge, spread } from './sample-fleet.ts';

export interface MemoryFigures {
  readonly applications: number;
  readonly snapshotBytes: number;
  readonly residentBytes: number;
}

const [, , way, edgesText] = process.argv;
const edges = Number(edgesText);
const MINUTE = 60_000;
const DAY_MINUTES = 1_440;
const HISTORIES = 40;

/** Days of contact as they are stored: most edges with few outages, every tenth with one in most hours. */
function sampleHistories(): readonly string[] {
  return Array.from({ length: HISTORIES }, (_unused, nth) => {
    const outages = nth % 10 === 0 ? 0.03 : 0.001;
    let history = emptyConnectivity(0);
    for (let minute = 0; minute < 2 * DAY_MINUTES; minute += 1)
      history = noteConnection(history, spread(minute, nth) < outages ? 'OutOfReach' : 'Reachable', minute * MINUTE);
    return btoa(String.fromCharCode(...toBytes(history)));
  });
}

/** The columns of the product, with edges, their history of contact, index, texts, figures and all. */
function filledColumns(uniqueNames: boolean): FleetTable {
  const table = new FleetTable(1);
  table.setProducts([POS]);
  const histories = sampleHistories();
  for (let edge = 0; edge < edges; edge += 1) {
    const { id } = sampleEdge(edge);
    table.putConnectivity(id, JSON.parse(JSON.stringify(histories[edge % histories.length] ?? '')));
    for (let nth = 0; nth < APPLICATIONS_PER_EDGE; nth += 1) {
      // A copy without shared texts, as a parser makes them.
      table.putApplication(id, toRecord(JSON.parse(JSON.stringify(sampleApplication(edge, nth, uniqueNames)))), {});
    }
  }
  table.publish();
  return table;
}

/** What the projection of a list parses to, kept by key: the way most dashboards hold Applications. */
function filledObjects(): ReadonlyMap<string, unknown> {
  const objects = new Map<string, unknown>();
  for (let edge = 0; edge < edges; edge += 1) {
    for (let nth = 0; nth < APPLICATIONS_PER_EDGE; nth += 1) {
      const application = sampleApplication(edge, nth, true);
      objects.set(`${edge}/${application.name}`, JSON.parse(JSON.stringify(application)));
    }
  }
  return objects;
}

async function alive(): Promise<{ readonly snapshot: number; readonly resident: number }> {
  const snapshot = await heapSnapshotBytes();
  globalThis.gc?.();
  return { snapshot, resident: process.memoryUsage.rss() };
}

const before = await alive();
const kept = way === 'objects' ? filledObjects() : filledColumns(way === 'columns-unique');
globalThis.gc?.();
const residentBytes = process.memoryUsage.rss() - before.resident;
const after = await alive();
const figures: MemoryFigures = {
  applications: edges * APPLICATIONS_PER_EDGE,
  snapshotBytes: after.snapshot - before.snapshot,
  residentBytes,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
// What is measured stays reachable until the end.
process.once('exit', () => void kept);
