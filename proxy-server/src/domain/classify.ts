/**
 * From how a request ended to one row of the failure table. Total and pure: every outcome gives exactly one failure, or undefined for a
 * good answer; nothing throws; what is not understood is row 42 and never "offline". Signs are asked in a fixed order, strongest first:
 *
 *   transport code > redirect > cf-mitigated > (64 K of body) Cloudflare JSON > "error code: N" > Cloudflare HTML > Argo CD JSON
 *   > empty body (cloudflared) > bare status
 *
 * Status alone decides last, because zone owners replace pages and statuses, and proxies replace bodies. The tables it reads are in
 * `classify-codes.ts`, how bodies are read in `classify-body.ts`, statuses without any better sign in `classify-status.ts`.
 */
import { readBody, type BodyReading } from './classify-body.ts';
import { directRow, refusesClientCertificate, rowOfCloudflareCode, rowOfGrpcCode, rowOfTransport, tokenRefusal } from './classify-codes.ts';
import { headerText, retryAfterOf } from './classify-headers.ts';
import { rowOfRedirect, rowOfStatus, type Verdict } from './classify-status.ts';
import { failureRow } from './failure-table.ts';
import type { EdgeFailure, FailureKind, FailureRow, Outcome } from './failure.ts';
import { quotable } from './redact.ts';

type Response = Extract<Outcome, { kind: 'response' }>;
type Transport = Extract<Outcome, { kind: 'transport' }>;

/** What a failure is made of beside its row. */
export type FailureEvidence = Omit<EdgeFailure, 'kind' | 'row'> & { readonly kind?: FailureKind | undefined };

const BODY_PREFIX_CHARS = 200;
const MESSAGE_CHARS = 500;
const SIGN_CHARS = 160;

/** A failure of a known row, for what is found in data and not in an answer (identity, clock, replay, a shape that does not fit). */
export function makeFailure(row: FailureRow, evidence: FailureEvidence): EdgeFailure {
  return { ...evidence, kind: evidence.kind ?? failureRow(row).kind, row, sign: quotable(evidence.sign, SIGN_CHARS) };
}

/** The failure that an outcome is, or undefined where the answer is good as far as its head and the start of its body tell. */
export function classify(outcome: Outcome): EdgeFailure | undefined {
  switch (outcome.kind) {
    case 'response': return classifyResponse(outcome);
    case 'transport': return classifyTransport(outcome);
    case 'ended': return makeFailure(outcome.asked.stream ? 35 : 34, { sign: `ended after ${outcome.bytesReceived} bytes` });
    case 'deadline': return classifyDeadline(outcome);
    default: return outcome satisfies never;
  } // prettier-ignore
}

/** A stream without a first byte is idle, not down: an edge where nothing changes sends not even headers. */
function classifyDeadline({ asked, phase, afterMs }: Extract<Outcome, { kind: 'deadline' }>): EdgeFailure {
  const idle = asked.stream && phase === 'headers';
  return makeFailure(idle ? 35 : 36, { sign: `${idle ? 'idle' : `no ${WAITED_FOR[phase]}`} for ${Math.round(afterMs / 1_000)} s` });
}

const WAITED_FOR = { dns: 'name', connect: 'connection', tls: 'TLS', headers: 'answer', body: 'more of the answer' } as const;

function classifyTransport(outcome: Transport): EdgeFailure {
  const { asked, code, phase } = outcome;
  const evidence = { sign: `${code} (${phase})`, transportCode: quotable(code, 64) };
  const found = rowOfTransport(outcome);
  if (found === undefined) return makeFailure(42, evidence);
  if (asked.stream && (found === 34 || (found === 7 && outcome.bytesReceived > 0))) return makeFailure(35, evidence);
  if (asked.connector === 'cloudflare') return makeFailure(found, { ...evidence, suspectedRow: fleetWideRow(found) });
  const { row, suspectedRow = fleetWideRow(row) } = directRow(found, outcome);
  const refused = row === 30 && refusesClientCertificate(code);
  return makeFailure(row, { ...evidence, suspectedRow, detail: refused ? 'clientCertificate' : undefined });
}

/** A row of which one answer is only a suspicion. */
const fleetWideRow = (row: FailureRow): FailureRow | undefined => (failureRow(row).fleetWide ? row : undefined);

function classifyResponse(outcome: Response): EdgeFailure | undefined {
  if (isPlainlyGood(outcome)) return undefined;
  const body = readBody(outcome.bodyPrefix);
  const verdict = verdictOf(outcome, body);
  if (verdict === undefined) return undefined;
  return makeFailure(verdict.row, {
    sign: verdict.sign,
    status: outcome.status,
    kind: verdict.kind,
    cfRay: /^[0-9a-z-]{4,40}$/i.exec(headerText(outcome.headers, 'cf-ray'))?.[0],
    bodyPrefix: quotable(outcome.bodyPrefix.slice(0, 2_048), BODY_PREFIX_CHARS) || undefined,
    argocdMessage: verdict.message === undefined ? undefined : quotable(verdict.message, MESSAGE_CHARS),
    retryAfterMs: retryAfterOf(outcome.headers, body),
    suspectedRow: verdict.suspectedRow ?? fleetWideRow(verdict.row),
    detail: refusalDetail(verdict),
  });
}

/** The start of a good answer, told without parsing it: this is asked of every answer of every edge. */
function isPlainlyGood({ status, headers, bodyPrefix, bodyComplete }: Response): boolean {
  if (status !== 200 || bodyComplete === true || !bodyPrefix.startsWith('{"')) return false;
  if (!headerText(headers, 'content-type').startsWith('application/json')) return false;
  return !bodyPrefix.startsWith('{"error"') && !bodyPrefix.includes('"cloudflare_error"');
}

/** A 403 is not always about rights: a sync window answers with the same code. */
function refusalDetail({ row, detail, message = '' }: Verdict): EdgeFailure['detail'] {
  if (detail !== undefined) return detail;
  if (row === 22) return tokenRefusal(message);
  return row === 23 && /permission denied/i.test(message) ? 'noRights' : undefined;
}

function verdictOf(outcome: Response, body: BodyReading): Verdict | undefined {
  const { status, headers, asked } = outcome;
  if (status >= 300 && status < 400) return rowOfRedirect(outcome);
  if (/^challenge\b/i.test(headerText(headers, 'cf-mitigated'))) return { row: 20, sign: 'cf-mitigated: challenge' };
  if (asked.stream && (status === 504 || status === 524)) return { row: 35, sign: `stream idle until ${status}` };
  return cloudflareVerdict(outcome, body) ?? argocdVerdict(outcome, body) ?? rowOfStatus(outcome, body);
}

/** A code that Cloudflare wrote, in the body or, where a custom page replaced the body, in the header of generated errors. */
function cloudflareVerdict({ status, headers, asked }: Response, body: BodyReading): Verdict | undefined {
  const written = body.says === 'cloudflare' ? body : codeOfHeader(status, headers);
  if (written === undefined) return undefined;
  if (asked.connector === 'direct' && written.code < 1_000) return undefined; // the page of some other server
  const row = rowOfCloudflareCode(written.code);
  return row === undefined ? undefined : { row, sign: `${status} with ${written.sign}` };
}

function codeOfHeader(status: number, headers: Response['headers']): { readonly code: number; readonly sign: string } | undefined {
  const code = status < 400 ? undefined : /^(\d{3,4})\b/.exec(headerText(headers, 'cf-error-type'))?.[1];
  return code === undefined ? undefined : { code: Number(code), sign: `cf-error-type ${code}` };
}

/** Argo CD's own error object decides by its gRPC code. A 200 that carries one is an error all the same. */
function argocdVerdict({ status, asked }: Response, body: BodyReading): Verdict | undefined {
  if (body.says !== 'argocd' || (status < 400 && !asked.stream && body.code === 0)) return undefined;
  if (status === 504) return { row: 5, sign: `504 with ${body.sign}`, message: body.message };
  const { row, kind } = rowOfGrpcCode(body.code);
  return { row, kind, sign: `${status} with ${body.sign}`, message: body.message };
}
