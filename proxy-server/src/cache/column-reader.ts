/**
 * Answers every question of the reader's port from the table, on behalf of a visibility. An Application is listed where it and its edge may
 * be seen, and its edge lets more than counts out. Deltas are put together when they are asked for, one for all that happened since.
 */
import { ok, type Result } from '../domain/result.ts';
import type { QueryError } from '../domain/query.ts';
import type {
  ApplicationDetail, ApplicationGroup, ApplicationRow, DictionaryColumn, EdgeDetail, EdgeRow, Facet, FleetDelta, FleetMembers, FleetOverview, Page,
} from '../domain/fleet-view.ts'; // prettier-ignore
import { SEES_EVERYTHING, type Visibility } from '../domain/visibility.ts';
import type { FleetReader, GroupField, ListRequest, Published } from '../ports/fleet-reader.ts';
import type { Clock } from '../ports/runtime.ts';
import { toApplicationDetail, toApplicationRow } from './application-rows.ts';
import { toEdgeDetail, toEdgeRow, type EdgeSurroundings } from './edge-rows.ts';
import { dictionaryColumn, facetsOf } from './facets.ts';
import type { FieldSource } from './fields.ts';
import type { FleetTable } from './fleet-table.ts';
import { groupsOf } from './groups.ts';
import { figuresOf, type Figures, type HourlyFigures } from './hourly-figures.ts';
import { optional } from './optional.ts';
import { APPLICATION_LIST, EDGE_LIST, pageOf } from './pages.ts';
import { matchingApplications, matchingEdges } from './questions.ts';
import { ViewCache } from './view-cache.ts';

export interface ColumnReaderOptions {
  readonly table: FleetTable;
  readonly clock: Clock;
  readonly hours: HourlyFigures;
  readonly around: EdgeSurroundings;
}

export class ColumnReader implements FleetReader {
  readonly #table: FleetTable;
  readonly #clock: Clock;
  readonly #hours: HourlyFigures;
  readonly #around: EdgeSurroundings;
  readonly #views: ViewCache;
  readonly #subscribers = new Set<(published: Published) => void>();

  constructor({ table, clock, hours, around }: ColumnReaderOptions) {
    this.#table = table;
    this.#clock = clock;
    this.#hours = hours;
    this.#around = around;
    this.#views = new ViewCache(table, around);
  }

  get revision(): number {
    return this.#table.revision;
  }

  overview(who: Visibility): FleetOverview {
    const now = this.#clock.now();
    const { view, causes } = this.#views.withCauses(who, now);
    const { facets } = this.#views.withFacets(who, now);
    const counts = view.counts();
    return {
      revision: this.#table.revision,
      membership: this.#views.withMembers(who, now).membership,
      now,
      counts,
      ...optional('deltas24h', who.all ? this.#hours.deltas(now, () => figuresOf(counts, facets)) : undefined),
      causes,
      facets,
      status: view.status(),
    };
  }

  members(who: Visibility): FleetMembers {
    return this.#views.withMembers(who, this.#clock.now());
  }

  column(who: Visibility, field: string): DictionaryColumn | undefined {
    return dictionaryColumn(this.#source(who), field);
  }

  edges(who: Visibility, request: ListRequest): Result<Page<EdgeRow>, QueryError> {
    const source = this.#source(who);
    const slots = matchingEdges(request.query, source);
    return slots.ok ? pageOf(slots.value, request, EDGE_LIST, { source, toItem: (slot) => toEdgeRow(source, slot) }) : slots;
  }

  edge(who: Visibility, name: string): EdgeDetail | undefined {
    const source = this.#source(who);
    const slot = this.#visibleSlot(source, name);
    return slot === undefined ? undefined : toEdgeDetail(source, slot, this.#around);
  }

  applications(who: Visibility, request: ListRequest): Result<Page<ApplicationRow>, QueryError> {
    const source = this.#source(who);
    const rows = matchingApplications(request.query, source);
    return rows.ok ? pageOf(rows.value, request, APPLICATION_LIST, { source, toItem: (row) => toApplicationRow(source, row) }) : rows;
  }

  application(who: Visibility, edge: string, namespace: string, name: string): ApplicationDetail | undefined {
    const source = this.#source(who);
    const slot = this.#visibleSlot(source, edge);
    const row = slot === undefined ? -1 : this.#table.applications.find(slot, { namespace, name });
    return row < 0 || !source.view.isListed(row) ? undefined : toApplicationDetail(source, row);
  }

  groups(who: Visibility, by: GroupField, query: string): Result<readonly ApplicationGroup[], QueryError> {
    const source = this.#source(who);
    const rows = matchingApplications(query, source);
    return rows.ok ? ok(groupsOf(rows.value, by, query, source)) : rows;
  }

  facets(who: Visibility, query: string): Result<readonly Facet[], QueryError> {
    if (query.trim() === '') return ok(this.#views.withFacets(who, this.#clock.now()).facets);
    const source = this.#source(who);
    const slots = matchingEdges(query, source);
    return slots.ok ? ok(facetsOf(slots.value, source)) : slots;
  }

  matchingRows(who: Visibility, query: string): Result<readonly number[], QueryError> {
    const source = this.#source(who);
    const slots = matchingEdges(query, source);
    return slots.ok ? ok(slots.value.map((slot) => source.view.rowOf(slot)).filter((row) => row >= 0)) : slots;
  }

  deltasSince(who: Visibility, revision: number): readonly FleetDelta[] | undefined {
    const now = this.#clock.now();
    const { view, causes, causesChangedAt } = this.#views.withCauses(who, now);
    const current = this.#table.revision;
    if (revision > current || revision < view.membershipRevision) return undefined;
    if (revision === current) return [];
    return [
      {
        revision: current,
        now,
        rows: view.rowsSince(revision),
        ...(view.countsChangedAt > revision ? { counts: view.counts() } : {}),
        ...(causesChangedAt > revision ? { causes } : {}),
      },
    ];
  }

  subscribe(onPublished: (published: Published) => void): () => void {
    this.#subscribers.add(onPublished);
    return () => void this.#subscribers.delete(onPublished);
  }

  /** Tells subscribers of the revision that was just published. */
  published(slots: readonly number[]): void {
    const { revision, membershipRevision, edges } = this.#table;
    const names = slots.map((slot) => edges.names[slot] ?? '').filter((name) => name !== '');
    for (const onPublished of this.#subscribers)
      onPublished({ revision, membershipChanged: membershipRevision === revision, edges: names });
  }

  /** True where causes that were sent may be outdated and nothing else will make anybody ask again. */
  owesCauses(): boolean {
    return this.#views.owesCauses(this.#clock.now());
  }

  /** The figures of the whole fleet, for the hourly record. */
  figures(): Figures {
    const { view, facets } = this.#views.withFacets(SEES_EVERYTHING, this.#clock.now());
    return figuresOf(view.counts(), facets);
  }

  #source(who: Visibility): FieldSource {
    return this.#views.source(who, this.#clock.now());
  }

  #visibleSlot({ view }: FieldSource, name: string): number | undefined {
    const slot = this.#table.edges.find(name);
    return slot === undefined || view.rowOf(slot) < 0 ? undefined : slot;
  }
}
