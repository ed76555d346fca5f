/**
 * The faults that the front can play, as JSON for the control port and as data for tests. One kind per cause; what arrives at the hub is the
 * front's business. `FAULT_FOR_ROW` names one fault for each of the 42 rows of docs/failures.md.
 *
 * Rows 28 to 32 happen before a request reaches anybody: the name, the resolver, TLS or the connection fails. `network` faults are therefore
 * played where connections are made: `listeners.ts` offers ports that refuse, that hold no certificate for the name, or a false one, and a
 * lookup that fails; a test points the edge's url there. A front that is asked all the same resets the connection.
 */
import { z } from 'zod';
import type { FailureRow } from '../../../proxy-server/src/domain/failure.ts';

const ms = z.number().int().min(0).max(3_600_000);
const bytes = z.number().int().min(0).max(16_777_216);

export const Fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tunnelDown') }).describe('530/1033; live streams are cut'),
  z.strictObject({ kind: z.literal('flapping'), downMs: ms.default(3_000), everyMs: ms.min(1).default(60_000) }).describe('down for a while, every so often'),
  z.strictObject({ kind: z.literal('draining'), graceMs: ms.default(30_000) }).describe('new requests 530, old streams reset after the grace'),
  z.strictObject({ kind: z.literal('zoneError'), code: z.number().int().min(1_000).max(1_999).default(1_016) }).describe('530 with another 1xxx'),
  z.strictObject({ kind: z.literal('originRefused') }).describe('502 at once'),
  z.strictObject({ kind: z.literal('originTls') }).describe('502 after a TLS handshake that fails'),
  z.strictObject({ kind: z.literal('originTimeout') }).describe('504'),
  z.strictObject({ kind: z.literal('originBlackHole'), afterMs: ms.default(120_000) }).describe('524 after the read timeout'),
  z.strictObject({ kind: z.literal('edgeError'), status: z.number().int().min(500).max(599).default(520) }).describe('a 52x of Cloudflare'),
  z.strictObject({ kind: z.literal('noIngress') }).describe('503, empty'),
  z.strictObject({ kind: z.literal('incident'), status: z.union([z.literal(500), z.literal(503)]).default(500) }).describe('plain page of Cloudflare'),
  z.strictObject({ kind: z.literal('notRouted') }).describe('404, empty'),
  z
    .strictObject({ kind: z.literal('access'), answer: z.enum(['login', 'unauthorized', 'forbidden', 'noAssertion']).default('login') })
    .describe('login 302; expired 401; wrong audience 403; access.required without a token: empty 403'),
  z.strictObject({ kind: z.literal('waf'), rule: z.enum(['userAgent', 'firewall', 'challenge']).default('firewall'), code: z.number().int().min(1_000).max(1_999).default(1_020) }),
  z.strictObject({ kind: z.literal('misdirected'), status: z.union([z.literal(403), z.literal(421)]).default(421) }),
  z.strictObject({ kind: z.literal('rateLimit'), retryAfterSeconds: z.number().int().min(0).max(86_400).default(30) }),
  z.strictObject({ kind: z.literal('requestTooLarge'), status: z.union([z.literal(413), z.literal(414), z.literal(431)]).default(413) }),
  z
    .strictObject({
      kind: z.literal('argocd'),
      answer: z.enum(['unavailable', 'notFound', 'tokenExpired', 'tokenRevoked', 'tokenSignature', 'noToken', 'forbidden', 'tooBig', 'error', 'marshal', 'badRequest', 'noRoute']),
    })
    .describe('an error of Argo CD itself, in its unary or stream form'),
  z.strictObject({ kind: z.literal('httpsRedirect') }).describe('307 to the same address'),
  z.strictObject({ kind: z.literal('webPage'), page: z.enum(['ui', 'login', 'captivePortal']).default('ui') }),
  z.strictObject({ kind: z.literal('network'), at: z.enum(['name', 'resolver', 'certificate', 'interception', 'connect']) }),
  z.strictObject({ kind: z.literal('staleSocket') }).describe('a reused connection is closed before any byte'),
  z.strictObject({ kind: z.literal('truncate'), how: z.enum(['chunked', 'length', 'json', 'chunkFraming', 'gzip']).default('chunked'), afterBytes: bytes.default(20) }),
  z.strictObject({ kind: z.literal('cutStream'), afterMs: ms.default(0), clean: z.boolean().default(false) }).describe('streams end; other answers are whole'),
  z.strictObject({ kind: z.literal('slowFirstByte'), delayMs: ms }),
  z.strictObject({ kind: z.literal('slowBody'), bytesPerSecond: bytes.min(1).default(64) }),
  z.strictObject({ kind: z.literal('stall'), at: z.enum(['beforeHeaders', 'afterHeaders', 'inBody']).default('beforeHeaders') }),
  z.strictObject({ kind: z.literal('reset') }).describe('the connection is reset before an answer'),
  z.strictObject({ kind: z.literal('garbage') }).describe('bytes that are no HTTP'),
  z.strictObject({ kind: z.literal('gzipLie') }).describe('says gzip, is not'),
  z.strictObject({ kind: z.literal('wrongEdge'), as: z.string().min(1).max(63) }).describe('another edge answers behind the name'),
  z.strictObject({ kind: z.literal('clock'), offsetMs: z.number().int().default(7_200_000), jumpMs: z.number().int().default(0) }),
  z.strictObject({ kind: z.literal('replay'), backMs: ms.default(3_600_000), backVersions: z.number().int().min(1).default(1_000) }),
  z.strictObject({ kind: z.literal('custom'), status: z.number().int().min(200).max(599), contentType: z.string().max(200).default('text/html'), body: z.string().max(1_048_576).default('') }),
]); // prettier-ignore
export type Fault = z.infer<typeof Fault>;
export type NetworkFault = Extract<Fault, { kind: 'network' }>;

/** One fault for each row. Row 36 needs a client whose patience is shorter than `delayMs`; 39 an edge of that name. */
// prettier-ignore
export const FAULT_FOR_ROW: Readonly<Record<FailureRow, Fault>> = {
  1: { kind: 'tunnelDown' },
  2: { kind: 'zoneError', code: 1_016 },
  3: { kind: 'zoneError', code: 1_014 },
  4: { kind: 'originRefused' },
  5: { kind: 'originTimeout' },
  6: { kind: 'originBlackHole', afterMs: 0 },
  7: { kind: 'edgeError', status: 520 },
  8: { kind: 'edgeError', status: 522 },
  9: { kind: 'noIngress' },
  10: { kind: 'argocd', answer: 'unavailable' },
  11: { kind: 'incident', status: 500 },
  12: { kind: 'notRouted' },
  13: { kind: 'argocd', answer: 'notFound' },
  14: { kind: 'access', answer: 'login' },
  15: { kind: 'access', answer: 'unauthorized' },
  16: { kind: 'access', answer: 'forbidden' },
  17: { kind: 'access', answer: 'noAssertion' },
  18: { kind: 'waf', rule: 'userAgent', code: 1_010 },
  19: { kind: 'waf', rule: 'firewall', code: 1_020 },
  20: { kind: 'waf', rule: 'challenge', code: 1_020 },
  21: { kind: 'misdirected', status: 421 },
  22: { kind: 'argocd', answer: 'tokenExpired' },
  23: { kind: 'argocd', answer: 'forbidden' },
  24: { kind: 'rateLimit', retryAfterSeconds: 30 },
  25: { kind: 'argocd', answer: 'tooBig' },
  26: { kind: 'httpsRedirect' },
  27: { kind: 'webPage', page: 'ui' },
  28: { kind: 'network', at: 'name' },
  29: { kind: 'network', at: 'resolver' },
  30: { kind: 'network', at: 'certificate' },
  31: { kind: 'network', at: 'interception' },
  32: { kind: 'network', at: 'connect' },
  33: { kind: 'staleSocket' },
  34: { kind: 'truncate', how: 'chunked', afterBytes: 20 },
  35: { kind: 'cutStream', afterMs: 0, clean: false },
  36: { kind: 'slowFirstByte', delayMs: 60_000 },
  37: { kind: 'argocd', answer: 'error' },
  38: { kind: 'argocd', answer: 'noRoute' },
  39: { kind: 'wrongEdge', as: 'another-edge' },
  40: { kind: 'clock', offsetMs: 7_200_000, jumpMs: 0 },
  41: { kind: 'replay', backMs: 3_600_000, backVersions: 1_000 },
  42: { kind: 'custom', status: 418, contentType: 'text/plain', body: 'short and stout' },
};
