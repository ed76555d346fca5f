/**
 * The program, put together: objects → watcher → fleet state → API. Everything is built first and started in the order in which it is
 * needed; what was started is stopped in the reverse order. Listening comes before loading, so that a load balancer can see us start.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createApi, type Api, type ApiLimits } from './api/app.ts';
import { createHubVersion, type HubVersion } from './api/hub-version.ts';
import { listen, type Listener } from './api/listen.ts';
import { doctorRoutes } from './api/routes/doctor.ts';
import { journalFile, openActions, type Actions } from './compose-actions.ts';
import { hubFactsReader } from './compose-doctor.ts';
import { createFleetState, type FleetState } from './cache/fleet-state.ts';
import type { Config, ListenAddress } from './config.ts';
import { createKindStatusController } from './controllers/kind-status-controller.ts';
import { createDoctorRuns } from './doctor/doctor-runs.ts';
import { createFleetWatcher, type FleetWatcher, type WatchFigures } from './edges/fleet-watcher.ts';
import { createFolderStore } from './folder/object-store.ts';
import { openSqliteLastKnownStore } from './history/sqlite-last-known-store.ts';
import { parseConnectorId, parseEdgeId } from './domain/ids.ts';
import type { ConnectorKind } from './domain/failure-table.ts';
import type { LastKnownStore } from './ports/last-known-store.ts';
import type { FleetSink } from './ports/fleet-sink.ts';
import type { FleetMetrics } from './observability/metrics.ts';
import type { ConfigSnapshot, ObjectStore } from './ports/object-store.ts';
import type { Logger, Runtime } from './ports/runtime.ts';
import type { StatusStore } from './ports/status-writer.ts';
import { startLimits } from './domain/start-limits.ts';
import { thrownWords } from './domain/thrown-words.ts';
import { readStartFacts } from './start-facts.ts';
import { createPolicyRights, type PolicyRights } from './rights/policy-rights.ts';

/** Why the program cannot start, as one line for the person who started it. */
export class StartProblem extends Error {
  constructor(line: string) {
    super(line);
    this.name = 'StartProblem';
  }
}

export interface Program {
  readonly host: string;
  readonly port: number;
  /** Where health and metrics are served, if apart. */
  readonly opsPort: number | undefined;
  /** Stops everything in reverse order; resolves when nothing runs any more. */
  close(): Promise<void>;
}

export interface ProgramOptions {
  readonly config: Config;
  readonly runtime: Omit<Runtime, 'metrics'> & { readonly metrics: FleetMetrics };
  readonly version: string;
  /** The state file of the configuration, where its opening has begun already. */
  readonly store?: Promise<LastKnownStore>;
}

/** Requests under way at a stop have this long to finish. */
const DRAIN_MS = 5_000;

type Closer = () => Promise<void> | void;

/** What has been started, newest last. */
class Started {
  readonly #closers: Closer[] = [];

  add(closer: Closer): void {
    this.#closers.push(closer);
  }

  async close(): Promise<void> {
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) await closer();
  }
}

async function openObjects({ config, runtime }: ProgramOptions): Promise<{ readonly objects: ObjectStore; readonly status?: StatusStore }> {
  if (config.source === 'folder') {
    const found = await stat(config.configDir).catch(() => undefined);
    if (found?.isDirectory() !== true)
      throw new StartProblem(`EDGE_FLEET_CONFIG_DIR=${config.configDir} is no folder: make it, or name the one that holds the YAML files`);
    return { objects: createFolderStore({ folder: config.configDir }, runtime) };
  }
  return openKubeObjects(config, runtime);
}

/** Loaded only where it is used: the Kubernetes client takes as long to load as everything else together. */
async function openKubeObjects(config: Config, runtime: Runtime): Promise<{ readonly objects: ObjectStore; readonly status: StatusStore }> {
  const [{ loadKubeConfig, ownNamespace }, { createKubeStore }] = await Promise.all([
    import('./kube/kube-config.ts'),
    import('./kube/object-store.ts'),
  ]);
  const loadConfig = (): ReturnType<typeof loadKubeConfig> => loadKubeConfig(config.kubeconfig);
  const namespace = config.namespace ?? ownNamespace(loadConfig());
  if (namespace === undefined)
    throw new StartProblem('EDGE_FLEET_NAMESPACE is not set and there is no service account: name the namespace of the objects');
  const store = createKubeStore({ namespace, loadConfig }, runtime);
  return { objects: store, status: store };
}

async function openListener(app: Api['app'], address: ListenAddress, name: string): Promise<Listener> {
  const opened = await listen(app, address);
  if (!('code' in opened)) return opened;
  const words =
    opened.code === 'EADDRINUSE'
      ? 'is taken: stop what uses it, or choose another port'
      : `cannot be used (${opened.code}): choose another address`;
  throw new StartProblem(`${name}=${address.host}:${address.port} ${words}`);
}

const toLimits = (config: Config): ApiLimits => ({
  stream: {
    maxClients: config.maxStreamClients,
    maxClientsPerUser: config.maxStreamClientsPerUser,
    maxBacklogBytes: config.maxStreamBacklogBytes,
  },
  passThrough: {
    timeoutMs: config.passThroughTimeoutSeconds * 1_000,
    maxBytes: config.maxPassThroughBytes,
    maxPerEdge: config.maxPassThroughsPerEdge,
  },
  maxPageSize: config.maxPageSize,
  pollIntervalMs: config.pollIntervalSeconds * 1_000,
});

interface Followers {
  readonly objects: ObjectStore;
  readonly state: FleetState;
  readonly rights: PolicyRights;
  readonly onRights: () => void;
  readonly log: Logger;
}

/** Keeps what follows from our objects in step with them: Products of the fleet state, and the policy. Resolves when the first policy holds. */
async function followObjects({ objects, state, rights, onRights, log }: Followers): Promise<Closer> {
  let seen: ConfigSnapshot | undefined;
  const follow = async (): Promise<void> => {
    const snapshot = objects.current();
    const before = seen;
    seen = snapshot;
    state.setProducts([...snapshot.products.values()]);
    if (before !== undefined && before.policy === snapshot.policy) return;
    const problems = await rights.apply(snapshot.policy);
    for (const problem of problems) log.warn({ ...problem }, 'Found a problem in the policy, nobody is allowed anything');
    onRights();
  };
  const unsubscribe = objects.subscribe(() => void follow());
  await follow();
  return unsubscribe;
}

/** The words of the store say what to do. */
async function openStore({ config, store }: ProgramOptions): Promise<LastKnownStore> {
  try {
    return await (store ?? openSqliteLastKnownStore(config.stateFile));
  } catch (thrown) {
    throw new StartProblem(`EDGE_FLEET_STATE_FILE=${config.stateFile}: ${thrownWords(thrown, 'cannot be opened')}`);
  }
}

async function sayLimits(edges: number, { runtime }: ProgramOptions): Promise<void> {
  const { fleetSize, warnings } = startLimits(await readStartFacts(runtime.clock.now()), edges);
  for (const reason of warnings) runtime.log.warn({ edges, fleetSize, reason }, 'Found a limit that this fleet is beyond');
  runtime.log.info({ edges, fleetSize }, 'Found what this machine allows');
}

async function openListeners(config: Config, api: Api): Promise<readonly [Listener, ...Listener[]]> {
  const main = await openListener(api.app, config.listen, 'EDGE_FLEET_LISTEN');
  if (config.opsListen === undefined) return [main];
  try {
    return [main, await openListener(api.ops, config.opsListen, 'EDGE_FLEET_OPS_LISTEN')];
  } catch (thrown) {
    await main.close();
    throw thrown;
  }
}

/** Streams are ended, requests under way may finish; what is left after a moment is cut. */
async function closeListeners(listeners: readonly [Listener, ...Listener[]], api: Api, { runtime }: ProgramOptions): Promise<void> {
  const closing = Promise.all(listeners.map((listener) => listener.close()));
  api.close();
  const cancel = runtime.timers.after(DRAIN_MS, () => listeners.forEach((listener) => listener.closeNow()));
  await closing;
  cancel();
}

const connectorKindOf = (objects: ObjectStore, connector: string): ConnectorKind => {
  const id = parseConnectorId(connector);
  return (id === undefined ? undefined : objects.current().connectors.get(id)?.kind) ?? 'direct';
};

const identityOf = ({ sink }: FleetState, edge: string): ReturnType<FleetSink['known']> | undefined => {
  const id = parseEdgeId(edge);
  return id === undefined ? undefined : sink.known(id);
};

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Builds and starts. Rejects with a {@link StartProblem} where a person must do something first; then nothing is left running. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const started = new Started();
  try {
    return await startAll(options, started);
  } catch (thrown) {
    await started.close();
    throw thrown;
  }
}

interface Parts {
  readonly state: FleetState;
  readonly rights: PolicyRights;
  readonly hub: HubVersion;
  readonly watcher: FleetWatcher;
  readonly api: Api;
  readonly actions: Actions;
}

function watchFigures(metrics: FleetMetrics, watcher: FleetWatcher): void {
  const watch = (name: string, help: string, read: (figures: WatchFigures) => number): void =>
    metrics.watch(name, help, () => read(watcher.figures()));
  watch('edge_fleet_watches_open', 'Edges that are being read, by stream or by polling', ({ watchesOpen }) => watchesOpen);
  watch('edge_fleet_watches_connecting', 'Watches that are being opened', ({ connecting }) => connecting);
  watch('edge_fleet_watches_waiting_first', 'Edges that wait to be asked for the first time', ({ waiting }) => waiting.first);
  watch('edge_fleet_watches_waiting_reopen', 'Edges whose watch was cut and that wait for their turn', ({ waiting }) => waiting.reopen);
  watch('edge_fleet_watches_waiting_again', 'Edges out of reach that wait for their turn', ({ waiting }) => waiting.again);
  watch('edge_fleet_watches_waiting_later', 'Edges that are read and wait for their first questions', ({ waiting }) => waiting.later);
  watch(
    'edge_fleet_edge_requests_in_flight',
    'Requests to edges under way, streams and first questions left out',
    (figures) => figures.requestsInFlight,
  );
}

/** Everything but what our objects come from and what keeps the last known fleet; nothing runs yet. */
async function build({ config, runtime, version }: ProgramOptions, { objects, store, isReady }: Sources): Promise<Parts> {
  const requestsOf = (edge: string): number => {
    const id = parseEdgeId(edge);
    return id === undefined ? 0 : watcher.api.requestsLastMinute(id);
  };
  const state = createFleetState({
    store,
    runtime,
    requestsLastMinute: requestsOf,
    yamlOf: (edge) => objects.yamlOf('Edge', edge),
    connectorKind: (connector) => connectorKindOf(objects, connector),
  });
  const rights = await createPolicyRights({ controlPlaneNamespace: config.edgeNamespace, digest });
  const hub = createHubVersion(config.hubUrl, runtime);
  const limits = { firstConnectsPerSecond: config.firstConnectsPerSecond, reconnectsPerSecond: config.connectsPerSecond };
  const watcher: FleetWatcher = createFleetWatcher({ objects, sink: state.sink, runtime, version, limits });
  const actions = openActions({ file: journalFile(config.stateFile), objects, fleet: state.reader, edges: watcher.api, rights, runtime });
  for (const notice of actions.notices) runtime.log.warn({ file: journalFile(config.stateFile) }, notice);
  const doctor = createDoctorRuns({ objects, edges: watcher.api, hubAt: (place) => hubFactsReader(config, place) }, runtime);
  const api = createApi({
    fleet: state.reader,
    objects,
    edges: watcher.api,
    rights,
    runtime,
    version,
    hubVersion: () => hub.current(),
    isReady,
    scrape: () => runtime.metrics.scrape(),
    limits: toLimits(config),
    opsApart: config.opsListen !== undefined,
    onRefusedRead: actions.onRefusedRead,
    routers: (contexts) => [
      ...actions.routers(contexts),
      doctorRoutes({ runs: doctor, rights, contexts, audit: actions.audit, now: runtime.clock.now }),
    ],
  });
  runtime.metrics.watchFleet(state.reader, runtime.clock);
  runtime.metrics.watch('edge_fleet_stream_clients', 'Open streams', () => api.stream.clients);
  watchFigures(runtime.metrics, watcher);
  return { state, rights, hub, watcher, api, actions };
}

interface Sources {
  readonly objects: ObjectStore;
  readonly store: LastKnownStore;
  readonly isReady: () => boolean;
}

function startStatus(status: StatusStore, objects: ObjectStore, state: FleetState, runtime: Runtime): Closer {
  const controller = createKindStatusController(
    { objects, fleet: state.reader, store: status, identityOf: (edge) => identityOf(state, edge) },
    runtime,
  );
  controller.start();
  return () => controller.stop();
}

async function startAll(options: ProgramOptions, started: Started): Promise<Program> {
  const { config, runtime, version } = options;
  const { objects, status } = await openObjects(options);
  const store = await openStore(options);
  started.add(() => store.close());
  for (const notice of store.notices) runtime.log.warn({ file: config.stateFile, reason: notice }, 'Found something about the state file');

  let ready = false;
  const { state, rights, hub, watcher, api, actions } = await build(options, { objects, store, isReady: () => ready });
  started.add(() => actions.close());
  const listeners = await openListeners(config, api);
  started.add(() => closeListeners(listeners, api, options));
  await objects.start();
  started.add(() => objects.close());
  await state.start(objects.current().edges.values());
  started.add(() => state.close());
  started.add(await followObjects({ objects, state, rights, onRights: () => api.stream.recheckRights(), log: runtime.log }));
  await sayLimits(objects.current().edges.size, options);
  if (status !== undefined) started.add(startStatus(status, objects, state, runtime));
  hub.start();
  started.add(() => hub.close());
  watcher.start();
  started.add(() => watcher.close());
  await actions.start();
  started.add(() => actions.stop());
  ready = true;
  const [main, ops] = listeners;
  runtime.log.info({ host: main.host, port: main.port, edges: objects.current().edges.size, version }, 'Started proxy-server');
  return { host: main.host, port: main.port, opsPort: ops?.port, close: () => started.close() };
}
