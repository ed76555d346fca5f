import { nearestWord } from './nearest-word.ts';
import { parseObjectPattern, type ObjectPattern } from './policy-object.ts';
import { parseGlob, type Glob } from './policy-glob.ts';

/** The resources of the policy. `environments`, `products` and `promotions` are named by their object's name, as edges are. */
export const POLICY_RESOURCES = ['edges', 'applications', 'logs', 'environments', 'products', 'promotions'] as const;
export type PolicyResource = (typeof POLICY_RESOURCES)[number];

export const POLICY_ACTIONS = ['get', 'refresh', 'sync', 'rollback', 'terminate', 'doctor', 'approve', 'promote'] as const;

export const POLICY_LIMITS = { lines: 20_000, lineChars: 2_048 } as const;

/** A `p` line, read. The text parts are kept as written: they are shown, and handed to casbin. */
export interface PolicyLine {
  readonly line: number;
  readonly subject: string;
  readonly resource: string;
  readonly action: string;
  readonly object: string;
  readonly effect: 'allow' | 'deny';
  readonly resourceGlob: Glob;
  readonly actionGlob: Glob;
  readonly objectPattern: ObjectPattern;
}

/** A `g` line: `subject` has everything that `role` has. */
export interface RoleLine {
  readonly line: number;
  readonly subject: string;
  readonly role: string;
}

/** One line that cannot be read: where, what, and what to write instead. */
export interface PolicyProblem {
  readonly line: number;
  readonly text: string;
  readonly remedy: string;
}

export interface ParsedCsv {
  readonly lines: readonly PolicyLine[];
  readonly roles: readonly RoleLine[];
  readonly problems: readonly PolicyProblem[];
}

/** The fields of one line, quotes of CSV undone; undefined where a quote is not closed. */
function fieldsOf(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  const field = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  for (;;) {
    const found = field.exec(line);
    if (found === null) return undefined;
    fields.push(found[1] === undefined ? (found[2] ?? '').trim() : found[1].replaceAll('""', '"'));
    if (found[3] !== ',') return fields;
  }
}

const meant = (word: string, known: readonly string[]): string => {
  const near = nearestWord(word, known);
  return near === undefined ? `one of ${known.join(', ')}` : near;
};

/** A literal word must be a known one; a glob must match at least one known word. */
function wordProblem(what: string, word: string, known: readonly string[]): string | undefined {
  const glob = parseGlob(word);
  if (glob === undefined) return `Close every bracket of the ${what} "${word}"`;
  return known.some((candidate) => glob.test(candidate)) ? undefined : `"${word}" is no ${what}: write ${meant(word, known)}`;
}

type Words = Pick<PolicyLine, 'subject' | 'resource' | 'action' | 'object'> & { readonly effect: string };

function wordsOf(fields: readonly string[]): Words {
  const [, subject = '', resource = '', action = '', object = '', effect = ''] = fields;
  return { subject, resource, action, object, effect };
}

/** What is wrong with the words of a p line before its object is read. */
function wordsProblem({ subject, resource, action, effect }: Words): string | undefined {
  if (subject === '') return 'Name the subject or role: p, subject or role, resource, action, object, allow or deny';
  if (effect.includes('#')) return 'Put the comment on a line of its own';
  if (effect !== 'allow' && effect !== 'deny') return `"${effect}" is no effect: write allow or deny`;
  return wordProblem('resource', resource, POLICY_RESOURCES) ?? wordProblem('action', action, POLICY_ACTIONS);
}

function readObject({ resource, object }: Words): ObjectPattern | string {
  const pattern = parseObjectPattern(object);
  if (typeof pattern === 'string') return pattern;
  const isOfApplications = resource === 'applications' || resource === 'logs';
  if (!isOfApplications || pattern.reachesApplications) return pattern;
  return `"${object}" names no Application: write <edge>/<project>/<application>, such as ${object}/*/*`;
}

function readPolicy(line: number, fields: readonly string[]): PolicyLine | string {
  if (fields.length !== 6) {
    return `A p line has 6 fields, this one has ${fields.length}: write p, subject or role, resource, action, object, allow or deny`;
  }
  const words = wordsOf(fields);
  const problem = wordsProblem(words);
  if (problem !== undefined) return problem;
  const objectPattern = readObject(words);
  if (typeof objectPattern === 'string') return objectPattern;
  const [resourceGlob, actionGlob] = [parseGlob(words.resource), parseGlob(words.action)];
  if (resourceGlob === undefined || actionGlob === undefined) return 'Close every bracket';
  return { ...words, line, effect: words.effect === 'deny' ? 'deny' : 'allow', resourceGlob, actionGlob, objectPattern };
}

function readRole(line: number, fields: readonly string[]): RoleLine | string {
  const [, subject = '', role = ''] = fields;
  if (fields.length !== 3) return `A g line has 3 fields, this one has ${fields.length}: write g, subject, role`;
  if (subject === '' || role === '') return 'Name both: g, subject, role';
  if (role.includes('#')) return 'Put the comment on a line of its own';
  return { line, subject, role };
}

type Reading = { readonly kind: 'p'; readonly line: PolicyLine } | { readonly kind: 'g'; readonly line: RoleLine } | string;

function readLine(number: number, text: string): Reading {
  if (text.length > POLICY_LIMITS.lineChars) return `Shorten the line to ${POLICY_LIMITS.lineChars} characters`;
  const fields = fieldsOf(text);
  if (fields === undefined) return 'Close the quote: a field is quoted whole or not at all';
  if (fields[0] === 'p') {
    const line = readPolicy(number, fields);
    return typeof line === 'string' ? line : { kind: 'p', line };
  }
  if (fields[0] === 'g') {
    const line = readRole(number, fields);
    return typeof line === 'string' ? line : { kind: 'g', line };
  }
  return `A line begins with p or g, this one with "${(fields[0] ?? '').slice(0, 40)}"`;
}

/**
 * Reads a policy in Argo CD's CSV form (docs: Argo CD RBAC configuration). Blank lines and lines that begin with `#` are skipped. Every line that cannot be
 * read is named with what to write; whoever uses the result decides about the whole, and `policy.ts` refuses it.
 */
export function parsePolicyCsv(csv: string): ParsedCsv {
  const lines: PolicyLine[] = [];
  const roles: RoleLine[] = [];
  const problems: PolicyProblem[] = [];
  const rows = csv.split(/\r?\n/);
  if (rows.length > POLICY_LIMITS.lines) {
    return { lines, roles, problems: [{ line: rows.length, text: '', remedy: `Write at most ${POLICY_LIMITS.lines} lines` }] };
  }
  for (const [index, row] of rows.entries()) {
    const text = row.trim();
    if (text === '' || text.startsWith('#')) continue;
    const reading = readLine(index + 1, text);
    if (typeof reading === 'string') problems.push({ line: index + 1, text: text.slice(0, 200), remedy: reading });
    else if (reading.kind === 'p') lines.push(reading.line);
    else roles.push(reading.line);
  }
  return { lines, roles, problems };
}
