/**
 * Many Applications as columns, for the way from the disk: what they share is named once, the rest is numbers, so that no object is made for
 * each of them. Whoever reads them turns each text into a number of its own once and then copies numbers.
 */
import {
  TEXT_COLUMNS,
  TIME_COLUMNS,
  textsOf,
  timesOf,
  type ApplicationRecord,
  type TextColumn,
  type TimeColumn,
} from './application-record.ts';

/** One Application as it was last known. Times in ms. */
export interface KnownApplication {
  readonly edge: string;
  readonly record: ApplicationRecord;
  readonly observedAt?: number;
  readonly edgeClockAtReading?: number;
}

export interface KnownApplications {
  /** Texts that no earlier part of the same reading has named; numbered on from those, the first of all is 0. */
  readonly texts: readonly string[];
  /** For each Application {@link TEXTS_PER_ROW} numbers of texts: its edge, then as in TEXT_COLUMNS. */
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly uids: readonly string[];
  /** For each Application {@link NUMBERS_PER_ROW} numbers, at {@link NUMBER_AT}; observedAt and edgeClock are NaN where they are absent. */
  readonly numbers: Float64Array<ArrayBuffer>;
}

export const TEXTS_PER_ROW = 1 + TEXT_COLUMNS.length;
export const NUMBER_AT = {
  sync: 0, health: 1, operation: 2, dryRun: 3, autoSync: 4, observedAt: 5, edgeClock: 6, healthSince: 7, startedAt: 8, finishedAt: 9, deletingSince: 10,
} as const; // prettier-ignore
export const NUMBERS_PER_ROW = Object.keys(NUMBER_AT).length;

/** One Application on its way into columns: texts as in TEXT_COLUMNS, numbers as in {@link NUMBER_AT}. */
export interface KnownRow {
  readonly edge: string;
  readonly uid: string;
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

/** As a row of columns; what is absent of the readings is NaN. */
export const toKnownRow = ({ edge, record, observedAt = Number.NaN, edgeClockAtReading = Number.NaN }: KnownApplication): KnownRow => ({
  edge,
  uid: record.uid,
  texts: textsOf(record),
  numbers: [
    record.sync, record.health, record.operation, Number(record.dryRun), Number(record.autoSync), observedAt, edgeClockAtReading,
    ...timesOf(record),
  ],
}); // prettier-ignore

/** Gathers Applications into parts of one reading. */
export interface KnownApplicationsWriter {
  readonly rows: number;
  add(row: KnownRow): void;
  /** What was added since the last call. */
  take(): KnownApplications;
}

/**
 * Its texts are numbered from 0 on; at most `limit` Applications go into one part. Texts that are kept go through `own`: one that is a piece
 * of a larger text would keep all of that in memory.
 */
export function createKnownApplicationsWriter(limit: number, own = (text: string): string => text): KnownApplicationsWriter {
  const numberOf = new Map<string, number>();
  let texts: string[] = [];
  let uids: string[] = [];
  let ids = new Uint32Array(limit * TEXTS_PER_ROW);
  let numbers = new Float64Array(limit * NUMBERS_PER_ROW);

  const idOf = (text: string): number => {
    const known = numberOf.get(text);
    if (known !== undefined) return known;
    const id = numberOf.size;
    const kept = own(text);
    numberOf.set(kept, id);
    texts.push(kept);
    return id;
  };
  return {
    get rows() {
      return uids.length;
    },
    add({ edge, uid, texts: told, numbers: row }) {
      const at = uids.length * TEXTS_PER_ROW;
      ids[at] = idOf(edge);
      for (let column = 0; column < TEXT_COLUMNS.length; column += 1) ids[at + 1 + column] = idOf(told[column] ?? '');
      numbers.set(row, uids.length * NUMBERS_PER_ROW);
      uids.push(uid);
    },
    take() {
      const rows = uids.length;
      const part: KnownApplications = {
        texts,
        ids: ids.slice(0, rows * TEXTS_PER_ROW),
        uids,
        numbers: numbers.slice(0, rows * NUMBERS_PER_ROW),
      };
      texts = [];
      uids = [];
      ids = new Uint32Array(limit * TEXTS_PER_ROW);
      numbers = new Float64Array(limit * NUMBERS_PER_ROW);
      return part;
    },
  };
}

/** Reads one row of a part; `texts` are all that this reading has named so far. */
export function knownApplicationAt(part: KnownApplications, row: number, texts: readonly string[]): KnownApplication {
  const textAt = (column: number): string => texts[part.ids[row * TEXTS_PER_ROW + column] ?? 0] ?? '';
  const numberAt = (name: keyof typeof NUMBER_AT): number => part.numbers[row * NUMBERS_PER_ROW + NUMBER_AT[name]] ?? 0;
  const observedAt = numberAt('observedAt');
  const edgeClockAtReading = numberAt('edgeClock');
  const record: ApplicationRecord = {
    uid: part.uids[row] ?? '',
    texts: byColumn<TextColumn, string>(TEXT_COLUMNS, (_column, index) => textAt(index + 1)),
    times: byColumn<TimeColumn, number>(TIME_COLUMNS, numberAt),
    sync: numberAt('sync'),
    health: numberAt('health'),
    operation: numberAt('operation'),
    dryRun: numberAt('dryRun') !== 0,
    autoSync: numberAt('autoSync') !== 0,
  };
  return {
    edge: textAt(0),
    record,
    ...(Number.isNaN(observedAt) ? {} : { observedAt }),
    ...(Number.isNaN(edgeClockAtReading) ? {} : { edgeClockAtReading }),
  };
}

function byColumn<K extends string, V>(columns: readonly K[], valueOf: (column: K, index: number) => V): Record<K, V> {
  const values: Partial<Record<K, V>> = {};
  return Object.assign(values, ...columns.map((column, index) => ({ [column]: valueOf(column, index) })));
}
