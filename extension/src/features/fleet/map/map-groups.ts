import type { FleetColumns, ValueColumn } from '../../../stores/fleet-columns.ts';
import { isNotHeardCode, isWrongCode } from './cell-kinds.ts';

/** Rows of one group in the order of the members, which is that of names. */
export interface MapGroup {
  readonly key: string;
  readonly rows: Uint32Array;
}

/** A grouping by a column: groups by name, those without a value last. Positions never depend on state, so that eyes learn places. */
export function groupRows(
  count: number,
  column: ValueColumn | undefined,
  compare: (left: string, right: string) => number,
  shows?: (row: number) => boolean,
): readonly MapGroup[] {
  const sizes = new Map<number, number>();
  const codeOf = (row: number): number => column?.codes[row] ?? 0;
  for (let row = 0; row < count; row += 1) if (shows?.(row) ?? true) sizes.set(codeOf(row), (sizes.get(codeOf(row)) ?? 0) + 1);
  const filled = new Map<number, { rows: Uint32Array; at: number }>();
  for (const [code, size] of sizes) filled.set(code, { rows: new Uint32Array(size), at: 0 });
  for (let row = 0; row < count; row += 1) {
    const group = (shows?.(row) ?? true) ? filled.get(codeOf(row)) : undefined;
    if (group === undefined) continue;
    group.rows[group.at] = row;
    group.at += 1;
  }
  const keyOf = (code: number): string => column?.values[code] ?? '';
  return [...filled]
    .map(([code, { rows }]) => ({ key: keyOf(code), rows }))
    .sort((left, right) => Number(left.key === '') - Number(right.key === '') || compare(left.key, right.key));
}

/** What a group's heading says. */
export interface GroupLine {
  readonly edges: number;
  readonly wrong: number;
  readonly notHeard: number;
}

export function groupLine(group: MapGroup, columns: FleetColumns): GroupLine {
  let wrong = 0;
  let notHeard = 0;
  for (const row of group.rows) {
    const state = columns.state[row] ?? 0;
    if (isWrongCode(state)) wrong += 1;
    else if (isNotHeardCode(state)) notHeard += 1;
  }
  return { edges: group.rows.length, wrong, notHeard };
}
