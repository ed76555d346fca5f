/**
 * Issues of zod as problems that a person can mend: object, field, the offending value (never one of a Secret) and a remedy. Where the
 * object lies (file or namespace) is known to the caller alone.
 */
import { z } from 'zod';
import { nearestWord } from '../domain/nearest-word.ts';
import { quotable } from '../domain/redact.ts';

export interface KindProblem {
  readonly object: string;
  readonly field: string;
  /** Where in the object, for finding the line. */
  readonly path: readonly PropertyKey[];
  readonly value?: string;
  readonly remedy: string;
  readonly severity: 'error' | 'warning';
}

const VALUE_CHARS = 80;
type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** `spec.windows[1].cron`, `metadata.labels["app.kubernetes.io/name"]`. */
export function fieldText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = String(part);
    if (!/^[A-Za-z][\w-]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

/** Shortened, on one line, without credentials: those of a URL and those that look like one. */
function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return quotable(text.replace(/\/\/[^/@]*@/g, '//[redacted]@'), VALUE_CHARS);
}

/** The field names a schema knows at a path, so that a wrong one can be told its neighbour. */
function knownNames(schema: z.core.$ZodType, path: Path): readonly string[] {
  const { def } = schema._zod;
  if ('innerType' in def) return knownNames(narrow(def.innerType), path);
  if ('shape' in def && typeof def.shape === 'object' && def.shape !== null) {
    const [first, ...rest] = path;
    if (first === undefined) return Object.keys(def.shape);
    const inner: unknown = Reflect.get(def.shape, first);
    return inner === undefined ? [] : knownNames(narrow(inner), rest);
  }
  if ('element' in def) return knownNames(narrow(def.element), path.slice(1));
  return [];
}

/** zod types the parts of a definition by its own kind only; a part that is no schema is a bug of ours. */
function narrow(part: unknown): z.core.$ZodType {
  if (part instanceof z.core.$ZodType) return part;
  throw new Error('schema part is not a schema');
}

function typeRemedy(expected: string, value: unknown): string {
  if (value === undefined || value === null) return `Add it: ${expected === 'object' ? 'a map' : `a ${expected}`} is needed here`;
  if (expected === 'string' && typeof value !== 'object') return `Put it in quotes: "${String(value)}"`;
  const words: Readonly<Record<string, string>> = { object: 'a map', record: 'a map', array: 'a list', int: 'a whole number' };
  return `Write ${words[expected] ?? `a ${expected}`} here`;
}

function valuesRemedy(values: readonly unknown[], value: unknown): string {
  const words = values.map(String);
  const near = typeof value === 'string' ? nearestWord(value, words) : undefined;
  return `${near === undefined ? '' : `Did you mean ${near}? `}Write one of ${words.join(', ')}`;
}

/** Remedies for the kinds of issue where zod's own message says what is, instead of what to write. */
function generalRemedy(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeRemedy(issue.expected, value);
    case 'invalid_value':
      return valuesRemedy(issue.values, value);
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    case 'too_big':
      return `Use at most ${String(issue.maximum)} ${issue.origin === 'string' ? 'characters' : 'entries'}`;
    case 'too_small':
      return 'Do not leave it empty';
    default:
      return 'Write it in one of the forms that the documentation shows';
  }
}

/** The message of the schema is the remedy, where it has one of its own. */
const remedyOf = (issue: Issue, value: unknown): string =>
  /^(Invalid|Too) /.test(issue.message) ? generalRemedy(issue, value) : issue.message;

function unknownFieldRemedy(key: string, known: readonly string[]): string {
  const near = nearestWord(key, known);
  return near === undefined ? `Remove it: known here are ${known.join(', ')}` : `There is no such field. Did you mean ${near}?`;
}

export interface ProblemContext {
  readonly object: string;
  readonly schema: z.core.$ZodType;
  readonly raw: unknown;
  /** True for Secrets: no value is ever shown. */
  readonly secret: boolean;
}

/** One problem per issue, and one per unknown field. */
export function toKindProblems(issues: readonly Issue[], context: ProblemContext): readonly KindProblem[] {
  const problem = (path: Path, remedy: (value: unknown) => string): KindProblem => {
    const value = context.secret ? undefined : valueAt(context.raw, path);
    const text = shown(value);
    return {
      object: context.object,
      field: fieldText(path),
      path,
      ...(text === undefined ? {} : { value: text }),
      remedy: remedy(context.secret && valueAt(context.raw, path) !== undefined ? '(hidden)' : value),
      severity: 'error',
    };
  };
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => problem([...issue.path, key], () => unknownFieldRemedy(key, knownNames(context.schema, issue.path))))
      : [problem(issue.path, (value) => remedyOf(issue, value))],
  );
}
