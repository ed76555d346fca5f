/** An edge and its Applications as the world keeps them: the shapes that everything in the world shares, in one file since each names the other. */
import type { Component } from './catalog.ts';
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

export interface TokenClaims {
  readonly account: string;
  readonly id: string;
  readonly issuedAt: number;
  readonly expiresAt: number | undefined;
}

/** What a token turned out to be, but for expiry and revocation. */
export type TokenReading =
  | { readonly kind: 'claims'; readonly claims: TokenClaims; readonly isOfSeed: boolean }
  | { readonly kind: 'badSignature' }
  | { readonly kind: 'malformed'; readonly message: string };

/** Accounts and tokens as they differ from the seed's. */
export interface EdgeAccess {
  /** Raised by a change of the signing key: tokens of other generations have a bad signature. */
  keyGeneration: number;
  /** The token that was read last, and by which key. */
  lastToken: { readonly token: string; readonly keyGeneration: number; readonly reading: TokenReading } | undefined;
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

/**
 * One Application as the world keeps it: what changes, and nothing that follows from the seed. Everything a client sees is computed
 * from this when it is asked for; 200,000 of these must fit beside the sockets that stream them.
 */
export interface Application {
  readonly edge: Edge;
  readonly component: Component;
  readonly createdAt: number;
  /** Empty until somebody asked for it. */
  uid: string;
  resourceVersion: number;
  generation: number;
  /** Argo CD's words; empty until the first comparison. */
  sync: 'Synced' | 'OutOfSync' | 'Unknown' | '';
  health: Health | '';
  healthAt: number;
  trouble: Trouble;
  /** The version that runs, and the one that Git asks for. */
  live: string;
  desired: string;
  /** When something about it was last written. */
  changedAt: number;
  /** Images are in status.summary only while something runs. */
  imagesSeen: boolean;
  automated: Component['automated'];
  /** Deployments so far: the last history id + 1. The newest ten are shown. */
  deployments: number;
  deployedAt: number;
  /** Release steps behind `live`, for the history that the seed tells. */
  step: number;
  /** Deployments recorded since the world began; older ones follow from the seed. */
  records: readonly Deployment[];
  /** Asked for and not finished: the object's `operation`. */
  operation: Operation | undefined;
  operationState: OperationState | undefined;
  /** The refresh annotation while it is there, and the one 3.5 leaves behind. */
  refreshing: boolean;
  refreshed: boolean;
  labels: Readonly<Record<string, string>> | undefined;
  annotations: Readonly<Record<string, string>> | undefined;
  deletedAt: number | undefined;
}

export type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';

/** What is wrong (or special) with an Application. `world/trouble.ts` has the words. */
export type Trouble =
  | 'none'
  | 'crash'
  | 'imagePull'
  | 'unrendered'
  | 'repoDown'
  | 'unsyncable'
  | 'paused'
  | 'rollingOut'
  | 'neverSynced'
  | 'drifted'
  | 'syncFailed'
  | 'orphans';

/** One entry of status.history. */
export interface Deployment {
  readonly id: number;
  readonly version: string;
  readonly startedAt: number;
  readonly deployedAt: number;
  /** Empty: by Argo CD itself. */
  readonly username: string;
}

/** What was asked of the controller. */
export interface Operation {
  /** Empty: by Argo CD itself. */
  readonly username: string;
  readonly version: string;
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly strategy: 'hook' | 'apply' | undefined;
  readonly infos: readonly { readonly name: string; readonly value: string }[];
  readonly resources: readonly Readonly<Record<string, string>>[];
  readonly syncOptions: readonly string[] | undefined;
  readonly retry: Readonly<Record<string, unknown>>;
  readonly rollback: boolean;
}

/** What became of it: status.operationState. */
export interface OperationState {
  readonly operation: Operation;
  readonly phase: 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';
  readonly message: string;
  readonly startedAt: number;
  readonly finishedAt: number | undefined;
  readonly retryCount: number;
  /** There is a syncResult: the controller has come as far as applying. */
  readonly applied: boolean;
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
    access: {
      keyGeneration: 0,
      lastToken: undefined,
      revoked: new Set(),
      expired: new Set(),
      disabled: new Set(),
      withoutRights: new Set(),
      issued: new Map(),
    },
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
