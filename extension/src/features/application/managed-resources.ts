import { fieldAt, listAt, textAt } from '../../api/json-fields.ts';
import { manifestText, parseManifest } from './manifest-text.ts';
import { resourceKey, toResourceName, type ResourceName } from './resource-nodes.ts';

/** One managed resource as the list names it, without its manifests. */
export interface ManagedResource extends ResourceName {
  readonly key: string;
  readonly modified: boolean;
}

/** Only what the list needs: the manifests of all resources together are megabytes. */
export const LIST_FIELDS = ['group', 'kind', 'namespace', 'name', 'modified'].map((field) => `items.${field}`).join(',');

/**
 * `unknown`: the edge's cache was empty. Argo CD 3.3 then answers 200 without items instead of an error (argo-cd PR #25072, reverted by
 * #26053), so nothing is said about an Application that is known to have resources.
 */
export type ManagedResources = { readonly kind: 'known'; readonly items: readonly ManagedResource[] } | { readonly kind: 'unknown' };

/** Changed ones first, then by name. `resources` is how many the Application says it has; undefined where that cannot be read. */
export function parseManagedResources(
  answer: unknown,
  resources: number | undefined,
  compare: (left: string, right: string) => number,
): ManagedResources {
  const items = listAt(answer, 'items').map((item): ManagedResource => {
    const name = toResourceName(item);
    return { ...name, key: resourceKey(name), modified: fieldAt(item, 'modified') === true };
  });
  if (items.length === 0 && resources !== 0) return { kind: 'unknown' };
  return {
    kind: 'known',
    items: items.sort(
      (left, right) => Number(right.modified) - Number(left.modified) || compare(left.kind, right.kind) || compare(left.name, right.name),
    ),
  };
}

/** The manifests of one resource as text; '' where there is none (not created yet, or to be removed). */
export interface ResourceManifests {
  readonly live: string;
  readonly desired: string;
  /** Live and desired without what controllers fill in: what the diff compares. */
  readonly compared: { readonly live: string; readonly desired: string };
}

export function parseResourceManifests(answer: unknown, wanted: ResourceName): ResourceManifests | undefined {
  const key = resourceKey(wanted);
  const item = listAt(answer, 'items').find((one) => resourceKey(toResourceName(one)) === key);
  if (item === undefined) return undefined;
  const text = (field: string): string => {
    const manifest = parseManifest(textAt(item, field));
    return manifest === undefined ? '' : manifestText(manifest);
  };
  const live = text('liveState');
  const desired = text('targetState');
  return {
    live,
    desired,
    compared: {
      live: textAt(item, 'normalizedLiveState') === undefined ? live : text('normalizedLiveState'),
      desired: textAt(item, 'predictedLiveState') === undefined ? desired : text('predictedLiveState'),
    },
  };
}
