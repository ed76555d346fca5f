/** One line of a comparison: in both texts, or in one of them. */
export interface EditStep {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

const step = (kind: EditStep['kind'], text = ''): EditStep => ({ kind, text });

/**
 * The fewest lines taken and added that lead from one text to the other, or undefined where more than `max` are needed. Greedy, after Myers,
 * "An O(ND) difference algorithm and its variations": after each edit it is kept how far each diagonal reaches.
 */
export function shortestEdit(from: readonly string[], to: readonly string[], max: number): readonly EditStep[] | undefined {
  const limit = Math.min(max, from.length + to.length);
  const middle = limit + 1;
  const reach = new Int32Array(2 * limit + 3);
  const rounds: Int32Array[] = [];
  const isDown = (at: Int32Array, zero: number, edits: number, k: number): boolean =>
    k === -edits || (k !== edits && (at[zero + k - 1] ?? 0) < (at[zero + k + 1] ?? 0));

  /** Over equal lines as far as they go. */
  const slide = (start: number, k: number): number => {
    let x = start;
    while (x < from.length && x - k < to.length && from[x] === to[x - k]) x += 1;
    return x;
  };

  /** Back from the end, round by round. */
  const steps = (edits: number): readonly EditStep[] => {
    const found: EditStep[] = [];
    let [x, y] = [from.length, to.length];
    const back = (toX: number): void => {
      while (x > toX && y > 0) found.push(step('same', from[(y--, --x)]));
    };
    for (let round = edits; round > 0; round -= 1) {
      const before = rounds[round - 1] ?? reach;
      const down = isDown(before, round, round, x - y);
      const start = before[round + (x - y) + (down ? 1 : -1)] ?? 0;
      back(down ? start : start + 1);
      if (down) found.push(step('added', to[--y]));
      else found.push(step('removed', from[--x]));
    }
    back(0);
    return found.reverse();
  };

  for (let edits = 0; edits <= limit; edits += 1) {
    for (let k = -edits; k <= edits; k += 2) {
      const x = slide(isDown(reach, middle, edits, k) ? (reach[middle + k + 1] ?? 0) : (reach[middle + k - 1] ?? 0) + 1, k);
      reach[middle + k] = x;
      if (x >= from.length && x - k >= to.length) return steps(edits);
    }
    // Round r is read around its own middle: r + 1 places to each side.
    rounds.push(reach.slice(middle - edits - 1, middle + edits + 2));
  }
  return undefined;
}
