import { CONNECTIONS, EDGE_STATES, FIRST_LOOK_CODE } from '../../../../../proxy-server/src/domain/edge-state.ts';
import { NEVER_HEARD_CLASS } from '../../../../../proxy-server/src/domain/freshness.ts';
import { SYNC_STATUSES } from '../../../../../proxy-server/src/domain/health.ts';
import type { FleetColumns, ValueColumn } from '../../../stores/fleet-columns.ts';

/** How a cell is painted. The normal is quiet, one strong colour per meaning, hatch for what is only last known. */
export const CELL_PAINTS = [
  'healthy', 'empty', 'aside', 'suspended', 'unjudged', 'progressing', 'missing', 'failing', 'degraded', 'last-known', 'never',
  'age-1', 'age-2', 'age-3', 'age-4', 'step-1', 'step-2', 'step-3', 'step-4', 'step-5',
] as const; // prettier-ignore
export type CellPaint = (typeof CELL_PAINTS)[number];
export const paintCode = (paint: CellPaint): number => CELL_PAINTS.indexOf(paint);

export const HATCHED: ReadonlySet<CellPaint> = new Set<CellPaint>(['last-known', 'never']);

/** One class of cells: its paint, its word's key, and the query that finds it. */
export interface CellKind {
  readonly paint: CellPaint;
  readonly word: string;
  readonly field: string;
  readonly values: readonly string[];
}

/** A way to colour the map: the kinds, and which kind a row is of. */
export interface Colouring {
  readonly kinds: readonly CellKind[];
  /** Index into `kinds`. */
  readonly kindOf: (columns: FleetColumns, row: number) => number;
}

const LIFECYCLE_STATES = 4;
const NEVER_REACHED_CODE = EDGE_STATES.indexOf('NeverReached');
/** Degraded, Failing and Missing: the looks in which something is wrong. */
export const isWrongCode = (state: number): boolean => state >= FIRST_LOOK_CODE && state < FIRST_LOOK_CODE + 3;

const LAST_KNOWN: CellKind = {
  paint: 'last-known',
  word: 'LastKnown',
  field: 'state',
  values: ['Overdue', 'Silent', 'Stale', 'Refused', 'OutOfReach'],
};
const NEVER: CellKind = { paint: 'never', word: 'NeverReached', field: 'state', values: ['NeverReached'] };
const ASIDE: CellKind = { paint: 'aside', word: 'Aside', field: 'state', values: EDGE_STATES.slice(0, LIFECYCLE_STATES) };

/** The kinds that come before every colour: set aside, never reached, last known. Undefined: current, so the colour counts. */
function kindBefore(state: number): 0 | 1 | 2 | undefined {
  if (state < LIFECYCLE_STATES) return 2;
  if (state === NEVER_REACHED_CODE) return 1;
  return state < FIRST_LOOK_CODE ? 0 : undefined;
}
const BEFORE: readonly CellKind[] = [LAST_KNOWN, NEVER, ASIDE];

const LOOK_PAINTS: readonly CellPaint[] = ['degraded', 'failing', 'missing', 'unjudged', 'progressing', 'suspended', 'healthy', 'empty'];

function health(): Colouring {
  const looks = EDGE_STATES.slice(FIRST_LOOK_CODE).map((look, index): CellKind => ({
    paint: LOOK_PAINTS[index] ?? 'empty',
    word: look,
    field: 'state',
    values: [look],
  }));
  return {
    kinds: [...BEFORE, ...looks],
    kindOf: ({ state }, row) => {
      const code = state[row] ?? 0;
      return kindBefore(code) ?? BEFORE.length + code - FIRST_LOOK_CODE;
    },
  };
}

/** No Applications are known of it, so it is in no sync status. */
const EMPTY: CellKind = { paint: 'empty', word: 'Empty', field: 'look', values: ['Empty'] };
const SYNC_PAINTS: readonly CellPaint[] = ['healthy', 'missing', 'unjudged'];

function sync(): Colouring {
  const kinds = SYNC_STATUSES.map((word, index): CellKind => ({
    paint: SYNC_PAINTS[index] ?? 'unjudged',
    word,
    field: 'sync',
    values: [word],
  }));
  return {
    kinds: [...BEFORE, ...kinds, EMPTY],
    kindOf: (columns, row) => kindBefore(columns.state[row] ?? 0) ?? BEFORE.length + Math.min(columns.sync[row] ?? 0, kinds.length),
  };
}

const CONNECTION_PAINTS: readonly CellPaint[] = ['healthy', 'last-known', 'degraded', 'never'];

function connection(): Colouring {
  const kinds = CONNECTIONS.map((word, index): CellKind => ({
    paint: CONNECTION_PAINTS[index] ?? 'never',
    word,
    field: 'connection',
    values: [word],
  }));
  return {
    kinds: [...kinds, ASIDE],
    kindOf: (columns, row) => (kindBefore(columns.state[row] ?? 0) === 2 ? kinds.length : (columns.connection[row] ?? 0)),
  };
}

const AGE_PAINTS: readonly CellPaint[] = ['healthy', 'healthy', 'age-1', 'age-2', 'age-2', 'age-3', 'age-3', 'age-4', 'never'];
const AGE_BOUNDS = ['1m', '5m', '1h', '6h', '1d', '7d', '30d'] as const;

/** The class of an age cannot be asked for as one value; its lower bound can. */
function contact(): Colouring {
  const classes = NEVER_HEARD_CLASS + 1;
  const kinds = Array.from({ length: classes }, (_unused, index): CellKind => ({
    paint: AGE_PAINTS[index] ?? 'never',
    word: String(index),
    field: index === classes - 1 ? 'state' : index === 0 ? 'read-age<=' : 'read-age>',
    values: [index === classes - 1 ? 'NeverReached' : (AGE_BOUNDS[Math.max(0, index - 1)] ?? '30d')],
  }));
  return { kinds, kindOf: (columns, row) => columns.readAge[row] ?? 0 };
}

const STEPS: readonly CellPaint[] = ['healthy', 'step-1', 'step-2', 'step-3', 'step-4'];

/** Newest first and quiet, older ones ever stronger; what is older than the fifth shares one paint. */
export function versions(field: string, column: ValueColumn, compare: (left: string, right: string) => number): Colouring {
  const order = column.values.filter((value) => value !== '').sort((left, right) => compare(right, left));
  const named = order
    .slice(0, STEPS.length)
    .map((value, index): CellKind => ({ paint: STEPS[index] ?? 'step-5', word: value, field, values: [value] }));
  const rest: CellKind = { paint: 'step-5', word: 'Other', field, values: order.slice(STEPS.length) };
  const none: CellKind = { paint: 'empty', word: 'None', field, values: [''] };
  const kinds = [...BEFORE, ...named, rest, none];
  const restAt = BEFORE.length + named.length;
  const kindByCode = column.values.map((value) => {
    const at = order.indexOf(value);
    if (value === '' || at < 0) return restAt + 1;
    return at < named.length ? BEFORE.length + at : restAt;
  });
  return { kinds, kindOf: ({ state }, row) => kindBefore(state[row] ?? 0) ?? kindByCode[column.codes[row] ?? 0] ?? restAt + 1 };
}

/** The colouring of a name that needs nothing but the status columns; health for a name that is none. */
export function colouringOf(name: string): Colouring {
  if (name === 'sync') return sync();
  if (name === 'connection') return connection();
  return name === 'contact' ? contact() : health();
}
