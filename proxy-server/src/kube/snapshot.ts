/**
 * Objects of the Kubernetes API to one snapshot. Pure but for what it is given. An object that did not change keeps its identity, one that went
 * bad keeps its last good form, and every problem is named by `namespace/name`.
 */
import type { KubernetesObject } from '@kubernetes/client-node';
import { parseObject, type FleetObject } from '../contract/kind-parser.ts';
import type { KindProblem } from '../contract/kind-problem.ts';
import { SCOPES_SECRET_NAME } from '../contract/kinds.ts';
import { emptyObjectSet, putObject, type ObjectSet } from '../contract/object-set.ts';
import { referenceProblems, skipsVerifyAbroad } from '../contract/references.ts';
import type { ConfigProblem, ConfigSnapshot } from '../ports/object-store.ts';
import type { Resource } from './resources.ts';

/** What one object of the API was read as. `object` is the last good form where the present one is bad. */
export interface Held {
  readonly version: string;
  readonly raw: KubernetesObject;
  readonly object: FleetObject | undefined;
  readonly problems: readonly KindProblem[];
}

export interface Merged {
  readonly held: ReadonlyMap<string, Held>;
  readonly snapshot: ConfigSnapshot;
}

export interface ListedKind {
  readonly kind: Resource['kind'];
  readonly objects: readonly KubernetesObject[];
}

/** Problems beyond this are counted, not listed. */
const MAX_PROBLEMS = 1_000;

/** Lists of the API leave out kind and apiVersion of their items; managedFields are long and say nothing to us. */
function completed(kind: Resource['kind'], raw: KubernetesObject): unknown {
  const isCore = kind === 'Secret' || kind === 'ConfigMap';
  return { ...raw, apiVersion: isCore ? 'v1' : 'edgefleet.dev/v1alpha1', kind };
}

const sameObject = (left: FleetObject, right: FleetObject): boolean => {
  const text = (object: FleetObject): string =>
    JSON.stringify(object, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
  return text(left) === text(right);
};

/** The object to use: the one before where nothing in it changed, or where the new one is bad. */
function inUse(object: FleetObject | undefined, before: FleetObject | undefined): FleetObject | undefined {
  if (object === undefined) return before;
  return before !== undefined && sameObject(before, object) ? before : object;
}

const versionOf = ({ metadata = {} }: KubernetesObject): string => [metadata.uid, metadata.resourceVersion].join('/');

function hold(kind: Resource['kind'], raw: KubernetesObject, before: Held | undefined): Held {
  const version = versionOf(raw);
  if (before?.version === version) return before;
  const { object, problems } = parseObject(completed(kind, raw), raw.metadata?.generation ?? 1);
  return { version, raw, object: inUse(object, before?.object), problems };
}

const toProblem = (namespace: string, problem: KindProblem): ConfigProblem => {
  const { object, field, value, remedy, severity } = problem;
  const name = object.split(' ')[1] ?? object;
  return { where: `${namespace}/${name}`, object, field, ...(value === undefined ? {} : { value }), remedy, severity };
};

/** The scopes Secret is what proves that a request came through the hub: without its label nobody gets in, so its absence is named. */
const scopesProblem = (secrets: ObjectSet['secrets']): readonly KindProblem[] =>
  [...secrets.keys()].some((id) => id === SCOPES_SECRET_NAME)
    ? []
    : [
        {
          object: `Secret ${SCOPES_SECRET_NAME}`,
          field: 'metadata.labels',
          path: [],
          remedy: `Add Secret ${SCOPES_SECRET_NAME} with the label edgefleet.dev/secret: "true" and one key per proxy extension of the hub`,
          severity: 'error',
        },
      ];

/** The snapshot of what is listed, given what was in use before it. */
export function mergeListed(listed: readonly ListedKind[], before: ReadonlyMap<string, Held>, namespace: string): Merged {
  const held = new Map<string, Held>();
  const objects = emptyObjectSet();
  const found: KindProblem[] = [];
  for (const { kind, objects: raws } of listed) {
    for (const raw of raws) {
      const key = `${kind}/${raw.metadata?.name ?? ''}`;
      const one = hold(kind, raw, before.get(key));
      held.set(key, one);
      found.push(...one.problems);
      if (one.object !== undefined) putObject(objects, one.object);
    }
  }
  found.push(...referenceProblems(objects), ...scopesProblem(objects.secrets));
  for (const edge of objects.edges.values()) {
    if (skipsVerifyAbroad(edge, objects.connectors.get(edge.connector))) objects.edges.delete(edge.id);
  }
  const problems = found.slice(0, MAX_PROBLEMS).map((problem) => toProblem(namespace, problem));
  if (found.length > MAX_PROBLEMS) {
    const remedy = `Mend the others first: ${found.length - MAX_PROBLEMS} more problems are not listed`;
    problems.push({ where: namespace, object: 'namespace', field: 'problems', remedy, severity: 'warning' });
  }
  return { held, snapshot: { ...objects, problems } };
}
