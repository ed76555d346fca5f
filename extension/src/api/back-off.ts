const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** Exponential with full jitter: somewhere in the upper half of 1, 2, 4 … 60 s, so that a hundred browsers do not come back as one. */
export function backOffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
