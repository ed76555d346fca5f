/** The short questions: does it answer, which version is it, how late is its clock, and may we read a given Application. */
import { missingCapabilities, toArgocdVersion } from '../domain/argocd-version.ts';
import { makeFailure } from '../domain/classify.ts';
import { headerText } from '../domain/classify-headers.ts';
import { nextClockSkew } from '../domain/clock-skew.ts';
import type { AnswerHeaders, EdgeFailure } from '../domain/failure.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { WatchMode } from '../domain/watch-mode.ts';
import { CanIAnswer, VersionAnswer } from './edge-schemas.ts';
import { canReadPath, VERSION_PATH } from './projections.ts';
import { keyOfText } from './application-marks.ts';
import { putFacts, type WatchContext } from './watch-context.ts';

/** A change of the skew below this is the coarseness of the Date header, not news. */
const SKEW_NEWS_MS = 2_000;

/** Keeps the edge's clock in mind from any answer. */
export function noteClock(context: WatchContext, headers: AnswerHeaders, askedAt: number): void {
  const { memory, runtime } = context;
  const dateHeader = headerText(headers, 'date');
  const sample = { dateHeader: dateHeader === '' ? undefined : dateHeader, askedAt, answeredAt: runtime.clock.now() };
  memory.skew = nextClockSkew(memory.skew, sample);
  const skewMs = memory.skew?.skewMs;
  const told = memory.facts.clockSkewMs;
  if (skewMs !== undefined && (told === undefined || Math.abs(skewMs - told) > SKEW_NEWS_MS)) putFacts(context, { clockSkewMs: skewMs });
}

/** The edge's clock now, as far as its answers told. */
export const edgeClockNow = ({ memory, runtime }: WatchContext): number => runtime.clock.now() + (memory.skew?.skewMs ?? 0);

/** `GET /api/version`: the probe that decides whether the edge answers. It needs no rights. */
export async function probeVersion(context: WatchContext): Promise<Result<void, EdgeFailure>> {
  const { client, route, runtime, limits, memory, probeMs } = context;
  const askedAt = runtime.clock.now();
  const answer = await client.ask(route, {
    method: 'GET', path: VERSION_PATH, token: 'read', timeoutMs: probeMs, overallMs: probeMs, operation: 'probe', outsideSlots: true, compressed: false, maxBytes: limits.maxSmallBodyBytes,
  }); // prettier-ignore
  if (!answer.ok) return err(await withBeacon(context, noVersion(answer.error)));
  memory.usualProbeMs = runtime.clock.now() - askedAt;
  const parsed = VersionAnswer.safeParse(answer.value.body);
  if (!parsed.success) return err(makeFailure(27, { sign: 'an answer that names no version', status: answer.value.status }));
  noteClock(context, answer.value.headers, askedAt);
  if (memory.version?.raw !== parsed.data.Version.slice(0, 64)) memory.version = toArgocdVersion(parsed.data.Version);
  return ok(undefined);
}

/**
 * Whatever answers that much to this question is no Argo CD, so this is not its word that something is too big. And one that answers for another
 * name (row 21) on a new connection too will go on doing so: then it is said.
 */
function noVersion(failure: EdgeFailure): EdgeFailure {
  if (failure.row === 21) return makeFailure(42, { ...failure, kind: undefined, sign: `${failure.sign}, also on a new connection` });
  return failure.kind === 'edgeLimit' && failure.status === undefined
    ? makeFailure(27, { sign: 'an answer that is too long to be a version' })
    : failure;
}

/** Tells readers how this edge is read, and what it therefore cannot tell. */
export function noteMode(context: WatchContext, mode: WatchMode): void {
  const { version } = context.memory;
  putFacts(context, {
    mode,
    url: context.edge.url,
    missingCapabilities: missingCapabilities(version, mode),
    ...(version === undefined ? {} : { argocdVersion: version.raw }),
  });
}

/**
 * 502 says that the tunnel stands and something behind it does not, but an ingress says 502 too. Where cloudflared answers a route itself,
 * asking it tells a lost site from a dead Argo CD; the answer words the failure, it never decides.
 */
async function withBeacon({ client, route, limits, probeMs }: WatchContext, failure: EdgeFailure): Promise<EdgeFailure> {
  if (failure.row !== 4 || route.beaconPath === undefined) return failure;
  const beacon = await client.ask(route, {
    method: 'GET', path: route.beaconPath, token: 'none', timeoutMs: probeMs / 2, overallMs: probeMs / 2, operation: 'beacon', outsideSlots: true,
    maxBytes: limits.maxSmallBodyBytes,
  }); // prettier-ignore
  if (!beacon.ok && beacon.error.row === 1) return beacon.error;
  const answers = beacon.ok || (beacon.error.status !== undefined && beacon.error.status < 300);
  return answers ? { ...failure, sign: `${failure.sign}, while the tunnel's own route answers` } : failure;
}

/**
 * Whether our account may read a known Application: the edge's own answer, not ours. A failure where it could not be asked. The object of a
 * policy has the namespace in it for Applications outside the control plane's, so a "no" to one form is asked in the other.
 */
export async function mayRead(context: WatchContext, keyText: string): Promise<Result<boolean, EdgeFailure>> {
  const { namespace, name } = keyOfText(keyText);
  const project = context.memory.marks.projectOf(keyText) ?? 'default';
  const plain = await canI(context, project, name);
  return plain.ok && !plain.value && namespace !== '' ? canI(context, project, `${namespace}/${name}`) : plain;
}

async function canI({ client, route, limits }: WatchContext, project: string, name: string): Promise<Result<boolean, EdgeFailure>> {
  const path = canReadPath(project, name);
  const answer = await client.ask(route, {
    method: 'GET',
    path,
    token: 'read',
    operation: 'can-i',
    compressed: false,
    maxBytes: limits.maxSmallBodyBytes,
  });
  if (!answer.ok) return answer;
  const parsed = CanIAnswer.safeParse(answer.value.body);
  return parsed.success ? ok(parsed.data.value === 'yes') : err(makeFailure(27, { sign: 'an answer that is neither yes nor no' }));
}

/** Row 23, found by asking and not by an answer to a list: lists simply leave out what may not be seen. */
export const lostRights = (): EdgeFailure => makeFailure(23, { sign: 'can-i applications get: no', detail: 'noRights' });
