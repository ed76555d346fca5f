/**
 * Causes before cases: what needs attention, each with all the edges that share it and a query that selects them. Connections that fail
 * alike (`fleet-cause.ts`, then what is left of each failure), silence beyond what was expected, and Applications that look bad with the
 * same message. Worst first; a few tens at most, because they are read by people.
 */
import { EDGE_STATES } from '../domain/edge-state.ts';
import { failureReason, failureRemedy, failureRow } from '../domain/failure-table.ts';
import { findFleetCauses, type FailingEdge, type FleetCause, type FleetTotals } from '../domain/fleet-cause.ts';
import type { Cause } from '../domain/fleet-view.ts';
import { quoteQueryValue } from '../domain/query.ts';
import { applicationCauses } from './application-causes.ts';
import type { EdgeSurroundings } from './edge-rows.ts';
import type { FieldSource } from './fields.ts';
import { optional } from './optional.ts';

const MAX_CAUSES = 30;
/** A Connector's edges in the rest have a line of their own from this many on. */
const OWN_LINE_EDGES = 8;
const DAY = 86_400_000;

type Around = Pick<EdgeSurroundings, 'connectorKind'>;

/** All causes of what the asker sees; `totals` as of {@link totalsOf}, asked for only where edges are out of reach. */
export function causesOf(source: FieldSource, around: Around, totals: () => FleetTotals): readonly Cause[] {
  const failing = failingEdges(source, around);
  const apart = failing.filter(({ connection }) => connection !== 'Reachable');
  const fleetCauses = apart.length === 0 ? [] : findFleetCauses(apart, totals());
  const connection = fleetCauses.map(toConnectionCause);
  const causes = [...connection, ...restOf(failing, fleetCauses, around), ...silence(source), ...applicationCauses(source)];
  return causes.sort((left, right) => Number(right.banner) - Number(left.banner) || weightOf(right) - weightOf(left)).slice(0, MAX_CAUSES);
}

const WEIGHT: Readonly<Record<Cause['kind'], number>> = {
  identity: 4,
  connection: 3,
  message: 3,
  look: 3,
  silence: 3,
  config: 3,
  clock: 1,
};
const weightOf = ({ kind, edges }: Cause): number => edges * WEIGHT[kind];

function failingEdges({ table: { edges }, view }: FieldSource, { connectorKind }: Around): readonly FailingEdge[] {
  const failing: FailingEdge[] = [];
  for (const slot of view.slots) {
    const [config, report] = [edges.configs[slot], edges.reports[slot]];
    if (config?.lifecycle !== 'Active' || report?.failure === undefined) continue;
    const { kind, row, suspectedRow } = report.failure;
    failing.push({
      edge: config.id, connector: config.connector, connectorKind: connectorKind(config.connector), labels: config.labels,
      connection: report.connection, kind, row, suspectedRow, since: report.since,
    }); // prettier-ignore
  }
  return failing;
}

/** Active edges in all, by Connector and by label: what the share of failing edges is held against. */
export function totalsOf({ table: { edges }, view }: FieldSource): FleetTotals {
  const byConnector = new Map<string, number>();
  const byLabel = new Map<string, Map<string, number>>();
  let active = 0;
  for (const slot of view.slots) {
    const config = edges.configs[slot];
    if (config?.lifecycle !== 'Active') continue;
    active += 1;
    byConnector.set(config.connector, (byConnector.get(config.connector) ?? 0) + 1);
    for (const [key, value] of Object.entries(config.labels)) {
      const values = byLabel.get(key) ?? new Map<string, number>();
      byLabel.set(key, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  return { edges: active, byConnector, byLabel };
}

/** Where, then what: two lines with the same failure are told apart by their titles. */
const placed = (place: string | undefined, name: string): string =>
  place === undefined ? name : `${place}: ${name.charAt(0).toLowerCase()}${name.slice(1)}`;

function toConnectionCause(cause: FleetCause): Cause {
  return {
    id: cause.id,
    kind: 'connection',
    title: placed(cause.label?.value ?? cause.connector ?? 'Fleet', failureRow(cause.row).name),
    sentence: cause.sentence,
    remedy: cause.remedy,
    whoActs: cause.acts,
    edges: cause.edges,
    applications: 0,
    since: cause.since,
    query: cause.query,
    banner: cause.massOutage,
  };
}

const KIND_OF: Readonly<Record<string, Cause['kind']>> = { identityChanged: 'identity', clockSkewed: 'clock', replayed: 'clock' };

/** The failures that no common cause covers, one line for each kind and each Connector with many of them; and those of edges that answer. */
function restOf(failing: readonly FailingEdge[], causes: readonly FleetCause[], { connectorKind }: Around): readonly Cause[] {
  const rest = Map.groupBy(
    failing.filter((edge) => edge.connection === 'Reachable' || !causes.some((cause) => covers(cause, edge))),
    ({ connection, kind }) => `${connection} ${kind}`,
  );
  return [...rest].flatMap(([id, edges]) => {
    const own = [...Map.groupBy(edges, ({ connector }) => connector)].filter(([, alike]) => alike.length >= OWN_LINE_EDGES);
    const names = own.map(([connector]) => connector);
    const lines: readonly Rest[] = [
      ...own.map(([connector, alike]) => ({ id: `${id}/${connector}`, edges: alike, connector, but: [] })),
      { id, edges: edges.filter(({ connector }) => !names.includes(connector)), but: names },
    ];
    return lines.flatMap((line) => toRestCause(line, causes, connectorKind));
  });
}

/** Edges that fail alike: those of one Connector, or those of all `but` the named ones. */
interface Rest {
  readonly id: string;
  readonly edges: readonly FailingEdge[];
  readonly connector?: string;
  readonly but: readonly string[];
}

/** True where the cause's query selects the edge: a line for the rest must not count it again. */
const covers = (cause: FleetCause, { connector, labels, kind }: FailingEdge): boolean =>
  cause.kind === kind &&
  (cause.connector === undefined || cause.connector === connector) &&
  (cause.label === undefined || labels[cause.label.key] === cause.label.value);

function toRestCause(
  { id, edges, connector, but }: Rest,
  causes: readonly FleetCause[],
  connectorKind: Around['connectorKind'],
): readonly Cause[] {
  const [first] = edges;
  if (first === undefined) return [];
  const row = failureRow(first.row);
  const { remedy, acts } = failureRemedy(first, connectorKind(first.connector));
  const who = edges.length === 1 ? first.edge : `${edges.length} edges`;
  const where = connector === undefined ? '' : `${connector}: `;
  const chosen = connector === undefined ? but.map((name) => `!${connectorTerm(name)}`) : [connectorTerm(connector)];
  const others = first.connection === 'Reachable' ? [] : causes.filter((cause) => cause.kind === first.kind).flatMap(exclusionOf);
  return [
    {
      id: `rest/${id}`,
      kind: KIND_OF[first.kind] ?? 'connection',
      title: placed(connector ?? (edges.length === 1 ? first.edge : undefined), row.name),
      sentence: placed(`${where}${who}`, row.name),
      remedy,
      whoActs: acts,
      edges: edges.length,
      applications: 0,
      since: edges.reduce((oldest, { since }) => Math.min(oldest, since), first.since),
      query: ['lifecycle:Active', `connection:${first.connection}`, `reason:${failureReason(first.kind)}`, ...chosen, ...others].join(' '),
      banner: false,
    },
  ];
}

const connectorTerm = (name: string): string => `connector:${quoteQueryValue(name)}`;

/** The term that leaves out what a common cause is about, where it is one thing. */
function exclusionOf({ connector, label }: FleetCause): readonly string[] {
  if (connector !== undefined) return [`!${connectorTerm(connector)}`];
  return label === undefined ? [] : [`!label:${label.key}:${quoteQueryValue(label.value)}`];
}

const OVERDUE = EDGE_STATES.indexOf('Overdue');

/** Edges that were not heard for longer than was ever expected of them. */
function silence({ table: { edges }, view, now }: FieldSource): readonly Cause[] {
  const overdue = view.slots.filter((_slot, row) => view.code('state', row) === OVERDUE);
  const readAts = overdue.map((slot) => edges.readAt(slot) ?? now);
  const [first] = overdue;
  if (first === undefined) return [];
  const since = Math.min(...readAts);
  const days = Math.floor((now - since) / DAY);
  const who = overdue.length === 1 ? (edges.names[first] ?? '') : `${overdue.length} edges`;
  return [
    {
      id: 'silence',
      kind: 'silence',
      title: 'Silent beyond the expected',
      sentence: `${who} not heard for longer than expected, the longest for ${days} days`,
      remedy: 'Find out whether the site still exists; then mend its line, or set its lifecycle to Parked or Retired',
      whoActs: 'site',
      edges: overdue.length,
      applications: 0,
      ...optional('since', Number.isFinite(since) ? since : undefined),
      query: 'state:Overdue',
      banner: false,
    },
  ];
}
