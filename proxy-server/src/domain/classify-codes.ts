/** What a code alone means, by who uses it: Cloudflare's 1xxx and 5xx, gRPC's, and those of Node and undici. */
import type { FailureKind, FailureRow, RefusalDetail, TransportPhase } from './failure.ts';

const FIREWALL_CODES: ReadonlySet<number> = new Set([1005, 1006, 1007, 1008, 1009, 1011, 1012, 1020, 1106]);
const ROW_BY_CLOUDFLARE_CODE: ReadonlyMap<number, FailureRow> = new Map<number, FailureRow>([
  [1033, 1], [1016, 2], [1010, 18], [1013, 21], [1015, 24],
  [500, 11], [502, 4], [503, 11], [504, 5], [520, 7], [521, 8], [522, 8], [523, 8], [524, 6], [525, 8], [526, 8], [530, 3],
]); // prettier-ignore

/** The row of a code that Cloudflare itself wrote into a body or header; any other 1xxx is a mistake of the zone. */
export function rowOfCloudflareCode(code: number): FailureRow | undefined {
  if (FIREWALL_CODES.has(code)) return 19;
  return ROW_BY_CLOUDFLARE_CODE.get(code) ?? (code >= 1000 && code < 2000 ? 3 : undefined);
}

/**
 * The row of a gRPC code that Argo CD answered with (argo-cd util/grpc/errors.go @ v3.5.1). `unsupported` and `edgeLimit` are the second
 * reading of their rows.
 */
export function rowOfGrpcCode(code: number): GrpcReading {
  return BY_GRPC_CODE.get(code) ?? { row: 37 };
}

interface GrpcReading {
  readonly row: FailureRow;
  readonly kind?: FailureKind;
}

const BY_GRPC_CODE: ReadonlyMap<number, GrpcReading> = new Map<number, GrpcReading>([
  [16, { row: 22 }],
  [7, { row: 23 }],
  [5, { row: 13 }],
  [8, { row: 25, kind: 'edgeLimit' }],
  [14, { row: 10 }],
  [12, { row: 38, kind: 'unsupported' }],
  [3, { row: 38 }],
  [6, { row: 38 }],
  [9, { row: 38 }],
  [10, { row: 38 }],
  [11, { row: 38 }],
]);

/** Phrases of argo-cd util/session/sessionmanager.go and golang-jwt (v4 up to 2.14, v5 from 3.x), in the order in which they are asked. */
const TOKEN_PHRASES: readonly (readonly [RegExp, RefusalDetail])[] = [
  [/token is expired|session.{0,20}expired/i, 'expired'],
  [/token is revoked|does not have token with id|password has changed since token issued/i, 'revoked'],
  [/signature is invalid|signing method|unverifiable|failed to verify/i, 'wrongEdge'],
  [/is disabled|account .{0,80}(does not exist|not found)|does not have '?\w{1,20}'? capability/i, 'accountDisabled'],
  [/no session information|no token present/i, 'missing'],
  [/malformed|invalid character|illegal base64|invalid number of segments|cannot unmarshal/i, 'malformed'],
];

/** Why Argo CD refuses a token, where its words say so. Its texts are no promise: an unknown one is undefined. */
export function tokenRefusal(message: string): RefusalDetail | undefined {
  return TOKEN_PHRASES.find(([phrase]) => phrase.test(message))?.[1];
}

const DNS_MISSING: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'EAI_NONAME', 'EAI_NODATA']);
const DNS_DOWN: ReadonlySet<string> = new Set(['EAI_AGAIN', 'ETIMEOUT', 'EAI_FAIL', 'ESERVFAIL', 'EREFUSED', 'ENOTIMP', 'ECANCELLED']);
const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT',
  'EADDRNOTAVAIL', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOBUFS',
]); // prettier-ignore
const BROKEN: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'UND_ERR_SOCKET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);
const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);
const OWN_PATIENCE: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'TimeoutError', 'ERR_STREAM_PREMATURE_TIMEOUT']);

export interface TransportSign {
  readonly code: string;
  readonly phase: TransportPhase;
  readonly reusedSocket: boolean;
  readonly bytesReceived: number;
}

type TransportRule = readonly [row: FailureRow, applies: (sign: TransportSign) => boolean];

const isOpening = ({ phase }: TransportSign): boolean => phase === 'connect' || phase === 'tls';
/** TLS speaks of the way there only until the first byte of an answer: after that a record that does not fit is a broken answer. */
const isBeforeAnswer = ({ phase, bytesReceived }: TransportSign): boolean => phase !== 'body' && bytesReceived === 0;
const isMalformed = (code: string): boolean =>
  code.startsWith('HPE_') ||
  code.startsWith('ERR_HTTP2_') ||
  code === 'UND_ERR_HEADERS_OVERFLOW' ||
  code === 'UND_ERR_INFO' ||
  code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' ||
  code.startsWith('ERR_SSL_') ||
  code === 'HTTPParserError';

/** Asked in this order; the first that applies names the row. */
const TRANSPORT_RULES: readonly TransportRule[] = [
  [28, ({ code }) => DNS_MISSING.has(code)],
  [29, ({ code }) => DNS_DOWN.has(code)],
  [29, ({ code, phase }) => phase === 'dns' && (NO_CONNECTION.has(code) || BROKEN.has(code))],
  [31, (sign) => isOpening(sign) && isCertificateCode(sign.code)],
  [30, (sign) => isOpening(sign) && isTlsAlertCode(sign.code)],
  [30, (sign) => isBeforeAnswer(sign) && refusesClientCertificate(sign.code)], // TLS 1.3: told with the first read, after the handshake
  [25, ({ code }) => code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'],
  [34, ({ phase }) => phase === 'body'],
  [36, ({ code, phase }) => OWN_PATIENCE.has(code) || (phase === 'tls' && TIMEOUTS.has(code))],
  [34, ({ code }) => code === 'UND_ERR_BODY_TIMEOUT'],
  [32, (sign) => isOpening(sign) && BROKEN.has(sign.code)],
  [32, ({ code }) => NO_CONNECTION.has(code)],
  [33, ({ code, reusedSocket, bytesReceived }) => BROKEN.has(code) && reusedSocket && bytesReceived === 0],
  [7, (sign) => !isOpening(sign) && (BROKEN.has(sign.code) || isMalformed(sign.code))],
];

/** The row of an error of Node or undici on the way to Cloudflare, or undefined where the code is none we know. */
export const rowOfTransport = (sign: TransportSign): FailureRow | undefined => TRANSPORT_RULES.find(([, applies]) => applies(sign))?.[0];

const NETWORK_DOWN: ReadonlySet<string> = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const HUB_OUT_OF_MEANS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL', 'EACCES', 'EPERM', 'ENETDOWN']);

/** The same where nothing of Cloudflare is in between: the address is the site itself, so the site is the likely cause, not the hub. */
export function directRow(
  row: FailureRow,
  { code, phase }: TransportSign,
): { readonly row: FailureRow; readonly suspectedRow?: FailureRow } {
  if (row === 31) return { row: 30 };
  if (row !== 32 || HUB_OUT_OF_MEANS.has(code)) return { row };
  if (phase === 'tls') return { row: 7 }; // something listens there, and hangs up in the middle of the handshake
  return NETWORK_DOWN.has(code) ? { row: 1, suspectedRow: 32 } : { row: 4, suspectedRow: 32 };
}

const CERTIFICATE_PREFIXES = [
  'CERT_',
  'UNABLE_TO_',
  'SELF_SIGNED_CERT',
  'DEPTH_ZERO_SELF_SIGNED',
  'ERR_TLS_CERT_',
  'CRL_',
  'ERROR_IN_CERT',
];
const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'HOSTNAME_MISMATCH', 'INVALID_CA', 'INVALID_PURPOSE', 'PATH_LENGTH_EXCEEDED', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST', 'ERR_SSL_UNKNOWN_PROTOCOL',
]); // prettier-ignore

/** The certificate is not what it should be, or what answers does not speak TLS at all: somebody stands in between. */
const isCertificateCode = (code: string): boolean =>
  CERTIFICATE_CODES.has(code) || CERTIFICATE_PREFIXES.some((prefix) => code.startsWith(prefix));

const isTlsAlertCode = (code: string): boolean => code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_');

const CLIENT_CERTIFICATE = /ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_(REQUIRED|UNKNOWN|EXPIRED|REVOKED)|ACCESS_DENIED)/;

/** The alert says that our certificate, not theirs, is not accepted. */
export const refusesClientCertificate = (code: string): boolean => CLIENT_CERTIFICATE.test(code);
