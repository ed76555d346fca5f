/**
 * Runs the checks: the configuration, the hub, then every edge, a few at a time. It only reads, so it may be run at any time; what it may not read
 * it calls "not checked".
 */
import { EDGE_LAYERS, edgeChecks, type EdgeAnswers, type FailedRequest } from '../domain/doctor-edge.ts';
import { hubChecks, knownScopes, type HubFacts } from '../domain/doctor-hub.ts';
import { unknown, type DoctorCheck } from '../domain/doctor.ts';
import type { Edge } from '../domain/edge.ts';
import { failureRemedy, failureRow, type ConnectorKind } from '../domain/failure-table.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import { nextClockSkew } from '../domain/clock-skew.ts';
import { parsePolicy } from '../domain/policy.ts';
import type { EdgeApi } from '../ports/edge-api.ts';
import type { HubFactsReader } from '../ports/hub-facts.ts';
import type { ConfigSnapshot } from '../ports/object-store.ts';
import type { Clock } from '../ports/runtime.ts';

export interface DoctorDeps {
  readonly snapshot: ConfigSnapshot;
  readonly hub: HubFactsReader;
  readonly edges: EdgeApi;
  readonly clock: Clock;
  /** Only these; absent: all that are contacted. */
  readonly only?: readonly string[];
  /** Edges whose turn has not come by then are not checked; absent: however long it takes. */
  readonly until?: number;
  /** Told after every edge how many are through, of how many. */
  readonly onProgress?: (done: number, edges: number) => void;
}

export const DOCTOR_LIMITS = { width: 16, timeoutMs: 10_000 } as const;

const SCOPES_SECRET = 'edge-fleet-scopes';

function configChecks({ problems, policy }: ConfigSnapshot): readonly DoctorCheck[] {
  const found = problems.map(({ object, where, field, remedy, severity }): DoctorCheck => ({
    id: 'config',
    ...(object.startsWith('Edge ') ? { edge: object.slice('Edge '.length) } : {}),
    result: severity === 'error' ? 'failed' : 'warning',
    message: `${object} (${where}): ${field}`,
    remedy,
  }));
  const lines = parsePolicy(policy).problems.map(({ line, text, remedy }): DoctorCheck => ({ id: 'policy', result: 'failed', message: `Line ${line} of policy.csv: ${text}`, remedy })); // prettier-ignore
  return [
    ...(found.length === 0 ? [{ id: 'config', result: 'ok', message: 'Every object can be used' } as const] : found),
    ...(lines.length === 0 ? [{ id: 'policy', result: 'ok', message: 'The policy can be read' } as const] : lines),
  ];
}

const connectorOf = ({ connectors }: ConfigSnapshot, edge: Edge): ConnectorKind => connectors.get(edge.connector)?.kind ?? 'direct';

function inWords(failure: EdgeFailure, connector: ConnectorKind): FailedRequest {
  return { failure, title: failureRow(failure.row).name, remedy: failureRemedy(failure, connector).remedy };
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
const itemsOf = (body: unknown): number => {
  const items = field(body, 'items');
  return Array.isArray(items) ? items.length : 0;
};

async function askEdge(edge: Edge, { snapshot, edges, clock }: DoctorDeps): Promise<EdgeAnswers> {
  const connector = connectorOf(snapshot, edge);
  const base = { edge: edge.id, access: edge.access, direct: connector === 'direct' } as const;
  const ask = (path: string, token: 'none' | 'read' | 'operate'): ReturnType<EdgeApi['call']> =>
    edges.call(edge.id, { method: 'GET', path, token, timeoutMs: DOCTOR_LIMITS.timeoutMs });
  const askedAt = clock.now();
  const version = await ask('/api/version', 'none');
  if (!version.ok) return { ...base, reached: inWords(version.error, connector) };
  const { date } = version.value.headers;
  const skew = nextClockSkew(undefined, { dateHeader: typeof date === 'string' ? date : undefined, askedAt, answeredAt: clock.now() });
  const list = await ask('/api/v1/applications?fields=items.metadata.name', 'read');
  const operate = edge.access === 'Operate' ? await ask('/api/v1/account/can-i/applications/sync/*/*', 'operate') : undefined;
  return {
    ...base,
    reached: undefined,
    version: String(field(version.value.body, 'Version') ?? ''),
    ...(skew === undefined ? {} : { skewMs: skew.skewMs }),
    read: list.ok ? { applications: itemsOf(list.value.body) } : inWords(list.error, connector),
    ...operateAnswer(operate, connector),
  };
}

function operateAnswer(answer: Awaited<ReturnType<EdgeApi['call']>> | undefined, connector: ConnectorKind): Pick<EdgeAnswers, 'operate'> {
  if (answer === undefined) return {};
  return { operate: answer.ok ? { canSync: field(answer.value.body, 'value') === 'yes' } : inWords(answer.error, connector) };
}

/** Edges that are retired or parked on purpose are left alone. */
function edgesToAsk({ snapshot, only }: DoctorDeps): readonly Edge[] {
  const all = [...snapshot.edges.values()];
  return only === undefined
    ? all.filter(({ lifecycle }) => lifecycle !== 'Retired' && lifecycle !== 'Parked')
    : all.filter(({ id }) => only.includes(id));
}

const outOfTime = (edge: string): DoctorCheck => ({
  id: EDGE_LAYERS[0],
  edge,
  result: 'notChecked',
  message: 'The time of this run was over before its turn came: run doctor on the command line with --edge',
});

async function allEdges(deps: DoctorDeps): Promise<readonly DoctorCheck[]> {
  const edges = edgesToAsk(deps);
  const checks: (readonly DoctorCheck[])[] = edges.map(() => []);
  let next = 0;
  let done = 0;
  const isLate = (): boolean => deps.until !== undefined && deps.clock.now() >= deps.until;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < edges.length; index = next++) {
      const edge = edges[index];
      if (edge === undefined) continue;
      checks[index] = isLate() ? [outOfTime(edge.id)] : edgeChecks(await askEdge(edge, deps));
      done += 1;
      deps.onProgress?.(done, edges.length);
    }
  };
  deps.onProgress?.(0, edges.length);
  await Promise.all(Array.from({ length: Math.min(DOCTOR_LIMITS.width, edges.length) }, worker));
  const missing = (deps.only ?? []).filter((name) => !edges.some(({ id }) => id === name));
  return [
    ...checks.flat(),
    ...missing.map((edge): DoctorCheck => ({
      id: EDGE_LAYERS[0],
      edge,
      result: 'failed',
      message: 'There is no Edge of that name',
      remedy: 'Name one that is there',
    })),
  ];
}

/** While a list of the Kubernetes API is missing there are no objects at all: that says nothing about the Secret. */
function scopesOf({ secrets, problems }: ConfigSnapshot): HubFacts['scopes'] {
  const found = [...secrets.values()].find(({ id }) => id === SCOPES_SECRET)?.values;
  const unlisted = problems.find(({ object }) => object.startsWith('list of '));
  return found === undefined && unlisted !== undefined ? unknown(`${unlisted.object} cannot be read`) : knownScopes(found);
}

export async function runDoctor(deps: DoctorDeps): Promise<readonly DoctorCheck[]> {
  const { snapshot, hub } = deps;
  const facts = { ...(await hub.read()), policyVersion: snapshot.policy?.hubVersion, scopes: scopesOf(snapshot) };
  return [...configChecks(snapshot), ...hubChecks(facts), ...(await allEdges(deps))];
}
