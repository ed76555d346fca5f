/** The fleet, its edges and their Applications, as the one who asks may see them. */
import { Router, type Request } from 'express';
import { z } from 'zod';
import type { EdgeDetail } from '../../domain/fleet-view.ts';
import { packMembers } from '../../domain/packed-members.ts';
import { GROUP_FIELDS, type FleetReader } from '../../ports/fleet-reader.ts';
import type { EncodedCache } from '../encoded-cache.ts';
import { notFound, parse } from '../problem.ts';
import type { RequestContexts } from '../request-context.ts';
import { sendJson } from '../send-json.ts';
import { DnsLabel, listQuery, ObjectName, onEdge, orInvalidQuery, QueryText, toListRequest } from './list-request.ts';

export interface FleetRoutes {
  readonly fleet: FleetReader;
  readonly contexts: RequestContexts;
  readonly cache: EncodedCache;
  /** Grows when edges come, go or change what rarely changes. */
  readonly membership: () => number;
  readonly maxPageSize: number;
}

const EdgePath = z.object({ edge: DnsLabel });
const ApplicationPath = EdgePath.extend({ namespace: DnsLabel, name: ObjectName });
const OnlyQuery = z.object({ query: QueryText });
const Groups = OnlyQuery.extend({ by: z.enum(GROUP_FIELDS) });

/** The names of labels may hold a slash, and the hub turns an encoded one into a plain one: the field is the rest of the path. */
const ColumnPath = z.object({ field: z.array(z.string()).transform((parts) => parts.join('/')).pipe(z.string().min(1).max(320)) }); // prettier-ignore

function overviewRoutes({ fleet, contexts, cache, membership }: FleetRoutes): Router {
  return Router()
    .get('/overview', (req, res) => {
      const { visibility } = contexts.asker(req);
      return cache.send(req, res, {
        name: `overview ${visibility.key}`,
        version: String(fleet.revision),
        make: () => fleet.overview(visibility),
      });
    })
    .get('/overview/members', (req, res) => {
      const { visibility } = contexts.asker(req);
      return cache.send(req, res, {
        name: `members ${visibility.key}`,
        version: String(membership()),
        make: () => packMembers(fleet.members(visibility)),
      });
    })
    .get('/overview/columns/*field', (req, res) => {
      const { visibility } = contexts.asker(req);
      const { field } = parse(ColumnPath, req.params);
      const make = (): unknown => {
        const column = fleet.column(visibility, field);
        if (column === undefined) throw notFound(`column ${field}`);
        return column;
      };
      return cache.send(req, res, { name: `column ${field} ${visibility.key}`, version: String(fleet.revision), make });
    })
    .get('/overview/rows', (req, res) => {
      const { visibility } = contexts.asker(req);
      const { query } = parse(OnlyQuery, req.query);
      const rows = orInvalidQuery(fleet.matchingRows(visibility, query));
      return sendJson(req, res, { revision: fleet.revision, membership: fleet.overview(visibility).membership, rows });
    })
    .get('/facets', (req, res) => {
      const { query } = parse(OnlyQuery, req.query);
      return sendJson(req, res, { revision: fleet.revision, items: orInvalidQuery(fleet.facets(contexts.asker(req).visibility, query)) });
    });
}

function edgeRoutes({ fleet, contexts, maxPageSize }: FleetRoutes): Router {
  const List = listQuery(maxPageSize);
  const seen = (req: Request): EdgeDetail => {
    const { edge } = parse(EdgePath, req.params);
    const detail = fleet.edge(contexts.asker(req).visibility, edge);
    if (detail === undefined) throw notFound(`edge ${edge}`);
    return detail;
  };
  return Router()
    .get('/edges', (req, res) => {
      const request = toListRequest(parse(List, req.query));
      return sendJson(req, res, orInvalidQuery(fleet.edges(contexts.asker(req).visibility, request)));
    })
    .get('/edges/:edge', (req, res) => sendJson(req, res, seen(req)))
    .get('/edges/:edge/applications', (req, res) => {
      const { name } = seen(req);
      const request = toListRequest(parse(List, req.query));
      const { visibility } = contexts.asker(req);
      return sendJson(req, res, orInvalidQuery(fleet.applications(visibility, { ...request, query: onEdge(request.query, name) })));
    })
    .get('/edges/:edge/applications/:namespace/:name', (req, res) => {
      const { edge, namespace, name } = parse(ApplicationPath, req.params);
      const application = fleet.application(contexts.asker(req).visibility, edge, namespace, name);
      if (application === undefined) throw notFound(`Application ${namespace}/${name} on edge ${edge}`);
      return sendJson(req, res, application);
    });
}

function applicationRoutes({ fleet, contexts, maxPageSize }: FleetRoutes): Router {
  const List = listQuery(maxPageSize);
  return Router()
    .get('/applications', (req, res) => {
      const request = toListRequest(parse(List, req.query));
      return sendJson(req, res, orInvalidQuery(fleet.applications(contexts.asker(req).visibility, request)));
    })
    .get('/applications/groups', (req, res) => {
      const { by, query } = parse(Groups, req.query);
      return sendJson(req, res, {
        revision: fleet.revision,
        items: orInvalidQuery(fleet.groups(contexts.asker(req).visibility, by, query)),
      });
    });
}

export function fleetRoutes(options: FleetRoutes): Router {
  return Router().use(overviewRoutes(options)).use(edgeRoutes(options)).use(applicationRoutes(options));
}
