/**
 * What many failing edges have in common: one cause, one banner, one log line, in place of hundreds. Pure, deterministic, and linear in the
 * failing edges. Nothing is frozen or hidden by a cause; the connection and freshness of each edge go on counting.
 *
 *   failing edges ──by failure──► bursts (began within a minute of each other) ──► a mass outage: over 5 % of the fleet
 *                                                                              └─► else: most edges of one Connector, or of one label
 *
 * Rows 11, 24, 29 and 32 are suspected from a single answer; they are confirmed here, by how many edges fail alike.
 */
import type { Connection } from './edge-state.ts';
import { FAILURE_TABLE, failureReason, failureRemedy, failureRow, type ConnectorKind } from './failure-table.ts';
import type { WhoActs } from './failure-row.ts';
import type { FailureKind, FailureRow } from './failure.ts';

/** An edge that does not answer as it ought to. */
export interface FailingEdge {
  readonly edge: string;
  readonly connector: string;
  readonly connectorKind: ConnectorKind;
  readonly labels: Readonly<Record<string, string>>;
  readonly connection: Connection;
  readonly kind: FailureKind;
  readonly row: FailureRow;
  readonly suspectedRow?: FailureRow | undefined;
  /** When it began, ms. */
  readonly since: number;
}

/** How many edges there are that could fail: active ones, in all and by what they may share. */
export interface FleetTotals {
  readonly edges: number;
  readonly byConnector: ReadonlyMap<string, number>;
  /** Label key, then value. */
  readonly byLabel: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Why many edges fail. `query` selects them; `since` is when the first of them failed. */
export interface FleetCause {
  readonly id: string;
  readonly row: FailureRow;
  readonly kind: FailureKind;
  readonly reason: string;
  readonly edges: number;
  readonly since: number;
  /** Present where the edges share it. */
  readonly connector: string | undefined;
  readonly connectors: number;
  readonly label: { readonly key: string; readonly value: string } | undefined;
  readonly massOutage: boolean;
  readonly sentence: string;
  readonly remedy: string;
  readonly acts: WhoActs;
  readonly query: string;
}

/** How causes are found; named so that tests and documentation speak of the same numbers. */
export const CAUSE_LIMITS = {
  /** Fewer edges than this have no common cause worth a banner. */
  minEdges: 3,
  /** Of a Connector's or a label's edges: then that is what they share. */
  mostOf: 0.5,
  /** Of a burst's edges: then their failure names all of it. */
  namedBy: 0.6,
  /** Of a cause's edges: then they are said to share it. */
  sharedBy: 0.95,
  /** Of the fleet, within a minute. */
  massShare: 0.05,
  burstMs: 60_000,
  maxCauses: 20,
  maxLabelValues: 1_000,
} as const;

/** The common causes of these failures, most edges first; at most 20. An edge belongs to no more than one. */
export function findFleetCauses(failing: readonly FailingEdge[], totals: FleetTotals): readonly FleetCause[] {
  const causes: FleetCause[] = [];
  for (const alike of groupBy(failing.filter(isFailing), (edge) => edge.connection).values()) {
    const { bursts, scattered } = burstsOf(alike);
    for (const burst of bursts) {
      if (isMass(burst, totals) && isOfOneKind(burst.edges)) causes.push(toCause(burst.edges, totals, true));
      else scattered.push(...burst.edges);
    }
    for (const ofKind of groupBy(scattered, (edge) => edge.kind).values()) causes.push(...causesOfKind(ofKind, totals));
  }
  causes.sort((left, right) => right.edges - left.edges || (left.id < right.id ? -1 : 1));
  return causes.slice(0, CAUSE_LIMITS.maxCauses);
}

/** One cut shows as several failures where some edges were asked as it happened; most of them name it. */
const isOfOneKind = (edges: readonly FailingEdge[]): boolean =>
  [...countBy(edges, (edge) => edge.kind).values()].some((count) => count >= edges.length * CAUSE_LIMITS.namedBy);

function causesOfKind(edges: readonly FailingEdge[], totals: FleetTotals): FleetCause[] {
  const causes: FleetCause[] = [];
  const { bursts, scattered: rest } = burstsOf(edges);
  for (const burst of bursts) causes.push(...causesOfBurst(burst, totals, rest));
  for (const shared of sharedGroups(rest, totals)) causes.push(toCause(shared, totals, false));
  return causes;
}

const SILENT_ROWS: ReadonlySet<FailureRow> = new Set(FAILURE_TABLE.filter(({ effect }) => effect === 'silent').map(({ row }) => row));
const isFailing = (edge: FailingEdge): boolean => edge.connection !== 'Reachable' && !SILENT_ROWS.has(edge.row);

interface Burst {
  readonly edges: readonly FailingEdge[];
  /** The most edges that began within one minute. */
  readonly peak: number;
}

const BUCKET_MS = 10_000;
const BUCKETS_PER_BURST = CAUSE_LIMITS.burstMs / BUCKET_MS;
const bucketOf = ({ since }: FailingEdge): number => Math.floor(since / BUCKET_MS);

/** Splits edges wherever no other began for a minute, in their order of beginning; `scattered` are those of bursts too small to matter. */
function burstsOf(edges: readonly FailingEdge[]): { readonly bursts: readonly Burst[]; readonly scattered: FailingEdge[] } {
  const sorted = inOrder(edges);
  const bursts: Burst[] = [];
  const scattered: FailingEdge[] = [];
  let begin = 0;
  for (let end = 1; end <= sorted.length; end += 1) {
    const [last, next] = [sorted[end - 1], sorted[end]];
    if (last !== undefined && next !== undefined && bucketOf(next) - bucketOf(last) <= BUCKETS_PER_BURST) continue;
    const ofBurst = end - begin < CAUSE_LIMITS.minEdges ? undefined : sorted.slice(begin, end);
    if (ofBurst !== undefined) bursts.push({ edges: ofBurst, peak: peakOf(ofBurst) });
    else for (const edge of sorted.slice(begin, end)) scattered.push(edge);
    begin = end;
  }
  return { bursts, scattered };
}

/** By ten seconds of beginning, and as they came within them. */
function inOrder(edges: readonly FailingEdge[]): readonly FailingEdge[] {
  const isSorted = edges.every((edge, index) => index === 0 || bucketOf(edges[index - 1] ?? edge) <= bucketOf(edge));
  if (isSorted) return edges;
  const buckets = groupBy(edges, bucketOf);
  return [...buckets.keys()].sort((left, right) => left - right).flatMap((bucket) => buckets.get(bucket) ?? []);
}

/** The most that began within one minute. */
function peakOf(sorted: readonly FailingEdge[]): number {
  let peak = 0;
  let first = 0;
  sorted.forEach((edge, index) => {
    for (let oldest = sorted[first]; oldest !== undefined && bucketOf(edge) - bucketOf(oldest) >= BUCKETS_PER_BURST; oldest = sorted[first])
      first += 1;
    peak = Math.max(peak, index - first + 1);
  });
  return peak;
}

const isMass = ({ peak }: Burst, totals: FleetTotals): boolean =>
  peak > totals.edges * CAUSE_LIMITS.massShare && peak >= CAUSE_LIMITS.minEdges;

/** A burst over 5 % of the fleet is one fact; a smaller one is as many as there are Connectors or labels that lost most of their edges. */
function causesOfBurst(burst: Burst, totals: FleetTotals, rest: FailingEdge[]): FleetCause[] {
  if (isMass(burst, totals)) return [toCause(burst.edges, totals, true)];
  const shared = sharedGroups(burst.edges, totals);
  const covered = new Set(shared.flat());
  for (const edge of burst.edges) if (!covered.has(edge)) rest.push(edge);
  return shared.map((edges) => toCause(edges, totals, false));
}

/** Groups that are most of a Connector's edges, and in what is left over those that are most of a label's. No edge is in two. */
function sharedGroups(edges: readonly FailingEdge[], totals: FleetTotals): readonly (readonly FailingEdge[])[] {
  const groups: (readonly FailingEdge[])[] = [];
  const left: FailingEdge[] = [];
  for (const [connector, ofConnector] of groupBy(edges, (edge) => edge.connector)) {
    if (isMostOf(ofConnector.length, totals.byConnector.get(connector))) groups.push(ofConnector);
    else left.push(...ofConnector);
  }
  for (let open: readonly FailingEdge[] = left; groups.length < CAUSE_LIMITS.maxCauses;) {
    const label = strongestLabel(open, totals, (count, total) => isMostOf(count, total));
    if (label === undefined) return groups;
    groups.push(open.filter((edge) => edge.labels[label.key] === label.value));
    open = open.filter((edge) => edge.labels[label.key] !== label.value);
  }
  return groups;
}

const isMostOf = (count: number, total: number | undefined): boolean =>
  count >= CAUSE_LIMITS.minEdges && count > (total ?? count) * CAUSE_LIMITS.mostOf;

interface Label {
  readonly key: string;
  readonly value: string;
}

/** Of the labels that qualify, the one that most of its own edges carry here; then the larger, then by name. */
function strongestLabel(
  edges: readonly FailingEdge[],
  totals: FleetTotals,
  qualifies: (count: number, total: number) => boolean,
): Label | undefined {
  let best: (Label & { readonly share: number; readonly count: number }) | undefined;
  for (const [key, values] of labelCounts(edges)) {
    for (const [value, count] of values) {
      const total = Math.max(totals.byLabel.get(key)?.get(value) ?? count, count);
      if (!qualifies(count, total)) continue;
      const candidate = { key, value, count, share: count / total };
      if (best === undefined || isStronger(candidate, best)) best = candidate;
    }
  }
  return best === undefined ? undefined : { key: best.key, value: best.value };
}

interface Weighed extends Label {
  readonly share: number;
  readonly count: number;
}

function isStronger(left: Weighed, right: Weighed): boolean {
  if (left.share !== right.share) return left.share > right.share;
  if (left.count !== right.count) return left.count > right.count;
  return `${left.key}=${left.value}` < `${right.key}=${right.value}`;
}

/** Counts of values by key. A key with very many values (a serial number) is shared by nobody and is left out. */
function labelCounts(edges: readonly FailingEdge[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { labels } of edges) {
    for (const key in labels) countValue(counts, key, labels[key] ?? '');
  }
  for (const [key, values] of counts) if (values.size >= CAUSE_LIMITS.maxLabelValues) counts.delete(key);
  return counts;
}

function countValue(counts: Map<string, Map<string, number>>, key: string, value: string): void {
  const values = counts.get(key);
  if (values === undefined) counts.set(key, new Map([[value, 1]]));
  else if (values.size < CAUSE_LIMITS.maxLabelValues) values.set(value, (values.get(value) ?? 0) + 1);
}

function toCause(edges: readonly FailingEdge[], totals: FleetTotals, massOutage: boolean): FleetCause {
  const count = edges.length;
  const row = confirmedRow(edges, totals);
  const { kind } = failureRow(row);
  const connectors = countBy(edges, (edge) => edge.connector);
  const [onlyConnector] = connectors.size === 1 ? connectors.keys() : [];
  const label = strongestLabel(edges, totals, (labelled) => labelled >= count * CAUSE_LIMITS.sharedBy);
  const where = { connector: onlyConnector, connectors: connectors.size, label, edges: count };
  const { remedy, acts } = failureRemedy({ row }, commonest(edges, (edge) => edge.connectorKind) ?? 'cloudflare');
  return {
    ...where,
    id: [
      failureReason(kind),
      onlyConnector ?? `${connectors.size} connectors`,
      label === undefined ? '' : `${label.key}=${label.value}`,
    ].join('/'),
    row,
    kind,
    reason: failureReason(kind),
    since: edges.reduce((first, edge) => Math.min(first, edge.since), Infinity),
    massOutage,
    sentence: sentenceOf(where, failureRow(row).name),
    remedy,
    acts,
    query: queryOf(where, edges),
  };
}

/**
 * The row of most edges; or the one that they make suspect, where that is a row of the whole fleet. What blames the hub on the word of
 * unreachable sites needs most of the fleet to say so.
 */
function confirmedRow(edges: readonly FailingEdge[], totals: FleetTotals): FailureRow {
  const row = commonest(edges, (edge) => edge.row) ?? 42;
  const suspected = commonest(edges, (edge) => edge.suspectedRow);
  if (suspected === undefined || suspected === row || !failureRow(suspected).fleetWide) return row;
  return edges.length > totals.edges * CAUSE_LIMITS.mostOf ? suspected : row;
}

type Where = Pick<FleetCause, 'connector' | 'connectors' | 'label' | 'edges'>;

function sentenceOf({ connector, connectors, label, edges }: Where, name: string): string {
  const place = label?.value ?? connector ?? 'Fleet';
  return `${place}: ${edges} edges, ${connectors === 1 ? 'one connector' : `${connectors} connectors`}: ${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** In the words of the query language (`query.ts`). The failure is named where it selects the edges and does not lose any. */
function queryOf({ connector, label }: Where, edges: readonly FailingEdge[]): string {
  const kinds = countBy(edges, (edge) => edge.kind);
  const [kind] = kinds.size === 1 ? kinds.keys() : [];
  return [
    connector === undefined ? undefined : `connector:${quoted(connector)}`,
    `connection:${commonest(edges, (edge) => edge.connection) ?? 'OutOfReach'}`,
    kind === undefined ? undefined : `reason:${failureReason(kind)}`,
    label !== undefined && edges.every(({ labels }) => labels[label.key] === label.value)
      ? `label:${label.key}:${quoted(label.value)}`
      : undefined,
  ]
    .filter((term) => term !== undefined)
    .join(' ');
}

const quoted = (value: string): string => (/^[\w.-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`);

function commonest<T>(edges: readonly FailingEdge[], of: (edge: FailingEdge) => T): T | undefined {
  let best: T | undefined;
  let most = 0;
  for (const [value, count] of countBy(edges, of)) {
    if (count < most || (count === most && String(value) > String(best))) continue;
    best = value;
    most = count;
  }
  return best;
}

function countBy<T>(edges: readonly FailingEdge[], of: (edge: FailingEdge) => T): Map<T, number> {
  const counts = new Map<T, number>();
  for (const edge of edges) {
    const value = of(edge);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
