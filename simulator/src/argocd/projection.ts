/**
 * The two ways Argo CD projects with `fields`: generic on streams and unary calls (`grpc/http/forwarders.go` @ argoproj/pkg v2.0.1), by a closed
 * list on the list of Applications (`pkg/apiclient/application/forwarder_overwrite.go`). Both write the keys of what they filtered in
 * alphabetical order, as Go writes maps.
 */
import { type Json } from './go-json.ts';

export interface Fields {
  readonly names: readonly string[];
  readonly exclude: boolean;
  /** What was decided about a path: the paths of an object are few, and each is looked for in all names. Absent: decided each time. */
  readonly verdicts?: Map<string, Verdict>;
}

type Verdict = 'whole' | 'parts' | 'dropped';

/** Paths that are remembered; only labels and annotations that somebody makes up go on adding to them. */
const VERDICT_LIMIT = 2000;

function verdictOf({ names, exclude, verdicts }: Fields, path: string): Verdict {
  const known = verdicts?.get(path);
  if (known !== undefined) return known;
  const named = names.includes(path);
  // A name keeps every path it begins with as text: "metadata.namespace" keeps "metadata.name" too.
  const kept = exclude ? !named : named || names.some((name) => name.startsWith(path));
  const verdict = kept ? (named ? 'whole' : 'parts') : 'dropped';
  if (verdicts !== undefined && verdicts.size < VERDICT_LIMIT) verdicts.set(path, verdict);
  return verdict;
}

/** Reads the parameter; undefined where nothing is projected. */
export function parseFields(parameter: string | undefined): Fields | undefined {
  if (parameter === undefined || parameter === '') return undefined;
  const exclude = parameter.startsWith('-');
  return { names: (exclude ? parameter.slice(1) : parameter).split(','), exclude, verdicts: new Map() };
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const result: Json = {};
  for (const key of Object.keys(value).sort()) result[key] = sorted(value[key]);
  return result;
}

function filtered(value: unknown, path: string, fields: Fields): unknown {
  if (Array.isArray(value)) return value.map((item) => filtered(item, path, fields));
  if (!isObject(value)) return value;
  const result: Json = {};
  for (const key of Object.keys(value).sort()) {
    const here = path === '' ? key : `${path}.${key}`;
    const verdict = verdictOf(fields, here);
    if (verdict !== 'dropped') result[key] = verdict === 'whole' ? sorted(value[key]) : filtered(value[key], here, fields);
  }
  return result;
}

/** What is left of a message under `fields`. */
export function project(message: unknown, fields: Fields | undefined): unknown {
  return fields === undefined ? message : filtered(message, '', fields);
}

/** Values that Go writes as null when the field was asked for and is not there. */
const NULL_WHEN_ABSENT = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.deletionTimestamp',
  'spec.source',
  'spec.sources',
  'spec.sourceHydrator',
  'spec.syncPolicy',
  'status.operationState.finishedAt',
]);

function valueAt(item: Json, path: readonly string[]): { found: boolean; value?: unknown } {
  let here: unknown = item;
  for (const key of path) {
    if (!isObject(here) || !(key in here)) return { found: false };
    here = here[key];
  }
  return { found: true, value: here };
}

function listValue(item: Json, name: string): { found: boolean; value?: unknown } {
  // The list writes syncResult under the name of operation.sync, in every version up to 3.6.
  const path = (name === 'status.operationState.operation.sync' ? 'status.operationState.syncResult' : name).split('.');
  const result = valueAt(item, path);
  // A string of Go that is not there is the empty string: several sources have revisions and no revision.
  if (!result.found && name === 'status.sync.revision') return { found: true, value: '' };
  if (!result.found && NULL_WHEN_ABSENT.has(name)) {
    const inside = name.startsWith('status.operationState') ? valueAt(item, ['status', 'operationState']).found : true;
    return inside ? { found: true, value: null } : result;
  }
  return result;
}

function put(target: Json, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = isObject(target[key]) ? target[key] : {};
  target[key] = inner;
  put(inner, rest, value);
}

/** The names of the closed list that a request asks for, each without "items.". */
export function listNames(fields: Fields, known: readonly string[]): readonly string[] {
  const asked = new Set(fields.names);
  return known.filter((name) => asked.has(`items.${name}`) !== fields.exclude);
}

/** True where the names hold a field and its own child: what fails by chance on 3.5. */
export function overlaps(names: readonly string[]): boolean {
  return names.includes('spec') && names.some((name) => name.startsWith('spec.'));
}

/** One item of a projected list: only the names, keys of the way there in alphabetical order, values as they are. */
export function listItem(item: Json, names: readonly string[]): Json {
  const result: Json = {};
  // An ancestor wins over what lies in it.
  const wanted = names.filter((name) => !names.some((other) => other !== name && name.startsWith(`${other}.`)));
  for (const name of [...wanted].sort()) {
    const { found, value } = listValue(item, name);
    if (found) put(result, name.split('.'), value);
  }
  return result;
}
