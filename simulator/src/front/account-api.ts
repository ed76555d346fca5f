/**
 * The part of Cloudflare's account API that a hub may ask: the list of tunnels (`GET /accounts/{id}/cfd_tunnel`), consistent with what the
 * front plays and some seconds late, in pages, with the rate limit of a whole account token
 * (https://developers.cloudflare.com/fundamentals/api/reference/limits). An account is named like the Connector of its edges; `all` has every edge.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { World } from '../world/world.ts';
import type { Fault } from './faults.ts';
import type { Front } from './front.ts';

export const TunnelStatus = z.enum(['healthy', 'degraded', 'down', 'inactive']);
export type TunnelStatus = z.infer<typeof TunnelStatus>;

/** How the API behaves from now on. */
export const AccountApiOrder = z.strictObject({
  answer: z.enum(['well', 'limited', 'refused', 'broken', 'page']).default('well'),
  retryAfterSeconds: z.number().int().min(0).max(3_600).default(300),
  /** How much later than the data path a tunnel changes its status here. */
  lagMs: z.number().min(0).max(600_000).default(2_000),
});

export interface AccountApi {
  /** False: the request is for somebody else. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  order(input: z.infer<typeof AccountApiOrder>): void;
  /** Says this of the tunnels of these edges whatever the front plays; undefined: what it plays. */
  setStatus(edgeNames: readonly string[], status: TunnelStatus | undefined): void;
}

interface Told {
  status: TunnelStatus;
  /** Another status since `changedAt`, which is told when the lag is over. */
  next: TunnelStatus;
  changedAt: number;
  inactiveAt: number | undefined;
}

const PATH = /^\/client\/v4\/accounts\/([\w-]{1,64})\/cfd_tunnel$/;
const MAX_PER_PAGE = 100;
const WINDOW_MS = 5 * 60_000;
const REQUESTS_PER_WINDOW = 1_200;
const NAME_PREFIX = 'edge-';
const DOWN: ReadonlySet<Fault['kind']> = new Set(['tunnelDown', 'draining', 'network']);

const statusOf = (fault: Fault | undefined): TunnelStatus =>
  fault === undefined ? 'healthy' : fault.kind === 'flapping' ? 'degraded' : DOWN.has(fault.kind) ? 'down' : 'healthy';

interface TunnelList {
  /** As the account tells it now. */
  of(account: string, prefix: string, lagMs: number): readonly object[];
  setStatus(edgeNames: readonly string[], status: TunnelStatus | undefined): void;
}

function createTunnelList(world: World, front: Front, now: () => number): TunnelList {
  const ordered = new Map<string, TunnelStatus>();
  const told = new Map<string, Told>();
  const toldOf = (name: string, lagMs: number): Told => {
    const status = ordered.get(name) ?? statusOf(front.faultOf(name));
    const entry = told.get(name) ?? { status, next: status, changedAt: now(), inactiveAt: undefined };
    told.set(name, entry);
    if (entry.next !== status) Object.assign(entry, { next: status, changedAt: now() });
    if (entry.status !== entry.next && now() - entry.changedAt >= lagMs) {
      entry.status = entry.next;
      entry.inactiveAt = entry.status === 'down' ? entry.changedAt : undefined;
    }
    return entry;
  };
  return {
    of: (account, prefix, lagMs) =>
      world.edges
        .filter((edge) => (account === 'all' || edge.connector === account) && `${NAME_PREFIX}${edge.name}`.startsWith(prefix))
        .map((edge) => {
          const { status, inactiveAt } = toldOf(edge.name, lagMs);
          const since = inactiveAt === undefined ? null : new Date(inactiveAt).toISOString();
          return { id: `tunnel-of-${edge.name}`, name: `${NAME_PREFIX}${edge.name}`, status, conns_inactive_at: since, connections: [] };
        }),
    setStatus(edgeNames, status) {
      for (const name of edgeNames) {
        if (status === undefined) ordered.delete(name);
        else ordered.set(name, status);
      }
    },
  };
}

/** The API over the edges of a world and the faults of their front. */
export function createAccountApi(world: World, front: Front, now: () => number = Date.now): AccountApi {
  const tunnels = createTunnelList(world, front, now);
  let behaviour = AccountApiOrder.parse({});
  let windowFrom = -Infinity;
  let inWindow = 0;

  const isOverLimit = (): boolean => {
    if (now() - windowFrom >= WINDOW_MS) {
      windowFrom = now();
      inWindow = 0;
    }
    inWindow += 1;
    return inWindow > REQUESTS_PER_WINDOW;
  };
  const answerPage = (account: string, query: URLSearchParams, response: ServerResponse): void => {
    const perPage = Math.min(MAX_PER_PAGE, Math.max(1, Number(query.get('per_page') ?? 50) || 50));
    const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
    const all = tunnels.of(account, query.get('include_prefix') ?? '', behaviour.lagMs);
    const result = all.slice((page - 1) * perPage, page * perPage);
    const info = { page, per_page: perPage, count: result.length, total_count: all.length };
    response.setHeader(
      'ratelimit',
      `"default";r=${REQUESTS_PER_WINDOW - inWindow};t=${Math.ceil((windowFrom + WINDOW_MS - now()) / 1_000)}`,
    );
    send(response, 200, { success: true, errors: [], messages: [], result, result_info: info });
  };
  const answer = (request: IncomingMessage, response: ServerResponse, account: string, query: URLSearchParams): void => {
    if (isOverLimit() || behaviour.answer === 'limited') {
      response.setHeader('retry-after', String(behaviour.retryAfterSeconds));
      return refuse(response, 429, 971, 'Please wait and consider throttling your request speed');
    }
    if (behaviour.answer === 'refused' || !/^Bearer \S+$/.test(request.headers.authorization ?? ''))
      return refuse(response, 403, 10_000, 'Authentication error');
    if (behaviour.answer === 'broken') return void response.destroy();
    if (behaviour.answer === 'page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    answerPage(account, query, response);
  };
  return {
    handle(request, response) {
      const url = new URL(request.url ?? '/', 'http://api');
      const account = PATH.exec(url.pathname)?.[1];
      if (account === undefined || request.method !== 'GET') return false;
      answer(request, response, account, url.searchParams);
      return true;
    },
    order: (input) => void (behaviour = input),
    setStatus: (edgeNames, status) => tunnels.setStatus(edgeNames, status),
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const refuse = (response: ServerResponse, status: number, code: number, message: string): void =>
  send(response, status, { success: false, errors: [{ code, message }], messages: [], result: null });
