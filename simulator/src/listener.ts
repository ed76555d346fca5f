import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ArgoCdServer } from './argocd/server.ts';
import type { Front } from './front/front.ts';
import type { Edge } from './world/edge.ts';
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

/** Takes every request of every edge: finds the edge, counts, and hands it to the front and from there to the edge's Argo CD. */
export function createListener(world: World, front: Front, argocd: ArgoCdServer): RequestListener {
  return (request, response) => {
    const found = edgeOf(world, request);
    if (found === undefined) {
      noSuchEdge(response);
      return;
    }
    const { edge, url } = found;
    edge.traffic.requests += 1;
    if (edge.cut) {
      request.socket.destroy();
      return;
    }
    const next = (as?: string): void => argocd.answer(request, response, (as === undefined ? undefined : world.edge(as)) ?? edge, url);
    // Nothing of Cloudflare stands before an edge that is reached directly; a fault ordered for it is played all the same.
    const fronted = edge.reach === 'cloudflare' || front.faultOf(edge.name) !== undefined;
    const pass = (): void => (fronted ? front.handle(request, response, edge, next) : next());
    if (edge.delayMs > 0) setTimeout(pass, edge.delayMs);
    else pass();
  };
}
