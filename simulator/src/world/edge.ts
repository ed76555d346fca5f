import type { Application } from './application.ts';
import { hashOf } from './random.ts';

export type Segment = 'store' | 'hypermarket' | 'ship' | 'cell' | 'hospital';

/** What is fixed about one edge from the seed on. */
export interface Site {
  readonly name: string;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly timeZone: string;
  readonly segment: Segment;
  /** Name of the Connector that reaches it, and of what sort that is. */
  readonly connector: string;
  readonly reach: 'cloudflare' | 'direct';
  /** Line of Argo CD, as in "3.5". */
  readonly argocd: string;
}

/** One edge: its site, its Applications, and what the control port or the world has done to it. */
export interface Edge extends Site {
  readonly index: number;
  readonly applications: Application[];
  /** The resourceVersion of the last write. */
  resourceVersion: number;
  /** Its clock against the world's, in ms. */
  skewMs: number;
  /** Time from applied to Healthy. */
  rolloutMs: number;
  /** Every answer waits so long. */
  delayMs: number;
  /** argocd-server's own limit of one gRPC message, ARGOCD_GRPC_MAX_SIZE_MB. */
  grpcMaxBytes: number;
  /** The application-controller stands still: nothing is compared, no operation begins, a refresh never ends. */
  controllerStopped: boolean;
  /** The controller's cache is empty: managed resources and trees are not known. */
  cacheEmpty: boolean;
  /** Prefix of argocd-server (`--rootpath`), empty or as in "/argo". */
  rootPath: string;
  readonly access: EdgeAccess;
  readonly traffic: EdgeTraffic;
}

/** Accounts and tokens as they differ from the seed's. */
export interface EdgeAccess {
  /** Raised by a change of the signing key: tokens of other generations have a bad signature. */
  keyGeneration: number;
  readonly revoked: Set<string>;
  readonly expired: Set<string>;
  readonly disabled: Set<string>;
  /** Accounts whose policy lines are gone. */
  readonly withoutRights: Set<string>;
  readonly issued: Map<string, IssuedToken>;
}

export interface IssuedToken {
  readonly account: string;
  readonly id: string;
  readonly issuedAt: number;
  readonly expiresAt: number | undefined;
}

/** Counted for the control port: tests assert with it that no edge sees a storm. */
export interface EdgeTraffic {
  requests: number;
  /** The most requests that came within one second of the machine, and what that needs to be known. */
  mostRequestsInASecond: number;
  second: number;
  requestsInSecond: number;
  streamsOpened: number;
  openStreams: number;
  mostOpenStreams: number;
  eventsSent: number;
  eventsDropped: number;
  refused: number;
}

export const DEFAULT_GRPC_MAX_BYTES = 200 * 1024 * 1024;

/** An edge at rest on a site. */
export function createEdge(site: Site, index: number): Edge {
  return {
    ...site,
    index,
    applications: [],
    resourceVersion: 1000,
    skewMs: 0,
    rolloutMs: 4000 + (hashOf('rollout', site.name) % 40_000),
    delayMs: 0,
    grpcMaxBytes: DEFAULT_GRPC_MAX_BYTES,
    controllerStopped: false,
    cacheEmpty: false,
    rootPath: '',
    access: { keyGeneration: 0, revoked: new Set(), expired: new Set(), disabled: new Set(), withoutRights: new Set(), issued: new Map() },
    traffic: {
      requests: 0,
      mostRequestsInASecond: 0,
      second: 0,
      requestsInSecond: 0,

      streamsOpened: 0,
      openStreams: 0,
      mostOpenStreams: 0,
      eventsSent: 0,
      eventsDropped: 0,
      refused: 0,
    },
  };
}

/** Counts one request that came at `machineNow` (ms). */
export function countRequest(traffic: EdgeTraffic, machineNow: number): void {
  const second = Math.floor(machineNow / 1000);
  if (second !== traffic.second) {
    traffic.second = second;
    traffic.requestsInSecond = 0;
  }
  traffic.requests += 1;
  traffic.requestsInSecond += 1;
  traffic.mostRequestsInASecond = Math.max(traffic.mostRequestsInASecond, traffic.requestsInSecond);
}
