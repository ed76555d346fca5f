import { unknownError } from './argo-error.ts';

/** A label selector, parsed: says whether labels match. */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean;

const PARSE = 'error parsing the selector: unable to parse requirement: ';
const SET = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/;
const EQUAL = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/;
const EXISTS = /^(!?)\s*([\w./-]+)$/;

function setRequirement(text: string): Selector | undefined {
  const [found, key = '', operator, list = ''] = SET.exec(text) ?? [];
  if (found === undefined) return undefined;
  const values = new Set(list.split(',').map((value) => value.trim()));
  return (labels) => values.has(labels[key] ?? '\0') === (operator === 'in');
}

function equalRequirement(text: string): Selector | undefined {
  const [found, key = '', operator, value = ''] = EQUAL.exec(text) ?? [];
  return found === undefined ? undefined : (labels) => (labels[key] === value) === (operator !== '!=');
}

function existsRequirement(text: string): Selector | undefined {
  const [found, not, key = ''] = EXISTS.exec(text) ?? [];
  return found === undefined ? undefined : (labels) => key in labels !== (not === '!');
}

function requirementOf(text: string): Selector {
  const requirement = setRequirement(text) ?? equalRequirement(text) ?? existsRequirement(text);
  if (requirement !== undefined) return requirement;
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
