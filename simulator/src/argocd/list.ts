import type { Application, Edge } from '../world/edge.ts';
import { hashOf } from '../world/random.ts';
import type { Exchange, Query } from './answer.ts';
import { sendJsonText, sendMarshalFailure } from './answer.ts';
import { homeOf } from './component-facts.ts';
import { ArgoError } from './argo-error.ts';
import type { Fragments } from './fragments.ts';
import { parseSelector } from './selector.ts';
import { type Call, sessionOf } from './call.ts';
import type { Session } from './session.ts';

/** Object of RBAC for an Application: three parts outside the control-plane namespace. */
export function rbacName(application: Application): string {
  const { component } = application;
  const home = homeOf(component);
  return home === 'argocd' ? `${component.project}/${component.name}` : `${component.project}/${home}/${component.name}`;
}

/** The filters that list and stream share. */
export function applicationFilter(query: Query): (application: Application) => boolean {
  const legacy = query.getAll('project');
  const projects = new Set(legacy.length > 0 ? legacy : query.getAll('projects'));
  const selector = query.get('selector') ?? '';
  const selects = selector === '' ? undefined : parseSelector(selector);
  return ({ component, labels }) =>
    (projects.size === 0 || projects.has(component.project)) &&
    (selects === undefined || selects(labels ?? { 'app.kubernetes.io/part-of': component.partOf }));
}

function listed(edge: Edge, query: Query, session: Session): Application[] {
  const passes = applicationFilter(query);
  const name = query.get('name') ?? '';
  const home = query.get('appNamespace') ?? '';
  const repo = query.get('repo') ?? '';
  const found = edge.applications.filter(
    (application) =>
      passes(application) &&
      (name === '' || application.component.name === name) &&
      (home === '' || homeOf(application.component) === home) &&
      (repo === '' || (application.component.chart?.repoUrl ?? application.component.repoUrl) === repo) &&
      session.can('applications', 'get', rbacName(application)),
  );
  return name === '' ? found : found.slice(0, 1);
}

/** No simulated edge comes near the default limit: only an edge given a small one is measured. */
const CHECKED_BELOW_BYTES = 64 * 1024 * 1024;

/** A message over the limit of the server's own gRPC connection fails as 429, whatever was asked of it (contract of `ARGOCD_GRPC_MAX_SIZE_MB`). */
function checkSize(edge: Edge, items: readonly Application[], fragments: Fragments): void {
  const whole = fragments.renderer('', 'stored', (object) => object);
  let bytes = 0;
  for (const item of items) bytes += whole.render(item).length;
  if (bytes > edge.grpcMaxBytes) throw new ArgoError(8, `grpc: received message larger than max (${bytes} vs. ${edge.grpcMaxBytes})`);
}

/** The random order of a Go map: on 3.5 it decides whether a field and its child can both be written. One object is enough to fail. */
function failsByChance(exchange: Exchange, items: readonly Application[]): boolean {
  return items.some((item) => hashOf('map order', exchange.edge.traffic.requests, item.component.name) % 3 !== 0);
}

/** GET /api/v1/applications. Without `fields` the keys are in the order of the struct, with them in alphabetical order. */
export function answerList(call: Call): void {
  const { edge, query, profile, fragments } = call;
  const items = listed(edge, query, sessionOf(call));
  if (edge.grpcMaxBytes < CHECKED_BELOW_BYTES) checkSize(edge, items, fragments);
  const parameter = query.get('fields') ?? '';
  const view = call.views.list(parameter);
  if (profile.overlapBug && view.overlaps && failsByChance(call, items)) {
    sendMarshalFailure(call);
    return;
  }
  const metadata = `"metadata":{"resourceVersion":"${edge.resourceVersion}"}`;
  const list = items.length === 0 && profile.emptyIsNull ? 'null' : `[${items.map((item) => view.renderer.render(item)).join(',')}]`;
  sendJsonText(call, parameter === '' ? `{${metadata},"items":${list}}` : `{"items":${list},${metadata}}`);
}
