/**
 * The control port: a person, a test or a benchmark makes things happen in the world over HTTP. GET answers JSON; POST takes JSON of the
 * schemas below and answers which edges it touched, and when by the world's clock. It has no access control: it listens on the loopback
 * address of a program that is not production.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { SEED_TOKENS_ISSUED_AT, seedTokenId, signToken, tokenOf } from './argocd/tokens.ts';
import type { ControlDeps } from './control-commands.ts';
import { createCommands } from './control-commands.ts';
import type { Application, Edge } from './world/edge.ts';
import type { World } from './world/world.ts';

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw new SyntaxError(`The body is larger than ${BODY_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return bytes === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

function summary({ world, life }: ControlDeps): unknown {
  const sum = (of: (edge: Edge) => number): number => world.edges.reduce((total, edge) => total + of(edge), 0);
  return {
    seed: world.seed,
    now: world.clock.now(),
    speed: world.clock.speed(),
    eventsPerSecond: life.rate(),
    edges: world.edges.length,
    applications: sum((edge) => edge.applications.length),
    writes: world.writes(),
    due: world.agenda.size(),
    traffic: {
      requests: sum((edge) => edge.traffic.requests),
      openStreams: sum((edge) => edge.traffic.openStreams),
      streamsOpened: sum((edge) => edge.traffic.streamsOpened),
      eventsSent: sum((edge) => edge.traffic.eventsSent),
      eventsDropped: sum((edge) => edge.traffic.eventsDropped),
      mostRequestsInASecond: Math.max(0, ...world.edges.map((edge) => edge.traffic.mostRequestsInASecond)),
    },
  };
}

const edgeView = (deps: ControlDeps, edge: Edge): unknown => ({
  name: edge.name,
  displayName: edge.displayName,
  labels: edge.labels,
  timeZone: edge.timeZone,
  connector: edge.connector,
  reach: edge.reach,
  argocd: edge.argocd,
  resourceVersion: edge.resourceVersion,
  skewMs: edge.skewMs,
  delayMs: edge.delayMs,
  fault: deps.front.faultOf(edge.name),
  applications: edge.applications.length,
  traffic: edge.traffic,
});

function view(deps: ControlDeps, path: string): unknown {
  const [, first, name = '', account = ''] = path.split('/');
  if (first === '') return summary(deps);
  if (first === 'edges' && name === '') return deps.world.edges.map((edge) => edgeView(deps, edge));
  const edge = deps.world.edge(name);
  if (edge === undefined) return undefined;
  if (first === 'edges') return { ...Object(edgeView(deps, edge)), items: edge.applications.map(applicationView) };
  return first === 'token'
    ? { token: tokenOf(deps.world.seed, edge, account === '' ? 'fleet' : account), expired: expiredToken(deps.world, edge, account) }
    : undefined;
}

function expiredToken(world: World, edge: Edge, account: string): string {
  const name = account === '' ? 'fleet' : account;
  return signToken(world.seed, edge, {
    account: name,
    id: seedTokenId(world.seed, edge, name),
    issuedAt: SEED_TOKENS_ISSUED_AT,
    expiresAt: SEED_TOKENS_ISSUED_AT + 1000,
  });
}

const applicationView = (application: Application): unknown => ({
  name: application.component.name,
  product: application.component.product,
  sync: application.sync,
  health: application.health,
  trouble: application.trouble,
  live: application.live,
  desired: application.desired,
  deployments: application.deployments,
  phase: application.operationState?.phase,
});

/** What the control port answers. */
export function createControl(deps: ControlDeps): RequestListener {
  const commands = createCommands(deps);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (request.method === 'GET') {
      const body = view(deps, path);
      send(response, body === undefined ? 404 : 200, body ?? { error: `Nothing at ${path}` });
      return;
    }
    const name = path.slice(1);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      send(response, 404, { error: `No command ${name}; there are ${Object.keys(commands).join(', ')}` });
      return;
    }
    const input = await readBody(request);
    const at = deps.world.clock.now();
    const edges = command(input);
    send(response, 200, { at, count: edges.length, edges: edges.map((edge) => edge.name) });
  };
  return (request, response) => {
    if (deps.account.handle(request, response)) return;
    answer(request, response).catch((thrown: unknown) => {
      const name = typeof thrown === 'object' && thrown !== null && 'name' in thrown ? thrown.name : '';
      const wrongInput = name === 'ZodError' || name === 'SyntaxError';
      send(response, wrongInput ? 400 : 500, { error: String(thrown) });
    });
  };
}
