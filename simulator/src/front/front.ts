/**
 * Cloudflare and the tunnel, as the hub sees them, in front of simulated edges: one object for all edges of a process, a fault per edge.
 * A request goes through the zone (rate limit, integrity check), Access, the edge's fault, and then to the origin that `next` stands for.
 * Whole answers are made in `cloudflare-answers.ts` and `origin-answers.ts`, answers that are spoiled on their way in `spoiled-answers.ts`,
 * connections that break in `broken-connections.ts`. What it does not play: HTTP/2, the 4 KB hold of answers with a Content-Length (ours are
 * written in one piece), and rows 28 to 32 (see `faults.ts`).
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createAccess, type AccessOptions } from './access.ts';
import { playFault } from './play-fault.ts';
import type { Fault } from './faults.ts';
import { answerCloudflareError } from './cloudflare-answers.ts';
import { guardOriginAnswer } from './spoiled-answers.ts';

export interface FrontOptions {
  readonly access?: AccessOptions;
  /** The edge waits so long for the origin's next byte: 524 before headers, a cut after. */
  readonly readTimeoutMs?: number;
  /** Requests per second from one address before the zone answers 1015. Absent: no limit. */
  readonly requestsPerSecond?: number;
  /** 403/1010 for requests without a User-Agent. */
  readonly integrityCheck?: boolean;
  /** Time for flapping, clocks and limits; ms. */
  readonly now?: () => number;
}

/** Passes the request on to the origin; `as` names another edge where the wrong one answers. */
export type Next = (as?: string) => void;

export interface Front {
  /** Answers in place of Cloudflare, or passes on to the origin. Each answer carries `server: cloudflare` and a `cf-ray`. */
  handle(request: IncomingMessage, response: ServerResponse, edge: { readonly name: string }, next: Next): void;
  /** Plays a fault on these edges from now on; undefined heals them. Faults that cut a tunnel cut its live streams. */
  setFault(edgeNames: readonly string[], fault: Fault | undefined): void;
  faultOf(edgeName: string): Fault | undefined;
  /** How many requests of an edge are in flight, streams included. */
  inFlight(edgeName: string): number;
}

const DEFAULT_READ_TIMEOUT_MS = 120_000;
const CUTTING: ReadonlySet<Fault['kind']> = new Set([
  'tunnelDown',
  'originRefused',
  'reset',
  'network',
  'edgeError',
  'incident',
  'cutStream',
]);

/** The front of a simulated fleet, without a fault until one is set. */
export function createFront(options: FrontOptions = {}): Front {
  const now = options.now ?? Date.now;
  const access = createAccess(options.access ?? { mode: 'off' }, now);
  const isOverLimit = rateLimiter(options.requestsPerSecond, now);
  const faults = new Map<string, Fault>();
  const live = new Map<string, Set<ServerResponse>>();
  const served = new WeakMap<object, number>();

  const cut = (edgeName: string): void => live.get(edgeName)?.forEach((response) => response.destroy());

  function track(edgeName: string, response: ServerResponse): void {
    const ofEdge = live.get(edgeName) ?? new Set();
    live.set(edgeName, ofEdge.add(response));
    response.once('close', () => {
      ofEdge.delete(response);
      if (ofEdge.size === 0 && live.get(edgeName) === ofEdge) live.delete(edgeName);
    });
  }

  return {
    handle(request, response, edge, next) {
      const ray = dress(request, response);
      track(edge.name, response);
      const earlier = served.get(request.socket) ?? 0;
      served.set(request.socket, earlier + 1);
      if (isOverLimit(request.socket.remoteAddress ?? ''))
        return answerCloudflareError(request, response, { status: 429, code: 1_015, retryAfterSeconds: 1 });
      if (options.integrityCheck === true && request.headers['user-agent'] === undefined)
        return answerCloudflareError(request, response, { status: 403, code: 1_010 });
      const fault = faults.get(edge.name);
      const toOrigin: Next = (as) => {
        if (access.refuse(request, response)) return;
        guardOriginAnswer(request, response, options.readTimeoutMs ?? DEFAULT_READ_TIMEOUT_MS);
        next(as);
      };
      if (fault === undefined) return toOrigin();
      playFault(fault, { request, response, ray, now, next: toOrigin, isReusedSocket: earlier > 0 });
    },

    setFault(edgeNames, fault) {
      for (const name of edgeNames) {
        if (fault === undefined) faults.delete(name);
        else faults.set(name, fault);
        if (fault !== undefined && CUTTING.has(fault.kind)) cut(name);
        if (fault?.kind === 'draining') drain(live.get(name), fault.graceMs);
      }
    },

    faultOf: (edgeName) => faults.get(edgeName),
    inFlight: (edgeName) => live.get(edgeName)?.size ?? 0,
  };
}

/** The streams that live when a connector begins to drain are reset when its grace is over; later ones are not its. */
function drain(streams: ReadonlySet<ServerResponse> | undefined, graceMs: number): void {
  const old = [...(streams ?? [])];
  setTimeout(() => old.forEach((response) => response.destroy()), graceMs).unref();
}

/** What Cloudflare and cloudflared add to a request on its way to the origin, and to every answer. Returns the ray id. */
function dress(request: IncomingMessage, response: ServerResponse): string {
  const uuid = randomUUID();
  const ray = `${uuid.slice(0, 8)}${uuid.slice(9, 13)}${uuid.slice(14, 18)}-SIM`; // eight random bytes at a time would cost a system call a request
  const client = request.socket.remoteAddress ?? '203.0.113.9';
  const forwarded = request.headers['x-forwarded-for'];
  Object.assign(request.headers, {
    'cf-ray': ray,
    'cf-connecting-ip': client,
    'x-forwarded-for': forwarded === undefined ? client : `${String(forwarded)}, ${client}`,
    'x-forwarded-proto': 'https',
    'cf-visitor': '{"scheme":"https"}',
    'cdn-loop': 'cloudflare; loops=1',
    'cf-warp-tag-id': '6f1c2a0e-0000-4000-8000-00000000e001',
  });
  response.setHeader('server', 'cloudflare');
  response.setHeader('cf-ray', ray);
  return ray;
}

/** Counts requests per address in whole seconds; bounded, since a second starts with an empty table. */
function rateLimiter(perSecond: number | undefined, now: () => number): (address: string) => boolean {
  const counts = new Map<string, number>();
  let second = 0;
  return (address) => {
    if (perSecond === undefined) return false;
    const current = Math.floor(now() / 1_000);
    if (current !== second) counts.clear();
    second = current;
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    return count > perSecond;
  };
}
