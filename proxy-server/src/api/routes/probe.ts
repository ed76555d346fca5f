/** "Try now": asks an edge at once whether it answers. It changes nothing there, and the edge's own bound of requests holds. */
import { Router } from 'express';
import { z } from 'zod';
import { parseEdgeId } from '../../domain/ids.ts';
import type { EdgeApi } from '../../ports/edge-api.ts';
import type { FleetReader } from '../../ports/fleet-reader.ts';
import { needJson } from '../need-json.ts';
import { notFound, parse } from '../problem.ts';
import type { RequestContexts } from '../request-context.ts';
import { sendJson } from '../send-json.ts';
import { DnsLabel } from './list-request.ts';

const EdgePath = z.object({ edge: DnsLabel });

export function probeRoutes(fleet: FleetReader, edges: EdgeApi, contexts: RequestContexts): Router {
  return Router().post('/edges/:edge/probe', (req, res) => {
    needJson(req);
    const { edge } = parse(EdgePath, req.params);
    const id = parseEdgeId(edge);
    if (id === undefined || fleet.edge(contexts.asker(req).visibility, edge) === undefined) throw notFound(`edge ${edge}`);
    const asked = edges.probeNow(id);
    return sendJson(req, res, {
      asked,
      detail: asked ? `Asking ${edge} now` : `${edge} was asked a moment ago: what came of it shows in the fleet`,
    });
  });
}
