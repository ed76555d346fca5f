/** The comments of all streams from one timer: a wheel of slots, each stream in the slot of the moment it opened. */
export interface KeepAlive {
  /** Has `beat` called once per period from now on, until the answer is called. */
  join(beat: () => void): () => void;
  close(): void;
}

/** argo-cd writes `:\n` every 15 s (`grpc/http/forwarders.go` @ argoproj/pkg v2.0.1). */
export const KEEP_ALIVE_MS = 15_000;
const SLOTS = 60;

/** A wheel that turns once per `periodMs`; its timer does not keep the process alive. */
export function createKeepAlive(periodMs: number): KeepAlive {
  const slots = Array.from({ length: SLOTS }, () => new Set<() => void>());
  let current = 0;
  const timer = setInterval(() => {
    current = (current + 1) % SLOTS;
    for (const beat of slots[current] ?? []) beat();
  }, periodMs / SLOTS);
  timer.unref();
  return {
    join: (beat) => {
      const slot = slots[current];
      slot?.add(beat);
      return () => slot?.delete(beat);
    },
    close: () => clearInterval(timer),
  };
}
