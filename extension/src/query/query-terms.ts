import { readTokens, type QueryToken } from '../../../proxy-server/src/domain/query-tokens.ts';
import { quoteQueryValue } from '../../../proxy-server/src/domain/query.ts';

/**
 * The query as a list of terms that buttons switch on and off. Whatever a person typed stays as typed; only the term that belongs to the
 * pressed field is written anew. A field here is what stands before the value: `region`, `state`, `version:pos`.
 */
const fieldOf = (token: QueryToken): string | undefined =>
  token.field === undefined
    ? undefined
    : (token.argument === undefined ? token.field.text : `${token.field.text}:${token.argument.text}`).toLowerCase();

const isEquality = (token: QueryToken): boolean => token.operator === ':' || token.operator === '=';
const textOf = (query: string, token: QueryToken): string => query.slice(token.position, token.position + token.length);

/** Terms in order; a query that cannot be read is one term, so that pressing a filter does not destroy it. */
function tokensOf(query: string): readonly QueryToken[] | undefined {
  const read = readTokens(query);
  return read.ok ? read.value : undefined;
}

const isOf = (token: QueryToken, field: string): boolean => !token.negated && isEquality(token) && fieldOf(token) === field.toLowerCase();

/** The values that a field is asked to have, in lower case. */
export function valuesOf(query: string, field: string): ReadonlySet<string> {
  const tokens = tokensOf(query)?.filter((token) => isOf(token, field)) ?? [];
  return new Set(tokens.flatMap((token) => token.values.map((value) => value.text.toLowerCase())));
}

const join = (terms: readonly string[]): string => terms.filter((term) => term !== '').join(' ');

/** The query without what it asks of a field. */
export function withoutField(query: string, field: string): string {
  const tokens = tokensOf(query);
  if (tokens === undefined) return query;
  return join(tokens.filter((token) => !isOf(token, field)).map((token) => textOf(query, token)));
}

/** The query asking a field for exactly these values; none removes the term. */
export function withValues(query: string, field: string, values: readonly string[]): string {
  const rest = withoutField(query, field);
  return values.length === 0 ? rest : join([rest, `${field}:${values.map(quoted).join(',')}`]);
}

/** An empty value asks for edges without one. */
const quoted = (value: string): string => (value === '' ? '""' : quoteQueryValue(value));

/** One value of a field switched: several values of one field mean any of them. */
export function toggleValue(query: string, field: string, value: string): string {
  const before = [...valuesOf(query, field)];
  const lower = value.toLowerCase();
  return withValues(query, field, before.includes(lower) ? before.filter((other) => other !== lower) : [...before, lower]);
}

/** True where the query asks a field for exactly these values. */
export function hasValues(query: string, field: string, values: readonly string[]): boolean {
  const now = valuesOf(query, field);
  return now.size === values.length && values.length > 0 && values.every((value) => now.has(value.toLowerCase()));
}

/** All of a set of values on, or, where they are exactly what is asked, off. */
export function toggleValues(query: string, field: string, values: readonly string[]): string {
  return hasValues(query, field, values)
    ? withoutField(query, field)
    : withValues(
        query,
        field,
        values.map((value) => value.toLowerCase()),
      );
}

/** A whole term (`version:pos<4.12`), added or taken away. */
export function toggleTerm(query: string, term: string): string {
  return hasTerm(query, term) ? join(termsOf(query).filter((other) => other !== term)) : join([...termsOf(query), term]);
}

export const hasTerm = (query: string, term: string): boolean => termsOf(query).includes(term);

function termsOf(query: string): readonly string[] {
  const tokens = tokensOf(query);
  return tokens === undefined ? [query.trim()] : tokens.map((token) => textOf(query, token));
}
