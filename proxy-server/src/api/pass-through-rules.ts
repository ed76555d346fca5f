/**
 * What may be asked of an edge through us: the list is the specification, docs/api.md is rendered from it, and nothing else gets through.
 * All are reads. A path says which Application it is about, so that the same rights are asked as anywhere else; the project and namespace
 * that go to the edge are the ones we know of, never the client's word.
 */

export interface PassThroughRule {
  /** Below the edge's URL; `{name}` is the Application. */
  readonly path: string;
  /** Query parameters that go along; all others are dropped. */
  readonly query: readonly string[];
  readonly right: 'applications' | 'logs';
  /** How the edge wants to be told the Application's namespace (argo-cd server/application/application.proto @ v3.5.1). */
  readonly namespaceParameter: 'appNamespace' | 'namespace';
  /** `always`: an answer without end. `follow`: one where `follow=true` is asked. */
  readonly stream: 'never' | 'always' | 'follow';
  readonly what: string;
}

const APPLICATION = '/api/v1/applications/{name}';
const RESOURCE = ['namespace', 'resourceName', 'version', 'group', 'kind'] as const;
const LOGS = [
  ...['namespace', 'podName', 'container', 'group', 'kind', 'resourceName', 'sinceSeconds', 'sinceTime', 'untilTime'],
  ...['tailLines', 'follow', 'filter', 'matchCase', 'previous'],
] as const;

const rule = (path: string, what: string, query: readonly string[] = [], over: Partial<PassThroughRule> = {}): PassThroughRule => ({
  path, query, right: 'applications', namespaceParameter: 'appNamespace', stream: 'never', what, ...over,
}); // prettier-ignore

export const PASS_THROUGH_RULES: readonly PassThroughRule[] = [
  rule(APPLICATION, 'The whole Application. Without refresh: that is an action'),
  rule(`${APPLICATION}/resource-tree`, 'Its resources as a tree', ['namespace', 'name', 'version', 'group', 'kind']),
  rule('/api/v1/stream/applications/{name}/resource-tree', 'The tree again whenever it changes', [], { stream: 'always' }),
  rule(`${APPLICATION}/managed-resources`, 'Live and desired state for the diff; Secrets masked by the edge', [
    'namespace',
    'name',
    'version',
    'group',
    'kind',
    'fields',
  ]),
  rule(`${APPLICATION}/manifests`, 'Desired manifests; Secrets masked by the edge', ['revision', 'sourcePositions', 'revisions']),
  rule(`${APPLICATION}/resource`, 'One live manifest; Secrets masked by the edge', RESOURCE),
  rule(`${APPLICATION}/resource/actions`, 'Actions that one resource offers, as a list', RESOURCE),
  rule(`${APPLICATION}/events`, 'Kubernetes Events', ['resourceNamespace', 'resourceName', 'resourceUID']),
  rule(`${APPLICATION}/revisions/{revision}/metadata`, 'Author, date and message of a commit', ['sourceIndex', 'versionId']),
  rule(`${APPLICATION}/revisions/{revision}/chartdetails`, 'Description and maintainers of a chart', ['sourceIndex', 'versionId']),
  rule(`${APPLICATION}/syncwindows`, 'Sync windows'),
  rule(`${APPLICATION}/links`, 'Deep links', [], { namespaceParameter: 'namespace' }),
  rule(`${APPLICATION}/logs`, 'Logs of Pods', LOGS, { right: 'logs', stream: 'follow' }),
  rule(`${APPLICATION}/pods/{pod}/logs`, 'Logs of one Pod', LOGS, { right: 'logs', stream: 'follow' }),
];

export interface MatchedRule {
  readonly rule: PassThroughRule;
  readonly name: string;
  readonly path: string;
}

/** What may stand for a part in braces: names of Kubernetes objects, and revisions (a SHA or a version of a chart). */
const PARTS: Readonly<Record<string, string>> = {
  name: '(?<name>[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)',
  pod: '(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)',
  revision: '(?:[A-Za-z0-9](?:[-A-Za-z0-9._+:]{0,127})?)',
};

const toPattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.]/g, String.raw`\.`).replace(/\{(\w+)\}/g, (_whole, part: string) => PARTS[part] ?? '(?!)')}$`);

const MATCHERS = PASS_THROUGH_RULES.map((one) => ({ rule: one, pattern: toPattern(one.path) }));

/** The rule a path falls under. The path is compared as it will be sent, so nothing encoded, dotted or doubled can mean something else. */
export function matchPassThrough(path: string): MatchedRule | undefined {
  for (const { rule: matched, pattern } of MATCHERS) {
    const name = pattern.exec(path)?.groups?.['name'];
    if (name !== undefined) return { rule: matched, name, path };
  }
  return undefined;
}

const MAX_VALUE_CHARS = 1_024;

/** The query that goes to the edge: parameters of the rule, each once or as a short list, then what we know of the Application. */
export function passThroughQuery(
  rule: PassThroughRule,
  asked: URLSearchParams,
  application: { readonly namespace: string; readonly project: string },
): URLSearchParams {
  const query = new URLSearchParams();
  for (const parameter of rule.query) {
    for (const value of asked.getAll(parameter).slice(0, 16)) if (value.length <= MAX_VALUE_CHARS) query.append(parameter, value);
  }
  query.set(rule.namespaceParameter, application.namespace);
  query.set('project', application.project);
  return query;
}

/** True where the answer has no end of its own. */
export const isEndless = (rule: PassThroughRule, query: URLSearchParams): boolean =>
  rule.stream === 'always' || (rule.stream === 'follow' && query.get('follow') === 'true');
