import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ArgoCdServer } from './argocd/server.ts';
import type { Front } from './front/front.ts';
import { countRequest, type Edge } from './world/edge.ts';
import type { Reach } from './world/life.ts';
import type { World } from './world/world.ts';

const HOST_SUFFIX = '.edge.test';
const PATH_PREFIX = '/e/';

/** Which edge a request is for, and the URL below the prefix that may have said so. */
export function edgeOf(
  world: World,
  request: Pick<IncomingMessage, 'headers' | 'url'>,
): { readonly edge: Edge; readonly url: string } | undefined {
  const url = request.url ?? '/';
  if (url.startsWith(PATH_PREFIX)) {
    const end = url.slice(PATH_PREFIX.length).search(/[/?]/);
    const name = end < 0 ? url.slice(PATH_PREFIX.length) : url.slice(PATH_PREFIX.length, PATH_PREFIX.length + end);
    const edge = world.edge(name);
    const rest = end < 0 ? '/' : url.slice(PATH_PREFIX.length + end);
    return edge === undefined ? undefined : { edge, url: rest.startsWith('/') ? rest : `/${rest}` };
  }
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const edge = host.endsWith(HOST_SUFFIX) ? world.edge(host.slice(0, -HOST_SUFFIX.length)) : undefined;
  return edge === undefined ? undefined : { edge, url };
}

function noSuchEdge(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`No edge here: use the Host <edge>${HOST_SUFFIX} or the path ${PATH_PREFIX}<edge>/\n`);
}

/** The door to all edges. */
export interface Listener {
  readonly handle: RequestListener;
  /** Cuts what is under way with edges that no front stands before. */
  drop(edges: readonly Edge[]): void;
}

/** Takes every request of every edge: finds the edge, counts, and hands it to the front and from there to the edge's Argo CD. */
export function createListener(world: World, front: Front, argocd: ArgoCdServer): Listener {
  const direct = new Map<Edge, Set<ServerResponse>>();
  const track = (edge: Edge, response: ServerResponse): void => {
    const live = direct.get(edge) ?? new Set();
    direct.set(edge, live.add(response));
    response.once('close', () => live.delete(response));
  };
  const handle: RequestListener = (request, response) => {
    const found = edgeOf(world, request);
    if (found === undefined) {
      noSuchEdge(response);
      return;
    }
    const { edge, url } = found;
    countRequest(edge.traffic, performance.now());
    const next = (as?: string): void => argocd.answer(request, response, (as === undefined ? undefined : world.edge(as)) ?? edge, url);
    // Nothing of Cloudflare stands before an edge that is reached directly; a fault ordered for it is played all the same.
    const fronted = edge.reach === 'cloudflare' || front.faultOf(edge.name) !== undefined;
    if (!fronted) track(edge, response);
    const pass = (): void => (fronted ? front.handle(request, response, edge, next) : next());
    if (edge.delayMs > 0) setTimeout(pass, edge.delayMs);
    else pass();
  };
  return { handle, drop: (edges) => edges.forEach((edge) => direct.get(edge)?.forEach((response) => response.destroy())) };
}

/** Takes edges out of reach as their Connector would see it: a tunnel that is down, or a port where nobody answers. */
export function createReach(front: Front, listener: Listener): Reach {
  const names = (edges: readonly Edge[], reach: Edge['reach']): string[] =>
    edges.filter((edge) => edge.reach === reach).map((edge) => edge.name);
  return {
    cut: (edges) => {
      front.setFault(names(edges, 'cloudflare'), { kind: 'tunnelDown' });
      front.setFault(names(edges, 'direct'), { kind: 'network', at: 'connect' });
      listener.drop(edges);
    },
    restore: (edges) =>
      front.setFault(
        edges.map((edge) => edge.name),
        undefined,
      ),
  };
}
