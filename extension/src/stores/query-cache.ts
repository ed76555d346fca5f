import type { Result } from '../../../proxy-server/src/domain/result.ts';
import type { HubProblem } from '../api/hub-problem.ts';

/** Two questions, two fields: is there data, and is somebody asking. Data stays while it is asked for again, and when asking fails. */
export interface QueryEntry {
  readonly data?: unknown;
  readonly problem?: HubProblem;
  readonly fetching: boolean;
  /** When the data came; 0: never. */
  readonly at: number;
}

export interface QueryCache {
  subscribe(path: string, listener: () => void): () => void;
  read(path: string): QueryEntry;
  /** Asks unless somebody is asking already. */
  refresh(path: string): void;
  /** Marks every answer below a prefix as old; those on screen are asked again, at most once a second each. */
  invalidate(prefix: string): void;
}

export interface QueryCacheDeps {
  readonly get: (path: string) => Promise<Result<unknown, HubProblem>>;
  readonly now: () => number;
  readonly setTimer: (run: () => void, afterMs: number) => number;
}

const NEVER: QueryEntry = { fetching: false, at: 0 };
const MIN_INTERVAL_MS = 1_000;
const MAX_ENTRIES = 200;

interface Slot {
  entry: QueryEntry;
  listeners: Set<() => void>;
  stale: boolean;
  scheduled: boolean;
}

export function createQueryCache(deps: QueryCacheDeps): QueryCache {
  const slots = new Map<string, Slot>();

  const slotOf = (path: string): Slot => {
    const found = slots.get(path);
    if (found !== undefined) return found;
    const slot: Slot = { entry: NEVER, listeners: new Set(), stale: true, scheduled: false };
    slots.set(path, slot);
    for (const [key, old] of slots) {
      if (slots.size <= MAX_ENTRIES) break;
      if (old.listeners.size === 0 && key !== path) slots.delete(key);
    }
    return slot;
  };
  const put = (slot: Slot, entry: QueryEntry): void => {
    slot.entry = entry;
    slot.listeners.forEach((listener) => listener());
  };
  const refresh = (path: string): void => {
    const slot = slotOf(path);
    if (slot.entry.fetching) {
      slot.stale = true;
      return;
    }
    slot.stale = false;
    put(slot, { ...slot.entry, fetching: true });
    void deps.get(path).then((answer) => {
      const { data } = slot.entry;
      const kept = data === undefined ? {} : { data };
      put(
        slot,
        answer.ok
          ? { data: answer.value, fetching: false, at: deps.now() }
          : { ...kept, problem: answer.error, fetching: false, at: slot.entry.at },
      );
      if (slot.stale) soon(path, slot);
    });
  };
  const soon = (path: string, slot: Slot): void => {
    if (slot.scheduled || slot.listeners.size === 0) return;
    slot.scheduled = true;
    const wait = Math.max(0, MIN_INTERVAL_MS - (deps.now() - slot.entry.at));
    deps.setTimer(() => {
      slot.scheduled = false;
      if (slot.listeners.size > 0) refresh(path);
    }, wait);
  };

  return {
    subscribe(path, listener) {
      const slot = slotOf(path);
      slot.listeners.add(listener);
      if (slot.stale && !slot.entry.fetching && !slot.scheduled) refresh(path);
      return () => slot.listeners.delete(listener);
    },
    read: (path) => slots.get(path)?.entry ?? NEVER,
    refresh,
    invalidate(prefix) {
      for (const [path, slot] of slots) {
        if (!path.startsWith(prefix)) continue;
        slot.stale = true;
        if (!slot.entry.fetching) soon(path, slot);
      }
    },
  };
}
