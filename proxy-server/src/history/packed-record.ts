/**
 * An Application's record as one text: numbers and lengths, a line's end, and then all texts one after the other. Nothing is escaped and
 * nothing has to be parsed to be taken apart, whatever an edge wrote into its texts.
 */
import type { Application } from '../domain/application.ts';
import {
  TEXT_COLUMNS,
  TIME_COLUMNS,
  toRecord,
  type ApplicationRecord,
  type TextColumn,
  type TimeColumn,
} from '../domain/application-record.ts';

const START = '#';
const DRY_RUN = 1;
const AUTO_SYNC = 2;
/** Namespace and name are columns of the table. */
const PACKED_TEXTS = TEXT_COLUMNS.filter((column) => column !== 'namespace' && column !== 'name');
const FIXED_NUMBERS = 4;
/** Where the length of the uid stands; those of the texts follow. */
const UID_LENGTH = FIXED_NUMBERS + TIME_COLUMNS.length;
const NUMBERS = UID_LENGTH + 1 + PACKED_TEXTS.length;

export function packRecord(record: ApplicationRecord): string {
  const { sync, health, operation, dryRun, autoSync, times, texts, uid } = record;
  let head = `${START}${sync} ${health} ${operation} ${(dryRun ? DRY_RUN : 0) | (autoSync ? AUTO_SYNC : 0)}`;
  for (const column of TIME_COLUMNS) head += ` ${times[column]}`;
  head += ` ${uid.length}`;
  let body = uid;
  for (const column of PACKED_TEXTS) {
    const text = texts[column];
    head += ` ${text.length}`;
    body += text;
  }
  return `${head}\n${body}`;
}

interface Key {
  readonly namespace: string;
  readonly name: string;
}

/** The record that was packed; undefined for what is none. What begins like JSON is an Application as older versions wrote it. */
export function unpackRecord(data: string, key: Key): ApplicationRecord | undefined {
  return data.startsWith(START) ? unpack(data, key) : ofJson(data);
}

function unpack(data: string, { namespace, name }: Key): ApplicationRecord | undefined {
  const end = data.indexOf('\n');
  const numbers = end < 0 ? [] : data.slice(START.length, end).split(' ').map(Number);
  if (numbers.length !== NUMBERS || !numbers.every(Number.isSafeInteger)) return undefined;
  const numberAt = (index: number): number => numbers[index] ?? 0;
  let at = end + 1;
  const next = (length: number): string => data.slice(at, (at += length));
  const uid = next(numberAt(UID_LENGTH));
  const texts: Partial<Record<TextColumn, string>> = { namespace, name };
  for (const [index, column] of PACKED_TEXTS.entries()) texts[column] = next(numberAt(UID_LENGTH + 1 + index));
  const times: Partial<Record<TimeColumn, number>> = {};
  for (const [index, column] of TIME_COLUMNS.entries()) times[column] = numberAt(FIXED_NUMBERS + index);
  if (at !== data.length || !isWhole(texts, TEXT_COLUMNS) || !isWhole(times, TIME_COLUMNS)) return undefined;
  const [sync, health, operation, flags] = [numberAt(0), numberAt(1), numberAt(2), numberAt(3)];
  return { uid, texts, times, sync, health, operation, dryRun: (flags & DRY_RUN) !== 0, autoSync: (flags & AUTO_SYNC) !== 0 };
}

const isWhole = <K extends string, V>(values: Partial<Record<K, V>>, columns: readonly K[]): values is Record<K, V> =>
  columns.every((column) => values[column] !== undefined);

function ofJson(data: string): ApplicationRecord | undefined {
  try {
    const application: Application = JSON.parse(data);
    return toRecord(application);
  } catch {
    return undefined; // written by this program and damaged since; nothing of it can be trusted
  }
}
