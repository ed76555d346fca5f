/** What an Application says of its component: where it comes from, where it goes, which of its objects carry its health. */
import type { Application } from '../world/edge.ts';
import type { Component, ResourceTemplate } from '../world/catalog.ts';
import { TROUBLES } from '../world/trouble.ts';
import type { Texts } from './application-text.ts';
import { type Json, without } from './go-json.ts';

export const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
const WITH_HEALTH = new Set([...WORKLOADS, 'Service', 'Ingress', 'Job', 'CronJob', 'Pod']);

/** The object whose trouble is the Application's. */
export function workloadOf(component: Component): ResourceTemplate | undefined {
  return (
    component.resources.find((resource) => WORKLOADS.has(resource.kind)) ??
    component.resources.find((resource) => resource.images !== undefined)
  );
}

/** Namespace an object of a component lives in. */
export function namespaceOf(component: Component): string {
  return component.destination.namespace;
}

/** Namespace of the Application itself. */
export function homeOf(component: Component): string {
  return component.home ?? 'argocd';
}

/** Health of one object of an Application, as the tree knows it. */
export function resourceHealth(application: Application, resource: ResourceTemplate): Json | undefined {
  const words = TROUBLES[application.trouble];
  if (application.health === 'Missing') return { status: 'Missing' };
  if (resource.hook !== undefined) return { status: 'Healthy', message: 'Reached expected number of succeeded pods' };
  if (!WITH_HEALTH.has(resource.kind)) return undefined;
  if (resource === workloadOf(application.component) && words.workload !== undefined) {
    return without({ status: words.workload.status, message: words.workload.message?.(resource.name) });
  }
  return { status: 'Healthy' };
}

/** `source` of a component with one source. */
export function sourceOf(component: Component, texts: Texts): Json {
  return { repoURL: component.repoUrl, path: component.path.replace('{edge}', texts.text('edge')), targetRevision: 'main' };
}

/** `sources` of a Helm component: the chart at a version, and the repository of its values. */
export function sourcesOf(component: Component, version: string, texts: Texts): Json[] | undefined {
  const { chart } = component;
  if (chart === undefined) return undefined;
  return [
    {
      repoURL: chart.repoUrl,
      targetRevision: version,
      helm: { valueFiles: [chart.valueFile.replace('{edge}', texts.text('edge'))] },
      chart: chart.name,
    },
    { repoURL: component.repoUrl, targetRevision: 'main', ref: 'values' },
  ];
}

/** One source, or a chart with its values beside it. */
export const isSingle = (component: Component): boolean => component.chart === undefined;

/** `destination`, by server or by name. */
export function destinationOf(component: Component): Json {
  return without({ server: component.destination.server, namespace: component.destination.namespace, name: component.destination.name });
}
