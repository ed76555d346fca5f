/**
 * The world's time. It starts with the machine's, may run faster, and may be held by hand (tests).
 * Nothing in the world reads any other clock.
 */
export interface WorldClock {
  /** The world's time in ms since the epoch. */
  now(): number;
  /** How many seconds of the world pass in one second of the machine; 0 holds it still. */
  speed(): number;
  /** Changes the speed from this moment on; the time shown makes no jump. */
  setSpeed(speed: number): void;
  /** Moves the time forward by so much, beside what passes by itself. */
  advance(ms: number): void;
}

export interface WorldClockOptions {
  readonly startAt: number;
  readonly speed: number;
  /** A clock of the machine that only moves forward, in ms. */
  readonly machineNow: () => number;
}

/** A clock that shows `startAt` at this moment and then runs at `speed`. */
export function createWorldClock(options: WorldClockOptions): WorldClock {
  let base = options.startAt;
  let baseMachine = options.machineNow();
  let speed = options.speed;
  const now = (): number => base + (options.machineNow() - baseMachine) * speed;
  const settle = (): void => {
    base = now();
    baseMachine = options.machineNow();
  };
  return {
    now,
    speed: () => speed,
    setSpeed: (next) => {
      settle();
      speed = next;
    },
    advance: (ms) => {
      settle();
      base += ms;
    },
  };
}
