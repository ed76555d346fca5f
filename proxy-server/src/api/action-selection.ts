/** From what a person selected to Applications, each with the reason why it may not be acted on, if there is one. */
import { isNotHeard } from '../domain/edge-state.ts';
import type { ActionKind, ActionSpec } from '../domain/action.ts';
import type { Identity } from '../domain/identity.ts';
import { parseEdgeId } from '../domain/ids.ts';
import { ACTION_REQUEST_LIMITS } from '../contract/actions.ts';
import type { FleetReader } from '../ports/fleet-reader.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Rights, RightsAction } from '../ports/rights.ts';
import { notFound, RequestProblem } from './problem.ts';
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
  readonly query?: string;
}

export interface Refusal {
  readonly reason: string;
  readonly missingLine: string;
}

const PAGE = 500;

/** What may not be seen cannot be named: an Application that is not there and one that is hidden are the same. */
export function selectApplications(fleet: FleetReader, { visibility }: Asker, selection: Selection): readonly SelectedApplication[] {
  if ((selection.targets === undefined) === (selection.query === undefined)) {
    throw new RequestProblem('InvalidRequest', 'Give either targets or a query');
  }
  if (selection.targets !== undefined) {
    return selection.targets.map(({ edge, namespace, name }) => {
      const found = fleet.application(visibility, edge, namespace, name);
      if (found === undefined) throw notFound(`Application ${namespace}/${name} on edge ${edge}`);
      return { edge, namespace, name, project: found.project, notHeard: isNotHeard(found.edgeState) };
    });
  }
  return applicationsOf(fleet, visibility, selection.query ?? '');
}

function applicationsOf(fleet: FleetReader, visibility: Asker['visibility'], query: string): readonly SelectedApplication[] {
  const found: SelectedApplication[] = [];
  let cursor: string | undefined;
  do {
    const request = { query, sort: ['edge', 'name'], limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = orInvalidQuery(fleet.applications(visibility, request));
    if (page.total > ACTION_REQUEST_LIMITS.targets) {
      const detail = `The query selects ${page.total} Applications: at most ${ACTION_REQUEST_LIMITS.targets} can be acted on at once`;
      throw new RequestProblem('TooLarge', detail);
    }
    for (const { edge, namespace, name, project, edgeState } of page.items)
      found.push({ edge, namespace, name, project, notHeard: isNotHeard(edgeState) });
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
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
