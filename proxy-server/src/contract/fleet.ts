/**
 * The HTTP API's answers about the fleet, as zod. The OpenAPI document is made from these schemas; `fleet-view.ts` of the domain holds the
 * same shapes for the code, and `agree` at the end refuses to compile where the two differ.
 */
import { z } from 'zod';
import { CONNECTIONS, EDGE_STATES, LIFECYCLES } from '../domain/edge-state.ts';
import type * as view from '../domain/fleet-view.ts';
import { FRESHNESSES } from '../domain/freshness.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import { UNJUDGED_REASONS } from '../domain/judged.ts';
import { EDGE_LOOKS } from '../domain/look.ts';
import { OPERATION_STATES } from '../domain/operation.ts';
import type { Same } from './same.ts';

const at = z.number().meta({ description: 'Milliseconds since 1970' });
const revision = z.number().int().meta({ description: 'Grows with every published change of the fleet' });
const text = z.string();
const count = z.number().int();
const textByName = z.record(z.string(), z.string());

const EdgeState = z.enum(EDGE_STATES).meta({ id: 'EdgeState', description: 'The one count an edge is in' });
const EdgeLook = z
  .enum(EDGE_LOOKS)
  .meta({ id: 'EdgeLook', description: 'The worst of its Applications; last known where the edge is not heard' });
const ApplicationLook = z.enum(EDGE_LOOKS).exclude(['Empty']).meta({ id: 'ApplicationLook' });
const Connection = z.enum(CONNECTIONS).meta({ id: 'Connection' });
const Freshness = z.enum(FRESHNESSES).meta({ id: 'Freshness' });
const SyncStatus = z.enum(SYNC_STATUSES).meta({ id: 'SyncStatus' });
const HealthStatus = z.enum(HEALTH_STATUSES).meta({ id: 'HealthStatus' });
const Lifecycle = z.enum(LIFECYCLES).meta({ id: 'Lifecycle' });
const WhoActs = z.enum(['site', 'network team', 'platform team', 'us', 'wait']).meta({ id: 'WhoActs' });
const Access = z.enum(['ReadOnly', 'Operate', 'CountsOnly']).meta({ id: 'Access' });

export const DictionaryColumn = z.object({ values: z.array(text), codes: text }).meta({
  id: 'DictionaryColumn',
  description: 'One character per row; its code, counted from "0" and leaving out the backslash, indexes values',
});

const TextColumn = z
  .object({
    parts: z.array(DictionaryColumn),
    numbers: z.array(z.object({ from: z.enum(['previous', 'row']), steps: text })),
  })
  .meta({
    id: 'TextColumn',
    description:
      'Texts by row, taken apart: part, number, part, number, … part. A part without codes has its values by row. Numbers have commas between; ' +
      'empty where a text has none, else the step from the last one of the column, or from the first number of the name in the same row',
  });

export const FleetMembers = z
  .object({
    membership: text,
    count,
    names: TextColumn,
    displayNames: TextColumn,
    connector: DictionaryColumn,
    labels: z.record(z.string(), DictionaryColumn),
  })
  .meta({ id: 'FleetMembers', description: 'What rarely changes, by row: ask again when membership changes' });

const StatusColumns = z
  .object({ state: text, look: text, sync: text, connection: text, freshness: text, readAge: text })
  .meta({ id: 'FleetStatusColumns', description: 'One character per edge and column' });

const Counts = z
  .object({
    edges: count,
    applications: count,
    byState: z.record(z.enum(EDGE_STATES), count),
    outOfSync: count,
    behind: count,
    notHeard: count,
    currentEdges: count,
    oldest: z.object({ edge: text, readAt: at }).exactOptional(),
    oldestNotHeard: z.object({ edge: text, readAt: at }).exactOptional(),
  })
  .meta({ id: 'FleetCounts', description: 'byState adds up to edges' });

const Cause = z
  .object({
    id: text,
    kind: z.enum(['connection', 'look', 'message', 'identity', 'clock', 'silence', 'config']),
    title: text,
    sentence: text,
    remedy: text,
    whoActs: WhoActs,
    edges: count,
    applications: count,
    since: at.exactOptional(),
    query: text,
    banner: z.boolean(),
  })
  .meta({ id: 'Cause', description: 'A reason for attention with all the edges that share it' });

export const Facet = z
  .object({ field: text, title: text, values: z.array(z.object({ value: text, edges: count })), more: count })
  .meta({ id: 'Facet' });

export const FleetOverview = z
  .object({
    revision,
    membership: text,
    now: at,
    counts: Counts,
    deltas24h: z.record(z.string(), z.number()).exactOptional(),
    causes: z.array(Cause),
    facets: z.array(Facet),
    status: StatusColumns,
  })
  .meta({ id: 'FleetOverview', description: 'The whole fleet in columns' });

export const FleetDelta = z
  .object({
    revision,
    now: at,
    rows: z.array(z.tuple([count, text])),
    counts: Counts.exactOptional(),
    causes: z.array(Cause).exactOptional(),
  })
  .meta({ id: 'FleetDelta', description: 'Rows that changed, as [row, one character per status column]' });

export const EdgeRow = z
  .object({
    name: text,
    displayName: text,
    labels: textByName,
    connector: text,
    lifecycle: Lifecycle,
    access: Access,
    state: EdgeState,
    look: EdgeLook,
    sync: SyncStatus.exactOptional(),
    connection: Connection,
    reason: text.exactOptional(),
    connectionSince: at.exactOptional(),
    freshness: Freshness.exactOptional(),
    readAt: at.exactOptional(),
    applications: count,
    byLook: z.partialRecord(z.enum(EDGE_LOOKS).exclude(['Empty']), count),
    outOfSync: count,
    argocdVersion: text.exactOptional(),
    clockSkewMs: z.number().exactOptional(),
    versions: textByName,
  })
  .meta({ id: 'EdgeRow' });

const FailureView = z
  .object({
    row: count,
    reason: text,
    title: text,
    sentence: text,
    danger: text,
    remedy: text,
    whoActs: WhoActs,
    codes: z.array(text),
    sharedBy: count.exactOptional(),
  })
  .meta({ id: 'Failure', description: 'A failed request in words' });

const Strip = z
  .object({ until: at, cellMs: z.number(), codes: text })
  .meta({ id: 'ConnectivityStrip', description: 'Oldest first; until is the end of the last cell' });

export const EdgeDetail = EdgeRow.extend({
  now: at,
  revision,
  timeZone: text,
  url: text.exactOptional(),
  contact: z.object({ staleAfterMs: z.number(), silentAfterMs: z.number(), maxExpectedOutageMs: z.number(), judgedWithinMs: z.number() }),
  windows: z.array(z.object({ cron: text, durationMs: z.number(), nextStart: at.exactOptional() })),
  pins: z.array(z.object({ product: text, version: text, reason: text, until: text.exactOptional() })),
  failure: FailureView.exactOptional(),
  attempts: count,
  nextProbeAt: at.exactOptional(),
  mode: z.enum(['stream', 'poll']).exactOptional(),
  missingCapabilities: z.array(text),
  day: Strip,
  month: Strip,
  requestsLastMinute: count,
  notices: z.array(z.object({ kind: z.enum(['identity', 'clock', 'replayed', 'version']), sentence: text, remedy: text })),
  yaml: text.exactOptional(),
}).meta({ id: 'EdgeDetail' });

const Operation = z
  .object({
    state: z.enum(OPERATION_STATES),
    dryRun: z.boolean(),
    message: text.exactOptional(),
    startedAt: at.exactOptional(),
    finishedAt: at.exactOptional(),
    retryCount: count,
    initiatedBy: text.exactOptional(),
  })
  .meta({ id: 'Operation' });

export const ApplicationRow = z
  .object({
    edge: text,
    edgeState: EdgeState,
    namespace: text,
    name: text,
    project: text,
    product: text.exactOptional(),
    version: text.exactOptional(),
    look: ApplicationLook,
    health: HealthStatus,
    judged: z.boolean(),
    unjudgedReason: z.enum(UNJUDGED_REASONS).exactOptional(),
    sync: SyncStatus,
    operation: Operation,
    message: text.exactOptional(),
    healthSince: at.exactOptional(),
    readAt: at.exactOptional(),
    observedAt: at.exactOptional(),
    autoSync: z.boolean(),
  })
  .meta({ id: 'ApplicationRow' });

const Source = z
  .object({
    repoUrl: text,
    path: text.exactOptional(),
    chart: text.exactOptional(),
    targetRevision: text.exactOptional(),
    ref: text.exactOptional(),
    name: text.exactOptional(),
  })
  .meta({ id: 'ApplicationSource' });

export const ApplicationDetail = ApplicationRow.extend({
  now: at,
  revision,
  uid: text,
  labels: textByName,
  destination: z.object({ server: text.exactOptional(), name: text.exactOptional(), namespace: text.exactOptional() }),
  sources: z.array(Source),
  revisions: z.array(text),
  images: z.array(text),
  externalUrls: z.array(text),
  conditions: z.array(z.object({ type: text, message: text, lastTransitionAt: at.exactOptional() })),
  healthMessage: text.exactOptional(),
  deletingSince: at.exactOptional(),
}).meta({ id: 'ApplicationDetail' });

export const ApplicationGroup = z
  .object({
    value: text,
    applications: count,
    edges: count,
    worst: ApplicationLook,
    notHeard: count,
    oldestReadAt: at.exactOptional(),
    query: text,
  })
  .meta({ id: 'ApplicationGroup' });

const page = { total: count, cursor: text.exactOptional(), revision, now: at };
export const EdgePage = z
  .object({ items: z.array(EdgeRow), ...page })
  .meta({ id: 'EdgePage', description: 'cursor asks for what follows' });
export const ApplicationPage = z
  .object({ items: z.array(ApplicationRow), ...page })
  .meta({ id: 'ApplicationPage', description: 'cursor asks for what follows' });

/** Does not compile where a schema and its shape in the domain differ. */
export const agree: readonly true[] = [
  true satisfies Same<z.infer<typeof DictionaryColumn>, view.DictionaryColumn>,
  true satisfies Same<z.infer<typeof FleetMembers>, view.PackedMembers>,
  true satisfies Same<z.infer<typeof FleetOverview>, view.FleetOverview>,
  true satisfies Same<z.infer<typeof FleetDelta>, view.FleetDelta>,
  true satisfies Same<z.infer<typeof Facet>, view.Facet>,
  true satisfies Same<z.infer<typeof EdgeRow>, view.EdgeRow>,
  true satisfies Same<z.infer<typeof EdgeDetail>, view.EdgeDetail>,
  true satisfies Same<z.infer<typeof ApplicationRow>, view.ApplicationRow>,
  true satisfies Same<z.infer<typeof ApplicationDetail>, view.ApplicationDetail>,
  true satisfies Same<z.infer<typeof ApplicationGroup>, view.ApplicationGroup>,
  true satisfies Same<z.infer<typeof EdgePage>, view.Page<view.EdgeRow>>,
  true satisfies Same<z.infer<typeof ApplicationPage>, view.Page<view.ApplicationRow>>,
];
