import { readHours, readMinutes, REACH_CODES } from '../domain/connectivity.ts';
import { encodeColumn } from '../domain/column-codec.ts';
import { CONNECTIONS, EDGE_STATES } from '../domain/edge-state.ts';
import { showsOnlyCounts, type Edge } from '../domain/edge.ts';
import { failureReason, failureRemedy, failureRow, failureWords, type ConnectorKind } from '../domain/failure-table.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import type { ConnectivityStrip, EdgeDetail, EdgeRow, FailureView } from '../domain/fleet-view.ts';
import { SYNC_STATUSES } from '../domain/health.ts';
import { FRESHNESSES } from '../domain/freshness.ts';
import { EDGE_LOOKS } from '../domain/look.ts';
import { VERSION_JOINER } from '../domain/product.ts';
import { nextWindowStart } from '../domain/window-start.ts';
import type { ConnectionReport } from '../ports/fleet-sink.ts';
import { byteAt } from './column.ts';
import { toEdgeVersions } from './edge-figures.ts';
import type { FieldSource } from './fields.ts';
import { optional, someText } from './optional.ts';

/** What the table does not know of an edge and others do. */
export interface EdgeSurroundings {
  readonly connectorKind: (connector: string) => ConnectorKind;
  readonly requestsLastMinute: (edge: string) => number;
  readonly yamlOf: (edge: string) => string | undefined;
}

/** The edge in a slot as a row of a list; undefined for a slot without a configured edge. */
export function toEdgeRow({ table, view }: FieldSource, slot: number): EdgeRow | undefined {
  const { edges } = table;
  const { figures } = view;
  const config = edges.configs[slot];
  if (config === undefined) return undefined;
  const look = figures.worstLook(slot);
  return {
    name: config.id,
    displayName: config.displayName,
    labels: config.labels,
    connector: config.connector,
    lifecycle: config.lifecycle,
    access: config.access,
    state: EDGE_STATES[edges.stateCode(slot, look)] ?? 'Empty',
    look: EDGE_LOOKS[look] ?? 'Empty',
    ...optional('sync', SYNC_STATUSES[figures.worstSync(slot)]),
    connection: CONNECTIONS[byteAt(edges.connection, slot)] ?? 'NeverReached',
    ...optional('reason', edges.reason(slot)),
    ...optional('connectionSince', edges.reports[slot]?.since),
    ...optional('freshness', FRESHNESSES[byteAt(edges.freshness, slot)]),
    ...optional('readAt', edges.readAt(slot)),
    applications: figures.applications(slot),
    byLook: figures.byLook(slot),
    outOfSync: figures.outOfSync(slot),
    ...optional('argocdVersion', someText(edges.texts.argocdVersion.text(slot))),
    ...optional('clockSkewMs', edges.shownFacts(slot).clockSkewMs),
    versions: Object.fromEntries(
      toEdgeVersions(figures.versions(slot)).map(([product, running]) => [product, running.join(VERSION_JOINER)]),
    ),
  };
}

/** All that is known of one edge but its Applications. */
export function toEdgeDetail(source: FieldSource, slot: number, around: EdgeSurroundings): EdgeDetail | undefined {
  const row = toEdgeRow(source, slot);
  const { table, now } = source;
  const config = table.edges.configs[slot];
  if (row === undefined || config === undefined) return undefined;
  const { mode, missingCapabilities = [] } = table.edges.shownFacts(slot);
  const { failure, attempts, nextProbeAt }: Partial<ConnectionReport> = table.edges.reports[slot] ?? {};
  return {
    ...row,
    now,
    revision: table.revision,
    timeZone: config.timeZone,
    contact: config.contact,
    windows: config.windows.map((window) => ({ ...window, ...optional('nextStart', nextWindowStart(window.cron, config.timeZone, now)) })),
    ...optional('failure', failure === undefined ? undefined : toFailureView(source, slot, failure, around)),
    attempts: attempts ?? 0,
    ...optional('nextProbeAt', nextProbeAt),
    ...optional('mode', mode),
    missingCapabilities,
    ...stripsOf(source, slot),
    requestsLastMinute: around.requestsLastMinute(config.id),
    ...openPart(config, failure, around),
  };
}

/** What an edge that lets only counts out keeps to itself. */
function openPart(
  config: Edge,
  failure: EdgeFailure | undefined,
  around: EdgeSurroundings,
): Pick<EdgeDetail, 'url' | 'pins' | 'notices' | 'yaml'> {
  if (showsOnlyCounts(config)) return { pins: [], notices: [] };
  return {
    url: config.url,
    pins: config.pins,
    notices: noticesOf(config, failure, around),
    ...optional('yaml', around.yamlOf(config.id)),
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function stripsOf({ table, now }: FieldSource, slot: number): Pick<EdgeDetail, 'day' | 'month'> {
  const history = table.edges.connectivityOf(slot, now);
  const strip = (codes: readonly (typeof REACH_CODES)[number][], cellMs: number): ConnectivityStrip => ({
    until: (Math.floor(now / cellMs) + 1) * cellMs,
    cellMs,
    codes: encodeColumn(codes.map((code) => REACH_CODES.indexOf(code))),
  });
  return { day: strip(readMinutes(history, now), MINUTE), month: strip(readHours(history, now).map(({ worst }) => worst), HOUR) }; // prettier-ignore
}

function toFailureView(source: FieldSource, slot: number, failure: EdgeFailure, { connectorKind }: EdgeSurroundings): FailureView {
  const config = source.table.edges.configs[slot];
  const onlyCounts = config !== undefined && showsOnlyCounts(config);
  const connector = config?.connector ?? '';
  const kind = connectorKind(connector);
  const row = failureRow(failure.row);
  const sharedBy = countSharing(source, slot, failure);
  const { remedy, acts } = failureRemedy(failure, kind);
  const codes = [failure.status, failure.transportCode, failure.cfRay].flatMap((code) => (code === undefined ? [] : [String(code)]));
  return {
    row: failure.row,
    reason: failureReason(failure.kind),
    title: row.name,
    sentence: onlyCounts
      ? `${config.displayName}: ${row.name}`
      : failureWords(failure, { edge: config?.displayName ?? '', connectorName: connector, count: sharedBy }, kind),
    danger: row.danger,
    remedy,
    whoActs: acts,
    codes: onlyCounts ? [] : [...codes, failure.sign].filter((code, index, all) => code !== '' && all.indexOf(code) === index),
    ...(sharedBy > 1 ? { sharedBy } : {}),
  };
}

/** Edges of the same Connector that fail alike now, this one included, as far as the asker sees them. */
function countSharing({ table: { edges }, view }: FieldSource, slot: number, failure: EdgeFailure): number {
  const connector = edges.configs[slot]?.connector;
  let sharing = 0;
  for (const other of view.slots) {
    if (edges.configs[other]?.connector === connector && edges.reports[other]?.failure?.kind === failure.kind) sharing += 1;
  }
  return sharing;
}

const NOTICE_OF: Readonly<Record<string, EdgeDetail['notices'][number]['kind']>> = {
  identityChanged: 'identity', clockSkewed: 'clock', replayed: 'replayed', unsupported: 'version',
}; // prettier-ignore

/** What is to be known about an edge though it answers. */
function noticesOf(config: Edge, failure: EdgeFailure | undefined, { connectorKind }: EdgeSurroundings): EdgeDetail['notices'] {
  const kind = failure === undefined ? undefined : NOTICE_OF[failure.kind];
  if (failure === undefined || kind === undefined) return [];
  const connector = connectorKind(config.connector);
  return [
    { kind, sentence: failureWords(failure, { edge: config.displayName }, connector), remedy: failureRemedy(failure, connector).remedy },
  ];
}
