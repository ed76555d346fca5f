import { readTokens, type QueryToken } from '../../../proxy-server/src/domain/query-tokens.ts';
import { parseQuery, type KnownLabels, type QueryError } from '../../../proxy-server/src/domain/query.ts';

export type QueryPart = 'field' | 'operator' | 'value' | 'negation' | 'text' | 'space' | 'error';
export interface QueryPiece {
  readonly text: string;
  readonly part: QueryPart;
}

export interface ReadQuery {
  readonly pieces: readonly QueryPiece[];
  readonly error: QueryError | undefined;
}

/** The text cut into pieces by what they are, nothing lost: the pieces joined are the text. */
export function readQuery(query: string, labels: KnownLabels | undefined): ReadQuery {
  const parsed = parseQuery(query, labels);
  const error = parsed.ok ? undefined : parsed.error;
  const parts: QueryPart[] = Array.from({ length: query.length }, () => 'space');
  const mark: Mark = (from, length, part) => void parts.fill(part, from, Math.min(query.length, from + length));
  const readable = readTokens(query);
  if (readable.ok) readable.value.forEach((token) => markToken(token, mark));
  else mark(0, query.length, 'text');
  if (error !== undefined) mark(error.position, Math.max(1, error.length), 'error');
  return { pieces: joined(query, parts), error };
}

type Mark = (from: number, length: number, part: QueryPart) => void;

function markToken(token: QueryToken, mark: Mark): void {
  const { field, argument } = token;
  mark(token.position, token.length, field === undefined ? 'text' : 'operator');
  if (token.negated) mark(token.position, 1, 'negation');
  if (field === undefined) return;
  mark(field.position, field.length, 'field');
  if (argument !== undefined) mark(argument.position, argument.length, 'field');
  token.values.forEach((value) => mark(value.position, value.length, 'value'));
}

function joined(query: string, parts: readonly QueryPart[]): readonly QueryPiece[] {
  const pieces: { text: string; part: QueryPart }[] = [];
  parts.forEach((part, index) => {
    const last = pieces.at(-1);
    if (last?.part === part) last.text += query.charAt(index);
    else pieces.push({ text: query.charAt(index), part });
  });
  return pieces;
}
