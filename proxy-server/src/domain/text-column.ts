/**
 * Many texts that are alike, taken apart for the wire: "Store 196, Dockside" is two parts of which there are few different ones, and a number
 * between them. Of 10,000 names what remains is a character for each part, and numbers as the way from one to the next: a fifth of what
 * brotli makes of the texts themselves.
 */
import { decodeColumn, encodeColumn, MAX_COLUMN_VALUES } from './column-codec.ts';

/** One part of every text. Without codes the values stand by row. */
export interface TextPart {
  readonly values: readonly string[];
  readonly codes: string;
}

/**
 * The number behind a part, by row, with commas between: nothing where a text has none, else the way from the last one in this column, or from
 * the first number of the text in the same row of another column.
 */
export interface NumberPart {
  readonly from: 'previous' | 'row';
  readonly steps: string;
}

/** Part, number, part, number, … part. */
export interface TextColumn {
  readonly parts: readonly TextPart[];
  readonly numbers: readonly NumberPart[];
}

/** What is left of a text after so many numbers is one part. */
const MAX_NUMBERS = 6;
/** A number is written without zeros before it, so that it says how it was written; zeros belong to the part before. */
const NUMBER = /[1-9]\d{0,8}|0(?!\d)/g;

interface Split {
  readonly parts: readonly string[];
  readonly numbers: readonly number[];
}

function split(text: string): Split {
  const parts: string[] = [];
  const numbers: number[] = [];
  let at = 0;
  for (const match of text.matchAll(NUMBER)) {
    if (numbers.length === MAX_NUMBERS) break;
    parts.push(text.slice(at, match.index));
    numbers.push(Number(match[0]));
    at = match.index + match[0].length;
  }
  return { parts: [...parts, text.slice(at)], numbers };
}

const indices = (count: number): readonly number[] => Array.from({ length: count }, (_unused, index) => index);

function packPart(texts: readonly string[]): TextPart {
  const values = [...new Set(texts)].sort();
  if (values.length > Math.min(texts.length / 2, MAX_COLUMN_VALUES)) return { values: texts, codes: '' };
  const codes = new Map(values.map((value, code) => [value, code]));
  return { values, codes: encodeColumn(texts.map((text) => codes.get(text) ?? 0)) };
}

const stepsBy = (numbers: readonly (number | undefined)[], from: (row: number) => number): string =>
  numbers.map((number, row) => (number === undefined ? '' : String(number - from(row)))).join(',');

/** Whichever of the two ways is shorter. */
function packNumbers(numbers: readonly (number | undefined)[], base: readonly number[] | undefined): NumberPart {
  let last = 0;
  const previous = numbers.map((number) => {
    const before = last;
    last = number ?? last;
    return before;
  });
  const steps = stepsBy(numbers, (row) => previous[row] ?? 0);
  const stepsFromRow = base === undefined ? steps : stepsBy(numbers, (row) => base[row] ?? 0);
  return stepsFromRow.length < steps.length ? { from: 'row', steps: stepsFromRow } : { from: 'previous', steps };
}

/** The first number of each text; 0 where it has none. */
export const firstNumbers = (texts: readonly string[]): readonly number[] =>
  texts.map((text) => {
    const [number] = text.match(NUMBER) ?? [];
    return number === undefined ? 0 : Number(number);
  });

/** `base` are the first numbers of the column beside it. */
export function packTexts(texts: readonly string[], base?: readonly number[]): TextColumn {
  const rows = texts.map(split);
  const count = rows.reduce((most, { numbers }) => Math.max(most, numbers.length), 0);
  return {
    parts: indices(count + 1).map((nth) => packPart(rows.map(({ parts }) => parts[nth] ?? ''))),
    numbers: indices(count).map((nth) => packNumbers(rows.map(({ numbers }) => numbers[nth]), base)), // prettier-ignore
  };
}

function unpackPart({ values, codes }: TextPart): (row: number) => string {
  if (codes === '') return (row) => values[row] ?? '';
  const decoded = decodeColumn(codes);
  return (row) => values[decoded[row] ?? 0] ?? '';
}

function unpackNumbers({ from, steps }: NumberPart, base: readonly number[] | undefined): readonly string[] {
  let last = 0;
  return steps.split(',').map((step, row) => {
    if (step === '') return '';
    last = Number(step) + (from === 'row' ? (base?.[row] ?? 0) : last);
    return String(last);
  });
}

/** The texts of `count` rows. */
export function unpackTexts({ parts, numbers }: TextColumn, count: number, base?: readonly number[]): readonly string[] {
  const partsOf = parts.map(unpackPart);
  const numbersOf = numbers.map((column) => unpackNumbers(column, base));
  return indices(count).map((row) => partsOf.map((partOf, nth) => partOf(row) + (numbersOf[nth]?.[row] ?? '')).join(''));
}
