/**
 * Globs as Argo CD's RBAC reads them (gobwas/glob without separators, `util/glob` @ v3.5.1): `*` matches any text, `/` included, `?` one
 * character, `[a-z]` and `[!a-z]` one of a class, `{a,b}` either. Matching is linear in the text, so no policy can stall the server.
 */

type Token =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [from: string, to: string])[] };

/** What is known of a text that begins with a prefix: it cannot match, it matches however it goes on, or the rest decides. */
export type PrefixAnswer = 'never' | 'always' | 'depends';

export interface Glob {
  test(text: string): boolean;
  /** Decides about every text made of `prefix` and a rest that holds at least one `/`, without seeing the rest. */
  overPrefix(prefix: string): PrefixAnswer;
}

export const GLOB_LIMITS = { patternChars: 512, alternatives: 64 } as const;

const STAR: Token = { kind: 'star' };

/** Everything inside the outermost `{}` at `open`, split at its own commas, and the index after `}`. */
function braceAt(pattern: string, open: number): { readonly options: readonly string[]; readonly end: number } | undefined {
  const options: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < pattern.length; at += 1) {
    const char = pattern[at];
    if (char === '{') depth += 1;
    if (char === ',' && depth === 1) {
      options.push(pattern.slice(from, at));
      from = at + 1;
    }
    if (char === '}' && --depth === 0) return { options: [...options, pattern.slice(from, at)], end: at + 1 };
  }
  return undefined;
}

/** The pattern without `{}`: one pattern per choice. Undefined where a brace is not closed or there are too many choices. */
function withoutBraces(pattern: string): readonly string[] | undefined {
  const open = pattern.indexOf('{');
  if (open < 0) return pattern.includes('}') ? undefined : [pattern];
  const brace = braceAt(pattern, open);
  if (brace === undefined) return undefined;
  const expanded: string[] = [];
  for (const option of brace.options) {
    const rest = withoutBraces(pattern.slice(0, open) + option + pattern.slice(brace.end));
    if (rest === undefined || expanded.length + rest.length > GLOB_LIMITS.alternatives) return undefined;
    expanded.push(...rest);
  }
  return expanded;
}

function classAt(pattern: string, open: number): { readonly token: Token; readonly end: number } | undefined {
  const close = pattern.indexOf(']', open + 2);
  if (close < 0) return undefined;
  const negated = pattern[open + 1] === '!';
  const body = pattern.slice(open + (negated ? 2 : 1), close);
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < body.length; at += 1) {
    const from = body.charAt(at);
    const isRange = body[at + 1] === '-' && at + 2 < body.length;
    ranges.push([from, isRange ? body.charAt(at + 2) : from]);
    if (isRange) at += 2;
  }
  return ranges.length === 0 ? undefined : { token: { kind: 'class', negated, ranges }, end: close + 1 };
}

function tokensOf(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push(STAR);
    } else if (char === '?') tokens.push({ kind: 'any' });
    else if (char === '[') {
      const found = classAt(pattern, at);
      if (found === undefined) return undefined;
      tokens.push(found.token);
      at = found.end - 1;
    } else tokens.push({ kind: 'char', char });
  }
  return tokens;
}

function takes(token: Token, char: string): boolean {
  if (token.kind === 'char') return token.char === char;
  if (token.kind === 'class') return token.ranges.some(([from, to]) => char >= from && char <= to) !== token.negated;
  return true;
}

/** Two pointers with one way back, to the latest star: O(text x tokens) at worst. */
function matches(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let star = -1;
  let starText = 0;
  for (let at = 0; at < text.length;) {
    const current = tokens[token];
    if (current?.kind === 'star') {
      star = token;
      starText = at;
      token += 1;
    } else if (current !== undefined && takes(current, text.charAt(at))) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      starText += 1;
      at = starText;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest.kind === 'star');
}

/** The positions in `tokens` that are alive once `prefix` has been read. */
function aliveAfter(tokens: readonly Token[], prefix: string): ReadonlySet<number> {
  const withStars = (positions: Iterable<number>): Set<number> => {
    const all = new Set<number>();
    for (const position of positions) {
      all.add(position);
      if (tokens[position]?.kind === 'star') all.add(position + 1);
    }
    return all;
  };
  let alive = withStars([0]);
  for (const char of prefix) {
    const next: number[] = [];
    for (const position of alive) {
      const token = tokens[position];
      if (token?.kind === 'star') next.push(position);
      else if (token !== undefined && takes(token, char)) next.push(position + 1);
    }
    alive = withStars(next);
  }
  return alive;
}

/** True where `tokens` from `position` on take any rest that holds a `/`. */
function takesAnyRest(tokens: readonly Token[], position: number): boolean {
  const [first, second, third] = tokens.slice(position);
  const left = tokens.length - position;
  if (left === 1) return first?.kind === 'star';
  return left === 3 && first?.kind === 'star' && second?.kind === 'char' && second.char === '/' && third?.kind === 'star';
}

function overPrefix(alternatives: readonly (readonly Token[])[], prefix: string): PrefixAnswer {
  let answer: PrefixAnswer = 'never';
  for (const tokens of alternatives) {
    for (const position of aliveAfter(tokens, prefix)) {
      if (takesAnyRest(tokens, position)) return 'always';
      if (position < tokens.length) answer = 'depends';
    }
  }
  return answer;
}

/** Undefined where the pattern cannot be read: a bracket or brace is not closed, it is too long, or `{}` makes too many patterns of it. */
export function parseGlob(pattern: string): Glob | undefined {
  if (pattern.length > GLOB_LIMITS.patternChars) return undefined;
  const alternatives: (readonly Token[])[] = [];
  for (const plain of withoutBraces(pattern) ?? []) {
    const tokens = tokensOf(plain);
    if (tokens === undefined) return undefined;
    alternatives.push(tokens);
  }
  if (alternatives.length === 0) return undefined;
  // Most lines of a long policy begin with another edge's name: the literal head rules them out at the price of one comparison.
  const head = /^[^*?[{]*/.exec(pattern)?.[0] ?? '';
  if (head === pattern) {
    return { test: (text) => text === pattern, overPrefix: (prefix) => (pattern.startsWith(prefix) ? 'depends' : 'never') };
  }
  return {
    test: (text) => text.startsWith(head) && alternatives.some((tokens) => matches(tokens, text)),
    overPrefix: (prefix) => (prefix.startsWith(head) || head.startsWith(prefix) ? overPrefix(alternatives, prefix) : 'never'),
  };
}
