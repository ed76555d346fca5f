/**
 * The degraded watch: where no stream comes through, the edge is asked in small questions. A probe of 60 bytes tells whether anything moved on
 * the replica that answers; the comparing list follows when it did, and at the latest once a minute; the whole list only when something differs.
 * Its lists carry no conditions, no operation message and no reconciledAt.
 */
import type { Application } from '../domain/application.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import { applicationKeyText } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { Cancel } from '../ports/runtime.ts';
import { checkPolled } from './poll-identity.ts';
import { changeProbePath, pollFields, statusFields } from './projections.ts';
import { phaseOf, toApplication, toApplicationList, type ApplicationList } from './to-application.ts';
import { heard, reportRights, type SessionEnd, type WatchContext, type WatchSession } from './watch-context.ts';
import { listApplications } from './watch-list.ts';
import { noteMode } from './watch-probe.ts';
import { differencesOf, prune } from './watch-repair.ts';

const NONE_TOUCHED: ReadonlySet<string> = new Set();

export interface PollPlan {
  /** Between two probes. */
  readonly everyMs: number;
  /** When polling gives a stream another try. */
  readonly streamAgainAt: number | undefined;
  /** Polled only because it had nothing to tell: the first Application ends it. */
  readonly whileEmpty: boolean;
}

/** Reads an edge by lists where its stream is of no use; ends with the failure that ended it. */
export function watchPoll(context: WatchContext, plan: PollPlan, onEnd: (end: SessionEnd) => void): WatchSession {
  const { runtime, limits, memory } = context;
  let over = false;
  let running = false;
  let listedAt: number | undefined;
  let seenVersion: string | undefined;
  let cancel: Cancel = () => undefined;

  const close = (): void => {
    over = true;
    cancel();
  };
  const finish = (end: SessionEnd): void => {
    if (over) return;
    close();
    onEnd(end);
  };
  const turn = (): void => {
    if (over) return;
    cancel();
    cancel = runtime.timers.after(plan.everyMs, turn);
    if (running) return; // the answer takes longer than the pace
    running = true;
    context.guard(async () => {
      const failure = await pass();
      running = false;
      if (over) return;
      memory.rightsProven = failure === undefined;
      if (failure !== undefined) return finish({ kind: 'failed', failure });
      reportRights(context);
      if (wantsStream()) finish({ kind: 'again' });
    });
  };
  const wantsStream = (): boolean => {
    if (plan.whileEmpty) return memory.marks.size > 0;
    return plan.streamAgainAt !== undefined && runtime.clock.now() >= plan.streamAgainAt;
  };
  const pass = async (): Promise<EdgeFailure | undefined> => {
    const now = runtime.clock.now();
    if (listedAt !== undefined && now - listedAt < limits.pollListMs) {
      const version = await changeVersion(context);
      if (!version.ok) return version.error;
      if (version.value !== undefined && version.value === seenVersion) return undefined;
      seenVersion = version.value;
    }
    listedAt = now;
    return pollOnce(context);
  };

  noteMode(context, 'poll');
  turn();
  return { verify: turn, close };
}

/** What the probe says of the replica that answered; undefined where it says nothing. */
async function changeVersion(context: WatchContext): Promise<Result<string | undefined, EdgeFailure>> {
  const { client, route, limits } = context;
  const maxBytes = limits.maxSmallBodyBytes;
  const answer = await client.ask(route, { method: 'GET', path: changeProbePath, token: 'read', operation: 'poll', maxBytes });
  if (!answer.ok) return answer;
  heard(context);
  return ok(toApplicationList(answer.value.body)?.resourceVersion);
}

/** Compares, and reads all where anything differs. A failure means that nothing was taken away. */
async function pollOnce(context: WatchContext): Promise<EdgeFailure | undefined> {
  const compared = await listApplications(context, pollFields);
  if (!compared.ok) return compared.error;
  const stranger = await checkPolled(context, compared.value);
  if (stranger !== undefined) return stranger;
  const { changed, gone } = differencesOf(compared.value, context, NONE_TOUCHED);
  if (changed.length > 0) {
    const read = await readAll(context);
    if (!read.ok) return read.error;
  }
  return prune(context, gone);
}

async function readAll(context: WatchContext): Promise<Result<void, EdgeFailure>> {
  const { memory, sink, edge } = context;
  const list = await listApplications(context, statusFields(memory.version?.capabilities.narrowList ?? false), { full: true });
  if (!list.ok) return err(list.error);
  const stranger = await checkPolled(context, list.value);
  if (stranger !== undefined) return err(stranger);
  const stored = sink.known(edge.id).applications.map((known) => [applicationKeyText(known), known.uid] as const);
  const uids = new Map([...stored, ...(memory.polled?.uids ?? [])]);
  const applications = toApplications(list.value).map(({ application, phase }) => {
    const keyText = applicationKeyText(application);
    memory.marks.see(keyText, application, phase);
    const uid = uids.get(keyText); // lists have none
    return uid === undefined || application.uid !== '' ? application : { ...application, uid };
  });
  if (applications.length > 0) sink.putApplications(edge.id, applications);
  return ok(undefined);
}

function toApplications(list: ApplicationList): readonly { readonly application: Application; readonly phase: string }[] {
  return list.items.flatMap((item) => {
    const application = toApplication(item);
    return application === undefined ? [] : [{ application, phase: phaseOf(item) }];
  });
}
