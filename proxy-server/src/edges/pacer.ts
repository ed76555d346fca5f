import type { Cancel, Clock, Timers } from '../ports/runtime.ts';
import { createSlots } from './slots.ts';

/**
 * `first`: never asked since we started. `reopen`: a watch that was cut a moment ago. `again`: an edge that was out of reach. `later`: a
 * question that can wait until nobody waits for a first one.
 */
export type Lane = 'first' | 'reopen' | 'again' | 'later';

/** Turns to open a watch, so that neither a start nor a return of half the fleet is a storm for the hub or for what is in front of the edges. */
export interface Pacer {
  /** Resolves when it is this edge's turn; give the turn back when the watch is open or has failed. */
  turn(lane: Lane): Promise<() => void>;
  /** How many wait in a lane. */
  waiting(lane: Lane): number;
  /** How many have their turn and have neither given nor lent it yet. */
  readonly underWay: number;
  /** Nobody is made to wait any more: whoever does has been stopped, and is to find that out. */
  close(): void;
}

export interface PacerOptions {
  readonly perSecond: Readonly<Record<Lane, number>>;
  /** Turns that are not given back yet, over all lanes. */
  readonly width: number;
  readonly clock: Clock;
  readonly timers: Timers;
}

const STEP_MS = 20;
/** Credit that may be saved up, as a share of a second. */
const BURST_SHARE = 0.05;

/** Lets at most `perSecond` through and `width` be under way at once, in the order of asking. */
export function createPacer({ perSecond, width, clock, timers }: PacerOptions): Pacer {
  const slots = createSlots(width);
  const lanes: Record<Lane, PacedLane> = {
    first: createLane(perSecond.first, clock, timers),
    reopen: createLane(perSecond.reopen, clock, timers),
    again: createLane(perSecond.again, clock, timers),
    later: createLane(perSecond.later, clock, timers, () => lanes.first.waiting() > 0),
  };
  let closed = false;
  return {
    async turn(lane) {
      if (!closed) await lanes[lane].pass();
      return closed ? () => undefined : lent(await slots.take(), clock, timers);
    },
    waiting: (lane) => lanes[lane].waiting(),
    get underWay() {
      return slots.inFlight;
    },
    close() {
      closed = true;
      for (const lane of Object.values(lanes)) lane.close();
    },
  };
}

/** A turn that takes longer than this waits for its edge and not for us, so its place goes to somebody else. */
const LEND_MS = 2_000;
/** Where even a timer comes this late it is we who are slow, and more at once would make us slower. */
const LATE_MS = 100;

/** A thousand edges behind one dead line would else hold every place, and each would be marked a minute late. */
function lent(release: () => void, clock: Clock, timers: Timers): () => void {
  let cancel = (): void => undefined;
  const wait = (): void => {
    const dueAt = clock.now() + LEND_MS;
    cancel = timers.after(LEND_MS, () => (clock.now() - dueAt < LATE_MS ? release() : wait()));
  };
  wait();
  return () => {
    cancel();
    release();
  };
}

interface PacedLane {
  pass(): Promise<void>;
  waiting(): number;
  /** Lets everybody through who waits. */
  close(): void;
}

/** Lets through at most `rate` a second, in order, by a credit that grows with the clock; nobody while `isHeld`. */
function createLane(rate: number, clock: Clock, timers: Timers, isHeld = (): boolean => false): PacedLane {
  const most = Math.max(1, rate * BURST_SHARE);
  let credit = most;
  let filledAt = clock.now();
  let queue: (() => void)[] = [];
  let cancelTick: Cancel | undefined;

  const fill = (): void => {
    const now = clock.now();
    credit = Math.min(most, credit + (Math.max(0, now - filledAt) / 1_000) * rate);
    filledAt = now;
  };
  const drain = (): void => {
    fill();
    const count = isHeld() ? 0 : Math.min(Math.floor(credit), queue.length);
    credit -= count;
    const passing = queue.slice(0, count);
    queue = queue.slice(count);
    for (const pass of passing) pass();
    cancelTick = queue.length > 0 ? tick() : undefined;
  };
  const tick = (): Cancel => timers.after(Math.max(STEP_MS, 1_000 / rate), drain);
  return {
    pass() {
      fill();
      if (queue.length === 0 && credit >= 1 && !isHeld()) {
        credit -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        queue.push(resolve);
        cancelTick ??= tick();
      });
    },
    waiting: () => queue.length,
    close() {
      cancelTick?.();
      for (const pass of queue.splice(0)) pass();
    },
  };
}
