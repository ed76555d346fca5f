/**
 * What went wrong when an edge was asked, as a value. One kind per remedy: the kinds, their words and what to do are the data table of
 * `failure-table.ts`, which docs/failures.md is rendered from. `classify.ts` makes the values; nothing else decides by status alone.
 */

/** Every class of the table. Rows that need the same remedy share one. */
// prettier-ignore
export const FAILURE_KINDS = [
  'edgeOffline', 'edgeDns', 'originUnreachable', 'originTimeout', 'edgeSlow', 'originBadResponse', 'notATunnel', 'ingressMissing',
  'argocdUnavailable', 'providerOutage', 'notRouted', 'notFound', 'accessDenied', 'accessMisconfigured', 'wafBlocked', 'clientBug',
  'edgeToken', 'edgeForbidden', 'rateLimited', 'edgeLimit', 'requestTooLarge', 'originRedirect', 'notAnApi', 'hubNetwork', 'edgeCert',
  'hubTls', 'staleSocket', 'truncated', 'streamEnded', 'timedOut', 'argocdError', 'unsupported', 'identityChanged', 'clockSkewed',
  'replayed', 'unclassified',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** A row of the table, 1..42. */
// prettier-ignore
export type FailureRow =
  | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21
  | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 33 | 34 | 35 | 36 | 37 | 38 | 39 | 40 | 41 | 42;

/**
 * What a refusal is about, as far as the answer says. `wrongEdge`: the token was signed by another Argo CD. `missing`: the edge saw no
 * token at all, or one that does not look like a token. `malformed`: it looks like one and cannot be read.
 */
export type RefusalDetail =
  'expired' | 'revoked' | 'wrongEdge' | 'missing' | 'malformed' | 'accountDisabled' | 'noRights' | 'clientCertificate';

/** One failed request, with the evidence a person needs to ask somebody else about it, and no secrets. */
export interface EdgeFailure {
  readonly kind: FailureKind;
  readonly row: FailureRow;
  /** What gave it away, in words: a status, a code, a phrase of the body. */
  readonly sign: string;
  readonly status?: number | undefined;
  readonly transportCode?: string | undefined;
  /** The id that Cloudflare's support and the connector's log know the request by. */
  readonly cfRay?: string | undefined;
  /** At most 200 characters, redacted. */
  readonly bodyPrefix?: string | undefined;
  /** The edge's own words, redacted and shortened. */
  readonly argocdMessage?: string | undefined;
  readonly detail?: RefusalDetail | undefined;
  /** How long the other side asked us to wait; at most an hour. */
  readonly retryAfterMs?: number | undefined;
  /** The row it would be if the whole fleet failed alike; `fleet-cause.ts` confirms. */
  readonly suspectedRow?: FailureRow | undefined;
}

/** How the edge was asked. */
export interface Asked {
  readonly connector: 'cloudflare' | 'direct';
  /** Host name of the edge's URL. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly accept: string;
  /** A watch: silence and ends are part of its normal life. */
  readonly stream: boolean;
}

/** Header names in lower case, as Node gives them. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * How one request ended, good or bad: what classification looks at.
 * `response`: status and headers came; `bodyPrefix` is the start of the decoded body, `bodyComplete` says it is all of it.
 * `transport`: a code of Node or undici, and how far the request had come.
 * `ended`: the answer began well and stopped without an error before it was whole (a stream that closed, a body that was too short).
 * `deadline`: our own patience ended.
 */
export type Outcome =
  | {
      readonly kind: 'response';
      readonly asked: Asked;
      readonly status: number;
      readonly headers: AnswerHeaders;
      readonly bodyPrefix: string;
      readonly bodyComplete?: boolean;
    }
  | {
      readonly kind: 'transport';
      readonly asked: Asked;
      readonly code: string;
      readonly phase: TransportPhase;
      readonly reusedSocket: boolean;
      readonly bytesReceived: number;
    }
  | { readonly kind: 'ended'; readonly asked: Asked; readonly bytesReceived: number }
  | { readonly kind: 'deadline'; readonly asked: Asked; readonly phase: TransportPhase; readonly afterMs: number };

export type TransportPhase = 'dns' | 'connect' | 'tls' | 'headers' | 'body';

// prettier-ignore
const TRANSIENT = {
  edgeOffline: true, originUnreachable: true, originTimeout: true, edgeSlow: true, originBadResponse: true, argocdUnavailable: true,
  providerOutage: true, rateLimited: true, hubNetwork: true, staleSocket: true, truncated: true, streamEnded: true, timedOut: true,
  argocdError: true, unclassified: true,
  edgeDns: false, notATunnel: false, ingressMissing: false, notRouted: false, notFound: false, accessDenied: false,
  accessMisconfigured: false, wafBlocked: false, clientBug: false, edgeToken: false, edgeForbidden: false, edgeLimit: false,
  requestTooLarge: false, originRedirect: false, notAnApi: false, edgeCert: false, hubTls: false, unsupported: false,
  identityChanged: false, clockSkewed: false, replayed: false,
} as const satisfies Readonly<Record<FailureKind, boolean>>;

/** True where the same question may well succeed later without a person doing anything. A new kind must be placed here to compile. */
export const isTransient = (failure: Pick<EdgeFailure, 'kind'>): boolean => TRANSIENT[failure.kind];
