/** Is a figure flat, or does it grow? The middle of the first third of its samples against the middle of the last third. */
import { percentiles } from '../measurement.ts';

export interface Allowance {
  /** As a share of the first third. */
  readonly share: number;
  /** And beside it, in the unit of the figure. */
  readonly plus: number;
}

export interface Trend {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly max: number;
  readonly flat: boolean;
}

/** Samples of the warm-up are no part of it: leave them out before. */
export function trendOf(name: string, samples: readonly number[], { share, plus }: Allowance): Trend {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const first = percentiles(samples.slice(0, third)).p50;
  const last = percentiles(samples.slice(-third)).p50;
  return { name, first, last, max: Math.max(0, ...samples), flat: last <= first * (1 + share) + plus };
}
