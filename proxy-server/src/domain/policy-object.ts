import { parseGlob, type Glob, type PrefixAnswer } from './policy-glob.ts';

/**
 * The object of a policy line and what it is held against. An Application is `<edge>/<project>/<application>`, or
 * `<edge>/<project>/<namespace>/<application>` outside the namespace that Argo CD itself runs in; everything else is one name.
 * `label:<key>=<value>` stands where an edge is named; a `/` in the key is written `~1` and a `~` is `~0`, as in JSON pointers.
 */
export interface ObjectPattern {
  /** False where no Application can match, whatever it is called: the text has no `/` and no `*`. */
  readonly reachesApplications: boolean;
  /** True where every name matches. */
  readonly matchesEveryName: boolean;
  /** True where every Application of every edge matches. */
  readonly matchesEveryApplication: boolean;
  name(name: string, labels: Readonly<Record<string, string>>): boolean;
  application(edge: EdgeTarget, rest: string): boolean;
  /** What is known about all Applications of an edge before one of them is looked at. */
  edgeOfApplications(edge: EdgeTarget): PrefixAnswer;
}

export interface EdgeTarget {
  readonly edge: string;
  readonly labels: Readonly<Record<string, string>>;
}

const LABEL_PREFIX = 'label:';
const NO_BRACKET = 'Close every bracket and brace of the object';

interface LabelSelector {
  readonly key: string;
  readonly value: Glob;
  /** What stands after the label: `*` where nothing does. */
  readonly rest: Glob;
  readonly restIsAnything: boolean;
  readonly hasRest: boolean;
}

function parseLabel(object: string): LabelSelector | string {
  const text = object.slice(LABEL_PREFIX.length);
  const equals = text.indexOf('=');
  if (equals <= 0) return `Write label:<key>=<value>, such as label:region=north`;
  const rawKey = text.slice(0, equals);
  if (rawKey.includes('/')) return `Write the "/" in the key of a label as ~1: label:${rawKey.replaceAll('/', '~1')}${text.slice(equals)}`;
  const slash = text.indexOf('/', equals);
  const value = parseGlob(slash < 0 ? text.slice(equals + 1) : text.slice(equals + 1, slash));
  const restText = slash < 0 ? '*' : text.slice(slash + 1);
  const rest = parseGlob(restText);
  if (value === undefined || rest === undefined) return NO_BRACKET;
  const key = rawKey.replaceAll('~1', '/').replaceAll('~0', '~');
  return { key, value, rest, restIsAnything: restText === '*' || restText === '*/*', hasRest: slash >= 0 };
}

function labelPattern(selector: LabelSelector): ObjectPattern {
  const holds = (labels: Readonly<Record<string, string>>): boolean => {
    const value = Object.hasOwn(labels, selector.key) ? labels[selector.key] : undefined;
    return value !== undefined && selector.value.test(value);
  };
  return {
    reachesApplications: selector.hasRest,
    matchesEveryName: false,
    matchesEveryApplication: false,
    name: (_name, labels) => !selector.hasRest && holds(labels),
    application: ({ labels }, rest) => selector.hasRest && holds(labels) && selector.rest.test(rest),
    edgeOfApplications: ({ labels }) => {
      if (!selector.hasRest || !holds(labels)) return 'never';
      return selector.restIsAnything ? 'always' : 'depends';
    },
  };
}

function globPattern(object: string, glob: Glob): ObjectPattern {
  return {
    reachesApplications: object.includes('/') || object.includes('*'),
    matchesEveryName: /^\*+$/.test(object),
    matchesEveryApplication: /^\*+(\/\*+){0,2}$/.test(object),
    name: (name) => glob.test(name),
    application: ({ edge }, rest) => glob.test(`${edge}/${rest}`),
    edgeOfApplications: ({ edge }) => glob.overPrefix(`${edge}/`),
  };
}

/** The pattern, or what to write instead. */
export function parseObjectPattern(object: string): ObjectPattern | string {
  if (object === '') return 'Name the object, or write *';
  if (object.startsWith(LABEL_PREFIX)) {
    const selector = parseLabel(object);
    return typeof selector === 'string' ? selector : labelPattern(selector);
  }
  const glob = parseGlob(object);
  return glob === undefined ? NO_BRACKET : globPattern(object, glob);
}

/** What follows the edge in the object of an Application. */
export function applicationRest(controlPlaneNamespace: string, project: string, namespace: string, name: string): string {
  return namespace === controlPlaneNamespace ? `${project}/${name}` : `${project}/${namespace}/${name}`;
}
