/**
 * Rows 39 and 41 where an edge is read by lists, which name no uid and no time of comparison in any version. What they do name is when each
 * Application was created: as long as that agrees with the last list that was proven, nothing more is asked. Where it does not, or nothing was
 * proven yet, a few Applications are read whole, the oldest first, since those are the least likely to have been made anew.
 *
 *   list ─► births as proven before, and not older ─► merged
 *        └► else: GET of at most 8 ─► a known uid among them ─► proven ─► merged
 *                                 ├► none of them known ─► row 39, or accepted
 *                                 └► all compared earlier than before ─► row 41
 */
import { makeFailure } from '../domain/classify.ts';
import { failureRow } from '../domain/failure-table.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import { applicationKeyText } from '../domain/ids.ts';
import { replayFailure } from '../domain/replay.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { keyOfText } from './application-marks.ts';
import { acceptAnother, identityOf, tellIdentity } from './identity-facts.ts';
import { wholeApplicationPath } from './projections.ts';
import { birthOf, keyOf, reconciledAtOf, uidOf, type ApplicationList } from './to-application.ts';
import type { WatchContext } from './watch-context.ts';
import { edgeClockNow } from './watch-probe.ts';

/** So many Applications tell two Argo CDs apart as well as all of them. */
const SAMPLE = 16;
/** Applications read whole before the edge is taken for another one. */
const MOST_READ = 8;
/** Where nothing is known to look for, so many are learnt. */
const LEARNT = 3;
const MOST_LEARNT = 64;
/** An older time to compare with finds older replays only; an edge that is read seldom is not asked twice as much for it. */
const READ_AGAIN_MS = 5 * 60_000;
const READ_PARKED_AGAIN_MS = 60 * 60_000;
const MAX_WHOLE_BYTES = 4 * 1024 * 1024;

const readAgainMs = ({ edge }: WatchContext): number => (edge.lifecycle === 'Parked' ? READ_PARKED_AGAIN_MS : READ_AGAIN_MS);

/** Asked before anything of a list is merged. A failure means that nothing of it may be. */
export async function checkPolled(context: WatchContext, list: ApplicationList): Promise<EdgeFailure | undefined> {
  const births = birthsOf(list);
  if (births.size === 0) return undefined; // proves nothing, either way
  const { memory, runtime } = context;
  const proof = memory.polled;
  const version = versionOf(list);
  const agrees = proof !== undefined && sharesBirths(proof.births, births);
  const isFresh = proof !== undefined && runtime.clock.now() - proof.readAt < readAgainMs(context);
  if (!memory.doubted && agrees && isFresh && !isOlder(version, proof.listVersion)) {
    memory.polled = { ...proof, births: sampleOf(births), listVersion: version };
    return undefined;
  }
  const known = knownUids(context, { births, agrees });
  const read = await readSome(context, targetsOf(births, known), known);
  if (!read.ok) return unproven(context, agrees, read.error);
  return judge(context, { births, version, known, read: read.value });
}

/** Nothing could be read. Where nothing speaks against the list either it is taken as it is; where something does, it is kept apart. */
function unproven({ memory }: WatchContext, agrees: boolean, failure: EdgeFailure): EdgeFailure | undefined {
  if (!isSpoken(failure)) return failure;
  if (!memory.doubted && (agrees || memory.polled === undefined)) return undefined;
  memory.doubted = true;
  return failure;
}

interface Evidence {
  readonly births: ReadonlyMap<string, string>;
  readonly version: number | undefined;
  readonly known: ReadonlyMap<string, string>;
  readonly read: Reading;
}

interface Reading {
  readonly uids: ReadonlyMap<string, string>;
  readonly observedAt: ReadonlyMap<string, number>;
}

function judge(context: WatchContext, { births, version, known, read }: Evidence): EdgeFailure | undefined {
  const { memory, sink, edge, runtime } = context;
  const seenUids = new Set(read.uids.values());
  const verdict = identityOf(context, new Set(known.values()), seenUids);
  if (verdict === 'changed') return makeFailure(39, { sign: `none of ${read.uids.size} Applications read is a known one` });
  const edgeClock = edgeClockNow(context);
  const before = verdict === 'same' ? memory.polled?.observedAt : undefined;
  const reading = (observedAt: Reading['observedAt']) => ({ edgeClock, versions: new Map<string, number>(), observedAt });
  const replayed = before === undefined ? undefined : replayFailure(reading(before), reading(read.observedAt));
  if (replayed !== undefined) return replayed;
  if (verdict === 'accepted') acceptAnother(context, [...memory.marks.keys()]);
  tellIdentity(context, verdict, sink.known(edge.id).identity, seenUids);
  memory.doubted = false;
  const uids = new Map(
    [...(verdict === 'same' ? known : []), ...read.uids].filter(([keyText]) => births.has(keyText)).slice(0, MOST_LEARNT),
  );
  memory.polled = { births: sampleOf(births), listVersion: version, readAt: runtime.clock.now(), uids, observedAt: read.observedAt };
  return undefined;
}

/**
 * The uids by which this edge is known: those that were stored, and those that were learnt and are not stored yet. They may be few of many: where
 * all of them are gone from a list that agrees with the last one, others have to be learnt, and nothing is wrong.
 */
function knownUids(
  { sink, edge, memory }: WatchContext,
  { births, agrees }: { readonly births: ReadonlyMap<string, string>; readonly agrees: boolean },
): ReadonlyMap<string, string> {
  const stored = sink.known(edge.id).applications.filter(({ uid }) => uid !== '');
  const known = new Map([...stored.map((each) => [applicationKeyText(each), each.uid] as const), ...(memory.polled?.uids ?? [])]);
  const isListed = [...known.keys()].some((keyText) => births.has(keyText));
  return isListed || !agrees ? known : new Map();
}

/** One that is not known yet, so that in time all of them are; then the known ones, of those the oldest. */
function targetsOf(births: ReadonlyMap<string, string>, known: ReadonlyMap<string, string>): readonly string[] {
  const oldest = [...births].sort(([, left], [, right]) => (left < right ? -1 : 1)).map(([keyText]) => keyText);
  const listed = oldest.filter((keyText) => known.has(keyText));
  const unknown = known.size > MOST_LEARNT ? [] : oldest.filter((keyText) => !known.has(keyText));
  return listed.length > 0 ? [...unknown.slice(0, 1), ...listed.slice(0, MOST_READ)] : oldest.slice(0, LEARNT);
}

/** Reads until one is the known one; one that is gone meanwhile or may not be seen says nothing. */
async function readSome(
  context: WatchContext,
  targets: readonly string[],
  known: ReadonlyMap<string, string>,
): Promise<Result<Reading, EdgeFailure>> {
  const uids = new Map<string, string>();
  const observedAt = new Map<string, number>();
  let failure: EdgeFailure | undefined;
  for (const keyText of targets) {
    const one = await readWhole(context, keyText);
    if (!one.ok && !isSpoken(one.error)) return one;
    if (!one.ok) failure = one.error;
    else if (one.value.uid !== '') {
      uids.set(keyText, one.value.uid);
      if (one.value.reconciledAt !== undefined) observedAt.set(keyText, one.value.reconciledAt);
      if (known.get(keyText) === one.value.uid) break;
    }
  }
  return uids.size === 0 && failure !== undefined ? err(failure) : ok({ uids, observedAt });
}

interface WholeApplication {
  readonly uid: string;
  readonly reconciledAt: number | undefined;
}

async function readWhole({ client, route, memory }: WatchContext, keyText: string): Promise<Result<WholeApplication, EdgeFailure>> {
  const path = wholeApplicationPath(keyOfText(keyText), memory.marks.projectOf(keyText));
  const answer = await client.ask(route, { method: 'GET', path, token: 'read', operation: 'identity', maxBytes: MAX_WHOLE_BYTES });
  if (!answer.ok) return answer;
  const { body } = answer.value;
  return ok({ uid: uidOf(body), reconciledAt: reconciledAtOf(body) });
}

/** Argo CD answered, about this Application only: 403 is also how it says that there is none. */
const isSpoken = ({ row }: EdgeFailure): boolean => row === 13 || row === 23 || failureRow(row).effect === 'reachable';

function birthsOf(list: ApplicationList): ReadonlyMap<string, string> {
  const births = new Map<string, string>();
  for (const item of list.items) {
    const key = keyOf(item);
    if (key !== undefined) births.set(applicationKeyText(key), birthOf(item));
  }
  return births;
}

/** The oldest ones. */
function sampleOf(births: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (births.size <= SAMPLE) return births;
  return new Map([...births].sort(([, left], [, right]) => (left < right ? -1 : 1)).slice(0, SAMPLE));
}

/** Half of what is there of them has to be as it was: two Applications of two Argo CDs may well be of the same second. */
function sharesBirths(proven: ReadonlyMap<string, string>, births: ReadonlyMap<string, string>): boolean {
  const there = [...proven].filter(([keyText]) => births.has(keyText));
  return there.length > 0 && 2 * there.filter(([keyText, birth]) => births.get(keyText) === birth).length >= there.length;
}

const versionOf = ({ resourceVersion }: ApplicationList): number | undefined =>
  resourceVersion !== undefined && /^\d{1,15}$/.test(resourceVersion) ? Number(resourceVersion) : undefined;
const isOlder = (now: number | undefined, before: number | undefined): boolean => now !== undefined && before !== undefined && now < before;
