/**
 * The HTTP side put together. The order is the security: request id, then identity (who asks, or 401), then visibility (what they see), then
 * the routes, and one handler for every problem. What a load balancer and Prometheus ask stands outside identity and says nothing of edges'
 * contents; it can have a listener of its own.
 */
import express, { Router, type Express, type Request, type RequestHandler, type Response } from 'express';
import { SCOPES_SECRET_NAME } from '../contract/kinds.ts';
import { API_PATH } from '../contract/api.ts';
import { parseSecretId, type EdgeId } from '../domain/ids.ts';
import type { EdgeApi } from '../ports/edge-api.ts';
import type { FleetReader } from '../ports/fleet-reader.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Rights } from '../ports/rights.ts';
import type { Runtime } from '../ports/runtime.ts';
import { createEdgeProxy, type PassThroughLimits } from './edge-proxy.ts';
import { createEncodedCache } from './encoded-cache.ts';
import { identify, needHubHeaders } from './identity.ts';
import { createOpenApi } from './openapi.ts';
import { notFound, problemHandler, RequestProblem } from './problem.ts';
import type { RefusedRead } from './refused-reads.ts';
import { createRequestContexts, type RequestContexts } from './request-context.ts';
import { aboutRoutes } from './routes/about.ts';
import { exportRoutes } from './routes/export.ts';
import { fleetRoutes } from './routes/fleet.ts';
import { probeRoutes } from './routes/probe.ts';
import { streamRoutes } from './routes/stream.ts';
import { createFleetStream, type FleetStream, type StreamLimits } from './stream.ts';

export interface ApiOptions {
  readonly fleet: FleetReader;
  readonly objects: ObjectStore;
  readonly edges: EdgeApi;
  readonly rights: Rights;
  readonly runtime: Runtime;
  readonly version: string;
  /** The hub's Argo CD, where the policy does not say it. */
  readonly hubVersion: () => string | undefined;
  /** True once the configuration is read and the last known fleet is loaded. */
  readonly isReady: () => boolean;
  readonly scrape: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly limits: ApiLimits;
  /** Health and metrics have a listener of their own: see `ops`. */
  readonly opsApart: boolean;
  /** Told of reads that the policy refuses. */
  readonly onRefusedRead?: (read: RefusedRead) => void;
  /** Further routers below `/api/v1`, behind identity. */
  readonly routers?: (contexts: RequestContexts) => readonly Router[];
}

export interface ApiLimits {
  readonly stream: StreamLimits;
  readonly passThrough: PassThroughLimits;
  readonly maxPageSize: number;
  readonly pollIntervalMs: number;
}

export interface Api {
  readonly app: Express;
  /** `/livez`, `/readyz` and `/metrics` alone. */
  readonly ops: Express;
  readonly stream: FleetStream;
  close(): void;
}

/** The route as it was declared, for labels: never a path with names in it. */
function routeLabel(req: Request): string {
  const route: unknown = req.route;
  const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? `${req.baseUrl === '' ? '' : API_PATH}${path}` : 'unmatched';
}

function requestLog({ runtime }: ApiOptions, contexts: RequestContexts): RequestHandler {
  return (req, res, next) => {
    const requestId = contexts.requestId(req);
    res.setHeader('x-request-id', requestId);
    const startedAt = runtime.clock.now();
    res.on('close', () => {
      const durationMs = runtime.clock.now() - startedAt;
      const route = routeLabel(req);
      runtime.metrics.observe('http_request', { route, status_class: `${Math.floor(res.statusCode / 100)}xx` }, durationMs / 1_000);
      runtime.log.debug({ requestId, route, status: res.statusCode, durationMs }, 'Answered a request');
    });
    next();
  };
}

function opsRoutes({ isReady, scrape }: ApiOptions): Router {
  return Router()
    .get('/livez', (_req, res) => {
      res.type('text/plain').send('ok\n');
    })
    .get('/readyz', (_req, res) => {
      res
        .status(isReady() ? 200 : 503)
        .type('text/plain')
        .send(isReady() ? 'ok\n' : 'loading the last known fleet\n');
    })
    .get('/metrics', async (_req, res) => {
      const { contentType, text } = await scrape();
      res.setHeader('content-type', contentType);
      res.send(text);
    });
}

const SCOPES = parseSecretId(SCOPES_SECRET_NAME);

const STARTING = 'proxy-server is starting: it reads its configuration and the last known fleet';

/**
 * Identity, then visibility: nothing below is reached without both. While the secrets are not read yet nobody can be told from anybody: that is
 * "starting", never "refused".
 */
function gate({ objects, rights, isReady, hubVersion }: ApiOptions, contexts: RequestContexts): RequestHandler {
  return (req, _res, next) => {
    if (!isReady()) {
      needHubHeaders(req);
      throw new RequestProblem('NotReady', STARTING, { retryAfterSeconds: 1 });
    }
    const { secrets, policy } = objects.current();
    const scopes = SCOPES === undefined ? undefined : secrets.get(SCOPES);
    const identity = identify(req, { scopes, hubVersion: policy?.hubVersion ?? hubVersion() });
    contexts.setAsker(req, { identity, visibility: rights.visibility(identity) });
    next();
  };
}

/** Grows with every change of membership; members are encoded once per value. */
function countMembership(fleet: FleetReader): { readonly read: () => number; readonly close: () => void } {
  let membership = 0;
  const close = fleet.subscribe((published) => {
    if (published.membershipChanged) membership += 1;
  });
  return { read: () => membership, close };
}

const connectorKind =
  (objects: ObjectStore) =>
  (edge: EdgeId): 'cloudflare' | 'direct' => {
    const { edges, connectors } = objects.current();
    const connector = edges.get(edge)?.connector;
    return (connector === undefined ? undefined : connectors.get(connector)?.kind) ?? 'direct';
  };

function bareApp(options: ApiOptions, contexts: RequestContexts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  return app.use(requestLog(options, contexts));
}

function finish(app: Express, { runtime }: ApiOptions, contexts: RequestContexts): Express {
  return app
    .use((req: Request) => {
      throw req.method === 'GET' || req.method === 'HEAD'
        ? notFound('such path')
        : new RequestProblem('MethodNotAllowed', `${req.method} is not offered here`);
    })
    .use(problemHandler((res: Response) => contexts.requestId(res.req), runtime.log));
}

/** Builds everything that is asked over HTTP; listens on nothing. */
export function createApi(options: ApiOptions): Api {
  const { fleet, objects, edges, rights, runtime, limits, version } = options;
  const contexts = createRequestContexts();
  const stream = createFleetStream({ fleet, rights, runtime, limits: limits.stream });
  const membership = countMembership(fleet);
  const proxy = createEdgeProxy({
    fleet,
    edges,
    rights,
    contexts,
    runtime,
    limits: limits.passThrough,
    connectorOf: connectorKind(objects),
    ...(options.onRefusedRead === undefined ? {} : { onRefused: options.onRefusedRead }),
  });
  const cache = createEncodedCache();
  let document: unknown;
  const openApi = (): unknown => (document ??= createOpenApi(version));

  const v1 = Router()
    .use(gate(options, contexts))
    .use(aboutRoutes({ fleet, objects, rights, contexts, version, pollIntervalMs: limits.pollIntervalMs, openApi }))
    .use(fleetRoutes({ fleet, contexts, cache, membership: membership.read, maxPageSize: limits.maxPageSize }))
    .use(exportRoutes(fleet, contexts))
    .use(streamRoutes(stream, contexts))
    .use(probeRoutes(fleet, edges, contexts))
    .use(proxy.router);
  for (const router of options.routers?.(contexts) ?? []) v1.use(router);

  const app = bareApp(options, contexts);
  if (!options.opsApart) app.use(opsRoutes(options));
  app.use(API_PATH, v1);
  const unsubscribe = objects.subscribe(() => stream.recheckRights());
  return {
    app: finish(app, options, contexts),
    ops: finish(bareApp(options, contexts).use(opsRoutes(options)), options, contexts),
    stream,
    close: () => {
      unsubscribe();
      membership.close();
      stream.close();
      proxy.close();
    },
  };
}
