import type { QueryPattern, QueryTest } from '../domain/query.ts';
import { compareVersions, isVersion } from '../domain/version-order.ts';

export type TextTest = (text: string) => boolean;
export type NumberTest = (value: number | undefined) => boolean;
type Extent = 'whole' | 'contains' | 'prefix';

/** Where the text goes on after the parts from `from` on, in order and with anything between them; -1 where they are not there. */
function endOfParts(lower: string, parts: readonly string[], from: number): number {
  let position = from;
  for (const part of parts) {
    const found = lower.indexOf(part, position);
    if (found < 0) return -1;
    position = found + part.length;
  }
  return position;
}

/** True where the parts come in order. Linear in the text: no pattern can make it slow. */
function matches(lower: string, parts: readonly string[], extent: Extent): boolean {
  if (extent === 'contains') return endOfParts(lower, parts, 0) >= 0;
  const [first = ''] = parts;
  if (!lower.startsWith(first)) return false;
  if (extent === 'prefix') return endOfParts(lower, parts.slice(1), first.length) >= 0;
  if (parts.length === 1) return lower === first;
  const last = parts.at(-1) ?? '';
  const end = endOfParts(lower, parts.slice(1, -1), first.length);
  return end >= 0 && lower.endsWith(last) && lower.length - last.length >= end;
}

const isEmpty = ({ parts }: QueryPattern): boolean => parts.length === 1 && parts[0] === '';

/** One pattern against a text. The empty pattern stands for an absent value, whatever the extent. */
export function matchesPattern(text: string, pattern: QueryPattern, extent: Extent): boolean {
  if (isEmpty(pattern)) return text === '';
  return matches(text.toLowerCase(), pattern.parts, extent);
}

/** The test of a text or word field. */
export function textTest(test: QueryTest, extent: Extent): TextTest {
  if (test.kind === 'present') return (text) => text !== '';
  if (test.kind === 'any') return (text) => test.patterns.some((pattern) => matchesPattern(text, pattern, extent));
  return () => false;
}

/** Versions: equality by text, order only among texts that are versions. */
export function versionTest(test: QueryTest): TextTest {
  if (test.kind !== 'version') return textTest(test, 'whole');
  return (text) => isVersion(text) && isVersion(test.version) && isInOrder(compareVersions(text, test.version), test.operator);
}

/** The same for versions that are always written with a `v`, which may be left out of the question. */
export function prefixedVersionTest(test: QueryTest): TextTest {
  const holds = versionTest(test);
  return (text) => holds(text) || (text.startsWith('v') && holds(text.slice(1)));
}

/** Numbers and durations. What is unknown is neither more nor less than anything. */
export function numberTest(test: QueryTest): NumberTest {
  if (test.kind !== 'compare') return () => false;
  const { operator, values } = test;
  return (value) =>
    value !== undefined && values.some((wanted) => (operator === '=' ? isSame(value, wanted) : isInOrder(value - wanted.value, operator)));
}

const isSame = (value: number, wanted: { readonly value: number; readonly unit: number }): boolean =>
  wanted.unit === 0 ? value === wanted.value : value >= wanted.value && value < wanted.value + wanted.unit;

function isInOrder(order: number, operator: '<' | '<=' | '>' | '>='): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return operator satisfies never;
  }
}
