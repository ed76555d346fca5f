import type { FleetColumns } from '../../../stores/fleet-columns.ts';
import { connectionWords, lookWords, readAgeWords, stateWords, syncWords } from '../../../messages/states.ts';
import { fleetWords } from '../../../messages/fleet.ts';
import { hasTerm, hasValues } from '../../../query/query-terms.ts';
import type { CellKind, Colouring } from './cell-kinds.ts';

export interface LegendLine {
  readonly kind: CellKind;
  readonly count: number;
  /** The query asks for exactly this kind. */
  readonly on: boolean;
  readonly newest: boolean;
}

const isComparison = (kind: CellKind): boolean => /[<>=]$/.test(kind.field);
/** The term of a kind that is asked for by comparison. */
export const termOf = (kind: CellKind): string | undefined => (isComparison(kind) ? `${kind.field}${kind.values[0] ?? ''}` : undefined);

/** The kinds that occur on the map, in their order, with their numbers. */
export function legendLines(colouring: Colouring, columns: FleetColumns, query: string): readonly LegendLine[] {
  const counts = new Uint32Array(colouring.kinds.length);
  for (let row = 0; row < columns.count; row += 1) {
    const kind = colouring.kindOf(columns, row);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const lines = colouring.kinds.map((kind, index): LegendLine => {
    const term = termOf(kind);
    return {
      kind,
      count: counts[index] ?? 0,
      on: term === undefined ? hasValues(query, kind.field, kind.values) : hasTerm(query, term),
      newest: false,
    };
  });
  const first = lines.findIndex(({ kind }) => kind.field.startsWith('version:'));
  return lines.map((line, index) => (index === first ? { ...line, newest: true } : line)).filter(({ count, on }) => count > 0 || on);
}

const WORDS = new Map<string, string>([
  ...Object.entries(stateWords),
  ...Object.entries(connectionWords),
  ...Object.entries(lookWords).map(([look, { is }]): [string, string] => [look, is]),
  ['LastKnown', fleetWords.map.lastKnown],
  ['Aside', fleetWords.map.aside],
  ['Other', fleetWords.map.other],
  ['None', fleetWords.map.none],
]);

export function kindWord(kind: CellKind, newest: boolean): string {
  if (kind.field.startsWith('version:') && kind.word !== 'Other' && kind.word !== 'None')
    return newest ? fleetWords.map.newest(kind.word) : kind.word;
  if (kind.field === 'sync') return new Map(Object.entries(syncWords)).get(kind.word)?.is ?? kind.word;
  return readAgeWords[Number(kind.word)] ?? WORDS.get(kind.word) ?? kind.word;
}
