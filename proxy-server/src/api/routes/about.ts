/** What a page must know before it shows anything: who asks, what is there, what is wrong with the configuration, what one may do. */
import { Router } from 'express';
import { z } from 'zod';
import { API_REVISION, type ApiConfig } from '../../contract/api.ts';
import { showsOnlyCounts } from '../../domain/edge.ts';
import type { Visibility } from '../../domain/visibility.ts';
import { OPS_SCOPE } from '../../domain/identity.ts';
import type { FleetReader } from '../../ports/fleet-reader.ts';
import type { ConfigProblem, ObjectStore } from '../../ports/object-store.ts';
import { RIGHTS_ACTIONS, type Rights, type RightsObject } from '../../ports/rights.ts';
import { notFound, parse } from '../problem.ts';
import type { RequestContexts } from '../request-context.ts';
import { sendJson } from '../send-json.ts';
import { DnsLabel, ObjectName } from './list-request.ts';

export interface AboutRoutes {
  readonly fleet: FleetReader;
  readonly objects: ObjectStore;
  readonly rights: Rights;
  readonly contexts: RequestContexts;
  readonly version: string;
  readonly pollIntervalMs: number;
  /** The OpenAPI document; made when first asked for. */
  readonly openApi: () => unknown;
}

const CanIQuery = z.object({
  action: z.enum(RIGHTS_ACTIONS),
  resource: z.enum(['edges', 'applications', 'logs']).default('applications'),
  edge: DnsLabel,
  namespace: DnsLabel.optional(),
  application: ObjectName.optional(),
});

/** Problems of an Edge are for those who see it; all others name things that only who sees everything may know of. */
function visibleProblems(objects: ObjectStore, who: Visibility): readonly ConfigProblem[] {
  const { edges, problems: found } = objects.current();
  const silent = new Set([...edges.values()].filter(showsOnlyCounts).map((edge) => `Edge ${edge.id}`));
  const problems = found.map((problem) => (silent.has(problem.object) ? withoutValue(problem) : problem));
  if (who.all) return problems;
  const visible = new Set([...edges.values()].filter((edge) => who.edge(edge.id, edge.labels)).map((edge) => `Edge ${edge.id}`));
  return problems.filter((problem) => visible.has(problem.object)).map((problem) => ({ ...problem, where: 'configuration' }));
}

/** Only counts leave the row of such an edge, and what is written wrong may be its address. */
const withoutValue = ({ value: _value, ...problem }: ConfigProblem): ConfigProblem => problem;

/** Products by name: for restricted rights only those with Applications that may be seen. */
function visibleProducts(objects: ObjectStore, fleet: FleetReader, who: Visibility): string[] {
  const products = [...objects.current().products.keys()].sort();
  if (who.all) return products;
  const groups = fleet.groups(who, 'product', '');
  const seen = new Set(groups.ok ? groups.value.map(({ value }) => value) : []);
  return products.filter((product) => seen.has(product));
}

function toRightsObject(asked: z.infer<typeof CanIQuery>, fleet: FleetReader, who: Visibility): RightsObject {
  const edge = fleet.edge(who, asked.edge);
  if (edge === undefined) throw notFound(`edge ${asked.edge}`);
  const { labels } = edge;
  if (asked.resource === 'edges') return { resource: 'edges', edge: asked.edge, labels };
  const { namespace, application } = asked;
  const found =
    namespace === undefined || application === undefined ? undefined : fleet.application(who, asked.edge, namespace, application);
  if (found === undefined) throw notFound(`Application ${namespace ?? ''}/${application ?? ''} on edge ${asked.edge}`);
  return {
    resource: asked.resource,
    edge: asked.edge,
    labels,
    project: found.project,
    namespace: found.namespace,
    application: found.name,
  };
}

export function aboutRoutes({ fleet, objects, rights, contexts, version, pollIntervalMs, openApi }: AboutRoutes): Router {
  return Router()
    .get('/config', (req, res) => {
      const { identity, visibility } = contexts.asker(req);
      const { username, subject, scopes, anchor } = identity;
      const config: ApiConfig = {
        version,
        apiRevision: API_REVISION,
        user: { username, subject, scopes: [...scopes].sort(), idBelieved: identity.userId !== undefined },
        anchor,
        features: {
          stream: true,
          passThrough: true,
          actions: scopes.has(OPS_SCOPE),
          products: visibleProducts(objects, fleet, visibility),
        },
        pollIntervalMs,
        configProblems: visibleProblems(objects, visibility).length,
      };
      return sendJson(req, res, config);
    })
    .get('/problems', (req, res) => sendJson(req, res, { items: visibleProblems(objects, contexts.asker(req).visibility) }))
    .get('/can-i', (req, res) => {
      const { identity, visibility } = contexts.asker(req);
      const asked = parse(CanIQuery, req.query);
      return sendJson(req, res, {
        action: asked.action,
        decision: rights.can(identity, asked.action, toRightsObject(asked, fleet, visibility)),
      });
    })
    .get('/openapi.json', (req, res) => sendJson(req, res, openApi()));
}
