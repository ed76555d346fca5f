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

export interface QueryCacheDeps {
  readonly get: (path: string) => Promise<Result<unknown, HubProblem>>;
  readonly now: () => number;
  readonly setTimer: (run: () => void, afterMs: number) => number;
  /** An answer that nobody was watching is asked for again when it is older than this. */
  readonly freshMs?: number;
  readonly maxEntries?: number;
}

const NEVER: QueryEntry = { fetching: false, at: 0 };
const MIN_INTERVAL_MS = 1_000;
const MAX_ENTRIES = 200;

interface Slot {
  entry: QueryEntry;
  readonly listeners: Set<() => void>;
  stale: boolean;
  scheduled: boolean;
}

/** Answers by path. One request at a time per path; what nobody watches is forgotten, oldest first. */
export class QueryCache {
  private readonly slots = new Map<string, Slot>();
  private readonly deps: QueryCacheDeps;

  constructor(deps: QueryCacheDeps) {
    this.deps = deps;
  }

  subscribe(path: string, listener: () => void): () => void {
    const slot = this.slotOf(path);
    if (slot.listeners.size === 0 && this.deps.now() - slot.entry.at > (this.deps.freshMs ?? MIN_INTERVAL_MS)) slot.stale = true;
    slot.listeners.add(listener);
    if (slot.stale && !slot.entry.fetching && !slot.scheduled) this.refresh(path);
    return () => slot.listeners.delete(listener);
  }

  read(path: string): QueryEntry {
    return this.slots.get(path)?.entry ?? NEVER;
  }

  /** Asks now; while somebody is asking already, once more afterwards. */
  refresh(path: string): void {
    const slot = this.slotOf(path);
    slot.stale = slot.entry.fetching;
    if (slot.entry.fetching) return;
    this.put(slot, { ...slot.entry, fetching: true });
    void this.deps.get(path).then((answer) => {
      this.put(slot, this.answered(slot.entry, answer));
      if (slot.stale) this.refreshSoon(path, slot);
    });
  }

  /** Marks every answer below a prefix as old; those on screen are asked again, at most once a second each. */
  invalidate(prefix: string): void {
    for (const [path, slot] of this.slots) {
      if (path !== prefix && !path.startsWith(`${prefix}/`) && !path.startsWith(`${prefix}?`)) continue;
      slot.stale = true;
      if (!slot.entry.fetching) this.refreshSoon(path, slot);
    }
  }

  private answered(before: QueryEntry, answer: Result<unknown, HubProblem>): QueryEntry {
    if (answer.ok) return { data: answer.value, fetching: false, at: this.deps.now() };
    const kept = before.data === undefined ? {} : { data: before.data };
    return { ...kept, problem: answer.error, fetching: false, at: before.at };
  }

  private refreshSoon(path: string, slot: Slot): void {
    if (slot.scheduled || slot.listeners.size === 0) return;
    slot.scheduled = true;
    const wait = Math.max(0, MIN_INTERVAL_MS - (this.deps.now() - slot.entry.at));
    this.deps.setTimer(() => {
      slot.scheduled = false;
      if (slot.listeners.size > 0) this.refresh(path);
    }, wait);
  }

  private slotOf(path: string): Slot {
    const found = this.slots.get(path);
    if (found !== undefined) return found;
    const slot: Slot = { entry: NEVER, listeners: new Set(), stale: true, scheduled: false };
    this.slots.set(path, slot);
    for (const [key, old] of this.slots) {
      if (this.slots.size <= (this.deps.maxEntries ?? MAX_ENTRIES)) break;
      if (old.listeners.size === 0 && key !== path) this.slots.delete(key);
    }
    return slot;
  }

  private put(slot: Slot, entry: QueryEntry): void {
    slot.entry = entry;
    slot.listeners.forEach((listener) => listener());
  }
}
