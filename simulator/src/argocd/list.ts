import type { Application } from '../world/application.ts';
import type { Edge } from '../world/edge.ts';
import { hashOf } from '../world/random.ts';
import type { Exchange } from './answer.ts';
import { sendJsonText, sendMarshalFailure } from './answer.ts';
import { homeOf } from './application-object.ts';
import { ArgoError } from './argo-error.ts';
import type { Fragments } from './fragments.ts';
import type { VersionProfile } from './profiles.ts';
import { listItem, listNames, overlaps, parseFields } from './projection.ts';
import { parseSelector } from './selector.ts';
import type { Session } from './session.ts';

/** Object of RBAC for an Application: three parts outside the control-plane namespace. */
export function rbacName(application: Application): string {
  const { component } = application;
  const home = homeOf(component);
  return home === 'argocd' ? `${component.project}/${component.name}` : `${component.project}/${home}/${component.name}`;
}

/** The filters that list and stream share. */
export function applicationFilter(query: URLSearchParams): (application: Application) => boolean {
  const legacy = query.getAll('project');
  const projects = new Set(legacy.length > 0 ? legacy : query.getAll('projects'));
  const selects = parseSelector(query.get('selector') ?? '');
  return ({ component, labels }) =>
    (projects.size === 0 || projects.has(component.project)) && selects(labels ?? { 'app.kubernetes.io/part-of': component.partOf });
}

function listed(edge: Edge, query: URLSearchParams, session: Session): Application[] {
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

/** GET /api/v1/applications. */
export function answerList(exchange: Exchange, profile: VersionProfile, session: Session, fragments: Fragments): void {
  const { edge, query } = exchange;
  const items = listed(edge, query, session);
  if (edge.grpcMaxBytes < 1024 * 1024) checkSize(edge, items, fragments);
  const metadata = `{"resourceVersion":"${edge.resourceVersion}"}`;
  const parameter = query.get('fields') ?? undefined;
  const fields = parseFields(parameter);
  if (fields === undefined) {
    const whole = fragments.renderer('', 'stored', (object) => object);
    const body = items.map((item) => whole.render(item)).join(',');
    sendJsonText(exchange, `{"metadata":${metadata},"items":${items.length === 0 && profile.emptyIsNull ? 'null' : `[${body}]`}}`);
    return;
  }
  const names = listNames(fields, profile.listFields);
  if (profile.overlapBug && overlaps(names) && failsByChance(exchange, items)) {
    sendMarshalFailure(exchange);
    return;
  }
  const renderer = fragments.renderer(`list ${parameter ?? ''}`, 'stored', (object) => listItem(object, names));
  const body = items.map((item) => renderer.render(item)).join(',');
  sendJsonText(exchange, `{"items":${items.length === 0 && profile.emptyIsNull ? 'null' : `[${body}]`},"metadata":${metadata}}`);
}
