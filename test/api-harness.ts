/** The whole express app on fake ports: what a request finds when it comes through the hub, and what when it does not. */
import { createApi, type Api, type ApiLimits, type ApiOptions } from '../proxy-server/src/api/app.ts';
import { listen, type Listener } from '../proxy-server/src/api/listen.ts';
import { createMetrics, type FleetMetrics } from '../proxy-server/src/observability/metrics.ts';
import type { Secret } from '../proxy-server/src/domain/edge.ts';
import type { Identity } from '../proxy-server/src/domain/identity.ts';
import { SEES_EVERYTHING, type Visibility } from '../proxy-server/src/domain/visibility.ts';
import type { EdgeApi } from '../proxy-server/src/ports/edge-api.ts';
import type { FleetReader } from '../proxy-server/src/ports/fleet-reader.ts';
import type { Rights, RightsDecision } from '../proxy-server/src/ports/rights.ts';
import type { ConfigProblem, ObjectStore } from '../proxy-server/src/ports/object-store.ts';
import type { Runtime } from '../proxy-server/src/ports/runtime.ts';
import { aSecret } from './edge-builders.ts';
import { createFakeFleetReader, type FakeFleetReader } from './fakes/fake-fleet-reader.ts';
import { createMemoryObjectStore, type MemoryObjectStore } from './fakes/memory-object-store.ts';
import { createSteppedRuntime, type SteppedRuntime } from './fakes/stepped-runtime.ts';

export const VIEW_SECRET = 'view-secret-of-the-tests';
export const OPS_SECRET = 'ops-secret-of-the-tests';

/** What reaches us when the hub lets a user through (recorded from Argo CD 3.5.1). */
export const throughHub = (username = 'jane', secret = VIEW_SECRET): Record<string, string> => ({
  'argocd-application-name': 'argocd:edge-fleet',
  'argocd-namespace': 'argocd',
  'argocd-project-name': 'default',
  'argocd-target-cluster-url': 'https://kubernetes.default.svc',
  'argocd-user-id': username,
  'argocd-username': username,
  'x-edge-fleet-secret': secret,
});

/** Sees only edges of one region. */
export const seesRegion = (region: string): Visibility => ({
  key: `region ${region}`,
  all: false,
  edge: (_edge, labels) => labels['region'] === region,
  application: (_edge, labels) => labels['region'] === region,
});

export interface ApiHarness {
  readonly api: Api;
  readonly fleet: FakeFleetReader;
  readonly objects: MemoryObjectStore;
  readonly runtime: SteppedRuntime;
  readonly metrics: FleetMetrics;
  /** Who sees what, by user name; others see everything. */
  readonly visibilities: Map<string, Visibility>;
  /** What is not allowed, by resource. */
  readonly denied: Map<string, RightsDecision>;
  readonly probed: string[];
  putProblems(problems: readonly ConfigProblem[]): void;
  putHubVersion(version: string | undefined): void;
  setReady(ready: boolean): void;
  /** On a real socket, for what needs one. */
  listen(): Promise<Listener & { readonly url: string }>;
  close(): Promise<void>;
}

export interface ApiHarnessOptions {
  readonly target?: EdgeApi['target'];
  readonly stream?: Partial<ApiLimits['stream']>;
  readonly passThrough?: Partial<ApiLimits['passThrough']>;
  readonly opsApart?: boolean;
  readonly scopes?: Secret;
  /** A runtime of the machine's own time, for tests over sockets that wait for the deadline of a socket. */
  readonly timers?: Runtime['timers'];
  readonly routers?: ApiOptions['routers'];
  /** Read in place of the fake one. */
  readonly reader?: FleetReader;
}

const SCOPES = aSecret('edge-fleet-scopes', {
  'edge-fleet': VIEW_SECRET,
  'edge-fleet-ops': OPS_SECRET,
  'edge-fleet.next': 'view-secret-to-come',
});

/** Rights that a test writes down instead of a policy. */
function rightsOf(visibilities: Map<string, Visibility>, denied: Map<string, RightsDecision>): Rights {
  return {
    visibility: (identity: Identity) => visibilities.get(identity.username) ?? SEES_EVERYTHING,
    can: (_identity, _action, object) => denied.get(object.resource) ?? { allowed: true },
  };
}

export function createApiHarness(options: ApiHarnessOptions = {}): ApiHarness {
  const fleet = createFakeFleetReader();
  const objects = createMemoryObjectStore();
  const stepped = createSteppedRuntime();
  const metrics = createMetrics('test');
  const visibilities = new Map<string, Visibility>();
  const denied = new Map<string, RightsDecision>();
  const probed: string[] = [];
  let problems: readonly ConfigProblem[] = [];
  let ready = true;
  let hubVersion: string | undefined = '3.5.1';
  objects.putSecrets([options.scopes ?? SCOPES]);
  const store: ObjectStore = {
    ...objects,
    current: () => ({ ...objects.current(), problems }),
    yamlOf: (_kind, name) => `kind: Edge # ${name}\n`,
  };
  const count = (...args: Parameters<FleetMetrics['count']>): void => {
    metrics.count(...args);
    stepped.metrics.count(...args);
  };
  const api = createApi({
    fleet: options.reader ?? fleet,
    objects: store,
    edges: {
      call: () => Promise.reject(new Error('not asked by the API')),
      target: options.target ?? (() => undefined),
      probeNow: (edge) => probed.push(edge) === 1,
      requestsLastMinute: () => 0,
    },
    rights: rightsOf(visibilities, denied),
    runtime: {
      ...stepped,
      timers: options.timers ?? stepped.timers,
      metrics: { ...metrics, count, observe: metrics.observe.bind(metrics) },
    },
    version: '0.1.0',
    hubVersion: () => hubVersion,
    isReady: () => ready,
    scrape: () => metrics.scrape(),
    ...(options.routers === undefined ? {} : { routers: options.routers }),
    opsApart: options.opsApart ?? false,
    limits: {
      stream: { maxClients: 50, maxClientsPerUser: 5, maxBacklogBytes: 65_536, ...options.stream },
      passThrough: { timeoutMs: 2_000, maxBytes: 1_000_000, maxPerEdge: 4, ...options.passThrough },
      maxPageSize: 100,
      pollIntervalMs: 10_000,
    },
  });
  metrics.watchFleet(fleet, stepped.clock);
  const listeners: Listener[] = [];
  return {
    api, fleet, objects, runtime: stepped, metrics, visibilities, denied, probed,
    putProblems: (found) => void (problems = found),
    putHubVersion: (version) => void (hubVersion = version),
    setReady: (isReady) => void (ready = isReady),
    async listen() {
      const listener = await listen(api.app, { host: '127.0.0.1', port: 0 });
      if ('code' in listener) throw new Error(listener.code);
      listeners.push(listener);
      return { ...listener, url: `http://127.0.0.1:${listener.port}` };
    },
    async close() {
      api.close();
      for (const listener of listeners) {
        const closing = listener.close();
        listener.closeNow();
        await closing;
      }
    },
  }; // prettier-ignore
}
