/** One figure of the design, with the baseline it is held against, both measured in the same run on the same machine. */
export interface Measurement {
  readonly what: string;
  readonly unit: string;
  readonly baseline: { readonly words: string; readonly value: number };
  readonly ours: number;
  /** Figures beside the one that counts: bytes, parts, counts. */
  readonly detail?: string;
  readonly mustReach?: number;
  readonly moonshot?: number;
}

export interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

/** Nearest-rank percentiles; zeros for nothing. */
export function percentiles(values: readonly number[]): Figures {
  const sorted = [...values].sort((left, right) => left - right);
  const rank = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { p50: rank(0.5), p99: rank(0.99), max: sorted.at(-1) ?? 0, count: sorted.length };
}

const shown = (value: number): string => {
  if (value === 0) return '0';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
};

export type Verdict = 'moonshot' | 'reached' | 'MISSED' | '';

/** How a measurement stands to what it is held to; nothing where it is held to nothing. Smaller is better. */
export function verdictOf({ ours, mustReach, moonshot }: Pick<Measurement, 'ours' | 'mustReach' | 'moonshot'>): Verdict {
  if (mustReach === undefined) return '';
  if (moonshot !== undefined && ours <= moonshot) return 'moonshot';
  return ours <= mustReach ? 'reached' : 'MISSED';
}

/** Rows of cells under one another, two blanks between columns. */
export function toColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_title, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const toLine = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd(); // prettier-ignore
  return rows.map(toLine).join('\n');
}

/** The measurements as a table in plain text, and what stands beside each figure below it. */
export function toTable(measurements: readonly Measurement[]): string {
  const head = ['what', 'baseline', 'ours', 'unit', 'ratio', 'must reach', 'moonshot', ''];
  const rows = measurements.map((one) => [
    one.what,
    shown(one.baseline.value),
    shown(one.ours),
    one.unit,
    one.ours > 0 ? `${shown(one.baseline.value / one.ours)}×` : '',
    one.mustReach === undefined ? '' : shown(one.mustReach),
    one.moonshot === undefined ? '' : shown(one.moonshot),
    verdictOf(one),
  ]);
  const notes = measurements.map(
    ({ what, baseline, detail }) => `${what}\n  baseline: ${baseline.words}${detail === undefined ? '' : `\n  ours: ${detail}`}`,
  );
  return `${toColumns([head, ...rows])}\n\n${notes.join('\n')}`;
}
