/**
 * How an edge could be reached lately: 24 hours by the minute and 30 days by the hour, in two rings of bytes of a fixed size (2,160 bytes per
 * edge). Time that nobody watched, because the hub was down or the clock jumped, reads as `notWatched` and never as reachable.
 *
 * A minute holds the worst code seen in it. An hour holds the worst code and the share of its watched minutes that were reachable:
 *
 *   minute byte: code 0..4
 *   hour byte:   code in the upper 3 bits, share in the lower 5 (0..31, where 31 is all)
 *
 * The cells of a ring are told apart by time modulo size; `lastMinute` says how far it is filled, so older cells are cleared as time passes.
 */
import type { Connection } from './edge-state.ts';

export const REACH_CODES = ['notWatched', 'reachable', 'neverReached', 'refused', 'outOfReach'] as const;
/** Best to worst but for `notWatched`, which any watched code replaces. */
export type ReachCode = (typeof REACH_CODES)[number];

const MINUTE = 60_000;
const MINUTES = 24 * 60;
const HOURS = 30 * 24;
const FULL_SHARE = 31;

/** Plain data: two rings and where they stand. Treat as immutable; every function returns a new one or the same. */
export interface Connectivity {
  readonly minutes: Uint8Array;
  readonly hours: Uint8Array;
  /** Minutes since epoch of the newest cell. */
  readonly lastMinute: number;
}

/** One hour of the long view. `share` is the part of its watched minutes that was reachable; undefined where none was watched. */
export interface ReachHour {
  readonly worst: ReachCode;
  readonly share: number | undefined;
}

const CODE_OF: Readonly<Record<Connection, ReachCode>> = {
  Reachable: 'reachable',
  OutOfReach: 'outOfReach',
  Refused: 'refused',
  NeverReached: 'neverReached',
};

const codeNumber = (code: ReachCode): number => REACH_CODES.indexOf(code);
const codeName = (code: number): ReachCode => REACH_CODES[code] ?? 'notWatched';
const minuteOf = (now: number): number => Math.floor(now / MINUTE);

/** A history that knows nothing. */
export function emptyConnectivity(now: number): Connectivity {
  return { minutes: new Uint8Array(MINUTES), hours: new Uint8Array(HOURS), lastMinute: minuteOf(now) };
}

/**
 * Notes that the connection is this at `now`. To be called on every change and at least once a minute while the edge is watched: a minute
 * without a call stays `notWatched`. A clock that went back a little adds to the newest minute; one that went back
 * by more than an hour takes with it what was noted ahead of it.
 */
export function noteConnection(history: Connectivity, connection: Connection, now: number): Connectivity {
  const code = codeNumber(CODE_OF[connection]);
  const advanced = advance(history, now);
  const at = cell(advanced.lastMinute, MINUTES);
  if ((advanced.minutes[at] ?? 0) >= code) return advanced;
  const minutes = Uint8Array.from(advanced.minutes);
  minutes[at] = code;
  const hours = Uint8Array.from(advanced.hours);
  hours[cell(hourOf(advanced.lastMinute), HOURS)] = hourByte(minutes, advanced.lastMinute);
  return { minutes, hours, lastMinute: advanced.lastMinute };
}

const hourOf = (minute: number): number => Math.floor(minute / 60);
const cell = (time: number, size: number): number => ((time % size) + size) % size;

/** The same history with its newest minute at `now`; everything in between is `notWatched`. The same object where no minute has passed. */
export function advance(history: Connectivity, now: number): Connectivity {
  const target = minuteOf(now);
  if (target < history.lastMinute - MAX_STEP_BACK_MINUTES) return rewind(history, target);
  if (target <= history.lastMinute) return history;
  const minutes = Uint8Array.from(history.minutes);
  const hours = Uint8Array.from(history.hours);
  clear(minutes, history.lastMinute, target);
  clear(hours, hourOf(history.lastMinute), hourOf(target));
  return { minutes, hours, lastMinute: target };
}

/** A clock set back further than this was wrong before. */
const MAX_STEP_BACK_MINUTES = 60;

/** Forgets what was noted under a clock that ran ahead. */
function rewind(history: Connectivity, target: number): Connectivity {
  const minutes = Uint8Array.from(history.minutes);
  const hours = Uint8Array.from(history.hours);
  clear(minutes, target, history.lastMinute);
  clear(hours, hourOf(target), hourOf(history.lastMinute));
  return { minutes, hours, lastMinute: target };
}

/** Empties the cells after `from` up to `to`, at most once around. */
function clear(ring: Uint8Array, from: number, to: number): void {
  const steps = Math.min(to - from, ring.length);
  for (let step = 0; step < steps; step += 1) ring[cell(to - step, ring.length)] = 0;
}

/** Worst code and reachable share of the hour that `minute` is in, from its minutes up to that one. */
function hourByte(minutes: Uint8Array, minute: number): number {
  let worst = 0;
  let watched = 0;
  let reachable = 0;
  for (let each = hourOf(minute) * 60; each <= minute; each += 1) {
    const code = minutes[cell(each, MINUTES)] ?? 0;
    worst = Math.max(worst, code);
    if (code > 0) watched += 1;
    if (code === 1) reachable += 1;
  }
  if (watched === 0) return 0;
  return (worst << 5) | Math.floor((reachable / watched) * FULL_SHARE);
}

/** The last 24 hours, oldest first, 1,440 codes; the last is the minute of `now`. */
export function readMinutes(history: Connectivity, now: number): readonly ReachCode[] {
  const { minutes, lastMinute } = advance(history, now);
  return Array.from({ length: MINUTES }, (_unused, index) => codeName(minutes[cell(lastMinute - MINUTES + 1 + index, MINUTES)] ?? 0));
}

/** The last 30 days, oldest first, 720 hours; the last is the hour of `now`. */
export function readHours(history: Connectivity, now: number): readonly ReachHour[] {
  const { hours, lastMinute } = advance(history, now);
  const last = hourOf(lastMinute);
  return Array.from({ length: HOURS }, (_unused, index) => {
    const byte = hours[cell(last - HOURS + 1 + index, HOURS)] ?? 0;
    const worst = codeName(byte >> 5);
    return { worst, share: worst === 'notWatched' ? undefined : (byte & FULL_SHARE) / FULL_SHARE };
  });
}

const FORMAT_VERSION = 1;
const HEADER_BYTES = 9;

/** Version, newest minute, then runs of (count, code) of both rings, oldest first: a quiet month takes some fifty bytes. */
export function toBytes({ minutes, hours, lastMinute }: Connectivity): Uint8Array {
  const runs = [...runsOf(minutes, lastMinute), ...runsOf(hours, hourOf(lastMinute))];
  const bytes = new Uint8Array(HEADER_BYTES + runs.length * 3);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FORMAT_VERSION);
  view.setFloat64(1, lastMinute);
  runs.forEach(([count, code], index) => {
    view.setUint16(HEADER_BYTES + index * 3, count);
    view.setUint8(HEADER_BYTES + index * 3 + 2, code);
  });
  return bytes;
}

function runsOf(ring: Uint8Array, last: number): (readonly [count: number, code: number])[] {
  const runs: [number, number][] = [];
  for (let step = 1; step <= ring.length; step += 1) {
    const code = ring[cell(last + step, ring.length)] ?? 0;
    const run = runs.at(-1);
    if (run?.[1] === code) run[0] += 1;
    else runs.push([1, code]);
  }
  return runs;
}

/** The history that was stored, or undefined where the bytes are not one. */
export function fromBytes(bytes: Uint8Array): Connectivity | undefined {
  if (bytes.length < HEADER_BYTES || (bytes.length - HEADER_BYTES) % 3 !== 0 || bytes[0] !== FORMAT_VERSION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lastMinute = view.getFloat64(1);
  if (!Number.isSafeInteger(lastMinute)) return undefined;
  const cells: number[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; at += 3) {
    const count = view.getUint16(at);
    if (cells.length + count > MINUTES + HOURS) return undefined;
    for (let each = 0; each < count; each += 1) cells.push(view.getUint8(at + 2));
  }
  if (cells.length !== MINUTES + HOURS) return undefined;
  return { lastMinute, minutes: toRing(cells.slice(0, MINUTES), lastMinute), hours: toRing(cells.slice(MINUTES), hourOf(lastMinute)) };
}

function toRing(oldestFirst: readonly number[], last: number): Uint8Array {
  const ring = new Uint8Array(oldestFirst.length);
  oldestFirst.forEach((code, index) => {
    ring[cell(last + 1 + index, ring.length)] = code;
  });
  return ring;
}
