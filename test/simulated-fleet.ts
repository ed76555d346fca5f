import { createFleetWatcher, type FleetWatcher } from '../proxy-server/src/edges/fleet-watcher.ts';
import type { EdgeLimits } from '../proxy-server/src/edges/limits.ts';
import type { Edge } from '../proxy-server/src/domain/edge.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator/src/simulator.ts';
import { tokenOf } from '../simulator/src/argocd/tokens.ts';
import { anEdge, aCloudflareConnector, aDirectConnector, aSecret } from './edge-builders.ts';
import { createMemoryFleetSink, type MemoryFleetSink, type SunkEdge } from './fakes/memory-fleet-sink.ts';
import { createMemoryObjectStore, type MemoryObjectStore } from './fakes/memory-object-store.ts';
import { createSteppedRuntime, type SteppedRuntime } from './fakes/stepped-runtime.ts';

/** The real watchers in front of the simulator, on a clock that the test steps. */
export interface SimulatedFleet {
  readonly simulator: Simulator;
  readonly watcher: FleetWatcher;
  readonly sink: MemoryFleetSink;
  readonly objects: MemoryObjectStore;
  readonly runtime: SteppedRuntime;
  readonly names: readonly string[];
  /** What was told of the first edge, or of another by its number. */
  told(index?: number): SunkEdge;
  /** Until every edge has been heard and every Application of it is known. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface SimulatedFleetOptions extends Omit<SimulatorOptions, 'edges'> {
  readonly edges?: number;
  readonly limits?: Partial<EdgeLimits>;
  readonly over?: Partial<Edge>;
  readonly start?: boolean;
  readonly random?: () => number;
  /** With the account's API of the simulator behind the Connector. */
  readonly accountApi?: boolean;
}

const SEED = 1;

export async function simulatedFleet(options: SimulatedFleetOptions = {}): Promise<SimulatedFleet> {
  const { edges = 1, limits = {}, over = {}, start = true, random, accountApi = false, ...rest } = options;
  const runtime = createSteppedRuntime(Date.now(), random);
  const simulator = await startSimulator({ ...rest, edges, seed: SEED });
  const sink = createMemoryFleetSink();
  const objects = createMemoryObjectStore();
  const host = `http://127.0.0.1:${simulator.port}`;
  const names = simulator.world.edges.map((edge) => edge.name);
  objects.putConnector(aDirectConnector());
  const statusApi = { accountId: 'all', tokenSecret: aSecret('cf-status', {}).id, tunnelPrefix: 'edge-' };
  objects.putConnector(aCloudflareConnector({ id: anEdge('cloudflare', host).connector, ...(accountApi ? { statusApi } : {}) }));
  objects.putSecrets([aSecret('cf-status', { token: 'api-token' })]);
  objects.putSecrets([aSecret('access', { 'client-id': 'fleet.access.edge.test', 'client-secret': 'simulated-access-secret' })]);
  objects.putSecrets(simulator.world.edges.map((edge) => aSecret(`${edge.name}-argocd`, { read: tokenOf(SEED, edge, 'fleet') })));
  objects.putEdges(names.map((name) => anEdge(name, `${host}/e/${name}`, over)));
  const accountApiUrl = `http://127.0.0.1:${simulator.controlPort}/client/v4`;
  const watcher = createFleetWatcher({ objects, sink, runtime, limits, accountApiUrl, version: 'test' });
  if (start) watcher.start();
  const complete = (name: string): boolean => {
    const told = sink.of(name);
    return (
      told.readAt !== undefined &&
      told.facts.mode !== undefined &&
      told.applications.size === simulator.world.edge(name)?.applications.length
    );
  };
  return {
    simulator, watcher, sink, objects, runtime, names,
    told: (index = 0) => sink.of(names[index] ?? ''),
    settled: () => runtime.until(() => names.every(complete), { stepMs: 1, what: 'every edge to be read' }),
    async close() {
      await watcher.close();
      await simulator.close();
    },
  }; // prettier-ignore
}
