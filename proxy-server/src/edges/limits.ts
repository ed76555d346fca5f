/** Every number that bounds what we ask of edges and what edges may cost us. Times of day are nobody's business here: all are durations. */
export interface EdgeLimits {
  readonly connectMs: number;
  /** Of a unary request: status line and headers, connecting included. */
  readonly headersMs: number;
  readonly bodyIdleMs: number;
  readonly overallMs: number;
  /** A probe is a short question: `GET /api/version`. */
  readonly probeMs: number;
  /** A stream without a first byte for this long is idle, not down (argo-cd withholds headers until the first event). */
  readonly streamHeadersMs: number;
  /**
   * The stream that is opened before anything was asked: without an event for this long, the edge is asked what there is. Longer than a
   * connection may take, so that a way that is dead is told by that, and the questions are no second connection within a moment.
   */
  readonly firstEventMs: number;
  /** Three keep-alive comments of 15 s (argoproj/pkg grpc/http/forwarders.go @ v2.0.1). */
  readonly silenceMs: number;
  readonly idleSocketMs: number;
  /** Of one answer, decoded. */
  readonly maxBodyBytes: number;
  /** Of an answer that names Applications and little of each. */
  readonly maxListBytes: number;
  /** Of an answer that says one thing: a version, yes or no. */
  readonly maxSmallBodyBytes: number;
  /** Of what large answers hold at one moment, over the fleet. */
  readonly maxBodiesBytes: number;
  /** Of one line of a stream. An Application of 3,000 resources and long messages stays far below. */
  readonly maxLineBytes: number;
  /** What a stream may bring at once, and for each second after that: a snapshot passes, an endless flood does not starve the others. */
  readonly streamBurstBytes: number;
  readonly streamBytesPerSecond: number;
  readonly maxUnaryPerEdge: number;
  readonly maxUnaryOverFleet: number;
  /** Watches that are being opened at one moment: so few that TLS handshakes do not outlast their own deadline, so many that dead edges do not block. */
  readonly maxConnecting: number;
  readonly firstConnectsPerSecond: number;
  readonly reconnectsPerSecond: number;
  /** Questions to edges of a start that wait until all of them are connected. */
  readonly laterPerSecond: number;
  /** No edge sees two connects of its watch within this time. */
  readonly minConnectIntervalMs: number;
  /** Data of the snapshot counts as complete when nothing came for this long. */
  readonly settleQuietMs: number;
  readonly repairEveryMs: readonly [number, number];
  readonly tickEveryMs: readonly [number, number];
  readonly recycleEveryMs: readonly [number, number];
  readonly pollProbeMs: number;
  readonly pollListMs: number;
  readonly parkedProbeMs: number;
  /** A single Application by stream: nothing comes if it is gone or not to be seen. */
  readonly oneApplicationMs: number;
  /** Applications that one repair asks for one by one; more, and the stream is opened anew. */
  readonly maxRefetch: number;
  readonly maxApplicationsPerEdge: number;
  /** Questions that one list may be split into. */
  readonly maxListParts: number;
  readonly oraclePollMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const MIB = 1024 * 1024;

/** From so many Applications on, compressing an answer about all of them saves more than it costs both sides. */
export const COMPRESS_FROM = 40;

export const DEFAULT_EDGE_LIMITS: EdgeLimits = {
  connectMs: 5 * SECOND,
  headersMs: 20 * SECOND,
  bodyIdleMs: 20 * SECOND,
  overallMs: 60 * SECOND,
  probeMs: 10 * SECOND,
  streamHeadersMs: 10 * SECOND,
  firstEventMs: 6 * SECOND,
  silenceMs: 45 * SECOND,
  idleSocketMs: 60 * SECOND,
  maxBodyBytes: 64 * MIB,
  maxListBytes: 16 * MIB,
  maxSmallBodyBytes: 256 * 1024,
  maxBodiesBytes: 256 * MIB,
  maxLineBytes: 4 * MIB,
  streamBurstBytes: 64 * MIB,
  streamBytesPerSecond: 1 * MIB,
  maxUnaryPerEdge: 4,
  maxUnaryOverFleet: 128,
  maxConnecting: 512,
  firstConnectsPerSecond: 1_500,
  reconnectsPerSecond: 200,
  laterPerSecond: 150,
  minConnectIntervalMs: 5 * SECOND,
  settleQuietMs: 2 * SECOND,
  repairEveryMs: [5 * MINUTE, 10 * MINUTE],
  tickEveryMs: [4.5 * MINUTE, 5 * MINUTE],
  recycleEveryMs: [30 * MINUTE, 60 * MINUTE],
  pollProbeMs: 15 * SECOND,
  pollListMs: 60 * SECOND,
  parkedProbeMs: 5 * MINUTE,
  oneApplicationMs: 5 * SECOND,
  maxRefetch: 16,
  maxApplicationsPerEdge: 20_000,
  maxListParts: 64,
  oraclePollMs: 30 * SECOND,
};
