import { createFleetState, type FleetState } from '../../proxy-server/src/cache/fleet-state.ts';
import { parseConnectorId } from '../../proxy-server/src/domain/ids.ts';
import { createFleetWatcher, type FleetWatcher } from '../../proxy-server/src/edges/fleet-watcher.ts';
import type { ConnectionReport, FleetSink } from '../../proxy-server/src/ports/fleet-sink.ts';
import { aCloudflareConnector, aDirectConnector, anEdge, aSecret } from '../edge-builders.ts';
import type { LastKnownStore } from '../../proxy-server/src/ports/last-known-store.ts';
import type { FastRuntime } from '../fakes/fast-runtime.ts';
import { memoryLastKnownStore } from '../fakes/memory-last-known-store.ts';
import { createMemoryObjectStore } from '../fakes/memory-object-store.ts';

/** The real watchers and the real fleet state over edges of a test, on a fast clock. */
export interface ChaosFleet {
  readonly runtime: FastRuntime;
  readonly state: FleetState;
  readonly watcher: FleetWatcher;
  /** What was reported of an edge since the last `forget`. */
  reports(edge: string): readonly ConnectionReport[];
  latest(edge: string): ConnectionReport | undefined;
  forget(): void;
  applications(edge: string): number;
  close(): Promise<void>;
}

export interface ChaosEdge {
  readonly name: string;
  readonly url: string;
  readonly connector?: 'cloudflare';
  /** Its read token, where any will not do. */
  readonly token?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const MOST_REPORTS = 200;

export interface ChaosFleetOptions {
  readonly runtime: FastRuntime;
  /** Trusted by the direct Connector. */
  readonly ca?: string;
  /** False: the store keeps nothing, and of reports only the last two. */
  readonly remembers?: boolean;
}

const KEEPS_NOTHING: LastKnownStore = {
  notices: [],
  load: () => Promise.resolve(),
  hourly: () => Promise.resolve([]),
  write: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export async function startChaosFleet(
  edges: readonly ChaosEdge[],
  { runtime, ca, remembers = true }: ChaosFleetOptions,
): Promise<ChaosFleet> {
  const state = createFleetState({ runtime, store: remembers ? memoryLastKnownStore() : KEEPS_NOTHING });
  const told = new Map<string, ConnectionReport[]>();
  const latest = new Map<string, ConnectionReport>();
  const { sink: under } = state;
  const sink: FleetSink = {
    putEdge: (edge) => under.putEdge(edge),
    dropEdge: (edge) => under.dropEdge(edge),
    putApplications: (edge, applications) => under.putApplications(edge, applications),
    dropApplications: (edge, keys) => under.dropApplications(edge, keys),
    putObserved: (edge, reading) => under.putObserved(edge, reading),
    putFacts: (edge, facts) => under.putFacts(edge, facts),
    heard: (edge, readAt) => under.heard(edge, readAt),
    known: (edge) => under.known(edge),
    putConnection(edge, report) {
      latest.set(edge, report);
      told.set(edge, [...(told.get(edge) ?? []).slice(remembers ? -MOST_REPORTS : -1), report]);
      under.putConnection(edge, report);
    },
  };
  const objects = createMemoryObjectStore();
  const cloudflare = parseConnectorId('cloudflare')!;
  objects.putConnector(aDirectConnector(ca === undefined ? {} : { caSecret: aSecret('ca', {}).id }));
  objects.putConnector(aCloudflareConnector({ id: cloudflare }));
  objects.putSecrets([aSecret('access', { 'client-id': 'id', 'client-secret': 'secret' })]);
  if (ca !== undefined) objects.putSecrets([aSecret('ca', { 'ca.crt': ca })]);
  objects.putSecrets(edges.map(({ name, token = 'token' }) => aSecret(`${name}-argocd`, { read: token })));
  objects.putEdges(edges.map(({ name, url, connector, labels = {} }) => anEdge(name, url, { labels, ...(connector === undefined ? {} : { connector: cloudflare }) }))); // prettier-ignore
  await state.start(objects.current().edges.values());
  const watcher = createFleetWatcher({ objects, sink, runtime, version: 'test' });
  watcher.start();
  return {
    runtime,
    state,
    watcher,
    reports: (edge) => told.get(edge) ?? [],
    latest: (edge) => latest.get(edge),
    forget: () => told.clear(),
    applications: (edge) => state.sink.known(anEdge(edge, 'http://x').id).applications.length,
    async close() {
      await watcher.close();
      await state.close();
      runtime.close();
    },
  };
}
