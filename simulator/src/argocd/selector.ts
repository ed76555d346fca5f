import { unknownError } from './argo-error.ts';

/** A label selector, parsed: says whether labels match. */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean;

const PARSE = 'error parsing the selector: unable to parse requirement: ';
const SET = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/;
const EQUAL = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/;
const EXISTS = /^(!?)\s*([\w./-]+)$/;

function requirementOf(text: string): Selector {
  const set = SET.exec(text);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = new Set(list.split(',').map((value) => value.trim()));
    return (labels) => values.has(labels[key] ?? '\0') === (operator === 'in');
  }
  const equal = EQUAL.exec(text);
  if (equal !== null) {
    const [, key = '', operator, value = ''] = equal;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  const exists = EXISTS.exec(text);
  if (exists !== null) {
    const [, not = '', key = ''] = exists;
    return (labels) => key in labels !== (not === '!');
  }
  const stray = /[=!<>]{1,3}\s*([^\w\s])/.exec(text)?.[1] ?? text.slice(0, 1);
  throw unknownError(`${PARSE}found '${stray}', expected: identifier`);
}

/** Parses `a=b,c!=d,e in (f,g),!h`. Throws the server's error on anything else; an empty text matches everything. */
export function parseSelector(text: string): Selector {
  const requirements = text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(requirementOf);
  return (labels) => requirements.every((requirement) => requirement(labels));
}
