/**
 * What is known of the whole fleet, as committed: edges, Applications, and what follows from them (judged, look, product, version, the
 * figures of each edge). Written by the commit loop alone, one change after the other; every change names the slot it touched, and
 * `publish` makes all of them one revision. Readers come between publications and never see half a batch.
 */
import type { Application, ApplicationCondition } from '../domain/application.ts';
import type { Connectivity } from '../domain/connectivity.ts';
import type { Edge, Product } from '../domain/edge.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import type { ApplicationKey } from '../domain/ids.ts';
import { UNJUDGED_REASONS, unjudgedReason } from '../domain/judged.ts';
import { applicationLook, lookRank } from '../domain/look.ts';
import { OPERATION_STATES } from '../domain/operation.ts';
import { productOf } from '../domain/product.ts';
import type { ConnectionReport, EdgeFacts } from '../ports/fleet-sink.ts';
import { ApplicationColumns, type Verdict } from './application-columns.ts';
import { timeOf, toList, toMap, toRecord, toSources, type ApplicationRecord } from './application-record.ts';
import { byteAt, uintAt } from './column.ts';
import { EdgeFigures } from './edge-figures.ts';
import { EdgeSlots } from './edge-slots.ts';

/** One reading of observedAt for one Application; absent where it cannot be read. ms. */
export interface Observed {
  readonly observedAt?: number;
  readonly edgeClock?: number;
}

const DEFAULT_JUDGED_WITHIN_MS = 30 * 60_000;
const seconds = (time: number | undefined): number => (time === undefined ? 0 : Math.floor(time / 1000));

export class FleetTable {
  readonly edges = new EdgeSlots();
  readonly applications = new ApplicationColumns();
  readonly figures = new EdgeFigures(this.applications);
  #products: readonly Product[] = [];
  #revision: number;
  #membershipRevision: number;
  #membershipChanged = false;
  #owed = false;
  readonly #changed = new Set<number>();
  readonly #versionsChanged = new Set<number>();

  /** Revisions start at `revision`: a time in ms, so that they grow over restarts too. */
  constructor(revision: number) {
    this.#revision = revision;
    this.#membershipRevision = revision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The last revision at which an edge came, went, or changed what `FleetMembers` holds of it. */
  get membershipRevision(): number {
    return this.#membershipRevision;
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0 || this.#membershipChanged || this.#owed;
  }

  /** Makes all changes since the last call one revision; the slots that changed. */
  publish(): readonly number[] {
    for (const slot of this.#versionsChanged) this.#recountVersions(slot);
    this.#versionsChanged.clear();
    const slots = [...this.#changed];
    this.#changed.clear();
    this.#revision += 1;
    for (const slot of slots) this.edges.changedAt[slot] = this.#revision;
    if (this.#membershipChanged) this.#membershipRevision = this.#revision;
    this.#membershipChanged = false;
    this.#owed = false;
    return slots;
  }

  putEdge(edge: Edge, now: number): void {
    const slot = this.#take(edge.id);
    const before = this.edges.configs[slot];
    if (before === edge) return;
    this.edges.configure(slot, edge);
    this.edges.refreshAge(slot, now);
    if (before === undefined || !sameMember(before, edge)) this.#membershipChanged = true;
    if (before?.access !== edge.access) this.#versionsChanged.add(slot);
    if (before?.contact.judgedWithinMs !== edge.contact.judgedWithinMs)
      for (const row of this.applications.rowsOf(slot)) this.#rejudge(slot, row);
    this.#touch(slot);
  }

  dropEdge(name: string): void {
    const slot = this.edges.find(name);
    if (slot === undefined) return;
    for (const row of [...this.applications.rowsOf(slot)]) this.applications.drop(row);
    this.figures.clear(slot);
    this.#versionsChanged.delete(slot);
    this.edges.drop(slot);
    this.#membershipChanged = true;
    this.#touch(slot);
  }

  putFacts(name: string, facts: EdgeFacts): void {
    const slot = this.#take(name);
    this.edges.tell(slot, facts);
    this.#touch(slot);
  }

  putConnectivity(name: string, connectivity: Connectivity | undefined): void {
    this.edges.connectivity[this.#take(name)] = connectivity;
  }

  /** Has the next publication happen though no edge changed. */
  touchNothing(): void {
    this.#owed = true;
  }

  putConnection(name: string, report: ConnectionReport): void {
    const slot = this.#take(name);
    this.edges.report(slot, report);
    this.#touch(slot);
  }

  /** Shown at the next publication where a class changed. */
  heard(name: string, readAt: number, now: number): void {
    const slot = this.edges.find(name);
    if (slot === undefined) return;
    this.edges.heard(slot, readAt);
    this.refreshAge(slot, now);
  }

  refreshAge(slot: number, now: number): void {
    if (this.edges.refreshAge(slot, now)) this.#touch(slot);
  }

  /** Adds or replaces. Without a reading the last one stands, but for an Application made anew under the same name. */
  putApplication(name: string, application: Application, record: ApplicationRecord = toRecord(application), observed?: Observed): void {
    const slot = this.#take(name);
    const found = this.applications.find(slot, application);
    const row = found < 0 ? this.applications.add(slot, application) : found;
    if (found < 0) this.edges.rowsChangedAt[slot] = this.#revision + 1;
    else this.#forget(slot, row, record);
    this.applications.write(row, record);
    if (observed !== undefined) this.applications.writeObserved(row, seconds(observed.observedAt), seconds(observed.edgeClock));
    const member = productOf(application, this.#products);
    this.#writeProduct(slot, row, member?.product ?? '', member?.version ?? '');
    this.applications.writeVerdict(row, this.#judge(slot, row));
    this.figures.add(slot, row, 1);
    this.#touch(slot);
  }

  dropApplication(name: string, key: ApplicationKey): void {
    const slot = this.edges.find(name);
    const row = slot === undefined ? -1 : this.applications.find(slot, key);
    if (slot === undefined || row < 0) return;
    this.figures.add(slot, row, -1);
    if (this.applications.product.id(row) !== 0) this.#versionsChanged.add(slot);
    this.applications.drop(row);
    this.edges.rowsChangedAt[slot] = this.#revision + 1;
    this.#touch(slot);
  }

  putObserved(name: string, key: ApplicationKey, observed: Observed): void {
    const slot = this.edges.find(name);
    const row = slot === undefined ? -1 : this.applications.find(slot, key);
    if (slot === undefined || row < 0) return;
    this.applications.writeObserved(row, seconds(observed.observedAt), seconds(observed.edgeClock));
    this.#rejudge(slot, row);
    this.#touch(slot);
  }

  /** Resolves membership and versions of every Application anew. */
  setProducts(products: readonly Product[]): void {
    this.#products = [...products].sort((left, right) => (left.id < right.id ? -1 : 1));
    const resolved = new Map<string, { readonly product: string; readonly version: string }>();
    for (let row = 0; row < this.applications.limit; row += 1) {
      if (this.applications.isUsed(row)) this.#resolveProduct(row, resolved);
    }
  }

  #resolveProduct(row: number, resolved: Map<string, { readonly product: string; readonly version: string }>): void {
    const { applications } = this;
    const columns = ['labels', 'annotation', 'sources', 'revisions', 'images'] as const;
    const key = columns.map((column) => applications.id(column, row)).join(' ');
    const member = resolved.get(key) ?? this.#productOfRow(row);
    resolved.set(key, member);
    const slot = uintAt(applications.edge, row);
    if (this.#writeProduct(slot, row, member.product, member.version)) this.#touch(slot);
  }

  #productOfRow(row: number): { readonly product: string; readonly version: string } {
    const { applications } = this;
    const annotation = applications.text('annotation', row);
    const member = productOf(
      {
        labels: toMap(applications.text('labels', row)),
        ...(annotation === '' ? {} : { productAnnotation: annotation }),
        sources: toSources(applications.text('sources', row), applications.text('paths', row)),
        revisions: toList(applications.text('revisions', row)),
        images: toList(applications.text('images', row)),
      },
      this.#products,
    );
    return member ?? { product: '', version: '' };
  }

  #writeProduct(slot: number, row: number, product: string, version: string): boolean {
    const { applications } = this;
    if (applications.product.text(row) === product && applications.version.text(row) === version) return false;
    applications.writeProduct(row, product, version);
    this.#versionsChanged.add(slot);
    return true;
  }

  /** Takes a row that is about to be written out of the figures. */
  #forget(slot: number, row: number, record: ApplicationRecord): void {
    this.figures.add(slot, row, -1);
    if (this.applications.text('project', row) !== record.texts.project) this.edges.rowsChangedAt[slot] = this.#revision + 1;
    if (this.applications.uid(row) !== record.uid) this.applications.writeObserved(row, 0, 0);
  }

  #rejudge(slot: number, row: number): void {
    this.figures.add(slot, row, -1);
    this.applications.writeVerdict(row, this.#judge(slot, row));
    this.figures.add(slot, row, 1);
  }

  #judge(slot: number, row: number): Verdict {
    const { applications } = this;
    const sync = SYNC_STATUSES[byteAt(applications.sync, row)] ?? 'Unknown';
    const observedAt = timeOf(applications.time('observedAt', row));
    const edgeClockAtReading = timeOf(applications.time('edgeClock', row));
    const reason = unjudgedReason({
      sync,
      conditionTypes: toList<ApplicationCondition>(applications.text('conditions', row)).map(({ type }) => type),
      ...(observedAt === undefined ? {} : { observedAt }),
      ...(edgeClockAtReading === undefined ? {} : { edgeClockAtReading }),
      judgedWithinMs: this.edges.configs[slot]?.contact.judgedWithinMs ?? DEFAULT_JUDGED_WITHIN_MS,
    });
    const look = applicationLook({
      health: HEALTH_STATUSES[byteAt(applications.health, row)] ?? 'Unknown',
      sync,
      operation: OPERATION_STATES[byteAt(applications.operation, row)] ?? 'None',
      judged: reason === undefined,
    });
    return { look: lookRank(look), unjudged: reason === undefined ? 0 : UNJUDGED_REASONS.indexOf(reason) + 1 };
  }

  #recountVersions(slot: number): void {
    const isCountsOnly = this.edges.configs[slot]?.access === 'CountsOnly';
    this.figures.recountVersions(slot, isCountsOnly ? [] : this.applications.rowsOf(slot));
  }

  #take(name: string): number {
    const slot = this.edges.take(name);
    this.figures.reserve(slot + 1);
    return slot;
  }

  #touch(slot: number): void {
    this.#changed.add(slot);
  }
}

const sameMember = (left: Edge, right: Edge): boolean =>
  left.displayName === right.displayName &&
  left.connector === right.connector &&
  left.access === right.access &&
  JSON.stringify(left.labels) === JSON.stringify(right.labels);
