/**
 * What is going to happen, in order of the world's time (a binary heap). Entries of one moment run in the order they were put in,
 * so that a run with the same seed and the same questions is the same run.
 */
export interface Agenda {
  /** Has `run` called by the first `runDue` at or after `at`. */
  put(at: number, run: (now: number) => void): void;
  /** Runs everything due at `now`, including what those entries put in for a moment not after `now`. Answers how many ran. */
  runDue(now: number): number;
  /** How many entries wait. */
  size(): number;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: (now: number) => void;
}

const isBefore = (left: Entry, right: Entry): boolean => left.at < right.at || (left.at === right.at && left.order < right.order);

function siftUp(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(entry, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = entry;
}

function siftDown(heap: Entry[], entry: Entry): void {
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    const left = heap[below];
    const right = heap[below + 1];
    if (left === undefined) break;
    let child = left;
    if (right !== undefined && isBefore(right, left)) {
      below += 1;
      child = right;
    }
    if (!isBefore(child, entry)) break;
    heap[index] = child;
    index = below;
  }
  heap[index] = entry;
}

/** An empty agenda. */
export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let order = 0;
  const takeDue = (now: number): Entry | undefined => {
    const first = heap[0];
    if (first === undefined || first.at > now) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) siftDown(heap, last);
    return first;
  };
  return {
    put: (at, run) => {
      siftUp(heap, { at, order: order++, run });
    },
    runDue: (now) => {
      let count = 0;
      for (let entry = takeDue(now); entry !== undefined; entry = takeDue(now)) {
        entry.run(entry.at);
        count += 1;
      }
      return count;
    },
    size: () => heap.length,
  };
}
