/** Sockets to edges for the pass-through: one agent per way of reaching an edge, so that no request uses another edge's TLS. */
import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { EdgeTarget } from '../ports/edge-api.ts';

export interface EdgeAgents {
  agentFor(target: EdgeTarget): HttpAgent;
  close(): void;
}

const MAX_AGENTS = 256;
const SOCKETS = { keepAlive: true, maxSockets: 32, maxFreeSockets: 2, timeout: 60_000 } as const;

/** Where to connect: the Connector's address where it has one, whatever host the edge's URL names. */
export function targetUrl({ origin, address }: EdgeTarget): string {
  const url = new URL(origin);
  return `${url.protocol}//${address ?? url.host}`;
}

function createAgent({ origin, tls }: EdgeTarget): HttpAgent {
  const url = new URL(origin);
  if (url.protocol === 'http:') return new HttpAgent(SOCKETS);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new HttpsAgent({
    ...SOCKETS,
    ...tls,
    servername: tls.servername ?? (/^[0-9.]+$|:/.test(host) ? '' : host),
    minVersion: 'TLSv1.2',
  });
}

export function createEdgeAgents(): EdgeAgents {
  const agents = new Map<string, HttpAgent>();
  return {
    agentFor: (target) => {
      const way = createHash('sha256')
        .update(JSON.stringify([target.origin, target.address, target.tls]))
        .digest('base64');
      const agent = agents.get(way) ?? createAgent(target);
      agents.delete(way); // set again: the map's order is the order of use
      agents.set(way, agent);
      const [oldest] = agents;
      if (agents.size > MAX_AGENTS && oldest !== undefined) {
        agents.delete(oldest[0]);
        oldest[1].destroy();
      }
      return agent;
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}
