import { CONNECTIONS, EDGE_STATES, LIFECYCLES } from './edge-state.ts';
import { FRESHNESSES } from './freshness.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from './health.ts';
import { UNJUDGED_REASONS } from './judged.ts';
import { EDGE_LOOKS } from './look.ts';
import { OPERATION_STATES } from './operation.ts';

/**
 * Whose value a field asks for. `edge`: the edge's, on every list. `application`: an Application's; an edge matches if one of its
 * Applications does. `row`: the edge's on lists of edges, the Application's on lists of Applications.
 */
export type QueryScope = 'edge' | 'application' | 'row';

/** `word` fields have a closed list of values. `whole`, `contains` and `prefix` say how much of a text a value must cover. */
export type QueryFieldKind = 'word' | 'text' | 'number' | 'duration' | 'version';

export interface QueryField {
  readonly name: string;
  readonly scope: QueryScope;
  readonly kind: QueryFieldKind;
  readonly values?: readonly string[];
  readonly match: 'whole' | 'contains' | 'prefix';
  /** The field takes a name of its own: `version:pos`, `label:region`. */
  readonly argument?: 'product' | 'label';
  /** What it asks, for completion. */
  readonly title: string;
}

const text = (name: string, scope: QueryScope, title: string, match: QueryField['match'] = 'whole'): QueryField => ({
  name, scope, kind: 'text', match, title,
}); // prettier-ignore
const word = (name: string, scope: QueryScope, title: string, values: readonly string[]): QueryField => ({
  name, scope, kind: 'word', match: 'whole', values, title,
}); // prettier-ignore
const measure = (name: string, scope: QueryScope, title: string, kind: 'number' | 'duration'): QueryField => ({
  name, scope, kind, match: 'whole', title,
}); // prettier-ignore

/** Every field a query may name, besides the keys of labels. The names are those of the API, in kebab-case. */
export const QUERY_FIELDS: readonly QueryField[] = [
  text('name', 'edge', 'Name of the edge'),
  text('display-name', 'edge', 'Display name of the edge', 'contains'),
  text('connector', 'edge', 'Connector the edge is reached through'),
  word('lifecycle', 'edge', 'Lifecycle of the edge', LIFECYCLES),
  word('state', 'edge', 'The one count the edge is in', EDGE_STATES),
  word('look', 'row', 'Look of the edge, or of the Application on lists of Applications', EDGE_LOOKS),
  word('connection', 'edge', 'Whether the edge answers', CONNECTIONS),
  text('reason', 'edge', 'Class of the failure of the connection'),
  word('freshness', 'edge', 'How old what we know of the edge is', FRESHNESSES),
  measure('read-age', 'edge', 'Time since the edge was last heard', 'duration'),
  word('sync', 'row', 'Worst sync status of the edge, or that of the Application', SYNC_STATUSES),
  { name: 'argocd-version', scope: 'edge', kind: 'version', match: 'whole', title: 'Argo CD version of the edge' },
  measure('applications', 'edge', 'Number of Applications on the edge', 'number'),
  measure('clock-skew', 'edge', "How far the edge's clock is off, either way", 'duration'),
  word('out-of-sync', 'edge', 'Whether the edge is heard and has an Application out of sync', ['true', 'false']),
  word('behind', 'edge', 'Whether the edge runs a version older than the newest of a Product that runs anywhere', ['true', 'false']),
  text('product', 'row', 'Product that runs on the edge, or that the Application belongs to'),
  { name: 'version', scope: 'row', kind: 'version', match: 'whole', argument: 'product', title: 'Version of a Product' },
  { name: 'label', scope: 'edge', kind: 'text', match: 'whole', argument: 'label', title: 'Label of the edge' },
  text('application', 'application', 'Name of the Application'),
  text('project', 'application', 'Project of the Application'),
  text('namespace', 'application', 'Namespace of the Application object'),
  word('health', 'application', 'Judged health of the Application', HEALTH_STATUSES),
  word('operation', 'application', 'State of the latest operation', OPERATION_STATES),
  text('message', 'application', 'What the Application says about its trouble', 'contains'),
  text('image', 'application', 'Container image', 'contains'),
  text('revision', 'application', 'Revision that runs', 'prefix'),
  word('unjudged-reason', 'application', 'Why the health is no evidence', UNJUDGED_REASONS),
  measure('observed-age', 'application', "Time since the edge's controller compared the Application", 'duration'),
  word('auto-sync', 'application', 'Whether the Application syncs by itself', ['true', 'false']),
];

const BY_NAME: ReadonlyMap<string, QueryField> = new Map(QUERY_FIELDS.map((field) => [field.name, field]));

/** The field of that name in any case; undefined may still be the key of a label. */
export const queryField = (name: string): QueryField | undefined => BY_NAME.get(name.toLowerCase());
