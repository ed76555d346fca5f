/**
 * What the Cloudflare account says of its tunnels: one list answers for a hundred edges (`GET /accounts/{id}/cfd_tunnel`). It is a hint and
 * late by seconds: it makes us look sooner, it never marks an edge. Its failure, its limit and its silence change nothing but when it is asked
 * again. Rate: 1,200 requests in 5 min for a whole account token, headers Ratelimit and Retry-After
 * (https://developers.cloudflare.com/fundamentals/api/reference/limits).
 */
import { backOffCeilingMs } from '../domain/backoff.ts';
import { headerText } from '../domain/classify-headers.ts';
import type { AnswerHeaders } from '../domain/failure.ts';
import type { CloudflareConnector } from '../domain/edge.ts';
import { parseEdgeId, type ConnectorId, type EdgeId } from '../domain/ids.ts';
import type { ConfigSnapshot } from '../ports/object-store.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import { createBodyCollector } from './body.ts';
import { createEdgeSockets } from './edge-sockets.ts';
import { TunnelsAnswer, type Tunnel } from './edge-schemas.ts';
import { startExchange } from './exchange.ts';
import type { EdgeLimits } from './limits.ts';

export interface TunnelOracles {
  /** Asks for the accounts that the Connectors of this snapshot name, and for no others. */
  follow(snapshot: ConfigSnapshot): void;
  close(): void;
}

export interface TunnelOraclesOptions {
  readonly runtime: Runtime;
  readonly limits: EdgeLimits;
  /** Where the API is; another one in tests. */
  readonly apiUrl?: string;
  /** The account says that this edge's tunnel came up, or went down, since it was asked last. */
  onUp(edge: EdgeId): void;
  onDown(edge: EdgeId): void;
}

interface Account {
  readonly connector: CloudflareConnector;
  readonly token: string;
  stop(): void;
}

const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4';
const PAGE = 100;
const MAX_PAGES = 100;
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Asks the tunnel list of each configured account; a hint for probing, whose failure changes nothing of the fleet. */
export function createTunnelOracles(options: TunnelOraclesOptions): TunnelOracles {
  const accounts = new Map<ConnectorId, Account>();
  const keep = (connector: CloudflareConnector, token: string): void => {
    const known = accounts.get(connector.id);
    if (known?.connector === connector && known.token === token) return;
    known?.stop();
    accounts.set(connector.id, { connector, token, stop: watchAccount(connector, token, options) });
  };
  return {
    follow(snapshot) {
      const wanted = new Set<ConnectorId>();
      for (const connector of snapshot.connectors.values()) {
        if (connector.kind !== 'cloudflare' || connector.statusApi === undefined) continue;
        const token = snapshot.secrets.get(connector.statusApi.tokenSecret)?.values.get('token')?.trim();
        if (token === undefined || !/^[\x21-\x7e]{1,1024}$/.test(token)) continue;
        wanted.add(connector.id);
        keep(connector, token);
      }
      for (const [id, account] of accounts) {
        if (wanted.has(id)) continue;
        account.stop();
        accounts.delete(id);
      }
    },
    close() {
      for (const account of accounts.values()) account.stop();
      accounts.clear();
    },
  };
}

/** Asks page by page, again and again, and tells what changed since the time before. The returned function ends it. */
function watchAccount({ statusApi }: CloudflareConnector, token: string, options: TunnelOraclesOptions): () => void {
  if (statusApi === undefined) return () => undefined;
  const { runtime, limits, apiUrl = CLOUDFLARE_API, onUp, onDown } = options;
  const url = new URL(apiUrl);
  const sockets = createEdgeSockets(url.origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  const way = { sockets, origin: url.origin, pathPrefix: url.pathname.replace(/\/$/, '') };
  const { tunnelPrefix, accountId } = statusApi;
  let before = new Map<EdgeId, boolean>();
  let failures = 0;
  let over = false;
  let cancel: Cancel = () => undefined;

  const turn = async (): Promise<void> => {
    const read = await readTunnels((page) => ask(way, pagePath(accountId, tunnelPrefix, page), token, options), tunnelPrefix);
    if (over) return;
    if (read.kind === 'read') {
      for (const [edge, up] of read.up) {
        const was = before.get(edge);
        if (was !== undefined && was !== up) (up ? onUp : onDown)(edge);
      }
      before = read.up;
    }
    if (read.kind === 'failed' && failures === 0) runtime.log.warn({ reason: read.sign }, 'Cloudflare account API does not answer');
    failures = read.kind === 'read' ? 0 : failures + 1;
    const backOff = backOffCeilingMs({ baseMs: limits.oraclePollMs, capMs: 10 * limits.oraclePollMs }, failures);
    cancel = runtime.timers.after(Math.max(backOff, read.waitMs), () => void turn());
  };
  cancel = runtime.timers.after(limits.oraclePollMs * runtime.random(), () => void turn());
  return () => {
    over = true;
    cancel();
    sockets.close();
  };
}

const pagePath = (account: string, prefix: string, page: number): string =>
  `/accounts/${encodeURIComponent(account)}/cfd_tunnel?is_deleted=false&include_prefix=${encodeURIComponent(prefix)}&page=${page}&per_page=${PAGE}`;

interface Page {
  readonly tunnels: readonly Tunnel[];
  readonly more: boolean;
  readonly waitMs: number;
}
type PageResult =
  { readonly kind: 'page'; readonly page: Page } | { readonly kind: 'failed'; readonly sign: string; readonly waitMs: number };
type Reading =
  | { readonly kind: 'read'; readonly up: Map<EdgeId, boolean>; readonly waitMs: number }
  | { readonly kind: 'failed'; readonly sign: string; readonly waitMs: number };

/** All pages or none: half an account would look like an outage of the other half. */
async function readTunnels(askPage: (page: number) => Promise<PageResult>, prefix: string): Promise<Reading> {
  const up = new Map<EdgeId, boolean>();
  let waitMs = 0;
  for (let number = 1; number <= MAX_PAGES; number += 1) {
    const result = await askPage(number);
    if (result.kind === 'failed') return result;
    waitMs = Math.max(waitMs, result.page.waitMs);
    for (const tunnel of result.page.tunnels) {
      const edge = tunnel.name.startsWith(prefix) ? parseEdgeId(tunnel.name.slice(prefix.length)) : undefined;
      if (edge !== undefined) up.set(edge, tunnel.status === 'healthy' || tunnel.status === 'degraded');
    }
    if (!result.page.more) break;
  }
  return { kind: 'read', up, waitMs };
}

type Way = Parameters<typeof startExchange>[0];

/** One page. Never throws; whatever is no page is a failure with a sign. */
function ask(way: Way, path: string, token: string, { runtime, limits }: TunnelOraclesOptions): Promise<PageResult> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'edge-fleet' };
  const { headersMs, bodyIdleMs: idleMs, overallMs } = limits;
  return new Promise((resolve) => {
    let head: { readonly status: number; readonly headers: AnswerHeaders } | undefined;
    const body = createBodyCollector(MAX_PAGE_BYTES);
    const exchange = startExchange(
      way,
      { method: 'GET', path, headers, stream: false, headersMs, idleMs, overallMs },
      {
        onHead: (status, answered) => (head = { status, headers: answered }),
        onData(chunk) {
          if (body.add(chunk)) return;
          exchange.abort();
          resolve(failedPage('a page of more than we take'));
        },
        onEnd: (end) => resolve(end.kind === 'whole' && head !== undefined ? toPage(head, body.bytes()) : failedPage(end.kind)),
      },
      runtime,
    );
  });
}

const failedPage = (sign: string, waitMs = 0): PageResult => ({ kind: 'failed', sign, waitMs });

function toPage({ status, headers }: { status: number; headers: AnswerHeaders }, bytes: Buffer): PageResult {
  const waitMs = askedToWaitMs(headers);
  if (status !== 200) return failedPage(`status ${status}`, Math.max(waitMs, status === 429 ? 60_000 : 0));
  const parsed = TunnelsAnswer.safeParse(parseJson(bytes.toString('utf8')));
  if (!parsed.success) return failedPage('an answer that is no list of tunnels', waitMs);
  return { kind: 'page', page: { tunnels: parsed.data.result, more: parsed.data.result.length >= PAGE, waitMs } };
}

/** Longer waits than this are not believed: the account's own window is five minutes. */
const MAX_WAIT_MS = 3_600_000;
const askedToWaitMs = (headers: AnswerHeaders): number => Math.min(toldToWaitMs(headers), MAX_WAIT_MS);

/** `Retry-After`, or `Ratelimit: "default";r=0;t=120` when nothing is left of the window. */
function toldToWaitMs(headers: AnswerHeaders): number {
  const seconds = /^\d{1,5}$/.exec(headerText(headers, 'retry-after'))?.[0];
  if (seconds !== undefined) return Number(seconds) * 1_000;
  const limit = headerText(headers, 'ratelimit').slice(0, 256);
  const left = /;\s*r=(\d{1,6})/.exec(limit)?.[1];
  const until = /;\s*t=(\d{1,6})/.exec(limit)?.[1];
  return left !== undefined && Number(left) < 10 && until !== undefined ? Number(until) * 1_000 : 0;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined; // JSON.parse throws nothing but SyntaxError
  }
}
