/** What `npm start` prints while it sets up: one line a step with the seconds since the start, and a sign of life in the long ones. */

export interface Progress {
  /** Says the step, runs it, and says now and then that it still runs. */
  step<T>(words: string, run: () => Promise<T>): Promise<T>;
}

const SIGN_OF_LIFE_MS = 5_000;

/** Writes to `out`; `now` is in ms. */
export function createProgress(out: (line: string) => void, now: () => number): Progress {
  const startedAt = now();
  const say = (words: string): void => out(`${((now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${words}`);
  return {
    step: async (words, run) => {
      say(words);
      const life = setInterval(() => say(`${words} ...`), SIGN_OF_LIFE_MS);
      try {
        return await run();
      } finally {
        clearInterval(life);
      }
    },
  };
}
