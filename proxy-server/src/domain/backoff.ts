/**
 * How long to wait before asking again. Chance comes in as a number in [0, 1), so every answer can be tested. Full jitter: many edges that
 * failed in one moment come back spread over the whole wait, never together.
 */

export interface BackOff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** The longest wait of one try: doubling from the base, never over the cap. `attempt` counts from 0. */
export function backOffCeilingMs({ baseMs, capMs }: BackOff, attempt: number): number {
  return Math.min(capMs, baseMs * 2 ** Math.min(Math.max(attempt, 0), 30));
}

/** Full jitter: anywhere between nothing and the ceiling. */
export const fullJitterMs = (backOff: BackOff, attempt: number, chance: number): number => chance * backOffCeilingMs(backOff, attempt);

/** Anywhere between the two bounds: for what happens regularly and must not happen to all edges at once. */
export const betweenMs = (fromMs: number, toMs: number, chance: number): number => fromMs + chance * (toMs - fromMs);
