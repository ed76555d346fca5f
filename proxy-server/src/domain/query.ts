/**
 * The query language of every list, parsed the same way on the server and in the browser:
 *
 *     region:north look:degraded version:pos<4.11 read-age>2h !lifecycle:parked text "quoted words"
 *
 * Terms are joined by "and"; a comma in a value means "any of"; `!` negates a term; `*` stands for any characters; values match without
 * case. `:` and `=` ask for equality, `<`, `<=`, `>`, `>=` compare versions, durations and numbers. `""` asks for an absent value. A field
 * that is no field of the table is the key of a label. Inside quotes a backslash takes the next character literally.
 */
import { err, ok, type Result } from './result.ts';
import { nearestWord } from './nearest-word.ts';
import { QUERY_FIELDS, queryField, type QueryField } from './query-fields.ts';
import { readTokens, type Piece, type QueryToken, type TokenValue } from './query-tokens.ts';

/** What is wrong, where (offset and length in the text, for the caret), and the known word that was perhaps meant. */
export interface QueryError {
  readonly message: string;
  readonly position: number;
  readonly length: number;
  readonly nearest?: string;
}

/** A value with its `*` taken out: the text must consist of `parts` in order, with anything between them. Lower case. */
export interface QueryPattern {
  readonly parts: readonly string[];
}

export type CompareOperator = '<' | '<=' | '=' | '>=' | '>';

/** `any`: one of the patterns matches. `compare`: for numbers and durations (ms; `unit` is the precision of `=`). `version`: as text. */
export type QueryTest =
  | { readonly kind: 'any'; readonly patterns: readonly QueryPattern[] }
  | {
      readonly kind: 'compare';
      readonly operator: CompareOperator;
      readonly values: readonly { readonly value: number; readonly unit: number }[];
    }
  | { readonly kind: 'version'; readonly operator: Exclude<CompareOperator, '='>; readonly version: string }
  | { readonly kind: 'present' };

interface TermPlace {
  readonly negated: boolean;
  readonly position: number;
  readonly length: number;
}
export type QueryTerm =
  | (TermPlace & { readonly kind: 'text'; readonly pattern: QueryPattern })
  | (TermPlace & { readonly kind: 'field'; readonly field: QueryField; readonly argument?: string; readonly test: QueryTest });

export interface Query {
  readonly terms: readonly QueryTerm[];
}

/** Longer texts, and more terms, are refused: a query is typed by a person. */
export const MAX_QUERY_LENGTH = 2000;
export const MAX_QUERY_TERMS = 64;

const LABEL_FIELD: QueryField = {
  name: 'label',
  scope: 'edge',
  kind: 'text',
  match: 'whole',
  argument: 'label',
  title: 'Label of the edge',
};

/** Keys of labels that exist. Where they are given, a field that is neither is an error; without them it is taken for a label. */
export type KnownLabels = { has(key: string): boolean } & Iterable<string>;

/** Never throws. The empty text selects everything. */
export function parseQuery(text: string, labels?: KnownLabels): Result<Query, QueryError> {
  if (text.length > MAX_QUERY_LENGTH) {
    return err({
      message: `A query has at most ${MAX_QUERY_LENGTH} characters`,
      position: MAX_QUERY_LENGTH,
      length: text.length - MAX_QUERY_LENGTH,
    });
  }
  const tokens = readTokens(text);
  if (!tokens.ok) return tokens;
  const terms: QueryTerm[] = [];
  for (const token of tokens.value) {
    const term = toTerm(token, labels);
    if (!term.ok) return term;
    terms.push(term.value);
  }
  const extra = terms[MAX_QUERY_TERMS];
  if (extra !== undefined)
    return err({ message: `A query has at most ${MAX_QUERY_TERMS} terms`, position: extra.position, length: extra.length });
  return ok({ terms });
}

/** Writes a value so that the parser reads it back as that literal text. */
export function quoteQueryValue(value: string): string {
  return /^[\p{L}\p{N}._/@-]+$/u.test(value) ? value : `"${value.replaceAll(/["\\*]/g, String.raw`\$&`)}"`;
}

function toTerm(token: QueryToken, labels: KnownLabels | undefined): Result<QueryTerm, QueryError> {
  const { negated, position, length } = token;
  if (token.field === undefined) {
    return ok({ negated, position, length, kind: 'text', pattern: { parts: token.values.flatMap(({ parts }) => parts) } });
  }
  const named = toField(token.field, token, labels);
  if (!named.ok) return named;
  const test = toTest(named.value.field, token);
  return test.ok ? ok({ negated, position, length, kind: 'field', ...named.value, test: test.value }) : test;
}

interface NamedField {
  readonly field: QueryField;
  readonly argument?: string;
}

function toField(name: Piece, token: QueryToken, labels: KnownLabels | undefined): Result<NamedField, QueryError> {
  const field = queryField(name.text);
  if (field === undefined) {
    return labels === undefined || labels.has(name.text)
      ? ok({ field: LABEL_FIELD, argument: name.text })
      : err(unknownField(name, labels));
  }
  if (field.argument === undefined) return ok({ field });
  if (token.argument !== undefined) return ok({ field, argument: token.argument.text });
  const example = field.argument === 'product' ? 'version:pos<4.11' : 'label:region:north';
  return err({ message: `${field.name}: needs the name of a ${field.argument}, as in ${example}`, ...placeOf(name) });
}

const placeOf = ({ position, length }: { readonly position: number; readonly length: number }): { position: number; length: number } => ({
  position,
  length,
});

function unknownField(name: Piece, labels: KnownLabels): QueryError {
  const nearest = nearestWord(name.text, [...QUERY_FIELDS.map((field) => field.name), ...labels]);
  const hint = nearest === undefined ? 'put it in quotes to search for the text' : `did you mean ${nearest}?`;
  return { message: `There is no field or label ${name.text}; ${hint}`, ...placeOf(name), ...(nearest === undefined ? {} : { nearest }) };
}

function toTest(field: QueryField, token: QueryToken): Result<QueryTest, QueryError> {
  const { values, operator = ':' } = token;
  if (values.length > 0) return operator === ':' || operator === '=' ? toEquality(field, values) : toComparison(field, operator, token);
  if (field.argument !== undefined && token.operator === undefined) return ok({ kind: 'present' });
  return err({ message: `${token.field?.text ?? field.name} needs a value`, ...placeOf(token) });
}

function toComparison(field: QueryField, operator: Exclude<CompareOperator, '='>, token: QueryToken): Result<QueryTest, QueryError> {
  const [first, second] = token.values;
  if (second !== undefined) return err({ message: 'A comparison takes one value', ...placeOf(second) });
  if (field.kind === 'version') return ok({ kind: 'version', operator, version: first?.text ?? '' });
  if (field.kind === 'number' || field.kind === 'duration') return toMeasure(field.kind, operator, token.values);
  return err({ message: `${field.name} cannot be compared with ${operator}; use ${field.name}:`, ...placeOf(token) });
}

function toEquality(field: QueryField, values: readonly TokenValue[]): Result<QueryTest, QueryError> {
  switch (field.kind) {
    case 'number':
    case 'duration':
      return toMeasure(field.kind, '=', values);
    case 'word':
      return toWords(field, values);
    case 'version':
    case 'text':
      return ok(anyOf(values));
    default:
      return field.kind satisfies never;
  }
}

const anyOf = (values: readonly TokenValue[]): QueryTest => ({ kind: 'any', patterns: values.map(({ parts }) => ({ parts })) });

function toWords(field: QueryField, values: readonly TokenValue[]): Result<QueryTest, QueryError> {
  const words = field.values ?? [];
  for (const value of values) {
    const isKnown = value.text === '' || value.parts.length > 1 || words.some((known) => known.toLowerCase() === value.parts[0]);
    if (isKnown) continue;
    const nearest = nearestWord(value.text, words);
    const hint = nearest === undefined ? `use one of ${words.join(', ')}` : `did you mean ${nearest}?`;
    return err({
      message: `${field.name} is never ${value.text}; ${hint}`,
      ...placeOf(value),
      ...(nearest === undefined ? {} : { nearest }),
    });
  }
  return ok(anyOf(values));
}

function toMeasure(kind: 'number' | 'duration', operator: CompareOperator, values: readonly TokenValue[]): Result<QueryTest, QueryError> {
  const parsed: { readonly value: number; readonly unit: number }[] = [];
  for (const value of values) {
    const measure = kind === 'number' ? parseNumber(value.text) : parseQueryDuration(value.text);
    if (measure === undefined) {
      const message = kind === 'number' ? `${value.text} is no number` : `${value.text} is no duration; write it as 30s, 5m, 2h or 7d`;
      return err({ message, ...placeOf(value) });
    }
    parsed.push(measure);
  }
  return ok({ kind: 'compare', operator, values: parsed });
}

function parseNumber(raw: string): { readonly value: number; readonly unit: number } | undefined {
  return /^\d{1,12}(\.\d{1,6})?$/.test(raw) ? { value: Number(raw), unit: 0 } : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90s`, `2h30m`, `7d`; the unit is the smallest one named. */
export function parseQueryDuration(raw: string): { readonly value: number; readonly unit: number } | undefined {
  const lower = raw.toLowerCase();
  if (!/^(\d{1,9}(ms|s|m|h|d|w))+$/.test(lower)) return undefined;
  let value = 0;
  let unit = Number.POSITIVE_INFINITY;
  for (const [, amount, name] of lower.matchAll(/(\d+)(ms|s|m|h|d|w)/g)) {
    const unitMs = UNIT_MS[name ?? ''] ?? 1;
    value += Number(amount) * unitMs;
    unit = Math.min(unit, unitMs);
  }
  return { value, unit };
}
