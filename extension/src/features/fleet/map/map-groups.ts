import type { FleetColumns, ValueColumn } from '../../../stores/fleet-columns.ts';
import { isNotHeardCode } from '../../../../../proxy-server/src/domain/edge-state.ts';
import { isWrongCode } from './cell-kinds.ts';

/** Rows of one group in the order of the members, which is that of names. */
export interface MapGroup {
  readonly key: string;
  readonly rows: Uint32Array;
}

export interface Grouping {
  readonly count: number;
  /** Undefined: one group for all. */
  readonly column: ValueColumn | undefined;
  readonly compare: (left: string, right: string) => number;
  /** Undefined: every row is shown. */
  readonly shows?: (row: number) => boolean;
}

/** A grouping by a column: groups by name, those without a value last. Positions never depend on state, so that eyes learn places. */
export function groupRows({ count, column, compare, shows = () => true }: Grouping): readonly MapGroup[] {
  const byCode = new Map<number, number[]>();
  for (let row = 0; row < count; row += 1) {
    if (!shows(row)) continue;
    const code = column?.codes[row] ?? 0;
    const rows = byCode.get(code);
    if (rows === undefined) byCode.set(code, [row]);
    else rows.push(row);
  }
  return [...byCode]
    .map(([code, rows]) => ({ key: column?.values[code] ?? '', rows: Uint32Array.from(rows) }))
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
