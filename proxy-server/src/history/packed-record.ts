/**
 * An Application's record as one text: numbers and lengths, a line's end, and then all texts one after the other. Nothing is escaped and
 * nothing has to be parsed to be taken apart, whatever an edge wrote into its texts.
 */
import type { Application } from '../domain/application.ts';
import { TEXT_COLUMNS, TIME_COLUMNS, textsOf, timesOf, toRecord, type ApplicationRecord } from '../domain/application-record.ts';
import { toKnownRow, type KnownRow } from '../domain/known-applications.ts';

const START = '#';
/** Whole numbers of so many digits are exact. */
const MOST_DIGITS = 15;
const DRY_RUN = 1;
const AUTO_SYNC = 2;
const FIXED_NUMBERS = 4;
/** Where the length of the uid stands; those of the texts follow. */
const UID_LENGTH = FIXED_NUMBERS + TIME_COLUMNS.length;
/** All but the first two, namespace and name. */
const NUMBERS = UID_LENGTH + 1 + TEXT_COLUMNS.length - 2;

export function packRecord(record: ApplicationRecord): string {
  const { sync, health, operation, dryRun, autoSync, uid } = record;
  const [, , ...packed] = textsOf(record); // namespace and name are columns of the table
  let head = `${START}${sync} ${health} ${operation} ${(dryRun ? DRY_RUN : 0) | (autoSync ? AUTO_SYNC : 0)}`;
  for (const time of timesOf(record)) head += ` ${time}`;
  head += ` ${uid.length}`;
  for (const text of packed) head += ` ${text.length}`;
  packed.unshift(head, '\n', uid);
  return packed.join('');
}

interface Key {
  readonly namespace: string;
  readonly name: string;
}

/** What is packed with an Application: all of its row but the edge, and the readings of observedAt, which have columns of the table. */
export type PackedRow = Omit<KnownRow, 'edge'>;

/** The row that was packed; undefined for what is none. What begins like JSON is an Application as older versions wrote it. */
export function unpackRow(data: string, key: Key): PackedRow | undefined {
  return data.startsWith(START) ? unpack(data, key) : ofJson(data);
}

function unpack(data: string, { namespace, name }: Key): PackedRow | undefined {
  const head = numbersOf(data);
  if (head.numbers.length !== NUMBERS) return undefined;
  const numberAt = (index: number): number => head.numbers[index] ?? 0;
  let at = head.end;
  const next = (length: number): string => data.slice(at, (at += length));
  const uid = next(numberAt(UID_LENGTH));
  const texts = [namespace, name];
  for (let index = UID_LENGTH + 1; index < NUMBERS; index += 1) texts.push(next(numberAt(index)));
  if (at !== data.length) return undefined;
  const flags = numberAt(3);
  const numbers = [numberAt(0), numberAt(1), numberAt(2), flags & DRY_RUN, (flags & AUTO_SYNC) >> 1, Number.NaN, Number.NaN];
  for (let index = FIXED_NUMBERS; index < UID_LENGTH; index += 1) numbers.push(numberAt(index));
  return { uid, texts, numbers };
}

const SPACE = 0x20;
const NEWLINE = 0x0a;
const ZERO = 0x30;

/** The numbers of the head, none where it holds anything else, and where it ends. By digit: there are four million of them in a large fleet. */
function numbersOf(data: string): { readonly numbers: readonly number[]; readonly end: number } {
  const numbers: number[] = [];
  let value = 0;
  let digits = 0;
  for (let at = START.length; ; at += 1) {
    const code = data.charCodeAt(at); // NaN beyond the end, which is no digit
    if (code >= ZERO && code <= ZERO + 9) {
      value = value * 10 + code - ZERO;
      digits += 1;
      continue;
    }
    if (digits === 0 || digits > MOST_DIGITS || (code !== SPACE && code !== NEWLINE)) return { numbers: [], end: 0 };
    numbers.push(value);
    if (code === NEWLINE) return { numbers, end: at + 1 };
    value = 0;
    digits = 0;
  }
}

function ofJson(data: string): PackedRow | undefined {
  try {
    const application: Application = JSON.parse(data);
    return toKnownRow({ edge: '', record: toRecord(application) });
  } catch {
    return undefined; // written by this program and damaged since; nothing of it can be trusted
  }
}
