/** Who may ask an edge for what: every check that comes before a request leaves us. */
import type { Request } from 'express';
import { parseEdgeId, type EdgeId } from '../domain/ids.ts';
import type { FleetReader } from '../ports/fleet-reader.ts';
import type { Rights } from '../ports/rights.ts';
import { matchPassThrough, passThroughQuery, type MatchedRule } from './pass-through-rules.ts';
import { notFound, RequestProblem } from './problem.ts';
import type { RefusedRead } from './refused-reads.ts';
import type { RequestContexts } from './request-context.ts';

export interface GrantPorts {
  readonly fleet: FleetReader;
  readonly rights: Rights;
  readonly contexts: RequestContexts;
  /** Told of what the policy does not allow. */
  readonly onRefused?: (read: RefusedRead) => void;
}

/** Who asks for what, after every check. */
export interface Granted {
  readonly edge: EdgeId;
  readonly matched: MatchedRule;
  readonly query: URLSearchParams;
}

interface Asked {
  readonly edge: EdgeId;
  readonly labels: Readonly<Record<string, string>>;
  readonly matched: MatchedRule;
  readonly query: URLSearchParams;
}

/** Throws the problem that refuses. What the user may not see, and an edge that gives counts only, is refused like an unknown one. */
export function grantPassThrough(req: Request, ports: GrantPorts): Granted {
  const { visibility } = ports.contexts.asker(req);
  const url = new URL(req.originalUrl, 'http://localhost');
  const [, name = '', path = ''] = /^\/api\/v1\/edges\/([^/]+)\/argocd(\/.*)$/.exec(url.pathname) ?? [];
  const edge = parseEdgeId(name);
  const detail = edge === undefined ? undefined : ports.fleet.edge(visibility, edge);
  if (edge === undefined || detail === undefined || detail.access === 'CountsOnly') throw notFound(`edge ${name}`);
  const matched = matchPassThrough(path);
  if (matched === undefined) throw notFound('such path of an edge: docs/api.md lists what may be asked');
  return { edge, matched, query: grantApplication(req, ports, { edge, labels: detail.labels, matched, query: url.searchParams }) };
}

/** The query as it may go to the edge. */
function grantApplication(
  req: Request,
  { fleet, rights, contexts, onRefused }: GrantPorts,
  { edge, labels, matched, query }: Asked,
): URLSearchParams {
  const { identity, visibility } = contexts.asker(req);
  const namespace = query.get('appNamespace');
  if (namespace === null) throw new RequestProblem('InvalidRequest', 'appNamespace: names the namespace of the Application');
  const application = fleet.application(visibility, edge, namespace, matched.name);
  if (application === undefined) throw notFound(`Application ${namespace}/${matched.name} on edge ${edge}`);
  const { project } = application;
  const decision = rights.can(identity, 'get', {
    resource: matched.rule.right,
    edge,
    labels,
    project,
    namespace,
    application: matched.name,
  });
  if (!decision.allowed) {
    onRefused?.({ identity, edge, namespace, application: matched.name, project, message: decision.reason });
    throw new RequestProblem('NotAllowed', decision.reason, { missingLine: decision.missingLine });
  }
  return passThroughQuery(matched.rule, query, { namespace, project });
}
