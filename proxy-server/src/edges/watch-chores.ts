/** What runs beside a live stream on timers of its own: the TICK, and the repair. Never both at once, so that an edge has one question less. */
import { betweenMs } from '../domain/backoff.ts';
import { failureRow } from '../domain/failure-table.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import type { Cancel } from '../ports/runtime.ts';
import type { ApplicationWriter } from './application-writer.ts';
import { reportRights, type SessionEnd, type WatchContext } from './watch-context.ts';
import { repair, type RepairResult } from './watch-repair.ts';
import { runTick, type TickResult } from './watch-tick.ts';

export interface WatchChores {
  /** The TICK, now: it is a question that needs rights. */
  verify(): void;
  close(): void;
}

const FIRST_TICK_MS = 2_000;

/** `onEnd`: the stream has to be opened anew, or what it tells may not be believed any more. */
export function startChores(context: WatchContext, writer: ApplicationWriter, onEnd: (end: SessionEnd) => void): WatchChores {
  const { runtime, limits, memory } = context;
  let over = false;
  let busy = false;
  let stopTick: Cancel = () => undefined;
  let cancelTick: Cancel = () => undefined;
  let cancelRepair: Cancel = () => undefined;

  const tickIn = (delayMs: number): void => {
    cancelTick();
    cancelTick = runtime.timers.after(delayMs, tick);
  };
  const repairIn = (delayMs: number): void => {
    cancelRepair = runtime.timers.after(delayMs, startRepair);
  };
  const nextTickMs = (): number => betweenMs(...limits.tickEveryMs, runtime.random());
  const nextRepairMs = (): number => betweenMs(...limits.repairEveryMs, runtime.random());

  const tick = (): void => {
    if (over) return;
    if (busy) return tickIn(FIRST_TICK_MS);
    tickIn(nextTickMs());
    if (memory.marks.size === 0) return startRepair(); // a snapshot of nothing is silence: only a list tells
    busy = true;
    stopTick = runTick(context, afterTick);
  };
  const afterTick = (result: TickResult): void => {
    busy = false;
    if (over) return;
    if (result.kind === 'proven') reportRights(context);
    if (result.kind === 'failed' && result.failure.row !== 35) onDoubt(result.failure);
  };
  const startRepair = (): void => {
    if (over) return;
    cancelRepair();
    if (busy) return repairIn(FIRST_TICK_MS);
    repairIn(nextRepairMs());
    busy = true;
    const touched = new Set<string>();
    writer.noteInto(touched);
    void repair(context, touched, (event) => over || writer.apply(event)).then(afterRepair);
  };
  const afterRepair = (result: RepairResult): void => {
    busy = false;
    writer.noteInto(undefined);
    if (over) return;
    memory.rightsProven = result.kind !== 'failed';
    if (result.kind === 'failed') onDoubt(result.failure);
    else if (result.kind === 'tooMuch' || memory.marks.size === 0) onEnd({ kind: 'again' });
    else reportRights(context);
  };

  /** A refusal and a replay end the stream: what it goes on telling may not be believed. Anything else is a doubt beside a stream that lives. */
  const onDoubt = (failure: EdgeFailure): void => {
    const { effect } = failureRow(failure.row);
    if (effect === 'refusedAtOnce' || failure.row === 41) onEnd({ kind: 'failed', failure });
    else context.report({ kind: 'failed', failure });
  };

  tickIn(FIRST_TICK_MS + runtime.random() * context.spreadMs());
  repairIn(nextRepairMs());
  return {
    verify: tick,
    close() {
      over = true;
      cancelTick();
      cancelRepair();
      stopTick();
      writer.noteInto(undefined);
    },
  };
}
