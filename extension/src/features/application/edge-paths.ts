import type { ResourceName } from './resource-nodes.ts';

/** Which Application of which edge. */
export interface ApplicationName {
  readonly edge: string;
  readonly namespace: string;
  readonly name: string;
}

const query = (parameters: Readonly<Record<string, string>>): string => new URLSearchParams(parameters).toString();

/** What is asked of the edge itself, through the pass-through: its paths are those of Argo CD's API. */
export interface EdgePaths {
  readonly whole: string;
  readonly tree: string;
  readonly events: string;
  managed(parameters: Readonly<Record<string, string>>): string;
  live(resource: ResourceName, version: string): string;
  commit(revision: string, historyId: number | undefined, source: number | undefined): string;
  logs(pod: string, namespace: string, parameters: Readonly<Record<string, string>>): string;
}

export function edgePaths({ edge, namespace, name }: ApplicationName): EdgePaths {
  const root = `edges/${encodeURIComponent(edge)}/argocd/api/v1/applications/${encodeURIComponent(name)}`;
  const at = (part: string, parameters: Readonly<Record<string, string>> = {}): string =>
    `${root}${part}?${query({ appNamespace: namespace, ...parameters })}`;
  return {
    whole: at(''),
    tree: at('/resource-tree'),
    events: at('/events'),
    managed: (parameters) => at('/managed-resources', parameters),
    live: (resource, version) =>
      at('/resource', { namespace: resource.namespace, resourceName: resource.name, version, group: resource.group, kind: resource.kind }),
    commit: (revision, historyId, source) =>
      at(`/revisions/${encodeURIComponent(revision)}/metadata`, {
        ...(historyId === undefined ? {} : { versionId: String(historyId) }),
        ...(source === undefined ? {} : { sourceIndex: String(source) }),
      }),
    logs: (pod, podNamespace, parameters) => at(`/pods/${encodeURIComponent(pod)}/logs`, { namespace: podNamespace, ...parameters }),
  };
}
