/**
 * The pass-through to one edge: allow-listed reads, with the edge's token instead of the browser's session. Every failed request is a 424
 * problem in the words of the failure table; an HTML page of whatever stands between never reaches a browser, and neither does 502 or 504.
 *
 *   browser ─► rule? ─► edge seen? ─► Application seen? ─► right? ─► target ─► headers made anew ─► edge
 *           ◄─ 424 in words ◄─ classified ◄─ not 2xx, or no data ◄──┴─ 2xx data: piped, bounded ◄────┘
 */
import { Router, type NextFunction, type Request, type Response } from 'express';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Asked, EdgeFailure, Outcome } from '../domain/failure.ts';
import { classify } from '../domain/classify.ts';
import { failureReason, failureRemedy, failureWords } from '../domain/failure-table.ts';
import type { EdgeId } from '../domain/ids.ts';
import type { EdgeApi, EdgeTarget } from '../ports/edge-api.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import { createEdgeAgents, targetUrl, type EdgeAgents } from './edge-agents.ts';
import { isDataType, toBrowserHeaders, toEdgeHeaders } from './pass-through-headers.ts';
import { grantPassThrough, type GrantPorts, type Granted } from './pass-through-grant.ts';
import { isEndless } from './pass-through-rules.ts';
import { edgeFailed, notFound, RequestProblem } from './problem.ts';
import { readPrefix } from './read-prefix.ts';

export interface PassThroughLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxPerEdge: number;
}

export interface PassThroughOptions extends GrantPorts {
  readonly edges: EdgeApi;
  readonly runtime: Runtime;
  readonly limits: PassThroughLimits;
  /** How an edge is reached, for the words of a failure. */
  readonly connectorOf: (edge: EdgeId) => 'cloudflare' | 'direct';
}

/** An answer that has no end of its own is ended after this long, and asked for again. */
const MAX_STREAM_MS = 30 * 60_000;

/** One request under way. */
interface Exchange {
  readonly edge: EdgeId;
  readonly asked: Asked;
  readonly target: EdgeTarget;
  readonly url: string;
  readonly startedAt: number;
  readonly next: NextFunction;
  upstream?: ClientRequest;
  answered: boolean;
}

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'UNKNOWN';

class PassThrough {
  readonly #options: PassThroughOptions;
  readonly #exchanges = new WeakMap<IncomingMessage, Exchange>();
  readonly #running = new Map<EdgeId, number>();
  readonly #agents: EdgeAgents = createEdgeAgents();
  readonly #proxy: RequestHandler<Request, Response, NextFunction>;

  constructor(options: PassThroughOptions) {
    this.#options = options;
    this.#proxy = createProxyMiddleware<Request, Response, NextFunction>({
      selfHandleResponse: true,
      ejectPlugins: true, // its own error answers are 502 and 504
      plugins: [
        (server) => {
          server.on('proxyReq', (upstream, req) => {
            const exchange = this.#exchanges.get(req);
            if (exchange !== undefined) exchange.upstream = upstream;
          });
          server.on('proxyRes', (answer, req, res) => void this.#answer(answer, req, res));
          server.on('error', (thrown, req) => {
            if (req !== undefined) this.#refused(req, thrown);
          });
        },
      ],
      router: (req, _res, proxyOptions) => {
        const { target } = this.#exchangeOf(req);
        proxyOptions.agent = this.#agents.agentFor(target);
        proxyOptions.secure = target.tls.rejectUnauthorized;
        return targetUrl(target);
      },
      pathRewrite: (_path, req) => this.#exchangeOf(req).url,
    });
  }

  #exchangeOf(req: IncomingMessage): Exchange {
    const exchange = this.#exchanges.get(req);
    if (exchange === undefined) throw new Error('a request was passed through without its checks');
    return exchange;
  }

  async handle(req: Request, res: Response, next: NextFunction): Promise<void> {
    const granted = grantPassThrough(req, this.#options);
    const target = this.#options.edges.target(granted.edge, 'read');
    if (target === undefined) throw notFound(`way to edge ${granted.edge}: its Connector or Secret is missing`);
    this.#takePlace(granted.edge, res);
    const exchange = this.#begin(req, next, granted, target);
    const cancel = this.#deadline(res, exchange);
    res.on('close', cancel);
    await this.#proxy(req, res, (thrown?: unknown) => this.#refused(req, thrown));
  }

  #takePlace(edge: EdgeId, res: Response): void {
    const running = this.#running.get(edge) ?? 0;
    if (running >= this.#options.limits.maxPerEdge) {
      throw new RequestProblem('TooManyRequests', `Too many requests to ${edge} are under way`, { edge, retryAfterSeconds: 5 });
    }
    this.#running.set(edge, running + 1);
    res.on('close', () => {
      const left = (this.#running.get(edge) ?? 1) - 1;
      if (left > 0) this.#running.set(edge, left);
      else this.#running.delete(edge);
    });
  }

  /** The request as the edge gets it: its headers are made anew, not cleaned. */
  #begin(req: Request, next: NextFunction, { edge, matched, query }: Granted, target: EdgeTarget): Exchange {
    const endless = isEndless(matched.rule, query);
    const headers = toEdgeHeaders(req.headers, target, { endless, requestId: this.#options.contexts.requestId(req) });
    const url = `${target.pathPrefix}${matched.path}?${query.toString()}`;
    const exchange: Exchange = {
      edge,
      target,
      url,
      asked: {
        connector: this.#options.connectorOf(edge),
        host: new URL(target.origin).hostname,
        method: 'GET',
        path: url,
        accept: headers['accept'] ?? '',
        stream: endless,
      },
      startedAt: this.#options.runtime.clock.now(),
      next,
      answered: false,
    };
    this.#exchanges.set(req, exchange);
    for (const name of Object.keys(req.headers)) delete req.headers[name];
    Object.assign(req.headers, headers);
    return exchange;
  }

  /** Silence before the first byte of an endless answer is idleness: it ends well and empty, and the page asks again. */
  #deadline(res: Response, exchange: Exchange): Cancel {
    const { runtime, limits } = this.#options;
    const { asked } = exchange;
    const expire = (): void => {
      const begun = exchange.answered;
      exchange.answered = true;
      if (begun && asked.stream) res.end(() => exchange.upstream?.destroy());
      else exchange.upstream?.destroy();
      if (begun) return;
      if (asked.stream) endEmpty(res);
      else this.#fail(exchange, { kind: 'deadline', asked, phase: 'headers', afterMs: limits.timeoutMs });
    };
    const first = runtime.timers.after(limits.timeoutMs, () => {
      if (!asked.stream || !exchange.answered) expire();
    });
    const last = runtime.timers.after(asked.stream ? MAX_STREAM_MS : limits.timeoutMs, expire);
    return () => {
      first();
      last();
    };
  }

  async #answer(answer: IncomingMessage, req: Request, res: Response): Promise<void> {
    const exchange = this.#exchangeOf(req);
    if (exchange.answered) return;
    exchange.answered = true;
    // httpxy destroys our answer together with the edge's: a failed one is ours to tell (httpxy src/middleware/web-incoming.ts @ v0.5.6).
    await Promise.resolve();
    for (const event of ['close', 'error'] as const) answer.removeAllListeners(event);
    answer.on('error', () => undefined); // what was cut is seen by `complete`
    res.on('close', () => answer.destroy());
    const good = answer.statusCode === 200 && isDataType(answer.headers['content-type']);
    if (good) this.#pipe(answer, res, exchange.next);
    else
      this.#fail(exchange, {
        kind: 'response',
        asked: exchange.asked,
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        ...(await readPrefix(answer)),
      });
  }

  #pipe(answer: IncomingMessage, res: Response, next: NextFunction): void {
    const { maxBytes } = this.#options.limits;
    const announced = Number(answer.headers['content-length'] ?? 0);
    if (announced > maxBytes) {
      next(new RequestProblem('TooLarge', `The edge's answer has ${announced} bytes: more than ${maxBytes} are not passed on`));
      return;
    }
    res.writeHead(200, toBrowserHeaders(answer.headers));
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) answer.destroy();
      else if (!res.write(chunk)) answer.pause();
    });
    res.on('drain', () => answer.resume());
    answer.on('end', () => res.end());
    answer.on('close', () => {
      if (!answer.complete && !res.writableEnded) res.destroy(); // a cut answer must not look whole
    });
    answer.on('error', () => res.destroy());
  }

  /** The words come from the failure table; an outcome that it calls good is still no data (a page, or a status nobody expects). */
  #fail({ edge, asked, startedAt, next }: Exchange, outcome: Outcome): void {
    const failure: Pick<EdgeFailure, 'row' | 'kind'> & Partial<EdgeFailure> = classify(outcome) ?? {
      row: 42,
      kind: 'unclassified',
      sign: 'no data',
    };
    const { metrics, clock } = this.#options.runtime;
    metrics.count('edge_requests', { operation: 'passThrough', outcome: failure.kind });
    metrics.observe('edge_request', { operation: 'passThrough' }, (clock.now() - startedAt) / 1_000);
    const { remedy, acts } = failureRemedy(failure, asked.connector);
    const sentence = failureWords({ sign: '', ...failure }, { edge }, asked.connector);
    next(edgeFailed(edge, failure, { sentence, reason: failureReason(failure.kind), remedy, whoActs: acts, cfRay: failure.cfRay }));
  }

  /** A request that got no answer. The error comes over one way or the other, or both. */
  #refused(req: IncomingMessage, thrown: unknown): void {
    const exchange = this.#exchangeOf(req);
    if (thrown === undefined || exchange.answered) return;
    exchange.answered = true;
    const { upstream, asked } = exchange;
    this.#fail(exchange, {
      kind: 'transport',
      asked,
      code: codeOf(thrown),
      phase: phaseOf(upstream?.socket ?? undefined),
      reusedSocket: upstream?.reusedSocket ?? false,
      bytesReceived: 0,
    });
  }

  close(): void {
    this.#agents.close();
  }
}

/** How far a request came. A socket whose certificate is refused is destroyed while it still counts as in its handshake (node lib/_tls_wrap.js @ v24). */
function phaseOf(socket: Socket | undefined): 'connect' | 'tls' | 'headers' {
  if (socket?.connecting !== false) return 'connect';
  return Reflect.get(socket, 'secureConnecting') === true ? 'tls' : 'headers';
}

function endEmpty(res: Response): void {
  res.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-content-type-options': 'nosniff',
  });
  res.end();
}

export interface EdgeProxy {
  readonly router: Router;
  close(): void;
}

/** Routes below `/edges/:edge/argocd/`. Only GET: whatever changes an edge is an action, with a record of its own. */
export function createEdgeProxy(options: PassThroughOptions): EdgeProxy {
  const passThrough = new PassThrough(options);
  const router = Router().get('/edges/:edge/argocd/*path', (req, res, next) => passThrough.handle(req, res, next));
  return { router, close: () => passThrough.close() };
}
