import type { ApplicationDetail, EdgeDetail, FleetCounts, FleetDelta, FleetOverview } from '../../proxy-server/src/domain/fleet-view.ts';
import { EDGE_STATES, type EdgeState } from '../../proxy-server/src/domain/edge-state.ts';
import { ok, err, type Result } from '../../proxy-server/src/domain/result.ts';
import type { QueryError } from '../../proxy-server/src/domain/query.ts';
import type { Visibility } from '../../proxy-server/src/domain/visibility.ts';
import type { FleetReader, ListRequest, Published } from '../../proxy-server/src/ports/fleet-reader.ts';

/**
 * A fleet that holds still until a test moves it. Queries are substrings of names, `name:<edge>` picks one edge, and `!` alone is an error at
 * its place; deltas are kept for as long as the test says.
 */
export interface FakeFleetReader extends FleetReader {
  readonly overviewsMade: number;
  putEdges(edges: readonly EdgeDetail[]): void;
  putApplications(applications: readonly ApplicationDetail[]): void;
  /** One revision further: some rows changed. */
  publish(part?: { readonly rows?: FleetDelta['rows']; readonly edges?: readonly string[]; readonly membershipChanged?: boolean }): void;
  forgetDeltas(): void;
}

const NOW = Date.UTC(2026, 10, 23, 12);

export const anEdgeDetail = (name: string, over: Partial<EdgeDetail> = {}): EdgeDetail => ({
  name, displayName: name, labels: { region: 'north' }, connector: 'plain', lifecycle: 'Active', access: 'ReadOnly', state: 'Healthy', look: 'Healthy',
  sync: 'Synced', connection: 'Reachable', freshness: 'Fresh', readAt: NOW, applications: 1, byLook: { Healthy: 1 }, outOfSync: 0, versions: {},
  now: NOW, revision: 1, timeZone: 'UTC', url: `https://${name}.edge.example.com`,
  contact: { staleAfterMs: 1, silentAfterMs: 2, maxExpectedOutageMs: 3, judgedWithinMs: 4 }, windows: [], pins: [], attempts: 0,
  missingCapabilities: [], day: { until: NOW, cellMs: 60_000, codes: '0' }, month: { until: NOW, cellMs: 3_600_000, codes: '0' },
  requestsLastMinute: 0, notices: [], ...over,
}); // prettier-ignore

export const anApplicationDetail = (edge: string, name: string, over: Partial<ApplicationDetail> = {}): ApplicationDetail => ({
  edge, edgeState: 'Healthy', namespace: 'argocd', name, project: 'default', look: 'Healthy', health: 'Healthy', judged: true, sync: 'Synced',
  operation: { state: 'None', dryRun: false, retryCount: 0 }, readAt: NOW, autoSync: true, now: NOW, revision: 1, uid: `${edge}-${name}`, labels: {},
  destination: { namespace: name }, sources: [], revisions: [], images: [], externalUrls: [], conditions: [], ...over,
}); // prettier-ignore

class FakeFleet implements FakeFleetReader {
  revision = 1;
  overviewsMade = 0;
  #membership = 1;
  #edges: readonly EdgeDetail[] = [];
  #applications: readonly ApplicationDetail[] = [];
  #deltas: FleetDelta[] = [];
  readonly #listeners = new Set<(published: Published) => void>();

  putEdges(edges: readonly EdgeDetail[]): void {
    this.#edges = edges;
    this.publish({ membershipChanged: true });
  }

  putApplications(applications: readonly ApplicationDetail[]): void {
    this.#applications = applications;
    this.publish();
  }

  publish({ rows = [], edges = [], membershipChanged = false }: Parameters<FakeFleetReader['publish']>[0] = {}): void {
    this.revision += 1;
    if (membershipChanged) {
      this.#membership += 1;
      this.#deltas = [];
    } else this.#deltas.push({ revision: this.revision, now: NOW, rows });
    for (const listener of [...this.#listeners]) listener({ revision: this.revision, membershipChanged, edges });
  }

  forgetDeltas(): void {
    this.#deltas = [];
  }

  #seen(who: Visibility): readonly EdgeDetail[] {
    return this.#edges.filter((edge) => who.edge(edge.name, edge.labels));
  }

  #seenApplications(who: Visibility): readonly ApplicationDetail[] {
    const labels = new Map(this.#edges.map((edge) => [edge.name, edge.labels]));
    return this.#applications.filter(({ edge, project, namespace, name }) =>
      who.application(edge, labels.get(edge) ?? {}, project, namespace, name),
    );
  }

  overview(who: Visibility): FleetOverview {
    this.overviewsMade += 1;
    const seen = this.#seen(who);
    const byState = Object.fromEntries(EDGE_STATES.map((state) => [state, 0])) as Record<EdgeState, number>;
    for (const edge of seen) byState[edge.state] += 1;
    const counts: FleetCounts = {
      edges: seen.length,
      applications: this.#seenApplications(who).length,
      byState,
      outOfSync: 0,
      behind: 0,
      notHeard: 0,
      currentEdges: seen.length,
    };
    const codes = '0'.repeat(seen.length);
    const status = { state: codes, look: codes, sync: codes, connection: codes, freshness: codes, readAge: codes };
    return { revision: this.revision, membership: String(this.#membership), now: NOW, counts, causes: [], facets: [], status };
  }

  members(who: Visibility): ReturnType<FleetReader['members']> {
    const names = this.#seen(who).map((edge) => edge.name);
    return {
      membership: String(this.#membership),
      names,
      displayNames: {},
      connector: { values: ['plain'], codes: '0'.repeat(names.length) },
      labels: {},
    };
  }

  column(who: Visibility, field: string): ReturnType<FleetReader['column']> {
    const known = ['argocd-version', 'app.kubernetes.io/part-of'].includes(field);
    return known ? { values: ['3.5.1'], codes: '0'.repeat(this.#seen(who).length) } : undefined;
  }

  #list<T extends { readonly name: string }>(items: readonly T[], { query, limit, cursor }: ListRequest, edgeOf: (item: T) => string) {
    const bad = this.#errorIn(query);
    if (bad !== undefined) return err(bad);
    const words = query.split(' ').filter((word) => word !== '');
    const matches = items.filter((item) =>
      words.every((word) => (word.startsWith('name:') ? edgeOf(item) === word.slice(5) : item.name.includes(word))),
    );
    const from = cursor === undefined ? 0 : Number(cursor);
    const rest = from + limit < matches.length ? { cursor: String(from + limit) } : {};
    return ok({ items: matches.slice(from, from + limit), total: matches.length, ...rest, revision: this.revision, now: NOW });
  }

  #errorIn(query: string): QueryError | undefined {
    const position = query.indexOf('!');
    return position < 0 ? undefined : { message: 'A ! stands alone', position, length: 1 };
  }

  #orError<T>(query: string, value: T): Result<T, QueryError> {
    const bad = this.#errorIn(query);
    return bad === undefined ? ok(value) : err(bad);
  }

  edges(who: Visibility, request: ListRequest): ReturnType<FleetReader['edges']> {
    return this.#list(this.#seen(who).map(rowOf), request, (edge) => edge.name);
  }

  edge(who: Visibility, name: string): EdgeDetail | undefined {
    return this.#seen(who).find((edge) => edge.name === name);
  }

  applications(who: Visibility, request: ListRequest): ReturnType<FleetReader['applications']> {
    return this.#list(this.#seenApplications(who).map(applicationRowOf), request, (application) => application.edge);
  }

  application(who: Visibility, edge: string, namespace: string, name: string): ApplicationDetail | undefined {
    return this.#seenApplications(who).find((one) => one.edge === edge && one.namespace === namespace && one.name === name);
  }

  groups(who: Visibility, _by: string, query: string): ReturnType<FleetReader['groups']> {
    const items = this.#seenApplications(who);
    return this.#orError(query, [
      { value: 'pos', applications: items.length, edges: 1, worst: 'Healthy', notHeard: 0, query: 'product:pos' },
    ]);
  }

  facets(who: Visibility, query: string): ReturnType<FleetReader['facets']> {
    return this.#orError(query, [
      { field: 'region', title: 'region', values: [{ value: 'north', edges: this.#seen(who).length }], more: 0 },
    ]);
  }

  matchingRows(who: Visibility, query: string): ReturnType<FleetReader['matchingRows']> {
    return this.#orError(query, this.#seen(who).flatMap((edge, row) => (edge.name.includes(query) ? [row] : []))); // prettier-ignore
  }

  deltasSince(_who: Visibility, revision: number): readonly FleetDelta[] | undefined {
    if (revision === this.revision) return [];
    const after = this.#deltas.filter((delta) => delta.revision > revision);
    return after[0]?.revision === revision + 1 ? after : undefined;
  }

  subscribe(onPublished: (published: Published) => void): () => void {
    this.#listeners.add(onPublished);
    return () => this.#listeners.delete(onPublished);
  }
}

const ROW = ['name', 'displayName', 'labels', 'connector', 'lifecycle', 'access', 'state', 'look', 'sync', 'connection', 'reason', 'connectionSince', 'freshness',
  'readAt', 'applications', 'byLook', 'outOfSync', 'argocdVersion', 'clockSkewMs', 'versions'] as const satisfies readonly (keyof EdgeDetail)[]; // prettier-ignore
const APPLICATION_ROW = ['edge', 'edgeState', 'namespace', 'name', 'project', 'product', 'version', 'look', 'health', 'judged', 'unjudgedReason', 'sync', 'operation',
  'message', 'healthSince', 'readAt', 'observedAt', 'autoSync'] as const satisfies readonly (keyof ApplicationDetail)[]; // prettier-ignore

const pick = <T extends object, K extends keyof T>(whole: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.filter((key) => key in whole).map((key) => [key, whole[key]])) as unknown as Pick<T, K>;
const rowOf = (edge: EdgeDetail) => pick(edge, ROW);
const applicationRowOf = (application: ApplicationDetail) => pick(application, APPLICATION_ROW);

export function createFakeFleetReader(): FakeFleetReader {
  return new FakeFleet();
}
