/** What runs beside a live stream on timers of its own: the TICK, and the repair. Never both at once, so that an edge has one question less. */
import { betweenMs } from '../domain/backoff.ts';
import { failureRow } from '../domain/failure-table.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import type { Cancel } from '../ports/runtime.ts';
import type { ApplicationWriter } from './application-writer.ts';
import { reportRights, type SessionEnd, type WatchContext } from './watch-context.ts';
import type { ApplicationEvent } from './to-application.ts';
import { noteMode, probeVersion } from './watch-probe.ts';
import { repair, type RepairResult } from './watch-repair.ts';
import { runTick, type TickResult } from './watch-tick.ts';

const FIRST_TICK_MS = 2_000;
const NOTHING_TO_STOP: Cancel = () => undefined;

/** Starts with a TICK soon and a repair later. `onEnd`: the stream has to be opened anew, or what it tells may not be believed any more. */
export class WatchChores {
  readonly #context: WatchContext;
  readonly #writer: ApplicationWriter;
  readonly #onEnd: (end: SessionEnd) => void;
  #over = false;
  #busy = false;
  #stopTick: Cancel = NOTHING_TO_STOP;
  #cancelTick: Cancel = () => undefined;
  #cancelRepair: Cancel = () => undefined;

  constructor(context: WatchContext, writer: ApplicationWriter, onEnd: (end: SessionEnd) => void) {
    this.#context = context;
    this.#writer = writer;
    this.#onEnd = onEnd;
  }

  start(): void {
    const { runtime, spreadMs, memory } = this.#context;
    this.#repairIn(this.#nextRepairMs());
    if (memory.version === undefined) return this.#tickOrVisit();
    const mostMs = spreadMs();
    this.#tickIn(FIRST_TICK_MS + betweenMs(mostMs / 2, mostMs, runtime.random())); // not before the others of a start are connected
  }

  /** The TICK, now: it is a question that needs rights. */
  verify(): void {
    this.#tick();
  }

  close(): void {
    this.#over = true;
    this.#cancelTick();
    this.#cancelRepair();
    this.#stopTick();
    this.#writer.noteInto(undefined);
  }

  /** Where the stream came before all questions: which version this is, what a list says against the stream, and the TICK, over one socket. */
  async #visit(): Promise<void> {
    const giveBack = await this.#context.later();
    try {
      const probed = this.#over ? undefined : await probeVersion(this.#context);
      if (this.#over) return;
      if (probed?.ok === true) noteMode(this.#context, 'stream');
      if (this.#context.memory.marks.size > 0) await this.#repair();
      this.#tick();
    } finally {
      giveBack();
    }
  }

  #tickIn(delayMs: number): void {
    this.#cancelTick();
    this.#cancelTick = this.#context.runtime.timers.after(delayMs, () => this.#tickOrVisit());
  }

  #tickOrVisit(): void {
    if (this.#context.memory.version === undefined) this.#context.guard(() => this.#visit());
    else this.#tick();
  }

  #repairIn(delayMs: number): void {
    this.#cancelRepair();
    this.#cancelRepair = this.#context.runtime.timers.after(delayMs, () => this.#startRepair());
  }

  #nextRepairMs(): number {
    return betweenMs(...this.#context.limits.repairEveryMs, this.#context.runtime.random());
  }

  #tick(): void {
    const { memory, limits, runtime } = this.#context;
    if (this.#over) return;
    if (this.#busy) return this.#tickIn(FIRST_TICK_MS);
    this.#tickIn(betweenMs(...limits.tickEveryMs, runtime.random()));
    if (memory.marks.size === 0) return this.#startRepair(); // a snapshot of nothing is silence: only a list tells
    this.#busy = true;
    this.#stopTick = runTick(this.#context, (result) => this.#afterTick(result));
  }

  #afterTick(result: TickResult): void {
    this.#busy = false;
    this.#stopTick = NOTHING_TO_STOP; // or the snapshot would be kept until the next one
    if (this.#over) return;
    if (result.kind === 'proven') reportRights(this.#context);
    if (result.kind === 'failed' && result.failure.row !== 35) this.#doubt(result.failure);
  }

  #startRepair(): void {
    if (this.#over) return;
    if (this.#busy) return this.#repairIn(FIRST_TICK_MS);
    this.#context.guard(() => this.#repair());
  }

  async #repair(): Promise<void> {
    if (this.#busy) return;
    this.#repairIn(this.#nextRepairMs());
    this.#busy = true;
    const touched = new Set<string>();
    this.#writer.noteInto(touched);
    const upsert = (event: ApplicationEvent): unknown => this.#over || this.#writer.apply(event);
    this.#afterRepair(await repair(this.#context, touched, upsert));
  }

  #afterRepair(result: RepairResult): void {
    this.#busy = false;
    if (this.#over) return;
    this.#writer.noteInto(undefined);
    this.#context.memory.rightsProven = result.kind !== 'failed';
    if (result.kind === 'failed') return this.#doubt(result.failure);
    reportRights(this.#context);
    if (result.kind === 'tooMuch' || this.#context.memory.marks.size === 0) this.#onEnd({ kind: 'again' });
  }

  /** A refusal and a replay end the stream: what it goes on telling may not be believed. Anything else is a doubt beside a stream that lives. */
  #doubt(failure: EdgeFailure): void {
    const { effect } = failureRow(failure.row);
    if (effect === 'refusedAtOnce' || failure.row === 41) this.#onEnd({ kind: 'failed', failure });
    else this.#context.report({ kind: 'failed', failure });
  }
}
