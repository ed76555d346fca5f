/** From what a person selected to Applications, each with the reason why it may not be acted on, if there is one. */
import { isNotHeard } from '../domain/edge-state.ts';
import type { ActionKind, ActionSpec, ActionTarget } from '../domain/action.ts';
import { showsOnlyCounts } from '../domain/edge.ts';
import type { Identity } from '../domain/identity.ts';
import { parseEdgeId } from '../domain/ids.ts';
import { ACTION_REQUEST_LIMITS } from '../contract/actions.ts';
import type { FleetReader } from '../ports/fleet-reader.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Rights, RightsAction } from '../ports/rights.ts';
import { notFound, RequestProblem } from './problem.ts';
import type { Visibility } from '../domain/visibility.ts';
import type { Asker } from './request-context.ts';
import { orInvalidQuery } from './routes/list-request.ts';

export interface SelectedApplication {
  readonly edge: string;
  readonly namespace: string;
  readonly name: string;
  readonly project: string;
  readonly notHeard: boolean;
}

export interface Selection {
  readonly action: ActionSpec;
  readonly targets?: readonly { readonly edge: string; readonly namespace: string; readonly name: string }[];
  readonly edges?: readonly string[];
  readonly query?: string;
}

export interface Refusal {
  readonly reason: string;
  readonly missingLine: string;
}

const PAGE = 500;
/** Names of edges in one query: a query is short, and a name has up to 63 characters. */
const EDGES_A_QUERY = 28;

/** What may not be seen cannot be named: an Application that is not there and one that is hidden are the same. */
export function selectApplications(fleet: FleetReader, { visibility }: Asker, selection: Selection): readonly SelectedApplication[] {
  const { targets, edges, query } = selection;
  if ([targets, edges, query].filter((given) => given !== undefined).length !== 1) {
    throw new RequestProblem('InvalidRequest', 'Give either targets, edges or a query');
  }
  if (targets !== undefined) {
    return targets.map(({ edge, namespace, name }) => {
      const found = fleet.application(visibility, edge, namespace, name);
      if (found === undefined) throw notFound(`Application ${namespace}/${name} on edge ${edge}`);
      return { edge, namespace, name, project: found.project, notHeard: isNotHeard(found.edgeState) };
    });
  }
  if (edges === undefined) return applicationsOf(fleet, visibility, query ?? '');
  for (const edge of edges) if (fleet.edge(visibility, edge) === undefined) throw notFound(`edge ${edge}`);
  const chunks = Array.from({ length: Math.ceil(edges.length / EDGES_A_QUERY) }, (_, at) =>
    edges.slice(at * EDGES_A_QUERY, (at + 1) * EDGES_A_QUERY),
  );
  const found = chunks.flatMap((chunk) => applicationsOf(fleet, visibility, `name:${chunk.join(',')}`));
  if (found.length > ACTION_REQUEST_LIMITS.targets) throw tooMany(found.length);
  return found;
}

const tooMany = (total: number): RequestProblem =>
  new RequestProblem('TooLarge', `${total} Applications are selected: at most ${ACTION_REQUEST_LIMITS.targets} can be acted on at once`);

function applicationsOf(fleet: FleetReader, visibility: Asker['visibility'], query: string): readonly SelectedApplication[] {
  const found: SelectedApplication[] = [];
  let cursor: string | undefined;
  do {
    const request = { query, sort: ['edge', 'name'], limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = orInvalidQuery(fleet.applications(visibility, request));
    if (page.total > ACTION_REQUEST_LIMITS.targets) throw tooMany(page.total);
    for (const { edge, namespace, name, project, edgeState } of page.items)
      found.push({ edge, namespace, name, project, notHeard: isNotHeard(edgeState) });
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/** True for an edge that is configured to show counts and nothing else. */
export function isOnlyCounts(objects: ObjectStore, edge: string): boolean {
  const id = parseEdgeId(edge);
  const config = id === undefined ? undefined : objects.current().edges.get(id);
  return config !== undefined && showsOnlyCounts(config);
}

export function isVisibleTarget(objects: ObjectStore, visibility: Visibility, { edge, project, namespace, name }: ActionTarget): boolean {
  if (isOnlyCounts(objects, edge)) return false;
  const id = parseEdgeId(edge);
  const labels = (id === undefined ? undefined : objects.current().edges.get(id)?.labels) ?? {};
  return visibility.application(edge, labels, project, namespace, name);
}

const RIGHT: Readonly<Record<ActionKind, RightsAction>> = {
  refresh: 'refresh', hardRefresh: 'refresh', sync: 'sync', autoSyncOn: 'sync', terminate: 'terminate', rollback: 'rollback',
}; // prettier-ignore

/** Why this may not be done there: what the Edge allows, then what the policy does. */
export function refusalOf(
  objects: ObjectStore,
  rights: Rights,
  identity: Identity,
): (kind: ActionKind, at: Omit<SelectedApplication, 'notHeard'>) => Refusal | undefined {
  return (kind, { edge: edgeName, namespace, name, project }) => {
    const id = parseEdgeId(edgeName);
    const edge = id === undefined ? undefined : objects.current().edges.get(id);
    if (edge === undefined) return { reason: `Edge ${edgeName} is not in the configuration`, missingLine: '' };
    if (edge.access !== 'Operate') {
      return {
        reason: `Edge ${edgeName} has access: ${edge.access}. Set spec.access to Operate and give its Secret the key operate`,
        missingLine: '',
      };
    }
    if (edge.lifecycle === 'Quarantined' || edge.lifecycle === 'Retired') {
      return { reason: `Edge ${edgeName} is ${edge.lifecycle}: it is never written to`, missingLine: '' };
    }
    const object = { resource: 'applications', edge: edgeName, labels: edge.labels, project, namespace, application: name } as const;
    const decision = rights.can(identity, RIGHT[kind], object);
    return decision.allowed ? undefined : decision;
  };
}
