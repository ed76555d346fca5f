import type { EdgeFailure } from '../domain/failure.ts';
import type { EdgeId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';

/** What the hub asks of one edge beside watching it. Never throws, never retries, follows no redirect. */
export interface EdgeCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the edge's URL, with query: `/api/v1/applications/pos?project=default`. */
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
  /** `operate` uses the write token, which only edges with `access: Operate` have. */
  readonly token: 'read' | 'operate' | 'none';
}

export interface EdgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Parsed JSON, of at most the configured size. */
  readonly body: unknown;
}

/** Where and how one edge is reached right now, for the pass-through. Holds secrets: never log, never send. */
export interface EdgeTarget {
  readonly origin: string;
  readonly pathPrefix: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly servername?: string;
    readonly rejectUnauthorized: boolean;
  };
  /** host:port to connect to instead of the origin's. */
  readonly address?: string;
}

export interface EdgeApi {
  call(edge: EdgeId, call: EdgeCall): Promise<Result<EdgeAnswer, EdgeFailure>>;
  /** Undefined: no such edge, or its Connector or Secret is missing. */
  target(edge: EdgeId, token: 'read' | 'operate'): EdgeTarget | undefined;
  /** Asks at once whether the edge answers; what comes of it shows in the fleet. False: it may not be asked again yet. */
  probeNow(edge: EdgeId): boolean;
  requestsLastMinute(edge: EdgeId): number;
}
