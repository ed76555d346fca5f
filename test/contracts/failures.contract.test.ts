/**
 * All forty-two rows over real sockets: the front of the simulator plays each, the real client asks, and exactly that row comes back.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { classify } from '../../proxy-server/src/domain/classify.ts';
import { nextClockSkew } from '../../proxy-server/src/domain/clock-skew.ts';
import { identityVerdict } from '../../proxy-server/src/domain/edge-identity.ts';
import { FAILURE_TABLE } from '../../proxy-server/src/domain/failure-table.ts';
import type { EdgeFailure, FailureRow } from '../../proxy-server/src/domain/failure.ts';
import { parseEdgeId } from '../../proxy-server/src/domain/ids.ts';
import { replayFailure, type ReplayReading } from '../../proxy-server/src/domain/replay.ts';
import { createEdgeSockets, type EdgeSockets } from '../../proxy-server/src/edges/edge-sockets.ts';
import { createEdgeClient, outcomeOf, type Question } from '../../proxy-server/src/edges/edge-client.ts';
import { askedOf, startExchange } from '../../proxy-server/src/edges/exchange.ts';
import { DEFAULT_EDGE_LIMITS } from '../../proxy-server/src/edges/limits.ts';
import type { EdgeRoute } from '../../proxy-server/src/edges/route.ts';
import type { Runtime } from '../../proxy-server/src/ports/runtime.ts';
import { FAULT_FOR_ROW, Fault } from '../../simulator/src/front/faults.ts';
import { createFront, type Front } from '../../simulator/src/front/front.ts';
import {
  captivePortal,
  failingLookup,
  intercepting,
  refusingPort,
  withoutCertificate,
  type LabPlace,
} from '../../simulator/src/front/listeners.ts';

const EDGE = 'store-1';
const HOST = 'store-1.fleet.test';
const NOW = Date.parse('2026-11-23T12:00:00Z');

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const runtime: Runtime = {
  clock: { now: () => performance.timeOrigin + performance.now() },
  timers: {
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  },
  random: () => 0.5,
  log: { ...silent, child: () => runtime.log },
  metrics: { count: () => undefined, observe: () => undefined },
};

let front: Front;
let server: Server;
let port: number;
const open: EdgeSockets[] = [];
const places: LabPlace[] = [];

/** The origin: as much of an argocd-server as the rows need. */
function answerAsArgocd(path: string, response: ServerResponse, edge: string): void {
  if (path.startsWith('/api/v1/stream/')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"result":{"type":"ADDED","application":{"metadata":{"name":"pos"}}}} \n\n\n');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', date: new Date(NOW).toUTCString() });
  if (path.startsWith('/api/version')) return void response.end(JSON.stringify({ Version: 'v3.4.7+abc' }));
  const item = {
    metadata: { name: 'pos', uid: `uid-of-${edge}`, resourceVersion: '5000' },
    status: { reconciledAt: '2026-11-23T11:59:00Z' },
  };
  response.end(JSON.stringify({ metadata: { resourceVersion: '5000' }, items: [item] }));
}

beforeAll(async () => {
  front = createFront({ now: () => NOW });
  server = createServer((request, response) => {
    front.handle(request, response, { name: EDGE }, (as) => answerAsArgocd(request.url ?? '/', response, as ?? EDGE));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  front.setFault([EDGE], undefined);
  for (const sockets of open.splice(0)) sockets.close();
  await Promise.all(places.splice(0).map((place) => place.close()));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Way {
  readonly origin?: string;
  readonly connect?: Client.Options['connect'];
  readonly kind?: EdgeRoute['kind'];
}

function routeOf({ origin = `http://127.0.0.1:${port}`, connect, kind = 'cloudflare' }: Way = {}): EdgeRoute {
  const sockets = createEdgeSockets(origin, connect === undefined ? {} : { connect });
  open.push(sockets);
  return {
    edge: parseEdgeId(EDGE)!,
    kind,
    host: HOST,
    origin,
    pathPrefix: '',
    sockets,
    headers: () => ({ host: HOST, 'user-agent': 'edge-fleet', authorization: 'Bearer token-of-the-edge' }),
    tryOtherCredential: () => false,
    credential: () => 0,
    target: () => undefined,
    close: () => undefined,
  };
}

const client = createEdgeClient(DEFAULT_EDGE_LIMITS, runtime);

async function failureOf(route: EdgeRoute, over: Partial<Question> = {}): Promise<EdgeFailure | undefined> {
  const result = await client.ask(route, {
    method: 'GET',
    path: '/api/v1/applications?fields=x',
    token: 'read',
    operation: 'test',
    ...over,
  });
  return result.ok ? undefined : result.error;
}

/** How a stream ended, and what that is; it is asked as the watcher asks. */
function streamFailure(route: EdgeRoute, onFirstByte: () => void = () => undefined): Promise<EdgeFailure | undefined> {
  const request = {
    method: 'GET', path: '/api/v1/stream/applications', headers: { host: HOST, accept: 'text/event-stream' }, stream: true, headersMs: 2_000, idleMs: 2_000,
  } as const; // prettier-ignore
  return new Promise((resolve) => {
    const listener = { onHead: () => undefined, onData: onFirstByte };
    startExchange(route, request, { ...listener, onEnd: (end) => resolve(classify(outcomeOf(askedOf(route, request), end))) }, runtime);
  });
}

async function whole(
  route: EdgeRoute,
): Promise<{ headers: Record<string, unknown>; body: { items: { metadata: { uid: string; resourceVersion: string } }[] } }> {
  const result = await client.ask(route, { method: 'GET', path: '/api/v1/applications', token: 'read', operation: 'test' });
  if (!result.ok) throw new Error(`not whole: ${result.error.sign}`);
  return result.value as never;
}

async function lost(place: Promise<LabPlace>): Promise<string> {
  const opened = await place;
  places.push(opened);
  return opened.address;
}

/** Rows whose request needs something special; all others are asked the plain way. */
const SPECIAL: Partial<Record<FailureRow, () => Promise<EdgeFailure | undefined>>> = {
  28: () => failureOf(routeOf({ origin: 'http://no-such-edge.invalid', connect: { lookup: failingLookup('ENOTFOUND') } })),
  29: () => failureOf(routeOf({ origin: 'http://some-edge.invalid', connect: { lookup: failingLookup('EAI_AGAIN') } })),
  30: async () => failureOf(routeOf({ origin: `https://${await lost(withoutCertificate())}` })),
  31: async () => failureOf(routeOf({ origin: `https://${await lost(intercepting([HOST]))}`, connect: { servername: HOST } })),
  32: async () => failureOf(routeOf({ origin: `http://${await lost(refusingPort())}` })),
  33: async () => {
    const route = routeOf();
    await whole(route); // the first request of a connection passes; a POST is not repeated behind our back
    return failureOf(route, { method: 'POST', body: {} });
  },
  35: () => {
    front.setFault([EDGE], undefined);
    return streamFailure(routeOf(), () => front.setFault([EDGE], FAULT_FOR_ROW[35]));
  },
  36: () => failureOf(routeOf(), { timeoutMs: 80 }),
  39: async () => {
    const seen = new Set((await whole(routeOf())).body.items.map(({ metadata }) => metadata.uid));
    const facts = {
      knownUids: new Set([`uid-of-${EDGE}`]),
      seenUids: seen,
      setting: 'Pinned',
      generation: 1,
      acceptedGeneration: undefined,
    } as const;
    return identityVerdict(facts) === 'changed' ? ({ row: 39, kind: 'identityChanged', sign: 'uids' } as const) : undefined;
  },
  40: async () => {
    const { headers } = await whole(routeOf());
    return nextClockSkew(undefined, { dateHeader: String(headers['date']), askedAt: NOW, answeredAt: NOW })?.failure;
  },
  41: async () => {
    const older = readingOf(await whole(routeOf()));
    front.setFault([EDGE], undefined);
    return replayFailure(readingOf(await whole(routeOf())), older);
  },
};

const readingOf = ({ body }: Awaited<ReturnType<typeof whole>>): ReplayReading => ({
  edgeClock: NOW,
  versions: new Map(body.items.map(({ metadata }) => [metadata.uid, Number(metadata.resourceVersion)])),
  observedAt: new Map(),
});

describe('the forty-two rows over real sockets', () => {
  test.each(FAILURE_TABLE.map((row) => [row.row, row.name] as const))('row %i, %s', async (row) => {
    front.setFault([EDGE], Fault.parse(JSON.parse(JSON.stringify(FAULT_FOR_ROW[row]))));

    const failure = await (SPECIAL[row]?.() ?? failureOf(routeOf()));

    expect(failure?.row).toBe(row);
    const { kind, otherKind } = FAILURE_TABLE.find((each) => each.row === row)!;
    expect([kind, otherKind]).toContain(failure?.kind);
  });

  test('a healed edge answers again', async () => {
    front.setFault([EDGE], { kind: 'tunnelDown' });
    const route = routeOf();
    expect((await failureOf(route))?.row).toBe(1);
    front.setFault([EDGE], undefined);
    expect(await failureOf(route)).toBeUndefined();
  });
});

describe('other ways to the same rows', () => {
  test.each<[Fault, FailureRow]>([
    [{ kind: 'draining', graceMs: 50 }, 1],
    [{ kind: 'flapping', downMs: 60_000, everyMs: 60_000 }, 1],
    [{ kind: 'originTls' }, 4],
    [{ kind: 'reset' }, 7],
    [{ kind: 'garbage' }, 7],
    [{ kind: 'edgeError', status: 525 }, 8],
    [{ kind: 'incident', status: 503 }, 11],
    [{ kind: 'misdirected', status: 403 }, 21],
    [{ kind: 'argocd', answer: 'tokenRevoked' }, 22],
    [{ kind: 'argocd', answer: 'badRequest' }, 38],
    [{ kind: 'argocd', answer: 'marshal' }, 37],
    [{ kind: 'requestTooLarge', status: 431 }, 25],
    [{ kind: 'webPage', page: 'login' }, 27],
    [{ kind: 'webPage', page: 'captivePortal' }, 27],
    [{ kind: 'truncate', how: 'length', afterBytes: 20 }, 34],
    [{ kind: 'truncate', how: 'json', afterBytes: 20 }, 34],
    [{ kind: 'truncate', how: 'chunkFraming', afterBytes: 20 }, 34],
    [{ kind: 'truncate', how: 'gzip', afterBytes: 20 }, 34],
    [{ kind: 'gzipLie' }, 34],
    [{ kind: 'originBlackHole', afterMs: 20 }, 6],
    [{ kind: 'custom', status: 530, contentType: 'text/html', body: '<h1>Back soon</h1>' }, 3],
  ])('%j is row %i', async (fault, row) => {
    front.setFault([EDGE], fault);
    expect((await failureOf(routeOf()))?.row).toBe(row);
  });

  test.each<[Fault]>([
    [{ kind: 'stall', at: 'beforeHeaders' }],
    [{ kind: 'stall', at: 'afterHeaders' }],
    [{ kind: 'stall', at: 'inBody' }],
    [{ kind: 'slowBody', bytesPerSecond: 1 }],
  ])('%j ends in our own deadline', async (fault) => {
    front.setFault([EDGE], fault);
    const impatient = createEdgeClient({ ...DEFAULT_EDGE_LIMITS, headersMs: 150, bodyIdleMs: 150, overallMs: 300 }, runtime);
    const result = await impatient.ask(routeOf(), { method: 'GET', path: '/api/v1/applications', token: 'read', operation: 'test' });
    expect(result.ok ? undefined : result.error.row).toBe(36);
  });

  test('a captive portal at the address of the edge is row 27', async () => {
    expect((await failureOf(routeOf({ origin: `http://${await lost(captivePortal())}` })))?.row).toBe(27);
  });

  test.each<[FailureRow, () => Promise<Way>]>([
    [4, async () => ({ kind: 'direct', origin: `http://${await lost(refusingPort())}` })],
    [30, async () => ({ kind: 'direct', origin: `https://${await lost(intercepting([HOST]))}`, connect: { servername: HOST } })],
    [28, () => Promise.resolve({ kind: 'direct', origin: 'http://gone.invalid', connect: { lookup: failingLookup('ENOTFOUND') } })],
  ])('under a direct Connector it is row %i', async (row, way) => {
    expect((await failureOf(routeOf(await way())))?.row).toBe(row);
  });

  test('a tunnel that goes down cuts the streams that live in it, and the cut is silent', async () => {
    const failure = await streamFailure(routeOf(), () => front.setFault([EDGE], { kind: 'tunnelDown' }));
    expect(failure?.row).toBe(35);
    expect(front.inFlight(EDGE)).toBe(0);
  });

  test('errors of Argo CD on a stream are read in their stream form', async () => {
    front.setFault([EDGE], { kind: 'argocd', answer: 'tokenExpired' });
    const route = routeOf();
    const response = await route.sockets.take().dispatcher.request({
      origin: route.origin,
      path: '/api/v1/stream/applications',
      method: 'GET',
      headers: { accept: 'text/event-stream' },
    });
    const asked = askedOf(route, {
      method: 'GET',
      path: '/api/v1/stream/applications',
      headers: { accept: 'text/event-stream' },
      stream: true,
    });
    const failure = classify({
      kind: 'response',
      asked,
      status: response.statusCode,
      headers: response.headers,
      bodyPrefix: await response.body.text(),
    });
    expect(failure).toMatchObject({ row: 22, detail: 'expired' });
  });
});

describe('what the front does to every answer', () => {
  test('server and cf-ray are on good answers too, and bodies of 502 of the origin are replaced', async () => {
    const { headers } = await whole(routeOf());
    expect(headers['server']).toBe('cloudflare');
    expect(headers['cf-ray']).toMatch(/^[0-9a-f]{16}-SIM$/);

    const other = createFront();
    const replacing = createServer((request, response) =>
      other.handle(
        request,
        response,
        { name: EDGE },
        () => void response.writeHead(502, { 'content-type': 'application/json' }).end('{"secret":"words of the origin"}'),
      ),
    );
    await new Promise<void>((resolve) => replacing.listen(0, '127.0.0.1', resolve));
    const failure = await failureOf(routeOf({ origin: `http://127.0.0.1:${(replacing.address() as AddressInfo).port}` }));
    replacing.closeAllConnections();
    replacing.close();
    expect(failure).toMatchObject({ row: 4, bodyPrefix: 'error code: 502' });
  });

  test('the ray id of a failure is kept for whoever must ask', async () => {
    front.setFault([EDGE], { kind: 'zoneError', code: 1_014 });
    expect((await failureOf(routeOf()))?.cfRay).toMatch(/^[0-9a-f]{16}-SIM$/);
  });
});
