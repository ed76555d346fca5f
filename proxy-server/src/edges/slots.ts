/** Slots for what may run at once. `take` resolves with the release, first come first served. */
export interface Slots {
  readonly inFlight: number;
  take(): Promise<() => void>;
}

/** At most `width` holders at once; a release is counted once however often it is called. */
export function createSlots(width: number): Slots {
  let inFlight = 0;
  const waiting: ((release: () => void) => void)[] = [];
  let head = 0;
  const grant = (): (() => void) => {
    inFlight += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      inFlight -= 1;
      next();
    };
  };
  const next = (): void => {
    const first = waiting[head];
    if (first === undefined || inFlight >= width) return;
    head += 1;
    if (head > 1_024 && head * 2 > waiting.length) head -= waiting.splice(0, head).length;
    first(grant());
  };
  return {
    get inFlight() {
      return inFlight;
    },
    take: () => (inFlight < width && head >= waiting.length ? Promise.resolve(grant()) : new Promise((resolve) => waiting.push(resolve))),
  };
}
