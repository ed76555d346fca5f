import { makeFailure } from '../domain/classify.ts';
import type { EdgeId } from '../domain/ids.ts';
import { err } from '../domain/result.ts';
import type { EdgeApi } from '../ports/edge-api.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Routes } from './connector.ts';
import type { EdgeClient } from './edge-client.ts';
import type { EdgeWatcher } from './edge-watcher.ts';
import { isRoute, type EdgeRoute, type NoRoute } from './route.ts';

export interface EdgeApiParts {
  readonly client: EdgeClient;
  readonly objects: ObjectStore;
  readonly routes: Routes;
  watcherOf(edge: EdgeId): EdgeWatcher | undefined;
}

/** The port over the client and the routes of the current configuration. A Retired edge is not contacted, whoever asks. */
export function createEdgeApi({ client, objects, routes, watcherOf }: EdgeApiParts): EdgeApi {
  const routeOf = (id: EdgeId): EdgeRoute | NoRoute | undefined => {
    const snapshot = objects.current();
    const edge = snapshot.edges.get(id);
    return edge === undefined || edge.lifecycle === 'Retired' ? undefined : routes.routeOf(edge, snapshot);
  };
  return {
    async call(id, { method, path, body, timeoutMs, token }) {
      const route = routeOf(id);
      if (route === undefined) return err(makeFailure(38, { sign: `edge ${id} is not contacted` }));
      if (!isRoute(route)) return err(route.missing);
      return client.ask(route, { method, path, token, timeoutMs, operation: 'call', ...(body === undefined ? {} : { body }) });
    },
    target(id, token) {
      const route = routeOf(id);
      return route === undefined || !isRoute(route) ? undefined : route.target(token);
    },
    probeNow: (id) => watcherOf(id)?.probeNow() ?? false,
    requestsLastMinute: (id) => client.requestsLastMinute(id),
  };
}
