/** Durations as people write them in our kinds: one whole number and one unit. Inside, all durations are ms. */
export const DURATION_PATTERN = /^[0-9]{1,7}(s|m|h|d)$/;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5m` to 300000; undefined where it is not of the form `[0-9]+(s|m|h|d)` or longer than seven digits. */
export function parseDurationMs(raw: string): number | undefined {
  if (!DURATION_PATTERN.test(raw)) return undefined;
  const unitMs = UNIT_MS[raw.slice(-1)];
  return unitMs === undefined ? undefined : Number(raw.slice(0, -1)) * unitMs;
}
