/**
 * The API server of every edge: one function that answers a request for one edge as the Argo CD of that edge's version would.
 * Order of work as in `server/server.go`: root path, content type of writes, then the gateway's routes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Edge } from '../world/edge.ts';
import type { World } from '../world/world.ts';
import type { Exchange } from './answer.ts';
import { createDateWriter, sendError, sendHealthz, sendPlainError, sendRouteError } from './answer.ts';
import { ArgoError, isArgoError } from './argo-error.ts';
import type { StreamSettings } from './event-writer.ts';
import { sendStreamError } from './event-writer.ts';
import { createFragments } from './fragments.ts';
import { createMemo } from './memo.ts';
import type { VersionProfile } from './profiles.ts';
import { profileOf } from './profiles.ts';
import { parseFields } from './projection.ts';
import type { Call } from './call.ts';
import { routeOf } from './routes.ts';
import { createViews } from './views.ts';

export interface ArgoCdServer {
  /** Answers one request; `url` is the path and query as the edge sees it, without any prefix that chose the edge. */
  answer(request: IncomingMessage, response: ServerResponse, edge: Edge, url: string): void;
}

const WRONG_CONTENT_TYPE = 'Invalid content type\n';
/** More than there are. */
const VERSION_LIMIT = 64;
/** Most queries come from all edges alike; those that name an Application come again seldom. */
const QUERY_LIMIT = 256;
const OUTSIDE_ROOT = '404 page not found\n';

function fail(exchange: Exchange, error: ArgoError): void {
  if (exchange.response.headersSent) {
    exchange.response.destroy();
    return;
  }
  if (exchange.path.startsWith('/api/v1/stream/')) sendStreamError(exchange, error, parseFields(exchange.query.get('fields') ?? undefined));
  else sendError(exchange, error);
}

function below(edge: Edge, path: string): string | undefined {
  if (edge.rootPath === '') return path;
  return path.startsWith(`${edge.rootPath}/`) ? path.slice(edge.rootPath.length) : undefined;
}

/** Answers for all edges of a world. */
export function createArgoCdServer(world: World, streams: StreamSettings): ArgoCdServer {
  const versions = createMemo<VersionProfile, Pick<Call, 'fragments' | 'views'>>(VERSION_LIMIT);
  const queries = createMemo<string, URLSearchParams>(QUERY_LIMIT);
  const dates = createDateWriter();
  const renderersOf = (profile: VersionProfile): Pick<Call, 'fragments' | 'views'> =>
    versions(profile, () => {
      const fragments = createFragments(world, profile);
      return { fragments, views: createViews(fragments, profile) };
    });
  const run = (exchange: Exchange): void => {
    const { request, path, edge } = exchange;
    const method = request.method ?? 'GET';
    if (path === '/healthz') {
      sendHealthz(exchange);
      return;
    }
    if (path.startsWith('/api/') && method !== 'GET' && request.headers['content-type']?.toLowerCase() !== 'application/json') {
      sendPlainError(exchange, 415, WRONG_CONTENT_TYPE);
      return;
    }
    const profile = profileOf(edge.argocd);
    const route = routeOf(method, path, profile);
    if (typeof route === 'number') {
      sendRouteError(exchange, route);
      return;
    }
    const call: Call = { ...exchange, profile, ...renderersOf(profile), streams, parameters: route.parameters };
    const failed = (thrown: unknown): void => {
      // What is no error of the API is a bug of ours: the edge answers as a server that recovered from a panic, and the others live on.
      const error = isArgoError(thrown) ? thrown : new ArgoError(13, `simulator: ${String(thrown)}`);
      if (error.grpcCode === 16 || error.grpcCode === 7) edge.traffic.refused += 1;
      fail(exchange, error);
    };
    try {
      const done = route.answer(call);
      if (done !== undefined) void done.catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  };
  return {
    answer: (request, response, edge, url) => {
      const [path = '', search = ''] = url.split('?', 2);
      const inside = below(edge, path);
      const query = queries(search, () => new URLSearchParams(search));
      const exchange: Exchange = { request, response, edge, world, path: inside ?? path, query, dates };
      if (inside !== undefined || path === '/healthz') run(exchange);
      else sendPlainError(exchange, 404, OUTSIDE_ROOT);
    },
  };
}
