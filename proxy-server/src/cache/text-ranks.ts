import { versionComparer } from '../domain/version-order.ts';

export type TextOrder = 'text' | 'version';
type CompareTexts = (left: string, right: string) => number;

/** Absent texts come last, ascending. */
export function compareTexts(left: string, right: string): number {
  if (left === '' || right === '') return Number(left === '') - Number(right === '');
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Versions by age, texts that differ and are as old by themselves; absent ones last. */
export function versionTexts(): CompareTexts {
  const compareVersions = versionComparer();
  return (left, right) => {
    if (left === right || left === '' || right === '') return compareTexts(left, right);
    return compareVersions(left, right) || compareTexts(left, right);
  };
}

export const textComparer = (order: TextOrder): CompareTexts => (order === 'text' ? compareTexts : versionTexts());

/** The places of many texts among each other, so that rows compare by a number. Without case. */
export interface TextRanks {
  /** By the number of a text. */
  readonly ranks: Float64Array;
  /** Lower-case texts by rank. */
  readonly texts: readonly string[];
  /** Of any text: a half between two ranks where it is none of them. */
  rankOf(text: string): number;
}

export function rankTexts(texts: readonly string[], order: TextOrder): TextRanks {
  const compare = textComparer(order);
  const lower = texts.map((text) => text.toLowerCase());
  const ranked = [...new Set(lower)].sort(compare);
  const known = new Map(ranked.map((text, rank) => [text, rank]));
  return {
    ranks: Float64Array.from(lower, (text) => known.get(text) ?? 0),
    texts: ranked,
    rankOf: (text) => known.get(text) ?? ranked.filter((other) => compare(other, text) < 0).length - 0.5,
  };
}
