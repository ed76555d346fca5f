/**
 * What proxy-server would answer for an invented fleet, without one: for the pages' own tests and their screenshots. The states are laid out
 * by arithmetic on the row, so a test can name an edge and know how it is. Only what the pages ask for is understood of a query.
 */
import { encodeColumn } from '../../proxy-server/src/domain/column-codec.ts';
import { CONNECTIONS, EDGE_STATES, isNotHeard, NOT_HEARD_STATES } from '../../proxy-server/src/domain/edge-state.ts';
import type { Connection, EdgeState } from '../../proxy-server/src/domain/edge-state.ts';
import type {
  ApplicationRow, Cause, DictionaryColumn, EdgeDetail, EdgeRow, Facet, FleetCounts, FleetDelta, FleetMembers, FleetOverview, Page,
} from '../../proxy-server/src/domain/fleet-view.ts'; // prettier-ignore
import { readAgeClass } from '../../proxy-server/src/domain/freshness.ts';
import { SYNC_STATUSES } from '../../proxy-server/src/domain/health.ts';
import type { SyncStatus } from '../../proxy-server/src/domain/health.ts';
import { EDGE_LOOKS } from '../../proxy-server/src/domain/look.ts';
import type { ApplicationLook, EdgeLook } from '../../proxy-server/src/domain/look.ts';
import { parseQuery } from '../../proxy-server/src/domain/query.ts';
import type { QueryTerm } from '../../proxy-server/src/domain/query.ts';

export const NOW = Date.UTC(2026, 10, 23, 13, 32, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const REGIONS = ['west', 'west', 'west', 'north', 'north', 'north', 'south', 'south', 'east', 'ships', 'hospital'];
const FORMATS = ['express', 'city', 'hyper'];
const VERSIONS = ['4.12.0', '4.11.2', '4.11.2', '4.11.2', '4.11.1', '4.11.1', '4.10.7', '4.9.0'];
const ARGOCD = ['3.5.1', '3.4.7', '3.4.7', '3.2.12', '2.14.21'];

/** A small hash, so that states look scattered and are the same in every run. */
export const scatter = (row: number): number => {
  const mixed = Math.imul((row + 1) ^ ((row + 1) >>> 7), 2654435761) >>> 0;
  return ((mixed ^ (mixed >>> 15)) >>> 0) % 1000;
};

/** Of a thousand edges, those below the first bound are in the first state, and so on; the rest is healthy. */
const SHARES: readonly (readonly [below: number, state: EdgeState])[] = [
  [9, 'Degraded'], [13, 'Failing'], [16, 'Missing'], [24, 'Unjudged'], [50, 'Progressing'], [54, 'Suspended'], [58, 'Refused'],
  [60, 'NeverReached'], [64, 'Parked'], [1000, 'Healthy'],
]; // prettier-ignore
const AT_SEA: typeof SHARES = [[230, 'Silent'], [250, 'Overdue'], [460, 'Stale'], [1000, 'Healthy']]; // prettier-ignore

function stateOf(row: number, region: string): EdgeState {
  if (region === 'north' && row % 97 < 6) return 'OutOfReach';
  const dice = scatter(row);
  return (region === 'ships' ? AT_SEA : SHARES).find(([below]) => dice < below)?.[1] ?? 'Healthy';
}

const isLook = (state: EdgeState): state is EdgeLook => EDGE_LOOKS.some((look) => look === state);
const readAgeMs = (state: EdgeState, row: number): number => {
  if (state === 'Stale') return 40 * MINUTE + scatter(row) * 1000;
  if (state === 'Silent') return 2 * DAY + scatter(row) * MINUTE;
  if (state === 'Overdue') return 41 * DAY;
  return state === 'OutOfReach' ? 3 * MINUTE : 5_000 + scatter(row) * 40;
};

const CONNECTION: Readonly<Partial<Record<EdgeState, Connection>>> = { Refused: 'Refused', NeverReached: 'NeverReached' };
const KINDS: Readonly<Record<string, string>> = { ships: 'ship', hospital: 'ward' };
const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** What was heard of an edge at some time. */
function heard(row: number, state: EdgeState): Partial<EdgeRow> {
  const look: EdgeLook = isLook(state) ? state : 'Healthy';
  const drifts = scatter(row + 7) < 40 || look === 'Missing';
  const sync: SyncStatus = look === 'Unjudged' ? 'Unknown' : drifts ? 'OutOfSync' : 'Synced';
  return {
    look, sync, applications: 20, outOfSync: sync === 'OutOfSync' ? 1 : 0,
    readAt: NOW - readAgeMs(state, row), freshness: 'Fresh', argocdVersion: at(ARGOCD, row), clockSkewMs: 2_000,
  }; // prettier-ignore
}

const LONG = 'n'.repeat(253);
const RIGHT_TO_LEFT =
  '\u05d7\u05e0\u05d5\u05ea 417 \u202e\u0634\u0627\u0631\u0639 \u0627\u0644\u0645\u064a\u0646\u0627\u0621 \u202c<b>12</b>';

/** Names as long as Kubernetes lets them be, without a place to break; text from right to left, turned round within; markup; 400 labels. */
export const HOSTILE = {
  long: LONG,
  rightToLeft: RIGHT_TO_LEFT,
  connector: `c-${LONG}`.slice(0, 63),
  labels: Object.fromEntries(
    Array.from({ length: 400 }, (_unused, index) => [
      `example.com/${'k'.repeat(40)}-${index}`,
      index % 3 === 0 ? RIGHT_TO_LEFT : 'v'.repeat(63),
    ]),
  ),
  application: { project: LONG, version: `${LONG.slice(0, 128)}`, message: `${RIGHT_TO_LEFT} ${LONG}${LONG}`, product: LONG.slice(0, 63) },
  other: { project: RIGHT_TO_LEFT, version: RIGHT_TO_LEFT, message: `<script>alert(1)</script> ${LONG}` },
} as const;

/** An edge of which everything that people write is as hostile as it may be. */
export const aHostileRow = (row: number): EdgeRow =>
  anEdgeRow(row, {
    name: `${'e'.repeat(58)}${String(row).padStart(5, '0')}`,
    displayName: row % 2 === 0 ? RIGHT_TO_LEFT : LONG,
    labels: { region: row % 2 === 0 ? RIGHT_TO_LEFT : LONG.slice(0, 63), ...HOSTILE.labels },
    connector: HOSTILE.connector,
    versions: { [LONG.slice(0, 63)]: LONG.slice(0, 128), pos: RIGHT_TO_LEFT },
    argocdVersion: `v3.5.1+${LONG.slice(0, 60)}`,
  });

/** One edge as a list shows it. */
export function anEdgeRow(row: number, over: Partial<EdgeRow> = {}): EdgeRow {
  const region = at(REGIONS, row);
  const state = stateOf(row, region);
  const kind = KINDS[region] ?? 'store';
  const name = `${kind}-${String(row).padStart(5, '0')}`;
  const reason = state === 'Refused' ? 'EdgeToken' : 'EdgeOffline';
  return {
    name,
    displayName: row % 5 === 0 ? `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${row}, Harbour Street` : name,
    labels: { region, format: at(FORMATS, row), ring: String(row % 4) },
    connector: `${region}-line`,
    lifecycle: state === 'Parked' ? 'Parked' : 'Active',
    access: 'ReadOnly',
    state,
    look: 'Empty',
    sync: 'Unknown',
    applications: 0,
    outOfSync: 0,
    connection: CONNECTION[state] ?? (isNotHeard(state) ? 'OutOfReach' : 'Reachable'),
    ...(isNotHeard(state) ? { reason, connectionSince: NOW - 31 * MINUTE } : {}),
    ...(state === 'NeverReached' ? {} : heard(row, state)),
    byLook: { Healthy: 19 },
    versions: { pos: at(VERSIONS, scatter(row)), inventory: '3.2.1' },
    ...over,
  };
}

function dictionary(values: readonly string[]): DictionaryColumn {
  const known = [...new Set(values)];
  const code = new Map(known.map((value, index) => [value, index]));
  return { values: known, codes: encodeColumn(values.map((value) => code.get(value) ?? 0)) };
}

export const membersOf = (rows: readonly EdgeRow[]): FleetMembers => ({
  membership: `m${rows.length}`,
  names: rows.map(({ name }) => name),
  displayNames: Object.fromEntries(
    rows.flatMap(({ name, displayName }, row) => (name === displayName ? [] : [[String(row), displayName]])),
  ),
  connector: dictionary(rows.map(({ connector }) => connector)),
  labels: Object.fromEntries(
    [...new Set(['region', 'format', 'ring', ...rows.slice(0, 1).flatMap(({ labels }) => Object.keys(labels))])].map((key) => [
      key,
      dictionary(rows.map(({ labels }) => labels[key] ?? '')),
    ]),
  ),
});

const codes = (row: EdgeRow): readonly number[] => [
  EDGE_STATES.indexOf(row.state),
  EDGE_LOOKS.indexOf(row.look),
  row.sync === undefined ? SYNC_STATUSES.length : SYNC_STATUSES.indexOf(row.sync),
  CONNECTIONS.indexOf(row.connection),
  row.readAt === undefined ? 4 : 0,
  readAgeClass(row.readAt, NOW),
];

export function countsOf(rows: readonly EdgeRow[]): FleetCounts {
  const byState = Object.fromEntries(EDGE_STATES.map((state) => [state, 0])) as Record<EdgeState, number>;
  for (const { state } of rows) byState[state] += 1;
  const oldest = rows
    .filter(({ readAt, state }) => readAt !== undefined && isNotHeard(state))
    .sort((a, b) => (a.readAt ?? 0) - (b.readAt ?? 0))[0];
  return {
    edges: rows.length,
    applications: rows.reduce((sum, { applications }) => sum + applications, 0),
    byState,
    outOfSync: rows.filter(({ sync }) => sync === 'OutOfSync').length,
    behind: rows.filter(({ versions }) => versions['pos'] !== '4.12.0').length,
    notHeard: NOT_HEARD_STATES.reduce((sum, state) => sum + byState[state], 0),
    currentEdges: rows.filter(({ readAt }) => readAt !== undefined && NOW - readAt <= MINUTE).length,
    ...(oldest?.readAt === undefined
      ? {}
      : { oldest: { edge: oldest.name, readAt: oldest.readAt }, oldestNotHeard: { edge: oldest.name, readAt: oldest.readAt } }),
  };
}

function facetOf(field: string, title: string, values: readonly string[]): Facet {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { field, title, values: [...counts].map(([value, edges]) => ({ value, edges })).sort((a, b) => b.edges - a.edges), more: 0 };
}

export const facetsOf = (rows: readonly EdgeRow[]): readonly Facet[] => [
  facetOf('connection', 'Connection', rows.map(({ connection }) => connection)),
  facetOf('state', 'State', rows.map(({ state }) => state)),
  facetOf('region', 'region', rows.map(({ labels }) => labels['region'] ?? '')),
  facetOf('version:pos', 'Version of pos', rows.map(({ versions }) => versions['pos'] ?? '')),
  facetOf('argocd-version', 'Argo CD', rows.map(({ argocdVersion }) => argocdVersion ?? '')),
]; // prettier-ignore

export const aCause = (over: Partial<Cause> = {}): Cause => ({
  id: 'north',
  kind: 'connection',
  title: 'north-line: out of reach',
  sentence: 'No tunnel connection since 14:02. Edges go on by themselves; what you see is from 14:01.',
  remedy: 'Check the line of the region.',
  whoActs: 'network team',
  edges: 112,
  applications: 0,
  since: NOW - 31 * MINUTE,
  query: 'connector:north-line state:outofreach',
  banner: false,
  ...over,
});

const causesOf = (rows: readonly EdgeRow[]): readonly Cause[] =>
  rows.length < 100
    ? []
    : [
        aCause({ edges: rows.filter(({ state }) => state === 'OutOfReach').length }),
        aCause({
          id: 'crash', kind: 'look', title: 'inventory 3.2.1 crashes', edges: 61, applications: 61, whoActs: 'platform team', query: 'look:degraded',
          sentence: '\u201cBack-off restarting failed container\u201d on every express store that took 3.2.1.', remedy: 'Hold the release, look at the pods of one store.',
        }), // prettier-ignore
        aCause({
          id: 'sync', kind: 'message', title: 'Sync fails, retried 5 times', edges: 37, applications: 37, whoActs: 'platform team', query: 'look:failing',
          sentence: '\u201cno matches for kind Oven in bakery.example.com/v1\u201d.', remedy: 'Install the definition before the Application.',
        }), // prettier-ignore
        aCause({
          id: 'token', kind: 'config', title: 'The edge refuses our token', edges: 24, applications: 0, whoActs: 'platform team', query: 'state:refused',
          sentence: 'Their Argo CD answers 401 to the read token.', remedy: 'Issue a new token and put it into the Secret.',
        }), // prettier-ignore
      ];

export function overviewOf(rows: readonly EdgeRow[], revision = 1): FleetOverview {
  const all = rows.map(codes);
  const column = (index: number): string => encodeColumn(all.map((row) => row[index] ?? 0));
  return {
    revision,
    membership: `m${rows.length}`,
    now: NOW,
    counts: countsOf(rows),
    ...(rows.length < 100 ? {} : { deltas24h: { edges: 12, Healthy: 38, Degraded: 21, outOfSync: -5, notHeard: 3 } }),
    causes: causesOf(rows),
    facets: facetsOf(rows),
    status: { state: column(0), look: column(1), sync: column(2), connection: column(3), freshness: column(4), readAge: column(5) },
  };
}

/** A delta that gives a row another state. */
export const deltaOf = (revision: number, changes: readonly (readonly [row: number, edge: EdgeRow])[]): FleetDelta => ({
  revision,
  now: NOW,
  rows: changes.map(([row, edge]) => [row, encodeColumn(codes(edge))]),
});

function valueOf(row: EdgeRow, term: Extract<QueryTerm, { kind: 'field' }>): string {
  const { name } = term.field;
  if (name === 'label') return row.labels[term.argument ?? ''] ?? '';
  if (name === 'version') return row.versions[term.argument ?? ''] ?? '';
  const known: Readonly<Record<string, string | undefined>> = {
    'argocd-version': row.argocdVersion,
    name: row.name,
    state: row.state,
    look: row.look,
    sync: row.sync,
    connection: row.connection,
    connector: row.connector,
  };
  return known[name] ?? '';
}

function matchesTerm(row: EdgeRow, term: QueryTerm): boolean {
  if (term.kind === 'text') return `${row.name} ${row.displayName}`.toLowerCase().includes(term.pattern.parts.join(''));
  const value = valueOf(row, term).toLowerCase();
  if (term.test.kind === 'version') return value.localeCompare(term.test.version, 'en', { numeric: true }) < 0;
  return term.test.kind !== 'any' || term.test.patterns.some(({ parts }) => parts.join('') === value);
}

/** Rows that match, or undefined where the query cannot be read. */
export function matching(rows: readonly EdgeRow[], query: string): readonly EdgeRow[] | undefined {
  const parsed = parseQuery(query);
  if (!parsed.ok) return undefined;
  return rows.filter((row) => parsed.value.terms.every((term) => matchesTerm(row, term) !== term.negated));
}

export function edgePage(rows: readonly EdgeRow[], sort: string, cursor: string | null, limit: number): Page<EdgeRow> {
  const key = sort.replace(/^-/, '');
  const text = (row: EdgeRow): string => String(Object.entries(row).find(([name]) => name === key)?.[1] ?? row.name);
  const sorted = [...rows].sort((a, b) => text(a).localeCompare(text(b), 'en', { numeric: true }) * (sort.startsWith('-') ? -1 : 1));
  const from = cursor === null ? 0 : sorted.findIndex(({ name }) => name === cursor) + 1;
  const items = sorted.slice(from, from + limit);
  const last = items.at(-1);
  return {
    items,
    total: rows.length,
    revision: 1,
    now: NOW,
    ...(from + limit < rows.length && last !== undefined ? { cursor: last.name } : {}),
  };
}

const strip = (cells: number, cellMs: number, gone: boolean): EdgeDetail['day'] => ({
  until: NOW,
  cellMs,
  codes: encodeColumn(
    Array.from({ length: cells }, (_unused, cell) =>
      cell < 9 ? 0 : cell % 400 > 385 ? 3 : gone && cell > cells - 31 ? 4 : cell % 520 > 500 ? 4 : 1,
    ),
  ),
});

/** Everything of one edge. */
export function edgeDetail(row: EdgeRow, over: Partial<EdgeDetail> = {}): EdgeDetail {
  const gone = isNotHeard(row.state);
  return {
    ...row,
    now: NOW,
    revision: 1,
    timeZone: 'Europe/Helsinki',
    url: `https://${row.name}.edge.example.com`,
    contact: { staleAfterMs: 5 * MINUTE, silentAfterMs: 6 * HOUR, maxExpectedOutageMs: 14 * DAY, judgedWithinMs: 30 * MINUTE },
    windows: [{ cron: '0 1 * * *', durationMs: 4 * HOUR, nextStart: NOW + 9 * HOUR }],
    pins: [],
    ...(gone
      ? {
          failure: {
            row: 2, reason: 'EdgeOffline', title: 'The tunnel has no connection to Cloudflare', whoActs: 'network team' as const, sharedBy: 111,
            sentence: 'cloudflared on site is off, or the site is off line.', danger: 'Nothing on site stops: Argo CD there goes on syncing from Git.',
            remedy: 'Check power and line on site; the edge comes back by itself.', codes: ['530', '1033', 'ray 8c1f2a-AMS'],
          },
        }
      : {}), // prettier-ignore
    attempts: gone ? 6 : 0,
    ...(gone ? { nextProbeAt: NOW + 24_000 } : {}),
    mode: 'stream',
    missingCapabilities: ['Revision in polled lists'],
    day: strip(1440, MINUTE, gone),
    month: strip(720, HOUR, gone),
    requestsLastMinute: 2,
    notices: [],
    yaml: `apiVersion: edgefleet.dev/v1alpha1\nkind: Edge\nmetadata:\n  name: ${row.name}\n`,
    ...over,
  };
}

const APPLICATIONS: readonly (readonly [name: string, look: ApplicationLook, message?: string])[] = [
  ['pos', 'Healthy'], ['inventory', 'Degraded', 'Back-off restarting failed container main'], ['bakery', 'Failing', 'no matches for kind Oven in bakery.example.com/v1'],
  ['ghost', 'Unjudged', 'apps/does-not-exist: app path does not exist'], ['kiosk', 'Healthy'], ['signage', 'Progressing', 'waiting for rollout to finish: 1 of 2 updated'],
  ['loyalty', 'Suspended', 'Deployment is paused'], ['cctv', 'Healthy'], ['fridge', 'Missing'], ['wifi', 'Healthy'],
]; // prettier-ignore

const RETRYING = { state: 'Retrying', dryRun: false, retryCount: 5, startedAt: NOW - 20 * MINUTE } as const;
const succeeded = (hoursAgo: number): ApplicationRow['operation'] => ({
  state: 'Succeeded', dryRun: false, retryCount: 0, startedAt: NOW - hoursAgo * HOUR, finishedAt: NOW - hoursAgo * HOUR + 42_000,
}); // prettier-ignore
const SYNC_OF: Readonly<Partial<Record<ApplicationLook, SyncStatus>>> = { Unjudged: 'Unknown', Failing: 'OutOfSync', Missing: 'OutOfSync' };

function anApplication(row: EdgeRow, index: number): ApplicationRow {
  const [name, look, message] = at(APPLICATIONS, index);
  const unjudged = look === 'Unjudged';
  return {
    edge: row.name,
    edgeState: row.state,
    namespace: 'argocd',
    name,
    project: 'retail',
    look,
    health: unjudged || look === 'Failing' ? 'Healthy' : look,
    judged: !unjudged,
    ...(unjudged ? { unjudgedReason: 'ComparisonFailed' as const } : {}),
    sync: SYNC_OF[look] ?? 'Synced',
    operation: look === 'Failing' ? { ...RETRYING, message: message ?? '' } : succeeded(index + 1),
    ...(message === undefined ? {} : { message }),
    ...(index % 3 === 0 ? { version: '4.11.2' } : {}),
    healthSince: NOW - (index + 2) * HOUR,
    ...(row.readAt === undefined ? {} : { readAt: row.readAt, observedAt: row.readAt - 90_000 }),
    autoSync: index % 4 !== 3,
  };
}

/** The Applications of an edge: one of each look, and some that are fine. Those of a hostile edge are as hostile. */
export function applicationsOf(row: EdgeRow): readonly ApplicationRow[] {
  const rows = APPLICATIONS.map((_unused, index) => anApplication(row, index));
  const hostile = row.connector === HOSTILE.connector;
  return hostile
    ? rows.map((one, index) => ({
        ...one,
        ...(index % 2 === 0 ? HOSTILE.application : HOSTILE.other),
        name: `${one.name}-${HOSTILE.long}`.slice(0, 253),
      }))
    : rows;
}
