import { err, ok, type Result } from './result.ts';

/** What cannot be read, and where. */
interface TokenError {
  readonly message: string;
  readonly position: number;
  readonly length: number;
}

/** A stretch of the query's text. */
export interface Piece {
  readonly text: string;
  readonly position: number;
  readonly length: number;
}

/** One value: its text without quotes, and the lower-case parts between its `*`. */
export interface TokenValue extends Piece {
  readonly parts: readonly string[];
}

export interface QueryToken {
  readonly negated: boolean;
  readonly position: number;
  readonly length: number;
  /** Absent: free text, in the only value. */
  readonly field?: Piece;
  readonly argument?: Piece;
  readonly operator?: ':' | '=' | '<' | '<=' | '>' | '>=';
  readonly values: readonly TokenValue[];
}

const FIELD = /[\p{L}_][\p{L}\p{N}_./-]*/uy;
const ARGUMENT = /[\p{L}\p{N}_./-]+/uy;
const OPERATOR = /:?(<=|>=|<|>)|[:=]/y;
const SPACE = /\s/;
/** Fields whose first `:` is followed by a name and not yet by a value. */
const TAKES_ARGUMENT: ReadonlySet<string> = new Set(['version', 'label']);

/** Splits the text into terms; the only errors here are quotes that do not close and a `!` or an operator that stands alone. */
export function readTokens(text: string): Result<readonly QueryToken[], TokenError> {
  const tokens: QueryToken[] = [];
  let position = 0;
  for (;;) {
    while (position < text.length && SPACE.test(text.charAt(position))) position += 1;
    if (position >= text.length) return ok(tokens);
    const token = readToken(text, position);
    if (!token.ok) return token;
    tokens.push(token.value);
    position = token.value.position + token.value.length;
  }
}

function readToken(text: string, start: number): Result<QueryToken, TokenError> {
  const negated = text.charAt(start) === '!';
  const begin = negated ? start + 1 : start;
  if (begin >= text.length || SPACE.test(text.charAt(begin))) {
    return err({ message: '! stands before the term it negates', position: start, length: 1 });
  }
  const head = readHead(text, begin);
  return head === undefined ? readWord(text, begin, { negated, position: start }) : readField(text, head, { negated, position: start });
}

type TokenStart = Pick<QueryToken, 'negated' | 'position'>;

function readWord(text: string, begin: number, start: TokenStart): Result<QueryToken, TokenError> {
  const value = readValue(text, begin, false);
  if (!value.ok) return value;
  return ok({ ...start, length: value.value.position + value.value.length - start.position, values: [value.value] });
}

function readField(text: string, head: Head, start: TokenStart): Result<QueryToken, TokenError> {
  const { end, ...named } = head;
  const values = head.operator === undefined ? ok([]) : readValues(text, end);
  if (!values.ok) return values;
  const last = values.value.at(-1);
  const length = (last === undefined ? end : last.position + last.length) - start.position;
  return ok({ ...start, ...named, length, values: values.value });
}

interface Head {
  readonly field: Piece;
  readonly argument?: Piece;
  readonly operator?: NonNullable<QueryToken['operator']>;
  readonly end: number;
}

/** `field:`, `field<`, `version:pos<`, `label:region:`; undefined where the text is no field but a word. */
function readHead(text: string, begin: number): Head | undefined {
  const field = matchAt(FIELD, text, begin);
  if (field === undefined) return undefined;
  const operator = readOperator(text, begin + field.length);
  if (operator === undefined) return undefined;
  if (!TAKES_ARGUMENT.has(field.text.toLowerCase()) || operator.operator !== ':') return { field, ...operator };
  const argument = matchAt(ARGUMENT, text, operator.end);
  if (argument === undefined) return { field, end: operator.end };
  const after = operator.end + argument.length;
  return { field, argument, ...(readOperator(text, after) ?? { end: after }) };
}

function matchAt(pattern: RegExp, text: string, position: number): Piece | undefined {
  const sticky = new RegExp(pattern.source, pattern.flags);
  sticky.lastIndex = position;
  const found = sticky.exec(text)?.[0];
  return found === undefined ? undefined : { text: found, position, length: found.length };
}

function readOperator(text: string, position: number): { operator: NonNullable<Head['operator']>; end: number } | undefined {
  const found = matchAt(OPERATOR, text, position);
  if (found === undefined) return undefined;
  const bare = found.text.length > 1 && found.text.startsWith(':') ? found.text.slice(1) : found.text;
  const operator = ([':', '=', '<', '<=', '>', '>='] as const).find((known) => known === bare);
  return operator === undefined ? undefined : { operator, end: position + found.length };
}

function readValues(text: string, start: number): Result<readonly TokenValue[], TokenError> {
  const values: TokenValue[] = [];
  let position = start;
  for (;;) {
    const value = readValue(text, position, true);
    if (!value.ok) return value;
    const isQuoted = text.charAt(position) === '"';
    if (value.value.length > 0 || isQuoted) values.push(value.value);
    position += value.value.length;
    if (text.charAt(position) !== ',') return ok(values);
    position += 1;
  }
}

/** A quoted or bare value. In a list of values a comma ends it. */
function readValue(text: string, start: number, inList: boolean): Result<TokenValue, TokenError> {
  if (text.charAt(start) === '"') return readQuoted(text, start);
  let end = start;
  while (end < text.length && !SPACE.test(text.charAt(end)) && !(inList && text.charAt(end) === ',')) end += 1;
  const raw = text.slice(start, end);
  return ok({ text: raw, position: start, length: end - start, parts: raw.toLowerCase().split('*') });
}

function readQuoted(text: string, start: number): Result<TokenValue, TokenError> {
  const parts: string[] = [''];
  let plain = '';
  const add = (character: string): void => {
    plain += character;
    parts[parts.length - 1] = `${parts.at(-1) ?? ''}${character}`;
  };
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') {
      return ok({ text: plain, position: start, length: index + 1 - start, parts: parts.map((part) => part.toLowerCase()) });
    }
    if (character === '*') {
      plain += '*';
      parts.push('');
    } else if (character === '\\' && index + 1 < text.length) {
      index += 1;
      add(text.charAt(index));
    } else add(character);
  }
  return err({ message: 'The quote does not close', position: start, length: text.length - start });
}
